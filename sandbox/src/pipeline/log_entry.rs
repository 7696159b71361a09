//! What the access log says of a request.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;
use chrono::{DateTime, SecondsFormat, Utc};
use tokio::time::Instant;

use crate::pipeline::server_state::ServerState;
use crate::sync::lock;

/// A line of the access log. It is written when this is dropped, as it is with a connection that is reset.
#[derive(Debug)]
pub(crate) struct LogEntry {
    state: Arc<ServerState>,
    arrived: DateTime<Utc>,
    start: Instant,
    request: String,
    /// The request's number in the journal, once it has one.
    pub(crate) number: Option<usize>,
    /// The status of the answer, if there is one.
    pub(crate) status: Option<StatusCode>,
}

impl LogEntry {
    pub(crate) fn new(state: &Arc<ServerState>, request: &Request) -> Self {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        Self {
            state: state.clone(),
            arrived: state.clock.now(),
            start: Instant::now(),
            request: format!("{} {path}", request.method()),
            number: None,
            status: None,
        }
    }
}

impl Drop for LogEntry {
    fn drop(&mut self) {
        let fault = self.number.and_then(|number| lock(&self.state.journal).fault(number).map(|fault| fault.kind()));
        self.state.access_log.write(&format!(
            "{} {} {} {} {:.1}ms\n",
            self.arrived.to_rfc3339_opts(SecondsFormat::Millis, true),
            self.request,
            self.status.as_ref().map_or("-", StatusCode::as_str),
            fault.as_deref().unwrap_or("-"),
            self.start.elapsed().as_secs_f64() * 1000.0,
        ));
    }
}
