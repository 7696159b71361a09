//! Bodies whose transfer breaks off, stalls or takes its time.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::faults::fault::Framing;
use crate::net::connection::{Connection, End};

/// Sends half of a body and then closes the connection.
pub(crate) fn truncate(response: &mut Response, body: Bytes, framing: Framing, connection: Connection) {
    if framing == Framing::ContentLength {
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    *response.body_mut() = Body::new(PartialBody { rest: body.slice(..body.len() / 2), connection: Some(connection) });
}

/// Sends half of a body and then nothing.
pub(crate) fn stall(response: &mut Response, body: Bytes) {
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    *response.body_mut() = Body::new(PartialBody { rest: body.slice(..body.len() / 2), connection: None });
}

/// Sends a body byte by byte.
pub(crate) fn drip(response: &mut Response, body: Bytes, pause: Duration) {
    *response.body_mut() = Body::new(SlowBody { rest: body, pause, sleep: Box::pin(sleep(Duration::ZERO)) });
}

/// A body that does not come to its end.
#[derive(Debug)]
struct PartialBody {
    rest: Bytes,
    /// The connection, if it is to be closed.
    connection: Option<Connection>,
}

impl HttpBody for PartialBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.rest)))));
        }
        if let Some(connection) = &self.connection {
            connection.end(End::Close);
        }
        Poll::Pending
    }
}

/// A body that takes its time.
#[derive(Debug)]
struct SlowBody {
    rest: Bytes,
    pause: Duration,
    sleep: Pin<Box<Sleep>>,
}

impl HttpBody for SlowBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        ready!(self.sleep.as_mut().poll(cx));
        let byte = self.rest.split_to(1);
        self.sleep = Box::pin(sleep(self.pause));
        Poll::Ready(Some(Ok(Frame::data(byte))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
