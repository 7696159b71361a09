//! A result together with the answer it came in.

use std::fmt;

use bytes::Bytes;
use http::HeaderMap;
use tokio::time::Instant;

use crate::error::ApiError;
use crate::headers::request_id;

/// A result, and what the HTTP answer says besides. Returned by [`Request::send_with_meta`](crate::Request::send_with_meta).
#[derive(Clone)]
pub struct Response<T> {
    /// The result.
    pub data: T,
    answer: http::Response<Bytes>,
    pub(crate) attempts: u32,
    pub(crate) evidence: Evidence,
    /// When the request went out.
    pub(crate) sent_at: Instant,
    pub(crate) received_at: Instant,
}

/// What a result rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// The server's answer, where no attempt before can have been applied.
    Answered,
    /// The server's answer to a repeated request, where an attempt before may have been applied already. What the call
    /// has done is done; but the answer tells what the repeated request did, so that members who were removed by the attempt
    /// before are not counted in `removed_count`, for example.
    Repeated,
    /// No answer: the request may have been applied, and what is there afterwards shows that it was. Or an answer that
    /// means two things, such as the 404 for a list of budgets, of which a look-up tells the right one. Status, headers and
    /// body are those of the answer that shows it, such as a look-up's 200, or the 404 for what was deleted.
    Inferred,
}

impl<T> Response<T> {
    pub(crate) fn new(data: T, answer: http::Response<Bytes>, sent_at: Instant) -> Self {
        let (attempts, evidence) = (1, Evidence::Answered);
        Self { data, answer, attempts, evidence, sent_at, received_at: Instant::now() }
    }

    /// What an answer of the API tells, although it is an error.
    pub(crate) fn inferred_from(error: ApiError, data: T) -> Self {
        Self::new(data, error.answer, Instant::now()).inferred()
    }

    pub(crate) fn map<U>(self, f: impl FnOnce(T) -> U) -> Response<U> {
        let Self { data, answer, attempts, evidence, sent_at, received_at } = self;
        Response { data: f(data), answer, attempts, evidence, sent_at, received_at }
    }

    /// The same result, as what was found out instead of an answer.
    pub(crate) fn inferred(self) -> Self {
        Self { evidence: Evidence::Inferred, ..self }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.answer.status().as_u16()
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        self.answer.headers()
    }

    /// The id under which the server knows the request.
    pub fn request_id(&self) -> Option<&str> {
        request_id(self.headers())
    }

    /// The body as it came, with any fields that this version does not know.
    pub fn body(&self) -> &[u8] {
        self.answer.body()
    }

    /// The requests that it took, the first one and all look-ups included.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// What the result rests on: an answer, the answer to a repeated request, or what was looked up.
    pub fn evidence(&self) -> Evidence {
        self.evidence
    }
}

/// Without the headers and the body: what a server sends is not for logs.
impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Response");
        debug.field("data", &self.data).field("status", &self.status()).field("attempts", &self.attempts);
        debug.field("evidence", &self.evidence).finish_non_exhaustive()
    }
}
