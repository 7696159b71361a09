//! What calls tell of themselves, with the feature `tracing`. Without it there is nothing here, and nothing is done.
//!
//! A span for each call, named after OpenTelemetry's conventions for HTTP clients, and events in it: a retry, a look-up, a
//! page, giving up. The key is in none, for messages of servers come from errors, where it is hidden.

#[cfg(feature = "tracing")]
pub(crate) use on::*;

#[cfg(not(feature = "tracing"))]
pub(crate) use off::*;

#[cfg(feature = "tracing")]
mod on {
    use std::future::Future;
    use std::time::Duration;

    use tracing::field::Empty;
    use tracing::{Instrument, Span, debug, info_span, warn};

    use crate::error::{Error, Failure};
    use crate::transport::Response;
    use crate::transport::context::CallContext;

    /// Runs a call in a span of its own.
    pub(crate) fn call<F: Future>(
        operation: &'static str,
        method: &'static str,
        path: &'static str,
        host: &str,
        port: u16,
        work: F,
    ) -> impl Future<Output = F::Output> + use<F> {
        let span = info_span!(
            "openrouter_workspaces",
            otel.name = format!("{method} {path}"),
            otel.kind = "client",
            operation,
            http.request.method = method,
            url.template = path,
            server.address = host,
            server.port = port,
            http.response.status_code = Empty,
            http.request.resend_count = Empty,
            attempts = Empty,
            request_id = Empty,
            error.type = Empty,
        );
        work.instrument(span)
    }

    /// Runs a task in the span of the code that spawns it.
    pub(crate) fn in_current_span<F: Future>(work: F) -> impl Future<Output = F::Output> {
        work.in_current_span()
    }

    pub(crate) fn retry(context: &CallContext, wait: Duration, failure: &Failure) {
        debug!(attempts = context.attempts, ?wait, reason = %failure, "retry");
    }

    pub(crate) fn look_up(slug: &str) {
        debug!(workspace = slug, "look-up");
    }

    pub(crate) fn page(offset: u64, limit: u64, rows: usize) {
        debug!(offset, limit, rows, "page");
    }

    pub(crate) fn gave_up(context: &CallContext, failure: &Failure) {
        if let Some(reason) = &context.gave_up {
            warn!(attempts = context.attempts, %reason, failure = %failure, "gave up");
        }
    }

    pub(crate) fn succeeded<T>(response: &Response<T>) {
        record(Some(response.status()), response.request_id(), response.attempts());
    }

    pub(crate) fn failed(error: &Error) {
        record(error.status(), error.request_id(), error.attempts());
        let kind = match error.status() {
            Some(status) => status.to_string(),
            None => error.kind().to_owned(),
        };
        Span::current().record("error.type", kind);
    }

    fn record(status: Option<u16>, request_id: Option<&str>, attempts: u32) {
        let span = Span::current();
        span.record("attempts", attempts).record("http.request.resend_count", attempts.saturating_sub(1));
        status.map(|status| span.record("http.response.status_code", status));
        request_id.map(|id| span.record("request_id", id));
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use std::future::Future;
    use std::time::Duration;

    use crate::error::{Error, Failure};
    use crate::transport::Response;
    use crate::transport::context::CallContext;

    pub(crate) fn call<F: Future>(
        _: &'static str,
        _: &'static str,
        _: &'static str,
        _: &str,
        _: u16,
        work: F,
    ) -> impl Future<Output = F::Output> + use<F> {
        work
    }
    pub(crate) fn in_current_span<F: Future>(work: F) -> F {
        work
    }
    pub(crate) fn retry(_: &CallContext, _: Duration, _: &Failure) {}
    pub(crate) fn look_up(_: &str) {}
    pub(crate) fn page(_: u64, _: u64, _: usize) {}
    pub(crate) fn gave_up(_: &CallContext, _: &Failure) {}
    pub(crate) fn succeeded<T>(_: &Response<T>) {}
    pub(crate) fn failed(_: &Error) {}
}
