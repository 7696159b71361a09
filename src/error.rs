//! The one error type.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use crate::api_error::ApiError;
use crate::api_key::ApiKey;
use crate::failure::{DecodeError, InvalidInput, PaginationError, TimeoutError, TransportError};
use crate::retry::{GaveUp, Tries};

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
/// ```
/// # use openrouter_workspaces::{Client, Error};
/// # async fn example(client: Client) -> Result<(), Error> {
/// match client.get("production").await {
///     Ok(workspace) => println!("{}", workspace.name),
///     Err(Error::NotFound(e)) => println!("{} (request {:?})", e.message(), e.request_id()),
///     Err(other) => return Err(other),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
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
    /// 404: there is no such workspace or budget.
    NotFound(Box<ApiError>),
    /// 409: it collides with something that is there, such as a slug that is taken.
    Conflict(Box<ApiError>),
    /// 429: too many requests.
    RateLimited(Box<ApiError>),
    /// 500: the server failed.
    InternalServer(Box<ApiError>),
    /// Any other error status. Redirects are among them, for they are not followed.
    Api(Box<ApiError>),
    /// Something the caller gave cannot be used. Nothing was sent.
    InvalidInput(Box<InvalidInput>),
    /// No connection could be made. Nothing reached the server.
    Connect(Box<TransportError>),
    /// The connection broke. The request may have reached the server.
    Transport(Box<TransportError>),
    /// A deadline passed. The request may have reached the server.
    Timeout(Box<TimeoutError>),
    /// A successful answer that cannot be read.
    Decode(Box<DecodeError>),
    /// The server's pages contradict each other.
    Pagination(Box<PaginationError>),
}

impl Error {
    /// The error for an answer whose status is not a success. If its body was not read to the end, `unread` says why.
    pub(crate) fn from_response(response: &http::Response<Bytes>, unread: Option<&str>, key: &ApiKey) -> Self {
        let variant = match response.status().as_u16() {
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
        variant(Box::new(ApiError::new(response, unread, key)))
    }

    /// What the API answered, if it did.
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::BadRequest(e)
            | Self::Unauthorized(e)
            | Self::PaymentRequired(e)
            | Self::Forbidden(e)
            | Self::NotFound(e)
            | Self::Conflict(e)
            | Self::RateLimited(e)
            | Self::InternalServer(e)
            | Self::Api(e) => Some(e),
            _ => None,
        }
    }

    /// The HTTP status, if there was an answer.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Decode(e) => Some(e.status()),
            _ => self.api().map(ApiError::status),
        }
    }

    /// The id under which the server knows the request.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Decode(e) => e.request_id(),
            _ => self.api().and_then(ApiError::request_id),
        }
    }

    /// How long the server asks to wait before the next request.
    pub fn retry_after(&self) -> Option<Duration> {
        self.api().and_then(ApiError::retry_after)
    }

    /// Attempts that were made, the first one included. Zero if nothing was sent.
    pub fn attempts(&self) -> u32 {
        self.tries().map_or(0, |tries| tries.attempts)
    }

    /// Why the call was not retried once more; `None` if such an error is not retried.
    pub fn gave_up(&self) -> Option<&GaveUp> {
        self.tries()?.gave_up.as_ref()
    }

    /// Whether the same call may succeed later: failed and broken connections, timeouts, and the statuses 408, 429, 500,
    /// 502, 503 and 504.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Transport(_) | Self::Timeout(_) => true,
            Self::Decode(_) => false,
            _ => matches!(self.status(), Some(408 | 429 | 500 | 502 | 503 | 504)),
        }
    }

    /// What is known about whether the server did what it was asked to do.
    pub fn delivery(&self) -> Delivery {
        match (self, self.tries()) {
            (_, Some(tries)) if tries.ambiguous => Delivery::Unknown,
            // A timeout that is not ambiguous came before anything was sent.
            (Self::InvalidInput(_) | Self::Connect(_) | Self::Timeout(_), _) => Delivery::NotSent,
            _ => Delivery::Answered,
        }
    }

    /// Records how often the call was tried.
    pub(crate) fn set_tries(&mut self, tries: Tries) {
        match self {
            Self::BadRequest(e)
            | Self::Unauthorized(e)
            | Self::PaymentRequired(e)
            | Self::Forbidden(e)
            | Self::NotFound(e)
            | Self::Conflict(e)
            | Self::RateLimited(e)
            | Self::InternalServer(e)
            | Self::Api(e) => e.tries = tries,
            Self::Connect(e) | Self::Transport(e) => e.tries = tries,
            Self::Timeout(e) => e.tries = tries,
            Self::Decode(e) => e.tries = tries,
            Self::InvalidInput(_) | Self::Pagination(_) => {}
        }
    }

    /// How often the call was tried, where anything was.
    fn tries(&self) -> Option<&Tries> {
        match self {
            Self::Connect(e) | Self::Transport(e) => Some(&e.tries),
            Self::Timeout(e) => Some(&e.tries),
            Self::Decode(e) => Some(&e.tries),
            _ => self.api().map(|e| &e.tries),
        }
    }

    /// What describes the error, if it is not an answer of the API.
    fn failure(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::InvalidInput(e) => Some(&**e),
            Self::Connect(e) | Self::Transport(e) => Some(&**e),
            Self::Timeout(e) => Some(&**e),
            Self::Decode(e) => Some(&**e),
            Self::Pagination(e) => Some(&**e),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.api(), self.failure()) {
            (Some(api), _) => fmt::Display::fmt(api, f),
            (None, Some(failure)) => fmt::Display::fmt(failure, f),
            (None, None) => Ok(()),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.failure()?.source()
    }
}

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
