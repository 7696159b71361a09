//! One attempt: a request goes out, a whole answer comes back.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::AUTHORIZATION;
use http_body::{Body, Frame, SizeHint};
use reqwest::{Request, Response};
use tokio::time::Instant;

use crate::api_key::ApiKey;
use crate::error::{ApiError, DecodeError, Error, InvalidInput, Sent, TimeoutError, TransportError};
use crate::redact::Redactor;
use crate::transport::{CallContext, CallOptions, ClientInner, Http, HttpError, HttpFuture, HttpService};

/// The most that is read of the body of an error.
const ERROR_BODY_BYTES: usize = 256 << 10;

/// The most time that the body of an error gets. Its status tells more than its body.
const ERROR_BODY_TIME: Duration = Duration::from_secs(2);

/// What an attempt has brought.
pub(crate) struct Received {
    pub answer: http::Response<Bytes>,
    pub key: ApiKey,
    /// When the request went out.
    pub sent_at: Instant,
}

/// Sends a request with the key of today, and reads its answer up to the cap. An answer that is no success is a failure.
pub(crate) async fn attempt(
    client: &ClientInner,
    options: &CallOptions,
    timer: &Timer,
    request: &(dyn Fn() -> Result<Request, InvalidInput> + Sync),
) -> Result<Received, Error> {
    // A future is polled once before its time is looked at.
    if timer.total && timer.is_over() {
        return Err(timer.passed(Sent::NoTime, None));
    }
    let mut progress = Progress::default();
    let unread = {
        let exchange = pin!(exchange(client, options, timer, request, &mut progress));
        match timer.until {
            Some(until) => tokio::time::timeout_at(until, exchange).await.unwrap_or(Ok(Some(Unread::TooLate)))?,
            None => exchange.await?,
        }
    };
    match progress {
        Progress { key: Some(key), sent_at: Some(sent_at), answer: Some(answer), .. } => {
            let answer = conclude(client, answer, unread, timer, &key)?;
            Ok(Received { answer, key, sent_at })
        }
        unanswered => Err(timer.passed(unanswered.sent(), None)),
    }
}

/// How far an attempt is, which is known when its time is over.
#[derive(Default)]
struct Progress {
    key: Option<ApiKey>,
    sent_at: Option<Instant>,
    /// Whether the request's body was asked for.
    body_started: Option<Arc<AtomicBool>>,
    /// The answer, as far as it has come.
    answer: Option<http::Response<Bytes>>,
}

impl Progress {
    /// The head of the answer is there. Returns its body, to be filled.
    fn answered(&mut self, response: &mut Response) -> &mut Bytes {
        let mut answer = http::Response::new(Bytes::new());
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        self.body_started = None;
        self.answer.insert(answer).body_mut()
    }

    /// Whether the request may have gone out. Before it is sent, an attempt waits only for the key. If its body was never
    /// asked for, the connection was not there yet.
    fn sent(&self) -> Sent {
        match &self.body_started {
            _ if self.key.is_none() => Sent::NoKey,
            Some(started) if !started.load(Ordering::Relaxed) => Sent::No,
            _ => Sent::Maybe,
        }
    }
}

/// When an attempt has to be over, and what its end is called.
pub(crate) struct Timer {
    until: Option<Instant>,
    limit: Duration,
    total: bool,
    last: Option<String>,
}

impl Timer {
    pub fn new(options: &CallOptions, context: &CallContext) -> Self {
        let own = options.attempt_timeout.and_then(|limit| Instant::now().checked_add(limit));
        let until = own.into_iter().chain(context.deadline).min();
        let total = until.is_some() && until == context.deadline;
        let whole = context.deadline.map(|deadline| deadline.saturating_duration_since(context.start));
        let limit = if total { whole } else { options.attempt_timeout };
        let last = context.last.as_ref().filter(|_| total).map(ToString::to_string);
        Self { until, limit: limit.unwrap_or_default(), total, last }
    }

    fn is_over(&self) -> bool {
        self.until.is_some_and(|until| until <= Instant::now())
    }

    fn passed(&self, sent: Sent, answer: Option<http::Response<Bytes>>) -> Error {
        let Self { limit, total, ref last, .. } = *self;
        let (last, call) = (last.clone(), Default::default());
        Error::Timeout(Box::new(TimeoutError { limit, total, last, sent, answer, call }))
    }
}

/// Sends the request and reads the answer, as far as the cap. Why it was not read to its end comes back.
///
/// What is large is not kept over an `.await`: the future of a call is moved several times.
async fn exchange(
    client: &ClientInner,
    options: &CallOptions,
    timer: &Timer,
    request: &(dyn Fn() -> Result<Request, InvalidInput> + Sync),
    progress: &mut Progress,
) -> Result<Option<Unread>, Error> {
    let key = client.keys.key().await?;
    // A key that has come too late is no reason to send anything.
    if timer.is_over() {
        return Ok(Some(Unread::TooLate));
    }
    let (answer, url) = send(client, options, progress.key.insert(key).clone(), request()?, progress)?;
    let mut response = match answer.await {
        Ok(response) => response,
        Err(error) => return Err(broken(error, progress.sent(), None, &client.keys.redactor(progress.key.as_ref()))),
    };
    if url.is_some_and(|url| url != response.url().as_str()) {
        return Err(redirected(&response));
    }
    let body = progress.answered(&mut response);
    if response.status().is_success() {
        return Ok(read(&mut response, client.max_body_bytes, body).await);
    }
    let reading = read(&mut response, client.max_body_bytes.min(ERROR_BODY_BYTES), body);
    Ok(tokio::time::timeout(ERROR_BODY_TIME, reading).await.unwrap_or(Some(Unread::TooLate)))
}

/// Starts to send the request. The URL comes back where the answer must not come from another one.
fn send<'a>(
    client: &'a ClientInner,
    options: &CallOptions,
    key: ApiKey,
    mut request: Request,
    progress: &mut Progress,
) -> Result<(HttpFuture<'a>, Option<String>), InvalidInput> {
    let headers = request.headers_mut();
    for (name, value) in client.headers.iter().chain(&options.headers) {
        headers.insert(name.clone(), value.clone());
    }
    headers.insert(AUTHORIZATION, key.header().map_err(|rule| InvalidInput::new("api_key", rule))?);
    progress.sent_at = Some(Instant::now());
    let (client, own) = match &client.http {
        Http::Service(service) => return Ok((service.call(request), None)),
        Http::Reqwest { client, own } => (client, *own),
    };
    if let Some(body) = request.body_mut().take() {
        let started = progress.body_started.insert(Arc::default()).clone();
        *request.body_mut() = Some(reqwest::Body::wrap(WatchedBody { body, started }));
    }
    let url = (!own).then(|| request.url().to_string());
    Ok((client.call(request), url))
}

/// The failure for an answer that comes from another URL. Only a `reqwest::Client` of the caller's own follows redirects.
fn redirected(response: &Response) -> Error {
    let mut answer = http::Response::default();
    *answer.status_mut() = response.status();
    let problem = "it comes from another URL: the HTTP client follows redirects, and must not";
    Error::Decode(Box::new(DecodeError::refused(answer, true, problem.to_owned(), &Redactor::default())))
}

/// The failure for a connection that could not be made, or broke.
fn broken(error: HttpError, sent: Sent, answer: Option<http::Response<Bytes>>, redactor: &Redactor) -> Error {
    let (broke, what, cause) = (error.sent, error.what(), redactor.cause(error.source));
    let sent = if broke { sent } else { Sent::No };
    let error = Box::new(TransportError { what, cause: cause.into(), sent, answer, call: Default::default() });
    if broke { Error::Transport(error) } else { Error::Connect(error) }
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

/// What an answer comes to. An error status keeps its class, whatever has become of its body.
fn conclude(
    client: &ClientInner,
    answer: http::Response<Bytes>,
    unread: Option<Unread>,
    timer: &Timer,
    key: &ApiKey,
) -> Result<http::Response<Bytes>, Error> {
    let (cap, success, whole) = (client.max_body_bytes, answer.status().is_success(), unread.is_none());
    if success && whole && !has_too_many_values(answer.body(), cap) {
        return Ok(answer);
    }
    let redactor = client.keys.redactor(Some(key));
    let broken =
        |error: reqwest::Error, head| broken(HttpError::broken(error.without_url()), Sent::Maybe, head, &redactor);
    if !success {
        let unread = unread.map(|unread| match unread {
            Unread::Broken(error) => broken(error, None).to_string(),
            Unread::TooLarge => {
                format!("its body is larger than {} bytes, the most that is read", cap.min(ERROR_BODY_BYTES))
            }
            Unread::TooLate => "its body did not come in time".to_owned(),
        });
        return Err(Error::of_answer(ApiError::new(answer, unread.as_deref(), &redactor)));
    }
    let head = |answer: http::Response<Bytes>| Some(redactor.answer(answer.map(|_| Bytes::new()), true));
    let problem = match unread {
        None => format!("the body has more values than fit into the memory that a limit of {cap} bytes allows"),
        Some(Unread::TooLarge) => format!("the body is larger than {cap} bytes, the most that is read"),
        Some(Unread::TooLate) => return Err(timer.passed(Sent::Maybe, head(answer))),
        Some(Unread::Broken(error)) => return Err(broken(error, head(answer))),
    };
    Err(Error::Decode(Box::new(DecodeError::refused(answer, whole, problem, &redactor))))
}

/// Reads a body as far as it comes, and as far as the cap. One that comes in one piece is not copied.
async fn read(response: &mut Response, cap: usize, body: &mut Bytes) -> Option<Unread> {
    let length = response.content_length().and_then(|length| usize::try_from(length).ok());
    // A server may announce anything.
    let length = length.unwrap_or(0).min(cap).min(1 << 20);
    let mut unobserved = 0;
    loop {
        let mut chunk = match response.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => return None,
            Err(error) => return Some(Unread::Broken(error)),
        };
        let (sent, room) = (chunk.len(), cap.saturating_sub(body.len()));
        chunk.truncate(room);
        if body.is_empty() {
            *body = chunk;
        } else {
            let mut joined = BytesMut::from(std::mem::take(body));
            joined.reserve(length.saturating_sub(joined.len()));
            joined.extend_from_slice(&chunk);
            *body = joined.freeze();
        }
        if sent > room {
            return Some(Unread::TooLarge);
        }
        // A body that is there already, or is small until it is unpacked, must not keep a deadline from being looked at.
        unobserved += sent;
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
