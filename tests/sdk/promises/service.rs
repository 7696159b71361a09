//! A service that answers from memory, and counts what becomes of its requests and of its answers.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::Frame;
use openrouter_workspaces::reqwest::{self, Body};
use openrouter_workspaces::{Client, ClientBuilder, HttpError, HttpFuture, HttpService};
use serde_json::{Value, json};
use tokio::time::{Sleep, sleep};

/// A request as it came to the service.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub method: String,
    /// The path behind the base URL.
    pub path: String,
    pub query: String,
    pub headers: http::HeaderMap,
    pub body: Vec<u8>,
}

impl Recorded {
    fn new(request: &reqwest::Request) -> Self {
        Self {
            method: request.method().to_string(),
            path: request.url().path().trim_start_matches("/api/v1").to_owned(),
            query: request.url().query().unwrap_or_default().to_owned(),
            headers: request.headers().clone(),
            body: request.body().and_then(Body::as_bytes).unwrap_or_default().to_vec(),
        }
    }

    /// `GET /workspaces?limit=10`
    pub fn line(&self) -> String {
        let mark = if self.query.is_empty() { "" } else { "?" };
        format!("{} {}{mark}{}", self.method, self.path, self.query)
    }

    /// A parameter of the query that is a number.
    pub fn number(&self, name: &str) -> Option<usize> {
        let mut pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find_map(|(n, value)| (n == name).then(|| value.parse().expect("a number")))
    }
}

/// What the service answers: when, what, and how fast the body comes.
#[derive(Debug)]
pub struct Answer {
    delay: Duration,
    pace: Duration,
    cut: bool,
    result: Result<http::Response<VecDeque<Bytes>>, HttpError>,
}

impl Answer {
    pub fn new(status: u16, body: impl Into<Bytes>) -> Self {
        let answer = http::Response::builder().status(status).header("content-type", "application/json");
        let answer = answer.body(VecDeque::from([body.into()])).expect("a valid answer");
        Self { delay: Duration::ZERO, pace: Duration::ZERO, cut: false, result: Ok(answer) }
    }

    pub fn json(body: Value) -> Self {
        Self::new(200, body.to_string())
    }

    pub fn error(status: u16, message: &str) -> Self {
        Self::new(status, json!({"error": {"code": status, "message": message}}).to_string())
    }

    /// No answer: the connection could not be made, or broke.
    pub fn failure(error: HttpError) -> Self {
        Self { result: Err(error), ..Self::new(200, "") }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Ok(answer) = &mut self.result {
            let name = http::HeaderName::try_from(name).expect("a valid name");
            answer.headers_mut().append(name, value.try_into().expect("a valid value"));
        }
        self
    }

    /// Nothing says what the body is.
    pub fn without_type(mut self) -> Self {
        if let Ok(answer) = &mut self.result {
            answer.headers_mut().clear();
        }
        self
    }

    /// The connection breaks behind the body.
    pub fn cut(mut self) -> Self {
        self.cut = true;
        self
    }

    /// The headers come so late.
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The body comes in so many parts, with a pause before each of them.
    pub fn in_parts(mut self, parts: usize, pace: Duration) -> Self {
        self.pace = pace;
        if let Ok(answer) = &mut self.result {
            let body: Vec<u8> = answer.body().iter().flatten().copied().collect();
            let size = body.len().div_ceil(parts).max(1);
            *answer.body_mut() = body.chunks(size).map(Bytes::copy_from_slice).collect();
        }
        self
    }
}

type Respond = dyn Fn(&Recorded, usize) -> Answer + Send + Sync;

/// The service. Its clones are the same service.
#[derive(Clone)]
pub struct Memory {
    respond: Arc<Respond>,
    log: Arc<Log>,
}

#[derive(Default)]
struct Log {
    requests: Mutex<Vec<Recorded>>,
    /// Requests that are not answered to the last byte yet.
    open: AtomicUsize,
    peak: AtomicUsize,
    /// Requests that were given up before the last byte of their answer was read.
    abandoned: AtomicUsize,
    /// How often the futures of requests were polled.
    polls: AtomicUsize,
}

impl Memory {
    /// Answers with what the function makes of a request and of its number, from 0.
    pub fn new(respond: impl Fn(&Recorded, usize) -> Answer + Send + Sync + 'static) -> Self {
        Self { respond: Arc::new(respond), log: Arc::default() }
    }

    /// Gives one answer after the other, and 418 when there are no more.
    pub fn script(answers: impl IntoIterator<Item = Answer>) -> Self {
        let answers: Mutex<VecDeque<Answer>> = Mutex::new(answers.into_iter().collect());
        Self::new(move |_, _| {
            let next = answers.lock().expect("no panics").pop_front();
            next.unwrap_or_else(|| Answer::error(418, "the script is over"))
        })
    }

    pub fn builder(&self) -> ClientBuilder {
        Client::builder().api_key(crate::promises::KEY).http_service(self.clone())
    }

    /// A client with the default settings.
    pub fn client(&self) -> Client {
        self.builder().build().expect("the settings are valid")
    }

    pub fn requests(&self) -> Vec<Recorded> {
        self.log.requests.lock().expect("no panics").clone()
    }

    pub fn lines(&self) -> Vec<String> {
        self.requests().iter().map(Recorded::line).collect()
    }

    pub fn count(&self) -> usize {
        self.log.requests.lock().expect("no panics").len()
    }

    pub fn open(&self) -> usize {
        self.log.open.load(Ordering::SeqCst)
    }

    pub fn peak(&self) -> usize {
        self.log.peak.load(Ordering::SeqCst)
    }

    pub fn abandoned(&self) -> usize {
        self.log.abandoned.load(Ordering::SeqCst)
    }

    pub fn polls(&self) -> usize {
        self.log.polls.load(Ordering::SeqCst)
    }
}

impl HttpService for Memory {
    fn call(&self, request: reqwest::Request) -> HttpFuture<'_> {
        let request = Recorded::new(&request);
        let number = {
            let mut requests = self.log.requests.lock().expect("no panics");
            requests.push(request.clone());
            requests.len() - 1
        };
        let open = Open::new(&self.log);
        let answer = async move {
            let Answer { delay, pace, cut, result } = (self.respond)(&request, number);
            if !delay.is_zero() {
                sleep(delay).await;
            }
            let (head, parts) = result?.into_parts();
            let body = Parts { open: Some(open), parts, pace, cut, pause: None };
            Ok(http::Response::from_parts(head, Body::wrap(body)).into())
        };
        Box::pin(Polled { future: Box::pin(answer), polls: &self.log.polls })
    }
}

/// Counts how often a future is polled.
struct Polled<'a> {
    future: HttpFuture<'a>,
    polls: &'a AtomicUsize,
}

impl Future for Polled<'_> {
    type Output = Result<reqwest::Response, HttpError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.polls.fetch_add(1, Ordering::SeqCst);
        self.future.as_mut().poll(cx)
    }
}

/// A request whose answer is not read to its end.
struct Open {
    log: Arc<Log>,
    complete: bool,
}

impl Open {
    fn new(log: &Arc<Log>) -> Self {
        let open = log.open.fetch_add(1, Ordering::SeqCst) + 1;
        log.peak.fetch_max(open, Ordering::SeqCst);
        Self { log: log.clone(), complete: false }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.log.open.fetch_sub(1, Ordering::SeqCst);
        self.log.abandoned.fetch_add(usize::from(!self.complete), Ordering::SeqCst);
    }
}

/// A body in parts, which takes its time.
struct Parts {
    open: Option<Open>,
    parts: VecDeque<Bytes>,
    pace: Duration,
    cut: bool,
    pause: Option<Pin<Box<Sleep>>>,
}

impl http_body::Body for Parts {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        if !self.pace.is_zero() && !self.parts.is_empty() {
            let pace = self.pace;
            let pause = self.pause.get_or_insert_with(|| Box::pin(sleep(pace)));
            std::task::ready!(pause.as_mut().poll(cx));
            self.pause = None;
        }
        let part = self.parts.pop_front();
        if part.is_none()
            && let Some(mut open) = self.open.take()
        {
            open.complete = true;
            if self.cut {
                return Poll::Ready(Some(Err(HttpError::broken("connection reset by peer"))));
            }
        }
        Poll::Ready(part.map(|part| Ok(Frame::data(part))))
    }
}
