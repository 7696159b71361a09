//! Scripted answers, which take the place of the server's own.

use std::collections::{HashMap, VecDeque};

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::spec::refusal::Refusal;

/// An answer to give instead of processing a request.
///
/// ```
/// use openrouter_sandbox::ScriptedResponse;
///
/// let busy = ScriptedResponse::error(429, "Slow down").header("retry-after", "2");
/// assert_eq!(busy.status, 429);
///
/// let from_the_cdn = ScriptedResponse::html(502, "<h1>Bad gateway</h1>");
/// assert_eq!(from_the_cdn.body, "<h1>Bad gateway</h1>");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScriptedResponse {
    /// The status, from 200 to 999.
    pub status: u16,
    /// The headers; one may be repeated.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl ScriptedResponse {
    /// An answer with an empty body and no headers but those that HTTP needs.
    pub fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: String::new() }
    }

    /// A JSON answer.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status).typed("application/json", body.to_string())
    }

    /// An error in the API's own shape.
    pub fn error(status: u16, message: &str) -> Self {
        Self::json(status, &json!({"error": {"code": status, "message": message}}))
    }

    /// An answer in plain text.
    pub fn text(status: u16, body: impl Into<String>) -> Self {
        Self::new(status).typed("text/plain; charset=utf-8", body.into())
    }

    /// A page of HTML, as from a proxy in front of the API.
    pub fn html(status: u16, body: impl Into<String>) -> Self {
        Self::new(status).typed("text/html; charset=utf-8", body.into())
    }

    /// Adds a header. An invalid name or value turns the answer into a 500 that says so.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    fn typed(mut self, content_type: &str, body: String) -> Self {
        self.body = body;
        self.header("content-type", content_type)
    }
}

impl IntoResponse for ScriptedResponse {
    fn into_response(self) -> Response {
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        response.body(Body::from(self.body)).unwrap_or_else(|error| {
            let message = format!("The scripted response is invalid: {error}");
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, message).into_response()
        })
    }
}

/// The scripted answers that are still to be given, by operation.
#[derive(Debug, Default)]
pub(crate) struct Scripts(HashMap<String, VecDeque<ScriptedResponse>>);

impl Scripts {
    pub(crate) fn add(&mut self, operation: &str, responses: impl IntoIterator<Item = ScriptedResponse>) {
        self.0.entry(operation.to_owned()).or_default().extend(responses);
    }

    /// The answer to the next request for an operation, if it is scripted.
    pub(crate) fn next(&mut self, operation: &str) -> Option<ScriptedResponse> {
        self.0.get_mut(operation)?.pop_front()
    }
}
