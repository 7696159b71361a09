//! One attempt: a request goes out, a whole answer comes back.

use bytes::{Bytes, BytesMut};

use crate::api_error::{redact_body, redact_headers};
use crate::api_key::ApiKey;
use crate::error::Error;
use crate::failure::{DecodeError, TransportError};
use crate::retry::Tries;

/// Sends a request, and reads its answer up to the cap. An answer that is no success is an error.
pub(crate) async fn exchange(
    http: &reqwest::Client,
    request: reqwest::Request,
    cap: usize,
    key: &ApiKey,
) -> Result<http::Response<Bytes>, Error> {
    let url = request.url().clone();
    let mut response = http.execute(request).await.map_err(broken)?;
    let followed = *response.url() != url;
    let mut head = http::Response::new(());
    *head.status_mut() = response.status();
    *head.headers_mut() = std::mem::take(response.headers_mut());

    let (body, problem) = match followed {
        // Only a `reqwest::Client` of the caller's own follows redirects.
        true => {
            let problem = "it comes from another URL: the HTTP client follows redirects, and must not";
            (Bytes::new(), Some(Unread::Refused(problem.to_owned())))
        }
        false => read(response, cap).await,
    };
    let whole = head.map(|()| body);
    match (whole.status().is_success(), problem) {
        (true, None) => Ok(whole),
        (true, Some(Unread::Broken(error))) => Err(error),
        (true, Some(Unread::Refused(problem))) => Err(unreadable(&whole, problem, key)),
        // An error status keeps its class, whatever becomes of its body.
        (false, problem) => {
            let problem = problem.map(|problem| match problem {
                Unread::Broken(error) => error.to_string(),
                Unread::Refused(problem) => problem,
            });
            Err(Error::from_response(&whole, problem.as_deref(), key))
        }
    }
}

/// Why a body was not read to its end.
enum Unread {
    Broken(Error),
    Refused(String),
}

/// Reads a body as far as it comes, and as far as the cap.
async fn read(mut response: reqwest::Response, cap: usize) -> (Bytes, Option<Unread>) {
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    loop {
        let problem = match response.chunk().await {
            Ok(Some(chunk)) if first.len().max(all.len()) + chunk.len() > cap => {
                Some(Unread::Refused(format!("the body is larger than {cap} bytes, the most that is read")))
            }
            // Most bodies come in one piece, and are not copied.
            Ok(Some(chunk)) if first.is_empty() && all.is_empty() => {
                first = chunk;
                continue;
            }
            Ok(Some(chunk)) => {
                all.extend_from_slice(&std::mem::take(&mut first));
                all.extend_from_slice(&chunk);
                continue;
            }
            Ok(None) => None,
            Err(error) => Some(Unread::Broken(broken(error))),
        };
        let body = if all.is_empty() { first } else { all.freeze() };
        return (body, problem);
    }
}

/// The error for a successful answer that is not taken.
fn unreadable(response: &http::Response<Bytes>, problem: String, key: &ApiKey) -> Error {
    Error::Decode(Box::new(DecodeError {
        status: response.status().as_u16(),
        headers: redact_headers(response.headers(), key),
        body: redact_body(response.body(), key),
        path: ".".to_owned(),
        problem,
        source: None,
        tries: Tries::default(),
    }))
}

/// The error for a connection that could not be made, or broke.
fn broken(error: reqwest::Error) -> Error {
    let error = error.without_url();
    let tries = Tries::default();
    if error.is_connect() {
        let what = "cannot connect";
        return Error::Connect(Box::new(TransportError { what, source: error.into(), tries }));
    }
    let what = "the connection failed";
    Error::Transport(Box::new(TransportError { what, source: error.into(), tries }))
}
