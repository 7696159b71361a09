//! What a server answered when it refused or failed.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::error::attempts::CallSummary;
use crate::error::line::Status;
use crate::headers;
use crate::json::from_body;
use crate::redact::Redactor;

/// An answer with an error status. Whatever shape its body has, nothing of it is lost.
#[derive(Clone, Debug)]
pub struct ApiError {
    pub(crate) answer: http::Response<Bytes>,
    message: String,
    code: Option<i64>,
    user_id: Option<String>,
    /// Whether the body is one of the API's.
    recognized: bool,
    pub(crate) call: CallSummary,
}

/// What is read of the body at once, without making anything of the rest, which may be large.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Envelope<'a> {
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(borrow)]
    user_id: Option<&'a RawValue>,
    #[serde(borrow)]
    openrouter_metadata: Option<&'a RawValue>,
    /// Where other servers put a message.
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow)]
    detail: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Detail<'a> {
    #[serde(borrow)]
    code: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow)]
    metadata: Option<&'a RawValue>,
}

/// The value, if it is of this type. Nothing is made of another one, which may be large.
fn read<'a, T: Deserialize<'a>>(raw: Option<&'a RawValue>) -> Option<T> {
    serde_json::from_str(raw?.get()).ok()
}

impl ApiError {
    /// Makes an error of an answer. If its body was not read to the end, `unread` says why.
    pub(crate) fn new(answer: http::Response<Bytes>, unread: Option<&str>, redactor: &Redactor) -> Self {
        let answer = redactor.answer(answer, unread.is_none());
        let envelope: Envelope<'_> = from_body(answer.body()).unwrap_or_default();
        let detail: Detail<'_> = read(envelope.error).unwrap_or_default();
        let (code, message) = match (read(detail.code), read(detail.message)) {
            (Some(code), Some(message)) => (Some(code), message),
            (_, message) => (None, foreign_message(&answer, &envelope, message, unread)),
        };
        let message = redactor.text(message);
        let user_id = read::<String>(envelope.user_id).map(|id| redactor.text(id));
        let recognized = match unread {
            None => code.is_some(),
            // What did not come may have been anything; its type tells as much as there is to know.
            Some(_) => content_type(&answer).is_none_or(|kind| kind.contains("json")),
        };
        Self { answer, message, code, user_id, recognized, call: CallSummary::default() }
    }

    /// Whether the answer comes from the API, and is about what was asked for: not from another server, and not the one
    /// that the API gives for a path that it does not have.
    pub(crate) fn is_of_endpoint(&self) -> bool {
        self.recognized && !self.message.trim().trim_end_matches('.').eq_ignore_ascii_case("not found")
    }

    /// Whether the same request may succeed later.
    pub(crate) fn is_retryable(&self) -> bool {
        matches!(self.status(), 408 | 429 | 500 | 502 | 503 | 504)
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.answer.status().as_u16()
    }

    /// The code in the body; as a rule the HTTP status once more.
    pub fn code(&self) -> Option<i64> {
        self.code
    }

    /// What went wrong, for people. Where the body is not the API's, a description of it.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Details for programs. They are read from the body at every call.
    pub fn metadata(&self) -> Option<Map<String, Value>> {
        let envelope: Envelope<'_> = from_body(self.body())?;
        read(read::<Detail<'_>>(envelope.error)?.metadata)
    }

    /// The user whose key was used.
    pub fn user_id(&self) -> Option<&str> {
        self.user_id.as_deref()
    }

    /// How OpenRouter handled the request. It is read from the body at every call.
    pub fn openrouter_metadata(&self) -> Option<Map<String, Value>> {
        let envelope: Envelope<'_> = from_body(self.body())?;
        read(envelope.openrouter_metadata)
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        self.answer.headers()
    }

    /// The id under which the server knows the request: `x-request-id`, `x-generation-id` or `cf-ray`.
    pub fn request_id(&self) -> Option<&str> {
        headers::request_id(self.answer.headers())
    }

    /// How long the server asks to wait before the next request.
    pub fn retry_after(&self) -> Option<Duration> {
        headers::retry_after(self.answer.headers())
    }

    /// The body as it came, with the API key hidden in it. What is longer than 256 kB is cut.
    pub fn body(&self) -> &[u8] {
        self.answer.body()
    }

    /// The call: its request, and its attempts.
    pub fn call(&self) -> &CallSummary {
        &self.call
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (message, status) = (&self.message, Status(Some(&self.answer)));
        match self.call.workspace() {
            // Mostly the path has it already, as it was given.
            Some(workspace) if self.status() == 404 && !self.call.path.split('/').any(|part| part == workspace) => {
                self.call.write(f, format_args!("workspace `{workspace}`: {message}{status}"))
            }
            _ => self.call.write(f, format_args!("{message}{status}")),
        }
    }
}

impl std::error::Error for ApiError {}

/// A message for a body that is not the API's: what it says where that can be found, else what it is.
fn foreign_message(
    answer: &http::Response<Bytes>,
    envelope: &Envelope<'_>,
    nested: Option<String>,
    unread: Option<&str>,
) -> String {
    let reason = answer.status().canonical_reason().unwrap_or("unknown status");
    if answer.status().is_redirection() {
        let to = answer.headers().get(http::header::LOCATION).and_then(|to| to.to_str().ok());
        return format!("{reason}: a redirect to {}, which is not followed", to.unwrap_or("nowhere"));
    }
    if let Some(problem) = unread {
        return format!("{reason}, but {problem}");
    }
    let Envelope { error, message, detail, .. } = envelope;
    match nested.or_else(|| [error, message, detail].into_iter().find_map(|raw| read(*raw))) {
        Some(text) => text,
        None if answer.body().is_empty() => format!("{reason}, with an empty body"),
        None => {
            let kind = content_type(answer).unwrap_or("no content type");
            format!("{reason}, with a body of {} bytes ({kind})", answer.body().len())
        }
    }
}

fn content_type(answer: &http::Response<Bytes>) -> Option<&str> {
    answer.headers().get(http::header::CONTENT_TYPE)?.to_str().ok()
}
