//! Observers: who is told what the API has made of each request, whatever the client gets to hear of it.

use std::fmt;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::response::Response;
use http_body_util::BodyExt;

use crate::account::handle::Account;
use crate::pipeline::journal::RecordedRequest;
use crate::sync::lock;

/// A request that has had its effect, and what the API answers to it before any fault changes that.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ProcessedRequest<'a> {
    /// The request as it arrived.
    pub request: &'a RecordedRequest,
    /// The status of the answer.
    pub status: u16,
    /// The body of the answer.
    pub body: &'a [u8],
}

type Observe = Box<dyn FnMut(&Account, ProcessedRequest<'_>) + Send>;

/// The observers of a sandbox. Each is locked on its own, so that it may do whatever a test may do, such as add another one.
#[derive(Default)]
pub(crate) struct Observers(Vec<Arc<Mutex<Observe>>>);

impl Observers {
    pub(crate) fn add(&mut self, observe: Observe) {
        self.0.push(Arc::new(Mutex::new(observe)));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Observers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Observers").field(&self.0.len()).finish()
    }
}

/// Tells all observers of the answer to a request.
pub(crate) async fn tell(
    observers: &Mutex<Observers>,
    account: &Account,
    request: &RecordedRequest,
    answer: Response,
) -> Response {
    let (parts, body) = answer.into_parts();
    // All bodies are in memory, and so reading one does not fail.
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let processed = ProcessedRequest { request, status: parts.status.as_u16(), body: &body };
    let all = lock(observers).0.clone();
    for observe in all {
        lock(&observe)(account, processed);
    }
    Response::from_parts(parts, Body::from(body))
}
