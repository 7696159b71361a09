//! The context of a request: how it came, and where to write down what happens to it.

use std::future::pending;
use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

use crate::faults::fault::Fault;
use crate::net::connection::{Connection, End};
use crate::net::port::Port;
use crate::pipeline::journal::RecordedRequest;
use crate::pipeline::observers;
use crate::pipeline::server_state::ServerState;
use crate::sync::lock;

/// One request on its way.
#[derive(Clone, Debug)]
pub(crate) struct RequestContext {
    pub(crate) state: Arc<ServerState>,
    pub(crate) port: Arc<dyn Port>,
    pub(crate) connection: Connection,
    /// The request's number in the journal.
    pub(crate) number: usize,
    /// The request as it arrived, if somebody observes the sandbox.
    pub(crate) observed: Option<Arc<RecordedRequest>>,
}

impl RequestContext {
    /// Lets the API process the request.
    pub(crate) async fn process(&self, request: Request, next: Next) -> Response {
        let response = next.run(request).await;
        lock(&self.state.journal).processed(self.number);
        match &self.observed {
            Some(request) => observers::tell(&self.state.observers, &self.state.account, request, response).await,
            None => response,
        }
    }

    /// Writes down that a fault has happened to the request.
    pub(crate) fn record_fault(&self, fault: &Fault) {
        lock(&self.state.faults).record(fault);
        lock(&self.state.journal).fault_applied(self.number, fault.clone());
    }

    /// Resets the connection, which also ends this future.
    pub(crate) async fn reset(&self) -> Response {
        self.connection.end(End::Reset);
        pending().await
    }
}
