//! What the API answered when it refused or failed.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::api_key::ApiKey;
use crate::generated::types::ErrorResponse;
use crate::response::Response;
use crate::retry::{GaveUp, Tries};
use crate::retry_after::retry_after;

/// The headers that carry a request's id, the most telling one first.
const REQUEST_ID_HEADERS: [&str; 3] = ["x-request-id", "x-generation-id", "cf-ray"];

/// An answer with an error status. Whatever shape its body has, nothing of it is lost.
#[derive(Debug)]
pub struct ApiError {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
    message: String,
    parsed: Option<ErrorResponse>,
    pub(crate) tries: Tries,
}

impl ApiError {
    /// Makes an error of an answer. If its body was not read to the end, `unread` says why.
    pub(crate) fn new(response: &http::Response<Bytes>, unread: Option<&str>, key: &ApiKey) -> Self {
        let body = redact_body(response.body(), key);
        let headers = redact_headers(response.headers(), key);
        // Escapes can hide the key in a body until it is parsed.
        let json: Option<Value> = serde_json::from_slice(&body).ok().map(|json| redact_json(json, key));
        let parsed: Option<ErrorResponse> = json.as_ref().and_then(|json| ErrorResponse::deserialize(json).ok());
        let message = match &parsed {
            Some(parsed) => parsed.error.message.clone(),
            None => foreign_message(response.status(), &headers, &body, json.as_ref(), unread),
        };
        Self { status: response.status().as_u16(), headers, body, message, parsed, tries: Tries::default() }
    }

    /// The answer, taken as one with a result.
    pub(crate) fn into_response<T>(self, data: T) -> Response<T> {
        let mut parts = http::Response::new(()).into_parts().0;
        parts.status = StatusCode::from_u16(self.status).unwrap_or_default();
        parts.headers = self.headers;
        Response::new(data, parts, self.body, self.tries.attempts)
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The code in the body; as a rule the HTTP status once more.
    pub fn code(&self) -> Option<i64> {
        self.parsed.as_ref().map(|parsed| parsed.error.code)
    }

    /// What went wrong, for people. Where the body is not the API's, a description of it.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Details for programs.
    pub fn metadata(&self) -> Option<&Map<String, Value>> {
        self.parsed.as_ref()?.error.metadata.as_ref()
    }

    /// The user whose key was used.
    pub fn user_id(&self) -> Option<&str> {
        self.parsed.as_ref()?.user_id.as_deref()
    }

    /// How OpenRouter handled the request.
    pub fn openrouter_metadata(&self) -> Option<&Map<String, Value>> {
        self.parsed.as_ref()?.openrouter_metadata.as_ref()
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The id under which the server knows the request: `x-request-id`, `x-generation-id` or `cf-ray`.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// How long the server asks to wait before the next request.
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(&self.headers)
    }

    /// The body as it came, with the API key hidden in it.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Attempts in all, the first one included.
    pub fn attempts(&self) -> u32 {
        self.tries.attempts
    }

    /// Why the call was not retried once more; `None` if such an error is not retried.
    pub fn gave_up(&self) -> Option<&GaveUp> {
        self.tries.gave_up.as_ref()
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (status {}", self.message, self.status)?;
        if let Some(id) = self.request_id() {
            write!(f, ", request {id}")?;
        }
        write!(f, "){}", self.tries)
    }
}

impl std::error::Error for ApiError {}

/// The id under which the server knows the request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    REQUEST_ID_HEADERS.iter().find_map(|name| headers.get(*name)?.to_str().ok())
}

/// A message for a body that is not the API's: what it says where that can be found, else what it is.
fn foreign_message(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    json: Option<&Value>,
    unread: Option<&str>,
) -> String {
    let reason = status.canonical_reason().unwrap_or("unknown status");
    if status.is_redirection() {
        let to = headers.get(http::header::LOCATION).and_then(|to| to.to_str().ok());
        return format!("{reason}: a redirect to {}, which is not followed", to.unwrap_or("nowhere"));
    }
    if let Some(problem) = unread {
        return format!("{reason}, but {problem}");
    }
    let text = json.and_then(|json| {
        ["/error/message", "/error", "/message", "/detail"].iter().find_map(|place| json.pointer(place)?.as_str())
    });
    match text {
        Some(text) => text.to_owned(),
        None if body.is_empty() => format!("{reason}, with an empty body"),
        None => {
            let kind = headers.get(http::header::CONTENT_TYPE).and_then(|t| t.to_str().ok());
            let kind = kind.unwrap_or("no content type");
            format!("{reason}, with a body of {} bytes ({kind})", body.len())
        }
    }
}

/// The body with the key hidden in it.
pub(crate) fn redact_body(body: &Bytes, key: &ApiKey) -> Bytes {
    key.redact_bytes(body).map_or_else(|| body.clone(), Bytes::from)
}

/// The JSON with the key hidden in all its texts.
fn redact_json(json: Value, key: &ApiKey) -> Value {
    match json {
        Value::String(text) => Value::String(key.redact(&text).unwrap_or(text)),
        Value::Array(items) => items.into_iter().map(|item| redact_json(item, key)).collect(),
        Value::Object(map) => {
            let hidden = |name: String| key.redact(&name).unwrap_or(name);
            map.into_iter().map(|(name, value)| (hidden(name), redact_json(value, key))).collect()
        }
        other => other,
    }
}

/// The headers with the key hidden in them.
pub(crate) fn redact_headers(headers: &HeaderMap, key: &ApiKey) -> HeaderMap {
    let mut headers = headers.clone();
    for value in headers.values_mut() {
        let hidden = key.redact_bytes(value.as_bytes());
        if let Some(hidden) = hidden.and_then(|hidden| HeaderValue::try_from(hidden).ok()) {
            *value = hidden;
        }
    }
    headers
}
