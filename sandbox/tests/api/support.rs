//! Clients without opinions: a method, a path, JSON; or only bytes.

use std::io;
use std::time::Duration;

use openrouter_sandbox::{Fault, FaultPlan, Sandbox, SandboxBuilder};
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

pub struct Api {
    pub sandbox: Sandbox,
    pub http: Client,
}

pub struct ApiResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Api {
    pub async fn start() -> Self {
        Self::with(Sandbox::builder()).await
    }

    pub async fn with(builder: SandboxBuilder) -> Self {
        Self {
            sandbox: builder.start().await.unwrap(),
            http: Client::builder().redirect(Policy::none()).build().unwrap(),
        }
    }

    /// A request without a key or a body.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let url = format!("{}{path}", self.sandbox.base_url());
        self.http.request(method, url)
    }

    pub async fn call(&self, method: &str, path: &str) -> ApiResponse {
        answer(self.request(method, path).bearer_auth(self.sandbox.key())).await
    }

    pub async fn send(&self, method: &str, path: &str, body: Value) -> ApiResponse {
        let request = self.request(method, path).json(&body);
        answer(request.bearer_auth(self.sandbox.key())).await
    }

    /// A request with a body that reqwest has not made.
    pub async fn send_raw(&self, path: &str, content_type: &str, body: impl Into<Vec<u8>>) -> ApiResponse {
        let request = self.request("POST", path).header("content-type", content_type).body(body.into());
        answer(request.bearer_auth(self.sandbox.key())).await
    }
}

pub async fn answer(request: RequestBuilder) -> ApiResponse {
    let response = request.send().await.unwrap();
    ApiResponse { status: response.status(), headers: response.headers().clone(), body: response.json().await.unwrap() }
}

impl ApiResponse {
    /// Asserts an error in the API's shape, and returns its message.
    #[track_caller]
    pub fn refused(&self, status: u16) -> &str {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        assert_eq!(self.body["error"]["code"], status);
        self.body["error"]["message"].as_str().unwrap()
    }

    /// Asserts a success, and returns its body.
    #[track_caller]
    pub fn ok(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }

    /// The values of a field in the rows of a list.
    #[track_caller]
    pub fn column(&self, field: &str) -> Vec<&str> {
        let rows = self.body["data"].as_array().unwrap();
        rows.iter().map(|row| row[field].as_str().unwrap()).collect()
    }
}

/// What arrives on the wire, and how it ends.
pub struct Wire {
    pub text: String,
    pub end: io::Result<()>,
}

impl Wire {
    /// The head of the answer in lowercase, and what came of its body.
    #[track_caller]
    pub fn split(&self) -> (String, &str) {
        let (head, body) = self.text.split_once("\r\n\r\n").unwrap();
        (head.to_lowercase(), body)
    }

    #[track_caller]
    pub fn is_reset(&self) -> bool {
        self.end.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::ConnectionReset)
    }
}

impl Api {
    /// Connects without HTTP.
    pub async fn connect(&self) -> io::Result<TcpStream> {
        TcpStream::connect(("127.0.0.1", self.sandbox.port())).await
    }

    /// Sends a request over a connection of its own, which it leaves open.
    pub async fn raw(&self, method: &str, path: &str, body: &str) -> TcpStream {
        let mut connection = self.connect().await.unwrap();
        self.write(&mut connection, method, path, body).await;
        connection
    }

    pub async fn write(&self, connection: &mut TcpStream, method: &str, path: &str, body: &str) {
        let key = self.sandbox.key();
        let request = format!(
            "{method} /api/v1{path} HTTP/1.1\r\nhost: sandbox\r\nauthorization: Bearer {key}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len(),
        );
        connection.write_all(request.as_bytes()).await.unwrap();
    }

    /// Lets one fault happen to the next call of an operation.
    pub fn fault(&self, operation: &str, fault: Fault) {
        self.sandbox.set_faults(FaultPlan::default().sequence(operation, [Some(fault)])).unwrap();
    }

    /// Whether there is a workspace with a slug.
    pub fn has(&self, slug: &str) -> bool {
        self.sandbox.workspaces().iter().any(|workspace| workspace["slug"] == slug)
    }
}

/// Reads until the server closes the connection.
pub async fn read(connection: &mut TcpStream) -> Wire {
    let mut bytes = Vec::new();
    let end = timeout(Duration::from_secs(10), connection.read_to_end(&mut bytes)).await;
    Wire { text: String::from_utf8(bytes).unwrap(), end: end.expect("the connection stays open").map(drop) }
}
