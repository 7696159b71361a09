//! What becomes of the requests and the answers on their way between the client and the server in memory.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame};
use openrouter_workspaces::{Client, ClientBuilder, HttpError, HttpFuture, HttpService, reqwest};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::common::KEY;
use crate::common::paused::exact;
use crate::reconcile::api::Api;

/// What becomes of one request.
pub struct Step {
    there: Duration,
    back: Duration,
    before: Option<Box<Event>>,
    applied: Applied,
    answer: Answer,
    headers: Vec<(&'static str, &'static str)>,
    dated: bool,
}

/// Something that happens at the server.
type Event = dyn FnOnce(&mut Api) + Send;

enum Applied {
    Never,
    AtOnce,
    Later(Duration),
}

enum Answer {
    /// The server's.
    Honest,
    /// What stands here instead.
    Fake {
        status: u16,
        content_type: &'static str,
        body: String,
    },
    /// The server's, whose body ends with an error in the middle.
    Cut,
    /// The server's, or another status with it, whose body stops in the middle.
    Stalled(Option<u16>),
    Reset,
    NotSent,
    /// None, for ever.
    Silence,
}

impl Step {
    fn new(applied: Applied, answer: Answer) -> Self {
        Self {
            there: Duration::ZERO,
            back: Duration::ZERO,
            before: None,
            applied,
            answer,
            headers: Vec::new(),
            dated: true,
        }
    }

    /// The server does and answers what it should.
    pub fn honest() -> Self {
        Self::new(Applied::AtOnce, Answer::Honest)
    }

    /// Something in front of the server answers in its place.
    pub fn status(status: u16) -> Self {
        Self::fake(status, &json!({"error": {"code": status, "message": "no"}}))
    }

    /// This is answered, and nothing done.
    pub fn fake(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    pub fn text(status: u16, content_type: &'static str, body: &str) -> Self {
        Self::new(Applied::Never, Answer::Fake { status, content_type, body: body.to_owned() })
    }

    /// The connection breaks before the request is there.
    pub fn reset() -> Self {
        Self::new(Applied::Never, Answer::Reset)
    }

    /// No connection can be made.
    pub fn refused() -> Self {
        Self::new(Applied::Never, Answer::NotSent)
    }

    /// No answer, ever.
    pub fn silence() -> Self {
        Self::new(Applied::Never, Answer::Silence)
    }

    /// The body of the server's answer breaks off.
    pub fn cut() -> Self {
        Self::new(Applied::AtOnce, Answer::Cut)
    }

    /// The body of the server's answer stops in the middle.
    pub fn stalled() -> Self {
        Self::new(Applied::AtOnce, Answer::Stalled(None))
    }

    /// The body of an answer stops in the middle; its status is this.
    pub fn stalled_with(status: u16) -> Self {
        Self::new(Applied::Never, Answer::Stalled(Some(status)))
    }

    /// But the server does it.
    pub fn applied(mut self) -> Self {
        self.applied = Applied::AtOnce;
        self
    }

    /// But the server does it, so many milliseconds after the answer.
    pub fn applied_after(mut self, ms: u64) -> Self {
        self.applied = Applied::Later(Duration::from_millis(ms));
        self
    }

    /// Something else happens just before the request arrives.
    pub fn after(mut self, before: impl FnOnce(&mut Api) + Send + 'static) -> Self {
        self.before = Some(Box::new(before));
        self
    }

    /// The request and the answer take so many milliseconds.
    pub fn slow(mut self, there: u64, back: u64) -> Self {
        (self.there, self.back) = (Duration::from_millis(there), Duration::from_millis(back));
        self
    }

    /// The answer has this header, too.
    pub fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The answer has no `Date`.
    pub fn dateless(mut self) -> Self {
        self.dated = false;
        self
    }
}

/// A client, and the server that it talks to.
pub struct World {
    pub client: Client,
    network: Network,
}

#[derive(Clone)]
struct Network {
    api: Arc<Mutex<Api>>,
    steps: Arc<Mutex<VecDeque<Step>>>,
    seen: Arc<Mutex<Vec<(String, u64)>>>,
    start: Instant,
}

impl World {
    /// A server whose clock shows so many milliseconds after a full second. The steps say what becomes of the first
    /// requests; all further ones are answered honestly.
    pub fn new(phase: u64, steps: impl IntoIterator<Item = Step>) -> Self {
        Self::with(phase, steps, |builder| builder)
    }

    pub fn with(
        phase: u64,
        steps: impl IntoIterator<Item = Step>,
        settings: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Self {
        let steps = Arc::new(Mutex::new(steps.into_iter().collect()));
        let api = Arc::new(Mutex::new(Api::new(phase)));
        let network = Network { api, steps, seen: Arc::default(), start: Instant::now() };
        let builder = Client::builder().api_key(KEY).retry(exact()).no_timeouts().http_service(network.clone());
        let client = settings(builder).build().expect("the settings are valid");
        Self { client, network }
    }

    pub fn api(&self) -> MutexGuard<'_, Api> {
        self.network.api.lock().expect("no panics")
    }

    /// What becomes of the next requests.
    pub fn then(&self, steps: impl IntoIterator<Item = Step>) {
        self.network.steps.lock().expect("no panics").extend(steps);
    }

    /// The requests, as in `GET /workspaces/production`.
    pub fn lines(&self) -> Vec<String> {
        self.network.seen.lock().expect("no panics").iter().map(|(line, _)| line.clone()).collect()
    }

    /// When the requests were sent, in milliseconds since the start.
    pub fn times(&self) -> Vec<u64> {
        self.network.seen.lock().expect("no panics").iter().map(|(_, at)| *at).collect()
    }
}

impl HttpService for Network {
    fn call(&self, request: reqwest::Request) -> HttpFuture<'_> {
        let method = request.method().to_string();
        let path = request.url().path().strip_prefix("/api/v1").expect("the base URL's path").to_owned();
        let body = request.body().and_then(|body| body.as_bytes()).unwrap_or(b"null");
        let body: Value = serde_json::from_slice(body).expect("JSON");
        let at = u64::try_from(self.start.elapsed().as_millis()).expect("a short time");
        self.seen.lock().expect("no panics").push((format!("{method} {path}"), at));
        let step = self.steps.lock().expect("no panics").pop_front().unwrap_or_else(Step::honest);
        Box::pin(self.deliver(step, method, path, body))
    }
}

impl Network {
    async fn deliver(
        &self,
        step: Step,
        method: String,
        path: String,
        body: Value,
    ) -> Result<reqwest::Response, HttpError> {
        pause(step.there).await;
        let (honest, date) = {
            let mut api = self.api.lock().expect("no panics");
            if let Some(before) = step.before {
                before(&mut api);
            }
            let honest = match step.applied {
                Applied::AtOnce => Some(api.apply(&method, &path, &body)),
                Applied::Never => None,
                Applied::Later(after) => {
                    let api = self.api.clone();
                    tokio::spawn(async move {
                        sleep(after).await;
                        api.lock().expect("no panics").apply(&method, &path, &body);
                    });
                    None
                }
            };
            (honest, api.clock.date())
        };
        pause(step.back).await;
        let json = "application/json";
        let honest = || honest.clone().expect("what is answered honestly is applied");
        let (status, content_type, body) = match step.answer {
            Answer::Honest => (honest().0, json, honest().1.to_string().into()),
            Answer::Fake { status, content_type, body } => (status, content_type, body.into()),
            Answer::Cut => (honest().0, json, Half::of(&honest().1.to_string(), true)),
            Answer::Stalled(None) => (honest().0, json, Half::of(&honest().1.to_string(), false)),
            Answer::Stalled(Some(status)) => (status, json, Half::of("{\"error\": {\"code\": ", false)),
            Answer::Reset => return Err(HttpError::broken("Connection reset by peer")),
            Answer::NotSent => return Err(HttpError::not_sent("Connection refused")),
            Answer::Silence => std::future::pending().await,
        };
        let mut answer = http::Response::builder().status(status).header("content-type", content_type);
        answer = answer.header("x-request-id", "req-1");
        for (name, value) in step.headers {
            answer = answer.header(name, value);
        }
        if step.dated {
            answer = answer.header("date", date);
        }
        Ok(answer.body::<reqwest::Body>(body).expect("a valid answer").into())
    }
}

async fn pause(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}

/// The first half of a body; then it breaks, or nothing comes any more.
struct Half {
    first: Option<Bytes>,
    breaks: bool,
}

impl Half {
    fn of(text: &str, breaks: bool) -> reqwest::Body {
        let first = Some(Bytes::copy_from_slice(&text.as_bytes()[..text.len() / 2]));
        reqwest::Body::wrap(Self { first, breaks })
    }
}

impl Body for Half {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(Ok(Frame::data(first)))),
            None if self.breaks => Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into()))),
            None => Poll::Pending,
        }
    }
}
