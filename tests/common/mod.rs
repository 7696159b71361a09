//! What the contract tests share: a mock server that records requests, clients for it, and literal JSON.

#![allow(dead_code, reason = "every test file uses a part of it")]

pub mod call;
pub mod cases;
pub mod contract;
pub mod errors;
pub mod fixtures;
pub mod list;
pub mod ops;
pub mod paused;
pub mod property;
pub mod raw;
pub mod simulated;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use http::HeaderMap;
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use openrouter_workspaces::{Client, ClientBuilder, RetryConfig};
use serde_json::Value;

/// The key of all test clients.
pub const KEY: &str = "sk-or-v1-TESTKEY";

/// A request as the server saw it.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub method: String,
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Recorded {
    fn new(request: &HttpMockRequest, root: &str) -> Self {
        let uri = request.uri();
        Self {
            method: request.method_str().to_owned(),
            path: uri.path().strip_prefix(root).expect("only such requests match").to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
            headers: request.headers(),
            body: request.body_vec(),
        }
    }

    /// `GET /api/v1/workspaces?limit=10`
    pub fn line(&self) -> String {
        let mark = if self.query.is_empty() { "" } else { "?" };
        format!("{} {}{mark}{}", self.method, self.path, self.query)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("headers are ASCII"))
    }

    /// The JSON body; null if there is none.
    pub fn json(&self) -> Value {
        if self.body.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    /// All headers but those of the transport, sorted by name.
    pub fn own_headers(&self) -> Vec<(String, String)> {
        let transport = ["host", "content-length", "accept-encoding", "connection"];
        let own = self.headers.iter().filter(|(name, _)| !transport.contains(&name.as_str()));
        let mut own: Vec<_> = own.map(|(n, v)| (n.to_string(), v.to_str().expect("ASCII").to_owned())).collect();
        own.sort();
        own
    }

    /// Is exactly this request, with exactly these headers besides the transport's.
    pub fn assert(&self, line: &str, body: Value) {
        assert_eq!(self.line(), line);
        assert_eq!(by_value(&self.json()), by_value(&body));
        let mut headers = vec![("accept", "application/json".to_owned()), ("authorization", format!("Bearer {KEY}"))];
        if !body.is_null() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        headers.push(("user-agent", format!("openrouter-workspaces/{}", env!("CARGO_PKG_VERSION"))));
        let own = self.own_headers();
        let own: Vec<_> = own.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        assert_eq!(own, headers);
    }

    /// The query's parameters, sorted.
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        query_pairs(&self.query)
    }
}

/// A query's parameters, sorted. The tests' own values need no decoding.
pub fn query_pairs(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<_> = pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    pairs.sort();
    pairs
}

/// An answer, written down by a test.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Reply {
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }.header("content-type", content_type)
    }

    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    pub fn json(status: u16, body: Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// An error in the API's own form.
    pub fn error(status: u16, message: &str) -> Self {
        Self::json(status, serde_json::json!({"error": {"code": status, "message": message}}))
    }

    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    fn build(self) -> HttpMockResponse {
        HttpMockResponse::builder().status(self.status).headers(self.headers).body(self.body).build()
    }
}

/// A mock server that answers every request by a function of it, and records it.
pub struct Mock {
    server: MockServer,
    root: String,
    seen: Arc<Mutex<Vec<Recorded>>>,
}

impl Mock {
    /// Answers with what the function makes of a request and of its number, from 0.
    pub fn start(respond: impl Fn(&Recorded, usize) -> Reply + Send + Sync + 'static) -> Self {
        static MOCKS: AtomicUsize = AtomicUsize::new(0);
        // Servers are used again. A request that a test gave up must not come to the next test's mock.
        let root = format!("/mock-{}", MOCKS.fetch_add(1, Ordering::Relaxed));
        let server = MockServer::start();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, prefix) = (seen.clone(), root.clone());
        server.mock(|when, then| {
            when.path_prefix(format!("{root}/"));
            then.respond_with(move |request| {
                let request = Recorded::new(request, &prefix);
                let mut log = log.lock().expect("no responder panics");
                let reply = respond(&request, log.len());
                log.push(request);
                reply.build()
            });
        });
        Self { server, root, seen }
    }

    /// Always gives the same answer.
    pub fn always(reply: Reply) -> Self {
        Self::start(move |_, _| reply.clone())
    }

    /// Gives one answer after the other, and 418 when there are no more.
    pub fn script(replies: impl IntoIterator<Item = Reply>) -> Self {
        let replies: Vec<_> = replies.into_iter().collect();
        Self::start(move |_, n| replies.get(n).cloned().unwrap_or_else(|| Reply::error(418, "the script is over")))
    }

    pub fn url(&self) -> String {
        self.server.url(format!("{}/api/v1", self.root))
    }

    /// Everything that was received.
    pub fn requests(&self) -> Vec<Recorded> {
        self.seen.lock().expect("no responder panics").clone()
    }

    /// Everything that was received, as in `GET /api/v1/workspaces?limit=10`.
    pub fn lines(&self) -> Vec<String> {
        self.requests().iter().map(Recorded::line).collect()
    }

    /// The only request that was received.
    pub fn only_request(&self) -> Recorded {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "one request was expected: {requests:?}");
        requests.remove(0)
    }

    pub fn assert_nothing_was_sent(&self) {
        assert_eq!(self.lines(), [""; 0]);
    }

    pub fn builder(&self) -> ClientBuilder {
        Client::builder().api_key(KEY).base_url(self.url()).retry(RetryConfig::none())
    }

    /// A client that does not retry.
    pub fn client(&self) -> Client {
        self.builder().build().expect("the settings are valid")
    }
}

/// The value with all numbers as floats, so that 100 equals 100.0.
pub fn by_value(value: &Value) -> Value {
    match value {
        Value::Number(n) => n.as_f64().into(),
        Value::Array(items) => items.iter().map(by_value).collect(),
        Value::Object(map) => map.iter().map(|(k, v)| (k.clone(), by_value(v))).collect(),
        other => other.clone(),
    }
}
