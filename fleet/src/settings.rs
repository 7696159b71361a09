//! Settings of workspaces as JSON, so that none of them has to be named here.

use openrouter_workspaces::body::UpdateWorkspaceRequest;
use serde::Serialize;
use serde_json::{Map, Value};

/// The fields of a request body, or of a workspace.
pub(crate) fn fields(body: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(body) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// The request body with these fields, each of which was read before.
pub(crate) fn body(fields: &Map<String, Value>) -> UpdateWorkspaceRequest {
    serde_json::from_value(Value::Object(fields.clone())).unwrap_or_default()
}
