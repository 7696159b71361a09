//! A result together with the answer it came in.

use std::fmt;

use bytes::Bytes;
use http::HeaderMap;

use crate::api_error::request_id;

/// A result, and what the HTTP answer says besides. Returned by [`Request::send_with_meta`](crate::Request::send_with_meta).
#[derive(Clone)]
pub struct Response<T> {
    /// The result.
    pub data: T,
    status: u16,
    headers: HeaderMap,
    body: Bytes,
    attempts: u32,
}

impl<T> Response<T> {
    pub(crate) fn new(data: T, parts: http::response::Parts, body: Bytes, attempts: u32) -> Self {
        Self { data, status: parts.status.as_u16(), headers: parts.headers, body, attempts }
    }

    /// The answer of another request, taken as the one of a call that was tried this often.
    pub(crate) fn after(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }

    pub(crate) fn map<U>(self, f: impl FnOnce(T) -> U) -> Response<U> {
        let Self { data, status, headers, body, attempts } = self;
        Response { data: f(data), status, headers, body, attempts }
    }

    /// The HTTP status.
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

    /// The body as it came, with any fields that this version does not know.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Attempts that it took, the first one included.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

/// Without the headers and the body: what a server sends is not for logs.
impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Response");
        debug.field("data", &self.data).field("status", &self.status).field("attempts", &self.attempts);
        debug.finish_non_exhaustive()
    }
}
