//! Settings of workspaces as JSON, in which they are compared: so none has to be named here.

use serde::Serialize;
use serde_json::{Map, Value};

/// The fields of a request body, or of a workspace.
pub(crate) fn fields(body: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(body) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// Whether the server means the same by both: the order of a list does not matter, nor does it whether a list is empty or
/// null, and a whole number may be written with a fraction.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a == b,
        _ => a == b || items(a).is_some_and(|a| Some(a) == items(b)),
    }
}

fn items(value: &Value) -> Option<Vec<String>> {
    let mut items: Vec<String> = match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().map(ToString::to_string).collect(),
        _ => return None,
    };
    items.sort();
    items.dedup();
    Some(items)
}
