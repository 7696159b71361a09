//! What calls tell of themselves, with the feature `tracing`. Without it nothing is done, and nothing is compiled.
//!
//! A span for each call, named after OpenTelemetry's conventions for HTTP clients, and events in it: a retry, a look-up, a
//! page, giving up. The key is in none, for what servers say comes from errors, where it is hidden.

#![cfg_attr(not(feature = "tracing"), allow(unused_variables, reason = "there is nobody to tell"))]

use std::future::Future;
use std::time::Duration;

#[cfg(feature = "tracing")]
use tracing::{Instrument, Span, debug, field::Empty, info_span, instrument::WithSubscriber, warn};

use crate::error::Error;
use crate::transport::context::CallContext;
use crate::transport::{ClientInner, Response};

/// Runs a call in a span of its own.
pub(crate) fn call<F: Future>(
    operation: &'static str,
    method: &'static str,
    path: &'static str,
    client: &ClientInner,
    work: F,
) -> impl Future<Output = F::Output> + use<F> {
    #[cfg(feature = "tracing")]
    let work = work.instrument(info_span!(
        "openrouter_workspaces",
        otel.name = %format_args!("{method} {path}"),
        otel.kind = "client",
        operation,
        http.request.method = method,
        url.template = path,
        server.address = client.base_url.host_str().map(|host| client.keys.redactor(None).text(host)),
        server.port = client.base_url.port_or_known_default(),
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        attempts = Empty,
        request_id = Empty,
        error.type = Empty,
    ));
    work
}

/// Runs a task in the span, and for the subscriber, of the code that spawns it.
pub(crate) fn in_current_span<F: Future>(work: F) -> impl Future<Output = F::Output> {
    #[cfg(feature = "tracing")]
    let work = work.in_current_span().with_current_subscriber();
    work
}

pub(crate) fn retry(context: &CallContext, wait: Duration, failure: &Error) {
    #[cfg(feature = "tracing")]
    debug!(attempts = context.attempts, ?wait, reason = %failure, "retry");
}

pub(crate) fn look_up(workspace: &str, client: &ClientInner) {
    #[cfg(feature = "tracing")]
    debug!(workspace = client.keys.redactor(None).text(workspace), "look-up");
}

pub(crate) fn page(offset: u64, limit: u64, rows: usize) {
    #[cfg(feature = "tracing")]
    debug!(offset, limit, rows, "page");
}

pub(crate) fn succeeded<T>(response: &Response<T>, client: &ClientInner) {
    #[cfg(feature = "tracing")]
    if !Span::current().is_disabled() {
        let id = response.request_id().map(|id| client.keys.redactor(None).text(id));
        record(Some(response.status()), id.as_deref(), response.attempts());
    }
}

pub(crate) fn failed(error: &Error) {
    #[cfg(feature = "tracing")]
    {
        record(error.status(), error.request_id(), error.attempts());
        // Behind a success it is not the status that failed.
        let status = error.status().filter(|status| !(200..300).contains(status));
        let kind = status.map_or_else(|| error.kind().to_owned(), |status| status.to_string());
        Span::current().record("error.type", kind);
        if let Some(reason) = error.gave_up() {
            warn!(attempts = error.attempts(), %reason, %error, "gave up");
        }
    }
}

#[cfg(feature = "tracing")]
fn record(status: Option<u16>, request_id: Option<&str>, attempts: u32) {
    let span = Span::current();
    span.record("attempts", attempts).record("http.request.resend_count", attempts.saturating_sub(1));
    status.map(|status| span.record("http.response.status_code", status));
    request_id.map(|id| span.record("request_id", id));
}
