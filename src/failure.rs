//! What the variants of [`Error`](crate::Error) other than the API's own carry.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;

use crate::api_error::request_id;
use crate::api_key::{ApiKey, BoxError};
use crate::retry::{GaveUp, Tries};

/// Something the caller gave that cannot be used. Nothing was sent.
#[derive(Debug)]
pub struct InvalidInput {
    field: Cow<'static, str>,
    rule: Cow<'static, str>,
    source: Option<BoxError>,
}

impl InvalidInput {
    pub(crate) fn new(field: impl ToString, rule: impl Into<Cow<'static, str>>) -> Self {
        Self { field: field.to_string().into(), rule: rule.into(), source: None }
    }

    pub(crate) fn caused_by(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The parameter, field or setting, as in `slug`.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The rule it breaks, as in `must have at most 50 characters, has 51`.
    pub fn rule(&self) -> &str {
        &self.rule
    }
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid input, nothing was sent: {} {}", self.field, self.rule)
    }
}

impl StdError for InvalidInput {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|e| e as _)
    }
}

/// A connection that could not be made, or that broke.
#[derive(Debug)]
pub struct TransportError {
    pub(crate) what: &'static str,
    pub(crate) source: BoxError,
    pub(crate) tries: Tries,
}

impl TransportError {
    /// Attempts in all, the first one included.
    pub fn attempts(&self) -> u32 {
        self.tries.attempts
    }

    /// Why the call was not retried once more; `None` if such an error is not retried.
    pub fn gave_up(&self) -> Option<&GaveUp> {
        self.tries.gave_up.as_ref()
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}{}", self.what, innermost(&*self.source), self.tries)
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}

/// The cause at the end of the chain: `Connection refused`, rather than `client error (Connect)`.
fn innermost<'a>(error: &'a (dyn StdError + 'static)) -> &'a (dyn StdError + 'static) {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost
}

/// A deadline that passed.
#[derive(Debug)]
pub struct TimeoutError {
    pub(crate) limit: Duration,
    /// Whether the whole call ran out of time, rather than its last attempt.
    pub(crate) total: bool,
    /// What went wrong in the attempt before, where it was the whole call.
    pub(crate) last: Option<crate::Error>,
    /// Whether the attempt had come as far as sending anything.
    pub(crate) sent: bool,
    pub(crate) tries: Tries,
}

impl TimeoutError {
    /// The time that was allowed.
    pub fn limit(&self) -> Duration {
        self.limit
    }

    /// Whether the whole call ran out of time (`true`), or only its last attempt did (`false`).
    pub fn is_total(&self) -> bool {
        self.total
    }

    /// Attempts in all, the first one included.
    pub fn attempts(&self) -> u32 {
        self.tries.attempts
    }

    /// Why the call was not retried once more; `None` where the whole call ran out of time.
    pub fn gave_up(&self) -> Option<&GaveUp> {
        self.tries.gave_up.as_ref()
    }
}

impl fmt::Display for TimeoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.total { "the call" } else { "the attempt" };
        write!(f, "timed out: {what} took longer than {:?}{}", self.limit, self.tries)?;
        match &self.last {
            Some(last) => write!(f, "; the attempt before failed with: {last}"),
            None => Ok(()),
        }
    }
}

impl StdError for TimeoutError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.last.as_ref().map(|e| e as _)
    }
}

/// A successful answer that is not what the contract says.
#[derive(Debug)]
pub struct DecodeError {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) path: String,
    pub(crate) problem: String,
    pub(crate) source: Option<serde_json::Error>,
    pub(crate) tries: Tries,
}

impl DecodeError {
    /// The status of the answer.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The id under which the server knows the request.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// Where the first wrong value stands, as in `data[3].created_at`; `.` is the whole body.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The body, with the API key hidden in it.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Attempts in all, the first one included.
    pub fn attempts(&self) -> u32 {
        self.tries.attempts
    }

    /// Finds the first value of the body that is not a `T`.
    pub(crate) fn locate<T: serde::de::DeserializeOwned>(
        parts: &http::response::Parts,
        body: &Bytes,
        key: &ApiKey,
        tries: Tries,
    ) -> Self {
        let mut json = serde_json::Deserializer::from_slice(body);
        let result = serde_path_to_error::deserialize::<_, T>(&mut json);
        let (path, source) = match result {
            // What ends too early is wrong as a whole.
            Err(error) if error.inner().is_eof() => (".".to_owned(), Some(error.into_inner())),
            Err(error) => (error.path().to_string(), Some(error.into_inner())),
            Ok(_) => (".".to_owned(), json.end().err()),
        };
        // A path has the names of unknown fields in it.
        let path = key.redact(&path).unwrap_or(path);
        let problem = source.as_ref().map_or_else(|| "unknown".to_owned(), ToString::to_string);
        let hidden = key.redact(&problem);
        // A message that repeats the key is not handed on, not even as the source.
        let (problem, source) = match hidden {
            Some(hidden) => (hidden, None),
            None => (problem, source),
        };
        Self {
            status: parts.status.as_u16(),
            headers: crate::api_error::redact_headers(&parts.headers, key),
            body: crate::api_error::redact_body(body, key),
            path,
            problem,
            source,
            tries,
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read the answer (status {}", self.status)?;
        if let Some(id) = self.request_id() {
            write!(f, ", request {id}")?;
        }
        write!(f, "): at {}: {}", self.path, self.problem)
    }
}

impl StdError for DecodeError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|e| e as _)
    }
}

/// A walk over pages that cannot go on, because the server's pages contradict each other.
#[derive(Debug)]
pub struct PaginationError {
    pub(crate) problem: String,
    pub(crate) offset: u64,
}

impl PaginationError {
    /// The offset of the page that could not be used. A walk can be resumed from there.
    pub fn offset(&self) -> u64 {
        self.offset
    }
}

impl fmt::Display for PaginationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot list all rows: {} (at offset {})", self.problem, self.offset)
    }
}

impl StdError for PaginationError {}
