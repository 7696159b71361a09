//! The layers around the router: recording, scripts and faults, authentication.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, Extension, MatchedPath, Request, State};
use axum::http::header::{AUTHORIZATION, CONNECTION, DATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::clock::http_date;
use crate::net::connection::Connection;
use crate::net::port::Port;
use crate::pipeline::apply_fault::apply_fault;
use crate::pipeline::body;
use crate::pipeline::context::RequestContext;
use crate::pipeline::hooks;
use crate::pipeline::journal::{REQUEST_ID, RecordedRequest};
use crate::pipeline::log_entry::LogEntry;
use crate::pipeline::server_state::ServerState;
use crate::spec::contract::Operation;
use crate::spec::refusal::Refusal;
use crate::sync::lock;

/// Keeps the request and the status of its answer, and gives the answer an id.
pub(crate) async fn record(
    State(state): State<Arc<ServerState>>,
    Extension(port): Extension<Arc<dyn Port>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
    next: Next,
) -> Response {
    connection.request_arrived();
    let mut log_entry = state.access_log.is_on().then(|| LogEntry::new(&state, &request));
    let operation = operation(&state, &request);
    let (mut parts, body) = request.into_parts();
    let (body, complete) = body::read(body).await;
    let recorded = RecordedRequest {
        operation: operation.map(|operation| operation.id.clone()),
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: headers(&parts.headers),
        body: body.to_vec(),
        status: None,
        request_id: None,
        processed: false,
        fault: None,
    };
    let observed = (!lock(&state.observers).is_empty()).then(|| Arc::new(recorded.clone()));
    let number = lock(&state.journal).arrived(recorded);
    if let Some(entry) = &mut log_entry {
        entry.number = Some(number);
    }

    let mut response = match complete {
        Ok(()) => {
            let (state, connection) = (state.clone(), connection.clone());
            let context = RequestContext { state, port, connection, number, observed };
            parts.extensions.insert(operation);
            parts.extensions.insert(context);
            next.run(Request::from_parts(parts, Body::from(body))).await
        }
        Err(refusal) => refusal.into_response(),
    };
    if let Ok(request_id) = HeaderValue::try_from(state.request_ids.next().to_string()) {
        response.headers_mut().entry(REQUEST_ID).or_insert(request_id);
    }
    if let Ok(date) = HeaderValue::try_from(http_date(state.clock.now())) {
        response.headers_mut().entry(DATE).or_insert(date);
    }
    lock(&state.journal).answered(number, &response);
    if let Some(entry) = &mut log_entry {
        entry.status = Some(response.status());
    }
    if connection.answered() {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Runs the hooks, then answers from the script, where there is one, or applies a fault, where one is due.
pub(crate) async fn intercept(
    State(state): State<Arc<ServerState>>,
    Extension(operation): Extension<Option<&'static Operation>>,
    Extension(context): Extension<RequestContext>,
    request: Request,
    next: Next,
) -> Response {
    let Some(operation) = operation else {
        return context.process(request, next).await;
    };
    hooks::run(&state.hooks, &state.account, &operation.id);
    // A request with a scripted answer counts in the plan, too.
    let fault = lock(&state.faults).next(&operation.id);
    let scripted = lock(&state.scripts).next(&operation.id);
    match (scripted, fault) {
        (Some(response), _) => response.into_response(),
        (None, Some(fault)) => apply_fault(&context, &fault, operation, request, next).await,
        (None, None) => context.process(request, next).await,
    }
}

/// Lets management keys pass.
pub(crate) async fn authenticate(State(state): State<Arc<ServerState>>, request: Request, next: Next) -> Response {
    match bearer(request.headers()).map(|key| state.keys.get(key)) {
        Some(Some(true)) => next.run(request).await,
        Some(Some(false)) => Refusal::new(StatusCode::FORBIDDEN, "This endpoint needs a management key")
            .for_user(state.account.user_id())
            .into_response(),
        Some(None) => Refusal::new(StatusCode::UNAUTHORIZED, "The key is unknown").into_response(),
        None => Refusal::new(StatusCode::UNAUTHORIZED, "No auth credentials found").into_response(),
    }
}

fn operation(state: &ServerState, request: &Request) -> Option<&'static Operation> {
    let path = request.extensions().get::<MatchedPath>()?;
    state.contract.operation(request.method(), path.as_str())
}

fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), value.into_owned())
        })
        .collect()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}
