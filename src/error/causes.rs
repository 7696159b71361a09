//! What the variants of [`Error`](crate::Error) other than the API's own carry.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use serde::de::DeserializeOwned;

use crate::api_key::BoxError;
use crate::error::api::ApiError;
use crate::error::attempts::CallSummary;
use crate::error::line::Status;
use crate::headers;
use crate::json::without_mark;
use crate::redact::Redactor;

/// What lies behind an error. Clones of the error share it.
pub(crate) type Cause = Arc<dyn StdError + Send + Sync>;

/// Something the caller gave that cannot be used. Nothing was sent.
#[derive(Clone, Debug)]
pub struct InvalidInput {
    field: String,
    rule: String,
    cause: Option<Cause>,
    hint: Option<Box<Hint>>,
    /// In a box, for it is passed around by value.
    pub(crate) call: Box<CallSummary>,
}

impl InvalidInput {
    pub(crate) fn new(field: impl ToString, rule: impl Into<String>) -> Self {
        Self { field: field.to_string(), rule: rule.into(), cause: None, hint: None, call: Box::default() }
    }

    pub(crate) fn caused_by(mut self, cause: impl Into<BoxError>) -> Self {
        self.cause = Some(Arc::from(cause.into()));
        self
    }

    /// The same, with what is wrong with the value.
    pub(crate) fn hint(mut self, hint: Option<Hint>) -> Self {
        self.hint = hint.map(Box::new);
        self
    }

    /// Hides a key that was given where none belongs. What was made of it would tell most of it.
    pub(crate) fn redact(&mut self, redactor: &Redactor) {
        self.hint.take_if(|hint| redactor.text(hint.value.as_str()) != hint.value);
        for text in [&mut self.field, &mut self.rule] {
            *text = redactor.text(std::mem::take(text));
        }
    }

    /// The parameter, field or setting, as in `slug`.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The rule it breaks, as in `must have at most 50 characters, has 51`.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// A value that keeps the rules, where one can be made of the one that was given: `production` for `Production`.
    pub fn suggestion(&self) -> Option<&str> {
        self.hint.as_ref()?.suggestion.as_deref()
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
        match (&self.cause, &self.hint) {
            (Some(cause), _) => format!("{}: {}", self.rule, innermost(&**cause)),
            (None, Some(hint)) => format!("{}{hint}", self.rule),
            (None, None) => self.rule.clone(),
        }
    }
}

/// What is wrong with a value, and what was probably meant.
#[derive(Clone, Debug)]
pub(crate) struct Hint {
    pub value: String,
    pub problem: Option<String>,
    pub suggestion: Option<String>,
}

/// The most of a value that is shown.
const SHOWN: usize = 64;

/// As in ``; `Production` has capitals: `production`?``.
impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { value, problem, suggestion } = self;
        if let Some(problem) = problem {
            let shown: String = value.chars().take(SHOWN).collect();
            let more = if shown.len() < value.len() { ".." } else { "" };
            write!(f, "; `{shown}{more}` {problem}")?;
        }
        match suggestion {
            Some(suggestion) => write!(f, ": `{suggestion}`?"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.call.write(f, format_args!("invalid input, nothing was sent: {} {}", self.field, self.problem()))
    }
}

impl StdError for InvalidInput {}

/// Whether a request, or a part of it, may have gone out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// There was no time to send it in.
    NoTime,
    /// There was no key to send it with.
    NoKey,
    No,
    Maybe,
}

/// A connection that could not be made, or that broke.
#[derive(Clone, Debug)]
pub struct TransportError {
    pub(crate) what: &'static str,
    pub(crate) cause: Cause,
    /// Whether the request had gone out by then.
    pub(crate) sent: Sent,
    /// The answer without its body, if it broke behind its headers.
    pub(crate) answer: Option<http::Response<Bytes>>,
    pub(crate) call: CallSummary,
}

impl TransportError {
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
        let Self { what, cause, answer, call, .. } = self;
        let host = if call.host.is_empty() { String::new() } else { format!(" ({})", call.host) };
        call.write(f, format_args!("{what}{host}: {}{}", innermost(&**cause), Status(answer.as_ref())))
    }
}

impl StdError for TransportError {}

/// The end of the chain of causes: `Connection refused`, rather than `client error (Connect)`.
fn innermost<'a>(error: &'a (dyn StdError + 'static)) -> &'a (dyn StdError + 'static) {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost
}

/// A deadline that passed.
#[derive(Clone, Debug)]
pub struct TimeoutError {
    pub(crate) limit: Duration,
    /// Whether the whole call ran out of time, rather than its last attempt.
    pub(crate) total: bool,
    /// What went wrong in the attempt before, where it was the whole call.
    pub(crate) last: Option<String>,
    /// Whether the request had gone out by then.
    pub(crate) sent: Sent,
    /// The answer without its body, if the time ran out behind its headers.
    pub(crate) answer: Option<http::Response<Bytes>>,
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

    /// The call: its request, and its attempts.
    pub fn call(&self) -> &CallSummary {
        &self.call
    }
}

impl fmt::Display for TimeoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { limit, answer, .. } = self;
        let what = if self.total { "the call" } else { "the attempt" };
        let status = Status(answer.as_ref());
        match self.sent {
            Sent::NoTime => self.call.write(f, format_args!("timed out: there was no time left to send it"))?,
            _ => self.call.write(f, format_args!("timed out: {what} took longer than {limit:?}{status}"))?,
        }
        match &self.last {
            Some(last) => write!(f, "; the attempt before failed with: {last}"),
            None => Ok(()),
        }
    }
}

impl StdError for TimeoutError {}

/// A successful answer that is not what the contract says.
#[derive(Clone, Debug)]
pub struct DecodeError {
    pub(crate) answer: http::Response<Bytes>,
    path: String,
    problem: String,
    pub(crate) call: CallSummary,
}

impl DecodeError {
    /// An answer that was not taken, for a reason that is no place in its body.
    pub(crate) fn refused(answer: http::Response<Bytes>, whole: bool, problem: String, redactor: &Redactor) -> Self {
        let answer = redactor.answer(answer, whole);
        Self { answer, path: ".".to_owned(), problem, call: CallSummary::default() }
    }

    /// An answer that is no `T`: finds the first wrong value.
    pub(crate) fn locate<T: DeserializeOwned>(answer: http::Response<Bytes>, redactor: &Redactor) -> Self {
        // A body that is no text is read up to where it stops being one.
        let text = without_mark(answer.body()).utf8_chunks().next().map_or("", |chunk| chunk.valid());
        let no_text = std::str::from_utf8(answer.body()).err().map(|error| error.to_string());
        let mut json = serde_json::Deserializer::from_str(text);
        let result = serde_path_to_error::deserialize::<_, T>(&mut json);
        let whole = || ".".to_owned();
        let (path, problem) = match (result, no_text) {
            (Err(error), Some(problem)) if error.inner().is_eof() => (error.path().to_string(), Some(problem)),
            // What ends too early is wrong as a whole.
            (Err(error), None) if error.inner().is_eof() => (whole(), Some(error.inner().to_string())),
            (Err(error), _) => (error.path().to_string(), Some(error.inner().to_string())),
            (Ok(_), problem) => (whole(), problem.or_else(|| json.end().err().map(|error| error.to_string()))),
        };
        let problem = problem.unwrap_or_else(|| "unknown".to_owned());
        // A path has the names of unknown fields in it.
        let path = redactor.text(path);
        Self { path, ..Self::refused(answer, true, redactor.text(problem), redactor) }
    }

    /// The error of a row of this page, with the row's own JSON as its body.
    pub(crate) fn of_row<T: DeserializeOwned>(&self, index: usize, row: &str) -> Self {
        let mut answer = http::Response::new(Bytes::copy_from_slice(row.as_bytes()));
        *answer.status_mut() = self.answer.status();
        *answer.headers_mut() = self.answer.headers().clone();
        // The page is redacted already.
        let error = Self::locate::<T>(answer, &Redactor::default());
        let place = Some(&error.path).filter(|path| *path != ".").map(|path| format!(".{path}")).unwrap_or_default();
        Self { path: format!("data[{index}]{place}"), call: self.call.clone(), ..error }
    }

    /// Whether the answer is a page for people.
    pub(crate) fn is_page(&self) -> bool {
        without_mark(self.body()).trim_ascii_start().starts_with(b"<")
    }

    /// The answer as one that is not from the API.
    pub(crate) fn into_answer(self) -> ApiError {
        // It is redacted already.
        ApiError::new(self.answer, None, &Redactor::default())
    }

    /// The status of the answer.
    pub fn status(&self) -> u16 {
        self.answer.status().as_u16()
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        self.answer.headers()
    }

    /// The id under which the server knows the request.
    pub fn request_id(&self) -> Option<&str> {
        headers::request_id(self.answer.headers())
    }

    /// Where the first wrong value stands, as in `data[3].created_at`; `.` is the whole body.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The body, with the API key hidden in it; of a walk's row that cannot be read, the row alone.
    pub fn body(&self) -> &[u8] {
        self.answer.body()
    }

    /// The call: its request, and its attempts.
    pub fn call(&self) -> &CallSummary {
        &self.call
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { answer, path, problem, call } = self;
        call.write(f, format_args!("cannot read the answer{}: at {path}: {problem}", Status(Some(answer))))
    }
}

impl StdError for DecodeError {}

/// An answer that does not come from the API's endpoint: the base URL may be wrong.
#[derive(Clone, Debug)]
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
        let Self { url, answer } = self;
        let (message, status) = (answer.message(), Status(Some(&answer.answer)));
        let question = "is not of this API; is the base URL right?";
        answer.call.write(f, format_args!("{url} {question} It answered: {message}{status}"))
    }
}

impl StdError for WrongEndpointError {}

/// Pages that contradict each other.
#[derive(Clone, Debug)]
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

    /// The call for the last page, without its attempts.
    pub fn call(&self) -> &CallSummary {
        &self.call
    }
}

impl fmt::Display for PaginationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { problem, offset, call } = self;
        call.write(f, format_args!("cannot list all rows: {problem} (at offset {offset})"))
    }
}

impl StdError for PaginationError {}
