//! A service whose answers cost no memory of their own.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use http_body::Frame;
use openrouter_workspaces::reqwest::{self, Body};
use openrouter_workspaces::{Client, HttpError, HttpFuture, HttpService};

/// The size of the parts in which bodies come.
pub const PART: usize = 16 << 10;

/// Gives the same answer to whatever reads, again and again, and 503 to whatever writes. Its clones are the same service.
#[derive(Clone)]
pub struct Steady {
    status: u16,
    body: Arc<[u8]>,
    /// How much time passes with each part.
    pace: Duration,
    /// How many parts were taken.
    taken: Arc<AtomicUsize>,
}

impl Steady {
    pub fn new(status: u16, body: Vec<u8>) -> Self {
        Self { status, body: body.into(), pace: Duration::ZERO, taken: Arc::default() }
    }

    pub fn pace(mut self, pace: Duration) -> Self {
        self.pace = pace;
        self
    }

    pub fn taken(&self) -> usize {
        self.taken.load(Ordering::SeqCst)
    }

    pub fn client(&self, cap: usize) -> Client {
        let builder = Client::builder().api_key(crate::KEY).http_service(self.clone()).max_body_bytes(cap);
        builder.build().expect("the settings are valid")
    }
}

impl HttpService for Steady {
    fn call(&self, request: reqwest::Request) -> HttpFuture<'_> {
        if request.method() != "GET" {
            return Box::pin(async { Ok(http::Response::builder().status(503).body("").expect("an answer").into()) });
        }
        let answer = http::Response::builder().status(self.status).header("content-type", "application/json");
        let answer = answer.header("date", "Wed, 20 May 2026 10:00:00 GMT");
        let parts = Parts { service: self.clone(), from: 0 };
        let answer = answer.body(Body::wrap(parts)).expect("a valid answer");
        Box::pin(async { Ok(answer.into()) })
    }
}

struct Parts {
    service: Steady,
    from: usize,
}

impl http_body::Body for Parts {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let until = self.service.body.len().min(self.from + PART);
        if self.from == until {
            return Poll::Ready(None);
        }
        let part = Bytes::copy_from_slice(&self.service.body[self.from..until]);
        self.from = until;
        self.service.taken.fetch_add(1, Ordering::SeqCst);
        if !self.service.pace.is_zero() {
            // As for decompression, the thread is busy, and nothing waits. The first poll turns the clock.
            let turn = pin!(tokio::time::advance(self.service.pace));
            let _ = turn.poll(&mut Context::from_waker(Waker::noop()));
        }
        Poll::Ready(Some(Ok(Frame::data(part))))
    }
}
