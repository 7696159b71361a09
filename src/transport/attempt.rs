//! One attempt: a request goes out, a whole answer comes back.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::AUTHORIZATION;
use http_body::{Body, Frame, SizeHint};
use reqwest::{Request, Response};
use tokio::time::Instant;

use crate::error::{ApiError, DecodeError, Failure, Head, InvalidInput, Sent, TimeoutError, TransportError};
use crate::redact::Redactor;
use crate::transport::http_service::HttpError;
use crate::transport::{CallContext, CallOptions, ClientInner, Http};

/// The most that is read of the body of an error.
const ERROR_BODY_BYTES: usize = 256 << 10;

/// The most time that the body of an error gets. Its status tells more than its body.
const ERROR_BODY_TIME: Duration = Duration::from_secs(2);

/// What an attempt has brought.
pub(crate) struct Received {
    pub answer: http::Response<Bytes>,
    /// When the request went out.
    pub sent_at: Instant,
}

/// Sends a request with the key of today, and reads its answer up to the cap. An answer that is no success is a failure.
pub(crate) fn attempt<'a>(
    client: &'a ClientInner,
    options: &'a CallOptions,
    context: &CallContext,
    request: Result<Request, InvalidInput>,
) -> impl Future<Output = Result<Received, Failure>> + Send + use<'a> {
    let timer = Timer::new(options, context);
    async move {
        let mut request = request?;
        let key = timer.within(client.keys.key(), Sent::No).await??;
        let authorization = key.header().map_err(|rule| InvalidInput::new("api_key", rule))?;
        let headers = request.headers_mut();
        for (name, value) in client.headers.iter().chain(&options.headers) {
            headers.insert(name.clone(), value.clone());
        }
        headers.insert(AUTHORIZATION, authorization);
        let sent_at = Instant::now();
        let response = send(client, request, &timer).await?;
        let answer = read_answer(client, response, &timer).await?;
        Ok(Received { answer, sent_at })
    }
}

/// When an attempt has to be over, and what its end is called.
struct Timer {
    until: Option<Instant>,
    limit: Duration,
    total: bool,
    last: Option<String>,
}

impl Timer {
    fn new(options: &CallOptions, context: &CallContext) -> Self {
        let own = options.attempt_timeout.and_then(|limit| Instant::now().checked_add(limit));
        let until = own.into_iter().chain(context.deadline).min();
        let total = until.is_some() && until == context.deadline;
        let limit = if total { options.total_timeout } else { options.attempt_timeout };
        let last = context.last.as_ref().filter(|_| total).map(ToString::to_string);
        Self { until, limit: limit.unwrap_or_default(), total, last }
    }

    /// The result, or the failure of an attempt that took too long.
    async fn within<T>(&self, work: impl Future<Output = T>, sent: Sent) -> Result<T, Failure> {
        self.race(work).await.ok_or_else(|| self.passed(sent, None))
    }

    /// The result, if it comes in time.
    async fn race<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        match self.until {
            Some(until) => tokio::time::timeout_at(until, work).await.ok(),
            None => Some(work.await),
        }
    }

    fn passed(&self, sent: Sent, head: Option<Box<Head>>) -> Failure {
        let Self { limit, total, ref last, .. } = *self;
        let error = TimeoutError { limit, total, last: last.clone(), head, call: Default::default() };
        Failure::Timeout(Box::new(error), sent)
    }
}

/// Sends the request, and waits for the headers of the answer.
async fn send(inner: &ClientInner, mut request: Request, timer: &Timer) -> Result<Response, Failure> {
    let broken = |error, sent| broken(error, sent, &inner.keys.redactor());
    let (client, own) = match &inner.http {
        Http::Service(service) => {
            let answer = timer.within(service.call(request), Sent::Maybe).await?;
            return answer.map_err(|error| broken(error, Sent::Maybe));
        }
        Http::Reqwest { client, own } => (client, *own),
    };
    // A body that was never asked for was never sent, for the connection was not there yet.
    let body_started = request.body_mut().take().map(|body| {
        let started = Arc::new(AtomicBool::new(false));
        *request.body_mut() = Some(reqwest::Body::wrap(WatchedBody { body, started: started.clone() }));
        started
    });
    let sent = || match &body_started {
        Some(started) if !started.load(Ordering::Relaxed) => Sent::No,
        _ => Sent::Maybe,
    };
    let url = (!own).then(|| request.url().clone());
    let answer = timer.race(client.execute(request)).await.ok_or_else(|| timer.passed(sent(), None))?;
    let response = answer.map_err(|error| broken(error.into(), sent()))?;
    match url {
        Some(url) if url != *response.url() => Err(redirected(&response)),
        _ => Ok(response),
    }
}

/// The failure for an answer that comes from another URL. Only a `reqwest::Client` of the caller's own follows redirects.
fn redirected(response: &Response) -> Failure {
    let mut head = http::Response::new(Bytes::new());
    *head.status_mut() = response.status();
    let problem = "it comes from another URL: the HTTP client follows redirects, and must not";
    Failure::Decode(Box::new(DecodeError::refused(&head, problem.to_owned(), &Redactor(Vec::new()))))
}

/// The failure for a connection that could not be made, or broke.
fn broken(error: HttpError, sent: Sent, redactor: &Redactor) -> Failure {
    let what = if error.sent { "the connection failed" } else { "cannot connect" };
    let (cause, head, call) = (redactor.cause(error.source), None, Default::default());
    let transport = Box::new(TransportError { what, cause, head, call });
    if error.sent { Failure::Transport(transport, sent) } else { Failure::Connect(transport) }
}

/// A body that tells whether it was asked for.
struct WatchedBody {
    body: reqwest::Body,
    started: Arc<AtomicBool>,
}

impl Body for WatchedBody {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.started.store(true, Ordering::Relaxed);
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Why a body was not read to its end.
enum Unread {
    Broken(reqwest::Error),
    TooLarge,
    TooLate,
}

/// Reads the body of an answer. An error status keeps its class, whatever becomes of its body.
async fn read_answer(
    client: &ClientInner,
    mut response: Response,
    timer: &Timer,
) -> Result<http::Response<Bytes>, Failure> {
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let redactor = || client.keys.redactor();
    if !status.is_success() {
        let cap = client.max_body_bytes.min(ERROR_BODY_BYTES);
        let mut body = BytesMut::new();
        let reading = tokio::time::timeout(ERROR_BODY_TIME, read(&mut response, cap, &mut body));
        let unread = timer.race(reading).await.and_then(Result::ok).unwrap_or(Some(Unread::TooLate));
        let unread = unread.map(|unread| match unread {
            Unread::Broken(error) => broken(error.into(), Sent::Maybe, &redactor()).to_string(),
            Unread::TooLarge => format!("its body is larger than {cap} bytes, the most that is read"),
            Unread::TooLate => "its body did not come in time".to_owned(),
        });
        let error = ApiError::new(status, headers, &body.freeze(), unread.as_deref(), &redactor());
        return Err(Failure::Api(Box::new(error)));
    }
    let cap = client.max_body_bytes;
    let mut body = BytesMut::new();
    let unread = timer.race(read(&mut response, cap, &mut body)).await.unwrap_or(Some(Unread::TooLate));
    let mut answer = http::Response::new(body.freeze());
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    let head = |answer: http::Response<Bytes>| {
        let headers = redactor().headers(answer.into_parts().0.headers);
        Some(Box::new(Head { status: status.as_u16(), headers }))
    };
    let problem = match unread {
        None if has_too_many_values(answer.body(), cap) => {
            format!("the body has more values than fit into the memory that a limit of {cap} bytes allows")
        }
        None => return Ok(answer),
        Some(Unread::TooLarge) => format!("the body is larger than {cap} bytes, the most that is read"),
        Some(Unread::TooLate) => return Err(timer.passed(Sent::Maybe, head(answer))),
        Some(Unread::Broken(error)) => {
            let cause = redactor().cause(error.without_url().into());
            let (what, head) = ("the connection failed", head(answer));
            let error = TransportError { what, cause, head, call: Default::default() };
            return Err(Failure::Transport(Box::new(error), Sent::Maybe));
        }
    };
    Err(Failure::Decode(Box::new(DecodeError::refused(&answer, problem, &redactor()))))
}

/// Reads a body as far as it comes, and as far as the cap.
async fn read(response: &mut Response, cap: usize, body: &mut BytesMut) -> Option<Unread> {
    let length = response.content_length().and_then(|length| usize::try_from(length).ok());
    body.reserve(length.unwrap_or(0).min(cap));
    let mut unobserved = 0;
    loop {
        match response.chunk().await {
            Ok(None) => return None,
            Ok(Some(chunk)) => {
                let room = cap.saturating_sub(body.len());
                body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
                if chunk.len() > room {
                    return Some(Unread::TooLarge);
                }
                unobserved += chunk.len();
            }
            Err(error) => return Some(Unread::Broken(error)),
        }
        // A body that is there already, or is small until it is unpacked, must not keep a deadline from being looked at.
        if unobserved >= 64 << 10 {
            unobserved = 0;
            tokio::task::yield_now().await;
        }
    }
}

/// Whether a body has so many values that they would take more than a few times its cap when they are read: a value of
/// two or three bytes takes up to 72 as a part of a list.
fn has_too_many_values(body: &[u8], cap: usize) -> bool {
    let most = cap / 12;
    let separates = |byte: &&u8| matches!(**byte, b',' | b'[' | b'{');
    body.len() > most && body.iter().filter(separates).count() > most
}
