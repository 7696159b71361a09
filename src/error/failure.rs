//! What went wrong in an attempt, until the call ends and it becomes an error.

use std::fmt;
use std::time::Duration;

use crate::error::Error;
use crate::error::api::ApiError;
use crate::error::attempts::CallSummary;
use crate::error::causes::{DecodeError, InvalidInput, TimeoutError, TransportError, WrongEndpointError};
use crate::redact::Redactor;

/// What went wrong in an attempt.
#[derive(Debug)]
pub enum Failure {
    Api(Box<ApiError>),
    WrongEndpoint(Box<WrongEndpointError>),
    /// The arguments, or the API key: no attempt was made.
    InvalidInput(Box<InvalidInput>),
    Connect(Box<TransportError>),
    /// The connection broke; whether the request had gone out by then.
    Transport(Box<TransportError>, Sent),
    /// The time ran out; whether the request had gone out by then.
    Timeout(Box<TimeoutError>, Sent),
    Decode(Box<DecodeError>),
}

/// Whether a request, or a part of it, may have gone out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// There was no key to send it with.
    NoKey,
    No,
    Maybe,
}

impl Failure {
    /// Whether the server certainly did nothing: it was not reached, or refused to look at the request.
    pub fn did_nothing(&self) -> bool {
        match self {
            Self::InvalidInput(_) | Self::Connect(_) => true,
            Self::Transport(_, sent) | Self::Timeout(_, sent) => *sent != Sent::Maybe,
            Self::Api(e) => e.status() == 429,
            Self::WrongEndpoint(_) | Self::Decode(_) => false,
        }
    }

    /// Whether the attempt may have been applied without an answer that says so.
    pub fn is_ambiguous(&self) -> bool {
        match self {
            Self::InvalidInput(_) | Self::Connect(_) => false,
            Self::Transport(_, sent) | Self::Timeout(_, sent) => *sent == Sent::Maybe,
            Self::Decode(_) => true,
            Self::WrongEndpoint(e) => (200..300).contains(&e.answer().status()),
            // 303 is how a server may tell of a POST that it has applied.
            Self::Api(e) => matches!(e.status(), 303 | 408 | 500..),
        }
    }

    /// Whether the same attempt may succeed later.
    pub fn is_retryable(&self, retry_connection_errors: bool) -> bool {
        match self {
            Self::Connect(e) => retry_connection_errors && !e.is_permanent(),
            Self::Transport(..) => retry_connection_errors,
            Self::Timeout(e, _) => !e.is_total(),
            Self::Api(e) => e.is_retryable(),
            Self::WrongEndpoint(_) | Self::InvalidInput(_) | Self::Decode(_) => false,
        }
    }

    /// How long the server asks to wait before the next attempt.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Api(e) => e.retry_after(),
            _ => None,
        }
    }

    /// Whether it is the API's word that there is no such thing.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Api(e) if e.status() == 404 && e.code().is_some())
    }

    /// The error of a call that ends with this.
    pub(crate) fn into_error(self, call: CallSummary, redactor: &Redactor) -> Error {
        match self {
            Self::Api(mut e) => {
                e.call = call;
                let variant = match e.status() {
                    400 => Error::BadRequest,
                    401 => Error::Unauthorized,
                    402 => Error::PaymentRequired,
                    403 => Error::Forbidden,
                    404 => Error::NotFound,
                    409 => Error::Conflict,
                    429 => Error::RateLimited,
                    500 => Error::InternalServer,
                    _ => Error::Api,
                };
                variant(e)
            }
            Self::WrongEndpoint(mut e) => {
                e.answer.call = call;
                Error::WrongEndpoint(e)
            }
            Self::InvalidInput(e) => (*e).into_error(call, redactor),
            Self::Connect(mut e) => {
                e.call = call;
                Error::Connect(e)
            }
            Self::Transport(mut e, _) => {
                e.call = call;
                Error::Transport(e)
            }
            Self::Timeout(mut e, _) => {
                e.call = call;
                Error::Timeout(e)
            }
            Self::Decode(mut e) => {
                e.call = call;
                Error::Decode(e)
            }
        }
    }
}

impl From<InvalidInput> for Failure {
    fn from(error: InvalidInput) -> Self {
        Self::InvalidInput(Box::new(error))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api(e) => e.fmt(f),
            Self::WrongEndpoint(e) => e.fmt(f),
            Self::InvalidInput(e) => e.fmt(f),
            Self::Connect(e) | Self::Transport(e, _) => e.fmt(f),
            Self::Timeout(e, _) => e.fmt(f),
            Self::Decode(e) => e.fmt(f),
        }
    }
}
