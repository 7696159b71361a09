//! The contract's operations as a router.

use std::sync::Arc;

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, get, on};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::operations::{self, Handler};
use crate::pipeline::server_state::ServerState;
use crate::pipeline::{body, layers};
use crate::spec::contract::Operation;
use crate::spec::refusal::Refusal;
use crate::spec::request::ValidatedRequest;

/// The operations of the server's contract with all layers around them.
pub(crate) fn router(state: Arc<ServerState>) -> Result<Router, String> {
    let mut router = Router::new();
    for operation in &state.contract.operations {
        let method = MethodFilter::try_from(operation.method.clone()).map_err(|error| error.to_string())?;
        let route = match operations::handler(&operation.id) {
            Some(handler) => on(method, move |state, path, request| process(operation, handler, state, path, request)),
            None => on(method, move |state| unknown_operation(operation, state)),
        };
        router = router.route(&operation.path, route);
    }
    Ok(router
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(state.clone(), layers::authenticate))
        .layer(from_fn_with_state(state.clone(), layers::intercept))
        .layer(from_fn_with_state(state.clone(), layers::record))
        // Without any of these layers.
        .route("/healthz", get(healthy))
        .with_state(state))
}

/// Whether the server serves.
async fn healthy() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

/// Where no path matches.
async fn unknown_path() -> Refusal {
    Refusal::not_found("Not Found")
}

/// Where the path matches but not the method.
async fn wrong_method() -> Refusal {
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "This endpoint does not have this method")
}

/// Where the contract has an operation without a handler: a new one must not keep the others from working.
async fn unknown_operation(operation: &'static Operation, State(state): State<Arc<ServerState>>) -> Refusal {
    let message = format!("The sandbox does not know the operation {} yet", operation.id);
    Refusal::new(StatusCode::NOT_IMPLEMENTED, message).for_user(state.account.user_id())
}

/// Validates, handles, and answers.
async fn process(
    operation: &'static Operation,
    handler: Handler,
    State(state): State<Arc<ServerState>>,
    path: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
) -> Response {
    let user_id = state.account.user_id();
    let (parts, body) = request.into_parts();
    // The outermost layer has held it to the limit.
    let (body, _) = body::read(body).await;
    path.map_err(|rejection| Refusal::bad_request(rejection.body_text()))
        .and_then(|path| ValidatedRequest::new(operation, user_id, &path, &parts, &body, &state.server))
        .and_then(|request| handler(&mut state.account.state(), &request))
        .map(|answer| (operation.success, Json(answer)).into_response())
        .unwrap_or_else(|refusal| refusal.for_user(user_id).into_response())
}
