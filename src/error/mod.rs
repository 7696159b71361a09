//! The one error type: of an attempt, and, with a summary of the call, of a call.

mod api;
mod attempts;
mod causes;
mod line;

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;

pub use api::ApiError;
pub use attempts::{CallSummary, GaveUp};
pub use causes::{DecodeError, InvalidInput, PaginationError, TimeoutError, TransportError, WrongEndpointError};
pub(crate) use causes::{Hint, Sent};
pub(crate) use line::OneLine;

use crate::headers;
use crate::redact::Redactor;

/// What is known about whether the server did what it was asked to do, when a call has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// Certainly not: no attempt reached the server.
    NotSent,
    /// It may have: an attempt ended without an answer, or with one that does not tell (408, 5xx, unreadable).
    Unknown,
    /// No: the server answered, and refused.
    Answered,
}

/// Everything that can go wrong in a call.
///
/// `Display` is one line with the operation, its request, the cause, and the attempts; [`source`](StdError::source) has
/// nothing to add to it. `{:?}` is the same line, so that a `main` that returns an error prints it; `{:#?}` has the fields.
///
/// ```
/// # use openrouter_workspaces::{Client, Error};
/// # async fn example(client: Client) -> Result<(), Error> {
/// match client.get("production").await {
///     Ok(workspace) => println!("{}", workspace.name),
///     Err(Error::NotFound(e)) => println!("{} ({:?})", e.message(), e.request_id()),
///     Err(other) => return Err(other),
/// }
/// # Ok(())
/// # }
/// ```
///
/// Beside the variants, [`is_retryable`](Self::is_retryable) tells whether it may work later, and [`delivery`](Self::delivery)
/// whether the call may have been applied nevertheless: [the guide](crate::guide::retries) says when that is.
///
/// A clone shares the body of the answer and the causes with the original.
#[derive(Clone)]
#[non_exhaustive]
pub enum Error {
    /// 400: the request breaks a rule of the API.
    BadRequest(Box<ApiError>),
    /// 401: the key is missing, wrong, or revoked.
    Unauthorized(Box<ApiError>),
    /// 402: the account has no credit.
    PaymentRequired(Box<ApiError>),
    /// 403: the key is no management key, or may not do this.
    Forbidden(Box<ApiError>),
    /// 404, and the API says so: there is no such workspace or budget.
    NotFound(Box<ApiError>),
    /// 409: it collides with something that is there, such as a slug that is taken.
    Conflict(Box<ApiError>),
    /// 429: too many requests.
    RateLimited(Box<ApiError>),
    /// 500: the server failed.
    InternalServer(Box<ApiError>),
    /// Any other error status. Redirects are among them, for they are not followed.
    Api(Box<ApiError>),
    /// The URL is not one of this API: a 404 that is not the API's own about a workspace or budget, or a page for people.
    /// As a rule the base URL is wrong.
    WrongEndpoint(Box<WrongEndpointError>),
    /// Something the caller gave cannot be used. Nothing was sent.
    InvalidInput(Box<InvalidInput>),
    /// No connection could be made. Nothing of the last attempt reached the server; [`Error::delivery`] tells whether one before
    /// did.
    Connect(Box<TransportError>),
    /// The connection broke. The request may have reached the server; [`Error::delivery`] tells what is known.
    Transport(Box<TransportError>),
    /// A deadline passed. The request may have reached the server; [`Error::delivery`] tells what is known.
    Timeout(Box<TimeoutError>),
    /// A successful answer that cannot be read.
    Decode(Box<DecodeError>),
    /// The server's pages contradict each other.
    Pagination(Box<PaginationError>),
}

/// What a variant carries, whatever the status of an answer is.
#[derive(Clone, Copy)]
enum Payload<'a> {
    Api(&'a ApiError),
    WrongEndpoint(&'a WrongEndpointError),
    InvalidInput(&'a InvalidInput),
    Connect(&'a TransportError),
    Transport(&'a TransportError),
    Timeout(&'a TimeoutError),
    Decode(&'a DecodeError),
    Pagination(&'a PaginationError),
}

/// The variants of what the API has answered, as a pattern, be they borrowed to be read or to be changed.
macro_rules! answer_of_the_api {
    ($payload:ident) => {
        Self::BadRequest($payload)
            | Self::Unauthorized($payload)
            | Self::PaymentRequired($payload)
            | Self::Forbidden($payload)
            | Self::NotFound($payload)
            | Self::Conflict($payload)
            | Self::RateLimited($payload)
            | Self::InternalServer($payload)
            | Self::Api($payload)
    };
}

impl Error {
    /// The error of an attempt that the API has answered.
    pub(crate) fn of_answer(answer: ApiError) -> Self {
        let variant = match answer.status() {
            400 => Self::BadRequest,
            401 => Self::Unauthorized,
            402 => Self::PaymentRequired,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            409 => Self::Conflict,
            429 => Self::RateLimited,
            500 => Self::InternalServer,
            _ => Self::Api,
        };
        variant(Box::new(answer))
    }

    /// The error as the end of a call.
    pub(crate) fn of_call(mut self, summary: CallSummary, redactor: &Redactor) -> Self {
        let call = match &mut self {
            answer_of_the_api!(e) => &mut e.call,
            Self::WrongEndpoint(e) => &mut e.answer.call,
            Self::InvalidInput(e) => {
                e.redact(redactor);
                &mut e.call
            }
            Self::Connect(e) | Self::Transport(e) => &mut e.call,
            Self::Timeout(e) => &mut e.call,
            Self::Decode(e) => &mut e.call,
            Self::Pagination(e) => &mut e.call,
        };
        *call = summary;
        self
    }

    fn payload(&self) -> Payload<'_> {
        match self {
            answer_of_the_api!(e) => Payload::Api(e),
            Self::WrongEndpoint(e) => Payload::WrongEndpoint(e),
            Self::InvalidInput(e) => Payload::InvalidInput(e),
            Self::Connect(e) => Payload::Connect(e),
            Self::Transport(e) => Payload::Transport(e),
            Self::Timeout(e) => Payload::Timeout(e),
            Self::Decode(e) => Payload::Decode(e),
            Self::Pagination(e) => Payload::Pagination(e),
        }
    }

    /// What the API answered, if it did.
    pub fn api(&self) -> Option<&ApiError> {
        match self.payload() {
            Payload::Api(e) => Some(e),
            _ => None,
        }
    }

    /// The answer, as far as it has come.
    fn answer(&self) -> Option<&http::Response<Bytes>> {
        match self.payload() {
            Payload::Api(e) => Some(&e.answer),
            Payload::WrongEndpoint(e) => Some(&e.answer.answer),
            Payload::Decode(e) => Some(&e.answer),
            Payload::Connect(e) | Payload::Transport(e) => e.answer.as_ref(),
            Payload::Timeout(e) => e.answer.as_ref(),
            Payload::InvalidInput(_) | Payload::Pagination(_) => None,
        }
    }

    /// The HTTP status, if there was an answer; also where the connection broke, or the time ran out, behind it.
    pub fn status(&self) -> Option<u16> {
        self.answer().map(|answer| answer.status().as_u16())
    }

    /// The id under which the server knows the request.
    pub fn request_id(&self) -> Option<&str> {
        headers::request_id(self.answer()?.headers())
    }

    /// How long the server asks to wait before the next request.
    pub fn retry_after(&self) -> Option<Duration> {
        self.api().and_then(ApiError::retry_after)
    }

    /// The call that failed: its operation, method, path and host, and its attempts.
    pub fn call(&self) -> &CallSummary {
        match self.payload() {
            Payload::Api(e) => e.call(),
            Payload::WrongEndpoint(e) => e.call(),
            Payload::InvalidInput(e) => e.call(),
            Payload::Connect(e) | Payload::Transport(e) => e.call(),
            Payload::Timeout(e) => e.call(),
            Payload::Decode(e) => e.call(),
            Payload::Pagination(e) => e.call(),
        }
    }

    /// The requests that were sent for the call, look-ups included. Zero if nothing was sent, and for an
    /// [`Error::Pagination`], which is about several calls.
    pub fn attempts(&self) -> u32 {
        self.call().attempts()
    }

    /// Why the call was not retried once more; `None` if such an error is not retried.
    pub fn gave_up(&self) -> Option<&GaveUp> {
        self.call().gave_up()
    }

    /// Whether the same call may succeed later: failed and broken connections, timeouts, and the statuses 408, 429, 500,
    /// 502, 503 and 504. A certificate that is not trusted is not among them.
    pub fn is_retryable(&self) -> bool {
        match self.payload() {
            Payload::Connect(e) => !e.is_permanent(),
            Payload::Transport(_) | Payload::Timeout(_) => true,
            Payload::Api(e) => e.is_retryable(),
            _ => false,
        }
    }

    /// Whether the same attempt may succeed later, while the call is under way.
    pub(crate) fn is_repeatable(&self, retry_connection_errors: bool) -> bool {
        match self {
            Self::Connect(_) | Self::Transport(_) => retry_connection_errors && self.is_retryable(),
            Self::Timeout(e) => !e.is_total(),
            _ => self.is_retryable(),
        }
    }

    /// Whether the server certainly did nothing in the attempt: it was not reached, or refused to look at the request.
    pub(crate) fn did_nothing(&self) -> bool {
        match self {
            Self::InvalidInput(_) | Self::RateLimited(_) => true,
            Self::Connect(e) | Self::Transport(e) => e.sent != Sent::Maybe,
            Self::Timeout(e) => e.sent != Sent::Maybe,
            _ => false,
        }
    }

    /// Whether the attempt may have been applied without an answer that says so.
    pub(crate) fn is_ambiguous(&self) -> bool {
        match self.payload() {
            Payload::InvalidInput(_) | Payload::Pagination(_) => false,
            Payload::Connect(e) | Payload::Transport(e) => e.sent == Sent::Maybe,
            Payload::Timeout(e) => e.sent == Sent::Maybe,
            Payload::Decode(_) => true,
            Payload::WrongEndpoint(e) => (200..300).contains(&e.answer().status()),
            // 303 is how a server may tell of a POST that it has applied.
            Payload::Api(e) => matches!(e.status(), 303 | 408 | 500..),
        }
    }

    /// The variant's name, as telemetry wants it.
    #[cfg(feature = "tracing")]
    pub(crate) fn kind(&self) -> &'static str {
        match self.payload() {
            Payload::Api(_) => "api",
            Payload::WrongEndpoint(_) => "wrong_endpoint",
            Payload::InvalidInput(_) => "invalid_input",
            Payload::Connect(_) => "connect",
            Payload::Transport(_) => "transport",
            Payload::Timeout(_) => "timeout",
            Payload::Decode(_) => "decode",
            Payload::Pagination(_) => "pagination",
        }
    }

    /// What is known about whether the server did what it was asked to do.
    pub fn delivery(&self) -> Delivery {
        match self {
            _ if self.call().ambiguous => Delivery::Unknown,
            // Pages that contradict each other were answered, whatever that is called.
            Self::Pagination(_) => Delivery::Answered,
            _ if self.call().answered => Delivery::Answered,
            _ => Delivery::NotSent,
        }
    }
}

impl<'a> Payload<'a> {
    fn as_error(self) -> &'a (dyn StdError + 'static) {
        match self {
            Self::Api(e) => e,
            Self::WrongEndpoint(e) => e,
            Self::InvalidInput(e) => e,
            Self::Connect(e) | Self::Transport(e) => e,
            Self::Timeout(e) => e,
            Self::Decode(e) => e,
            Self::Pagination(e) => e,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.payload().as_error(), f)
    }
}

/// `{:?}` is the line of `{}`, for a `main` that returns an error, and `unwrap`, print it so. `{:#?}` has the fields.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = self.payload().as_error();
        if f.alternate() { fmt::Debug::fmt(error, f) } else { fmt::Display::fmt(error, f) }
    }
}

impl StdError for Error {}

impl From<InvalidInput> for Error {
    fn from(error: InvalidInput) -> Self {
        Self::InvalidInput(Box::new(error))
    }
}

impl From<PaginationError> for Error {
    fn from(error: PaginationError) -> Self {
        Self::Pagination(Box::new(error))
    }
}
