//! One call: its attempts, their deadlines, and their answers.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue};
use progenitor_client::{ClientHooks, OperationInfo, ResponseValue};
use reqwest::header::AUTHORIZATION;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use crate::api_error::redact_headers;
use crate::api_key::{ApiKey, KeySource};
use crate::error::Error;
use crate::failure::{DecodeError, InvalidInput, TimeoutError, TransportError};
use crate::generated;
use crate::response::Response;
use crate::retry::{FailedAttempt, RetryConfig, Tries};

/// What all calls of a client share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub base_url: String,
    pub http: reqwest::Client,
    pub key: KeySource,
    /// Sent with every attempt: the user agent and the app attribution.
    pub headers: HeaderMap,
    pub defaults: Options,
    pub max_body_bytes: usize,
}

/// What a client decides, and a call can decide otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub retry: RetryConfig,
    pub total_timeout: Option<Duration>,
    pub attempt_timeout: Option<Duration>,
    pub headers: HeaderMap,
}

/// The state of one call, which the generated client carries along.
#[derive(Clone, Debug)]
pub struct Call {
    shared: Arc<Shared>,
    options: Options,
    repeatable: bool,
    outcome: Arc<Mutex<Outcome>>,
}

/// What a call has learned on the way. The generated client can return neither of these.
#[derive(Debug, Default)]
struct Outcome {
    tries: Tries,
    /// The key of the last attempt, to hide it in what the server answered.
    key: Option<ApiKey>,
    /// The answer that was a success.
    success: Option<http::Response<Bytes>>,
    /// Why there is none.
    error: Option<Error>,
}

/// Runs a generated operation, and makes a typed result of what comes back.
pub(crate) async fn run<T, F>(
    shared: &Arc<Shared>,
    options: &Options,
    repeatable: bool,
    operation: impl FnOnce(generated::Client) -> F,
) -> Result<Response<T>, Error>
where
    T: DeserializeOwned,
    F: Future<Output = Result<ResponseValue<T>, generated::Error<()>>>,
{
    let call = Call { shared: shared.clone(), options: options.clone(), repeatable, outcome: Arc::default() };
    let outcome = call.outcome.clone();
    let client = generated::Client::new_with_client(&shared.base_url, shared.http.clone(), call);
    let result = operation(client).await;
    let Outcome { tries, key, success, error } = std::mem::take(&mut *lock(&outcome));
    let success = match (error, success) {
        (Some(error), _) => return Err(error),
        (None, Some(success)) => success,
        // Nothing was tried: the generated client could not build the request.
        (None, None) => {
            let problem = result.err().map(|e| e.to_string()).unwrap_or_default();
            let rule = format!("cannot be made into a request: {problem}");
            return Err(InvalidInput::new("arguments", rule).into());
        }
    };
    let (parts, body) = success.into_parts();
    match result {
        Ok(value) => Ok(Response::new(value.into_inner(), parts, body, tries.attempts)),
        Err(_) => {
            let error = DecodeError::locate::<T>(&parts, &body, key.as_ref(), tries);
            Err(Error::Decode(Box::new(error)))
        }
    }
}

impl ClientHooks<Call> for generated::Client {
    async fn pre<E>(&self, request: &mut reqwest::Request, _: &OperationInfo) -> Result<(), generated::Error<E>> {
        // progenitor sends the contract's version, which this API does not ask for.
        request.headers_mut().remove("api-version");
        Ok(())
    }

    async fn exec(&self, request: reqwest::Request, _: &OperationInfo) -> reqwest::Result<reqwest::Response> {
        match self.inner.attempts(&request).await {
            Ok(response) => {
                lock(&self.inner.outcome).success = Some(response.clone());
                Ok(response.into())
            }
            Err(error) => {
                lock(&self.inner.outcome).error = Some(error);
                // `run` looks at the error first; this answer is only there because hooks cannot fail with one.
                Ok(http::Response::new(Bytes::new()).into())
            }
        }
    }
}

impl Call {
    /// Tries until there is a success, an error that is final, or no time left.
    async fn attempts(&self, request: &reqwest::Request) -> Result<http::Response<Bytes>, Error> {
        let start = Instant::now();
        let deadline = self.options.total_timeout.and_then(|limit| start.checked_add(limit));
        let mut attempts = 0;
        let mut last: Option<Error> = None;
        loop {
            attempts += 1;
            let result = self.attempt(request, deadline, &mut last).await;
            let elapsed = start.elapsed();
            let mut tries = Tries { attempts, elapsed, gave_up: None };
            let mut error = match result {
                Ok(response) => {
                    lock(&self.outcome).tries = tries;
                    return Ok(response);
                }
                Err(error) => error,
            };
            let failed = FailedAttempt {
                error: &error,
                attempts,
                elapsed,
                left: deadline.map(|d| d.saturating_duration_since(Instant::now())),
                repeatable: self.repeatable,
            };
            match self.options.retry.after(&failed, fastrand::f64()) {
                Ok(wait) => tokio::time::sleep(wait).await,
                Err(reason) => {
                    tries.gave_up = reason;
                    error.set_tries(tries);
                    return Err(error);
                }
            }
            last = Some(error);
        }
    }

    /// One attempt, within its own deadline and the call's.
    async fn attempt(
        &self,
        request: &reqwest::Request,
        deadline: Option<Instant>,
        last: &mut Option<Error>,
    ) -> Result<http::Response<Bytes>, Error> {
        let own = self.options.attempt_timeout.and_then(|t| Instant::now().checked_add(t));
        let send = self.send(request);
        let Some(until) = own.into_iter().chain(deadline).min() else {
            return send.await;
        };
        if let Ok(result) = tokio::time::timeout_at(until, send).await {
            return result;
        }
        let total = deadline == Some(until);
        let limit = if total { self.options.total_timeout } else { self.options.attempt_timeout };
        Err(Error::Timeout(Box::new(TimeoutError {
            limit: limit.unwrap_or_default(),
            total,
            last: last.take().filter(|_| total),
            tries: Tries::default(),
        })))
    }

    /// Sends the request once, and reads the whole answer.
    async fn send(&self, request: &reqwest::Request) -> Result<http::Response<Bytes>, Error> {
        let key = self.shared.key.key().await?;
        let request = self.with_headers(request, &key)?;
        lock(&self.outcome).key = Some(key.clone());
        let url = request.url().clone();
        let response = self.shared.http.execute(request).await.map_err(broken)?;
        if *response.url() != url {
            // Only a `reqwest::Client` of the caller's own follows redirects.
            let problem = "it comes from another URL: the HTTP client follows redirects, and must be built without";
            return Err(unreadable(&response, problem.to_owned(), &key));
        }
        let response = self.read(response, &key).await?;
        match response.status().is_success() {
            true => Ok(response),
            false => Err(Error::from_response(&response, Some(&key))),
        }
    }

    /// The request of an attempt: what the generated client built, with the headers of today.
    fn with_headers(&self, request: &reqwest::Request, key: &ApiKey) -> Result<reqwest::Request, Error> {
        let mut request = request
            .try_clone()
            .ok_or_else(|| InvalidInput::new("body", "must be held in memory, so that it can be sent again"))?;
        let headers = request.headers_mut();
        let own = self.shared.headers.iter().chain(&self.options.headers);
        for (name, value) in own {
            headers.insert(name.clone(), value.clone());
        }
        headers.insert(AUTHORIZATION, key.header()?);
        Ok(request)
    }

    /// Reads the body, up to the cap.
    async fn read(&self, mut response: reqwest::Response, key: &ApiKey) -> Result<http::Response<Bytes>, Error> {
        let cap = self.shared.max_body_bytes;
        let mut body = Body::Empty;
        let mut size = 0;
        while let Some(chunk) = response.chunk().await.map_err(broken)? {
            size += chunk.len();
            if size > cap {
                let problem = format!("the body is larger than {cap} bytes, the most that is read");
                return Err(unreadable(&response, problem, key));
            }
            body = body.with(chunk);
        }
        let mut whole = http::Response::new(body.into_bytes());
        *whole.status_mut() = response.status();
        *whole.headers_mut() = std::mem::take(response.headers_mut());
        Ok(whole)
    }
}

/// A body that is being read. Most come in one piece, and are not copied.
enum Body {
    Empty,
    One(Bytes),
    Many(BytesMut),
}

impl Body {
    fn with(self, chunk: Bytes) -> Self {
        match self {
            Self::Empty => Self::One(chunk),
            Self::One(first) => {
                let mut all = BytesMut::from(first);
                all.extend_from_slice(&chunk);
                Self::Many(all)
            }
            Self::Many(mut all) => {
                all.extend_from_slice(&chunk);
                Self::Many(all)
            }
        }
    }

    fn into_bytes(self) -> Bytes {
        match self {
            Self::Empty => Bytes::new(),
            Self::One(bytes) => bytes,
            Self::Many(bytes) => bytes.freeze(),
        }
    }
}

/// The error for an answer whose body is not read. An error status keeps its class.
fn unreadable(response: &reqwest::Response, problem: String, key: &ApiKey) -> Error {
    if !response.status().is_success() {
        let mut head = http::Response::new(Bytes::new());
        *head.status_mut() = response.status();
        *head.headers_mut() = response.headers().clone();
        return Error::from_response(&head, Some(key));
    }
    Error::Decode(Box::new(DecodeError {
        status: response.status().as_u16(),
        headers: redact_headers(response.headers(), Some(key)),
        body: Bytes::new(),
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

/// Sets a header that the caller gave.
pub(crate) fn insert_header(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), Error> {
    let field = format!("header {name}");
    let Ok(parsed) = HeaderName::try_from(name) else {
        return Err(InvalidInput::new(field, "must have a valid name").into());
    };
    if parsed == AUTHORIZATION {
        let rule = "is set from the API key, and must not be set otherwise";
        return Err(InvalidInput::new(field, rule).into());
    }
    let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) else {
        return Err(InvalidInput::new(field, "must not contain control characters").into());
    };
    headers.insert(parsed, value);
    Ok(())
}

fn lock(outcome: &Mutex<Outcome>) -> MutexGuard<'_, Outcome> {
    outcome.lock().unwrap_or_else(PoisonError::into_inner)
}
