//! What the variants of [`Error`](crate::Error) other than the API's own carry.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt::{self, Write};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::api_key::BoxError;
use crate::error::Error;
use crate::error::api::ApiError;
use crate::error::attempts::CallSummary;
use crate::error::one_line::OneLine;
use crate::headers;
use crate::redact::Redactor;

/// Something the caller gave that cannot be used. Nothing was sent.
#[derive(Debug)]
pub struct InvalidInput {
    field: Cow<'static, str>,
    rule: Cow<'static, str>,
    cause: Option<BoxError>,
    /// In a box, for it is passed around by value.
    pub(crate) call: Box<CallSummary>,
}

impl InvalidInput {
    pub(crate) fn new(field: impl ToString, rule: impl Into<Cow<'static, str>>) -> Self {
        Self { field: field.to_string().into(), rule: rule.into(), cause: None, call: Box::default() }
    }

    pub(crate) fn caused_by(mut self, cause: impl Into<BoxError>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The error of a call that it is about. A key may have been given where none belongs.
    pub(crate) fn into_error(self, call: CallSummary, redactor: &Redactor) -> Error {
        let (field, rule) = (redactor.text(self.field).into(), redactor.text(self.rule).into());
        Self { field, rule, call: Box::new(call), ..self }.into()
    }

    /// The parameter, field or setting, as in `slug`.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The rule it breaks, as in `must have at most 50 characters, has 51`.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// The error that lies behind it, such as the one of the source of keys.
    pub fn underlying(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.cause.as_deref()
    }

    /// The call. Its operation is empty where a client could not be built.
    pub fn call(&self) -> &CallSummary {
        &self.call
    }

    /// The rule with the cause in it.
    pub(crate) fn problem(&self) -> String {
        match &self.cause {
            Some(cause) => format!("{}: {}", self.rule, innermost(&**cause)),
            None => self.rule.to_string(),
        }
    }
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let f = &mut OneLine(f);
        let subject = self.call.subject();
        write!(f, "{subject}invalid input, nothing was sent: {} {}", self.field, self.problem())
    }
}

impl StdError for InvalidInput {}

/// A connection that could not be made, or that broke.
#[derive(Debug)]
pub struct TransportError {
    pub(crate) what: &'static str,
    pub(crate) cause: BoxError,
    /// The answer's status and headers, if it broke behind them.
    pub(crate) head: Option<Box<Head>>,
    pub(crate) call: CallSummary,
}

impl TransportError {
    /// The status of the answer, if the connection broke behind it.
    pub fn status(&self) -> Option<u16> {
        self.head.as_ref().map(|head| head.status)
    }

    /// The id under which the server knows the request, if the connection broke behind the answer's headers.
    pub fn request_id(&self) -> Option<&str> {
        headers::request_id(&self.head.as_ref()?.headers)
    }

    /// Whether it will be so the next time: a certificate that is not trusted stays so.
    pub(crate) fn is_permanent(&self) -> bool {
        // TLS libraries have error types of their own, and agree on the word only.
        innermost(&*self.cause).to_string().to_lowercase().contains("certificate")
    }

    /// The error of the HTTP client.
    pub fn underlying(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &*self.cause
    }

    /// The call: its request, and its attempts.
    pub fn call(&self) -> &CallSummary {
        &self.call
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let f = &mut OneLine(f);
        write!(f, "{}{}", self.call.subject(), self.what)?;
        if !self.call.host.is_empty() {
            write!(f, " ({})", self.call.host)?;
        }
        write!(f, ": {}", innermost(&*self.cause))?;
        describe_head(f, self.head.as_deref())?;
        write!(f, "{}", self.call.outcome())
    }
}

impl StdError for TransportError {}

/// What came of an answer before it broke.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub status: u16,
    pub headers: HeaderMap,
}

fn describe_head(f: &mut impl fmt::Write, head: Option<&Head>) -> fmt::Result {
    let Some(head) = head else { return Ok(()) };
    write!(f, " (status {}", head.status)?;
    match headers::request_id(&head.headers) {
        Some(id) => write!(f, ", request {id})"),
        None => f.write_str(")"),
    }
}

/// The end of the chain of causes: `Connection refused`, rather than `client error (Connect)`.
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
    pub(crate) last: Option<String>,
    /// The answer's status and headers, if the time ran out behind them.
    pub(crate) head: Option<Box<Head>>,
    pub(crate) call: CallSummary,
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

    /// The status of the answer, if the time ran out behind it.
    pub fn status(&self) -> Option<u16> {
        self.head.as_ref().map(|head| head.status)
    }

    /// The id under which the server knows the request, if the time ran out behind the answer's headers.
    pub fn request_id(&self) -> Option<&str> {
        headers::request_id(&self.head.as_ref()?.headers)
    }

    /// The call: its request, and its attempts.
    pub fn call(&self) -> &CallSummary {
        &self.call
    }
}

impl fmt::Display for TimeoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.total { "the call" } else { "the attempt" };
        write!(f, "{}timed out: {what} took longer than {:?}", self.call.subject(), self.limit)?;
        describe_head(f, self.head.as_deref())?;
        write!(f, "{}", self.call.outcome())?;
        match &self.last {
            Some(last) => write!(f, "; the attempt before failed with: {last}"),
            None => Ok(()),
        }
    }
}

impl StdError for TimeoutError {}

/// A successful answer that is not what the contract says.
#[derive(Debug)]
pub struct DecodeError {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
    path: String,
    problem: String,
    pub(crate) call: CallSummary,
}

impl DecodeError {
    /// An answer that was not taken, for a reason that is no place in its body.
    pub(crate) fn refused(response: &http::Response<Bytes>, whole: bool, problem: String, redactor: &Redactor) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: redactor.headers(response.headers().clone()),
            body: redactor.body(response.body(), whole),
            path: ".".to_owned(),
            problem,
            call: CallSummary::default(),
        }
    }

    /// An answer that is no `T`: finds the first wrong value.
    pub(crate) fn locate<T: DeserializeOwned>(response: &http::Response<Bytes>, redactor: &Redactor) -> Self {
        let mut json = serde_json::Deserializer::from_slice(response.body());
        let result = serde_path_to_error::deserialize::<_, T>(&mut json);
        let (path, problem) = match result {
            // What ends too early is wrong as a whole.
            Err(error) if error.inner().is_eof() => (".".to_owned(), Some(error.into_inner())),
            Err(error) => (error.path().to_string(), Some(error.into_inner())),
            Ok(_) => (".".to_owned(), json.end().err()),
        };
        let problem = problem.map_or_else(|| "unknown".to_owned(), |problem| problem.to_string());
        // A path has the names of unknown fields in it.
        let path = redactor.text(path);
        Self { path, ..Self::refused(response, true, redactor.text(problem), redactor) }
    }

    /// Whether the answer is a page for people.
    pub(crate) fn is_page(&self) -> bool {
        self.body.trim_ascii_start().starts_with(b"<")
    }

    /// The answer as one that is not from the API.
    pub(crate) fn into_answer(self) -> ApiError {
        let status = StatusCode::from_u16(self.status).unwrap_or_default();
        // It is redacted already.
        ApiError::new(status, self.headers, &self.body, None, &Redactor(Vec::new()))
    }

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
        headers::request_id(&self.headers)
    }

    /// Where the first wrong value stands, as in `data[3].created_at`; `.` is the whole body.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The body, with the API key hidden in it.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The call: its request, and its attempts.
    pub fn call(&self) -> &CallSummary {
        &self.call
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let f = &mut OneLine(f);
        write!(f, "{}cannot read the answer (status {}", self.call.subject(), self.status)?;
        if let Some(id) = self.request_id() {
            write!(f, ", request {id}")?;
        }
        write!(f, "): at {}: {}{}", self.path, self.problem, self.call.outcome())
    }
}

impl StdError for DecodeError {}

/// An answer that does not come from the API's endpoint: the base URL may be wrong.
#[derive(Debug)]
pub struct WrongEndpointError {
    pub(crate) url: String,
    pub(crate) answer: Box<ApiError>,
}

impl WrongEndpointError {
    /// The URL that was asked.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The answer.
    pub fn answer(&self) -> &ApiError {
        &self.answer
    }

    /// The call: its request, and its attempts.
    pub fn call(&self) -> &CallSummary {
        &self.answer.call
    }
}

impl fmt::Display for WrongEndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let f = &mut OneLine(f);
        let Self { url, answer } = self;
        write!(f, "{}{url} is not of this API; is the base URL right? ", answer.call.subject())?;
        write!(f, "It answered: {} (status {}", answer.message(), answer.status())?;
        if let Some(id) = answer.request_id() {
            write!(f, ", request {id}")?;
        }
        write!(f, "){}", answer.call.outcome())
    }
}

impl StdError for WrongEndpointError {}

/// Pages that contradict each other.
#[derive(Debug)]
pub struct PaginationError {
    pub(crate) problem: String,
    pub(crate) offset: u64,
    pub(crate) call: CallSummary,
}

impl PaginationError {
    /// How many rows come before the place where the walk stopped.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The call for the last page.
    pub fn call(&self) -> &CallSummary {
        &self.call
    }
}

impl fmt::Display for PaginationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = self.call.subject();
        write!(f, "{subject}cannot list all rows: {} (at offset {})", self.problem, self.offset)
    }
}

impl StdError for PaginationError {}
