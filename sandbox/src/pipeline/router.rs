//! What happens to a request, from the outside in: it is recorded, may be answered by a script or meet a fault, must
//! carry a management key, is routed and validated, and changes the state.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Body, Bytes};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{ConnectInfo, Extension, MatchedPath, RawPathParams, Request, State as Context};
use axum::http::header::{AUTHORIZATION, CONNECTION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use axum::{Json, Router};
use http_body_util::BodyExt;
use serde_json::Value;
use uuid::Uuid;

use crate::account::state::State;
use crate::faults::plan::Faults;
use crate::faults::script::Scripts;
use crate::net::connection::Connection;
use crate::operations::{budgets, members, workspaces};
use crate::pipeline::apply_fault::Incident;
use crate::pipeline::hooks::{self, Hooks};
use crate::pipeline::journal::{Journal, REQUEST_ID, RecordedRequest};
use crate::spec::contract::{Contract, Operation};
use crate::spec::refusal::Refusal;
use crate::spec::request::Call;

const MAX_BODY_BYTES: usize = 1024 * 1024;

type Handler = fn(&mut State, &Call) -> Result<Value, Refusal>;

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) contract: &'static Contract,
    /// Whether a key is a management key.
    pub(crate) keys: HashMap<String, bool>,
    /// The user to whom the keys belong.
    pub(crate) user_id: String,
    pub(crate) state: Mutex<State>,
    pub(crate) hooks: Mutex<Hooks>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) scripts: Mutex<Scripts>,
    pub(crate) journal: Mutex<Journal>,
}

/// Locks, also after a thread has panicked: every change is made in one step.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The contract's operations as a router.
pub(crate) fn router(shared: Arc<Shared>) -> Result<Router, String> {
    let mut router = Router::new();
    for operation in &shared.contract.operations {
        let method = MethodFilter::try_from(operation.method.clone()).map_err(|error| error.to_string())?;
        let route = match handler(&operation.id) {
            Some(handler) => {
                on(method, move |shared, path, request| process(operation, handler, shared, path, request))
            }
            None => on(method, move |shared| unknown_operation(operation, shared)),
        };
        router = router.route(&operation.path, route);
    }
    Ok(router
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(shared.clone(), authenticate))
        .layer(from_fn_with_state(shared.clone(), interfere))
        .layer(from_fn_with_state(shared.clone(), record))
        .with_state(shared))
}

fn handler(operation_id: &str) -> Option<Handler> {
    Some(match operation_id {
        "list_workspaces" => workspaces::list,
        "create_workspace" => workspaces::create,
        "get_workspace" => workspaces::get,
        "update_workspace" => workspaces::update,
        "delete_workspace" => workspaces::delete,
        "list_workspace_members" => members::list,
        "bulk_add_workspace_members" => members::add,
        "bulk_remove_workspace_members" => members::remove,
        "list_workspace_budgets" => budgets::list,
        "get_workspace_budget" => budgets::get,
        "upsert_workspace_budget" => budgets::upsert,
        "delete_workspace_budget" => budgets::delete,
        _ => return None,
    })
}

/// Record: keeps the request and the status of its answer, and gives the answer an id.
async fn record(
    Context(shared): Context<Arc<Shared>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
    next: Next,
) -> Response {
    connection.working();
    let operation = operation(&shared, &request);
    let (mut parts, body) = request.into_parts();
    let (body, complete) = read(body).await;
    let number = lock(&shared.journal).arrived(RecordedRequest {
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
    });

    let mut response = match complete {
        Ok(()) => {
            parts.extensions.insert(operation);
            parts.extensions.insert(Incident { shared: shared.clone(), connection: connection.clone(), number });
            next.run(Request::from_parts(parts, Body::from(body))).await
        }
        Err(refusal) => refusal.into_response(),
    };
    if let Ok(request_id) = HeaderValue::try_from(Uuid::new_v4().to_string()) {
        response.headers_mut().entry(REQUEST_ID).or_insert(request_id);
    }
    lock(&shared.journal).answered(number, &response);
    if connection.answered() {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Fault: runs the hooks, then answers from the script, where there is one, or lets a fault happen, where one is due.
async fn interfere(
    Context(shared): Context<Arc<Shared>>,
    Extension(operation): Extension<Option<&'static Operation>>,
    Extension(incident): Extension<Incident>,
    request: Request,
    next: Next,
) -> Response {
    let Some(operation) = operation else {
        return incident.process(request, next).await;
    };
    hooks::run(&shared, &operation.id);
    // A scripted call counts in the plan, too.
    let fault = lock(&shared.faults).next(&operation.id);
    let scripted = lock(&shared.scripts).next(&operation.id);
    match (scripted, fault) {
        (Some(response), _) => response.into_response(),
        (None, Some(fault)) => incident.inject(fault, operation, request, next).await,
        (None, None) => incident.process(request, next).await,
    }
}

/// Auth: lets management keys pass.
async fn authenticate(Context(shared): Context<Arc<Shared>>, request: Request, next: Next) -> Response {
    match bearer(request.headers()).map(|key| shared.keys.get(key)) {
        Some(Some(true)) => next.run(request).await,
        Some(Some(false)) => Refusal::new(StatusCode::FORBIDDEN, "This endpoint needs a management key")
            .for_user(&shared.user_id)
            .into_response(),
        Some(None) => Refusal::new(StatusCode::UNAUTHORIZED, "The key is unknown").into_response(),
        None => Refusal::new(StatusCode::UNAUTHORIZED, "No auth credentials found").into_response(),
    }
}

/// Route, where no path matches.
async fn unknown_path() -> Refusal {
    Refusal::not_found("There is no such endpoint")
}

/// Route, where the path matches but not the method.
async fn wrong_method() -> Refusal {
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "This endpoint does not have this method")
}

/// Route, where the contract has an operation that nobody has taught the sandbox: all others still work.
async fn unknown_operation(operation: &'static Operation, Context(shared): Context<Arc<Shared>>) -> Refusal {
    let message = format!("The sandbox does not know the operation {} yet", operation.id);
    Refusal::new(StatusCode::NOT_IMPLEMENTED, message).for_user(&shared.user_id)
}

/// Validate, handle, and answer.
async fn process(
    operation: &'static Operation,
    handler: Handler,
    Context(shared): Context<Arc<Shared>>,
    path: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let (body, _) = read(body).await;
    path.map_err(|rejection| Refusal::bad_request(rejection.body_text()))
        .and_then(|path| Call::new(operation, &shared.user_id, &path, &parts, &body))
        .and_then(|call| handler(&mut lock(&shared.state), &call))
        .map(|answer| (operation.success, Json(answer)).into_response())
        .unwrap_or_else(|refusal| refusal.for_user(&shared.user_id).into_response())
}

fn operation(shared: &Shared, request: &Request) -> Option<&'static Operation> {
    let path = request.extensions().get::<MatchedPath>()?;
    shared.contract.operation(request.method(), path.as_str())
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

/// Reads a body up to the limit. What comes after it is thrown away, but read: a server that closes the connection
/// while the client still writes costs the client the answer.
async fn read(mut body: Body) -> (Bytes, Result<(), Refusal>) {
    let mut kept = Vec::new();
    let mut complete = Ok(());
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            complete = Err(Refusal::bad_request("body: it broke off"));
            break;
        };
        let data = frame.into_data().unwrap_or_default();
        if complete.is_ok() && kept.len() + data.len() <= MAX_BODY_BYTES {
            kept.extend_from_slice(&data);
        } else {
            complete = Err(Refusal::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("body: it is larger than {MAX_BODY_BYTES} bytes"),
            ));
        }
    }
    (kept.into(), complete)
}
