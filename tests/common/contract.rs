//! The contract, as a test reads it.

use std::sync::LazyLock;

use openrouter_workspaces::CONTRACT;
use serde_json::{Map, Value};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_norway::from_str(CONTRACT).expect("the contract is YAML"));

/// All named schemas.
pub fn schemas() -> &'static Map<String, Value> {
    DOCUMENT["components"]["schemas"].as_object().expect("schemas")
}

/// The value, or what it refers to.
pub fn resolved(value: &'static Value) -> &'static Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => {
            DOCUMENT.pointer(reference.trim_start_matches('#')).expect("a reference that leads somewhere")
        }
        None => value,
    }
}

/// All operations, each with its method and its path.
pub fn operations() -> Vec<(&'static str, &'static str, &'static Value)> {
    let items = DOCUMENT["paths"].as_object().expect("paths").iter();
    let all = items.flat_map(|(path, item)| {
        let operations = item.as_object().expect("operations").iter().filter(|(_, value)| value.is_object());
        operations.map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
    });
    let all: Vec<_> = all.collect();
    assert_eq!(all.len(), CONTRACT.matches("operationId: ").count(), "an operation was overlooked");
    all
}
