//! A client without opinions: a method, a path, JSON.

use openrouter_sandbox::{Sandbox, SandboxBuilder};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::Value;

pub struct Api {
    pub sandbox: Sandbox,
    pub http: Client,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Api {
    pub async fn start() -> Self {
        Self::with(Sandbox::builder()).await
    }

    pub async fn with(builder: SandboxBuilder) -> Self {
        Self { sandbox: builder.start().await.unwrap(), http: Client::new() }
    }

    /// A request without a key or a body.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let url = format!("{}{path}", self.sandbox.base_url());
        self.http.request(method, url)
    }

    pub async fn call(&self, method: &str, path: &str) -> Answer {
        answer(self.request(method, path).bearer_auth(self.sandbox.key())).await
    }

    pub async fn send(&self, method: &str, path: &str, body: Value) -> Answer {
        let request = self.request(method, path).json(&body);
        answer(request.bearer_auth(self.sandbox.key())).await
    }

    /// A request with a body that reqwest has not made.
    pub async fn send_raw(&self, path: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
        let request = self.request("POST", path).header("content-type", content_type).body(body.into());
        answer(request.bearer_auth(self.sandbox.key())).await
    }
}

pub async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    Answer { status: response.status(), headers: response.headers().clone(), body: response.json().await.unwrap() }
}

impl Answer {
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
