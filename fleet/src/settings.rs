//! Settings of workspaces as JSON, in which they are compared, so that none of them has to be named here, but for the one
//! that the server knows under two values.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

/// A setting whose empty list is null: either disables nothing, and the server answers null to both. Of another list, such as
/// that of the API keys whose requests are logged, null may mean all, and an empty one none.
const EMPTY_IS_NULL: &str = "disabled_server_tools";

/// The fields of a request body, or of a workspace.
pub(crate) fn fields(body: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(body) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// Whether two values of a setting mean the same: a list has no order, and a whole number may be written with a fraction.
pub(crate) fn same(field: &str, a: &Value, b: &Value) -> bool {
    if let (Some(a), Some(b)) = (a.as_f64(), b.as_f64()) {
        return a == b;
    }
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => items(a) == items(b),
        (Value::Array(items), Value::Null) | (Value::Null, Value::Array(items)) => {
            field == EMPTY_IS_NULL && items.is_empty()
        }
        _ => a == b,
    }
}

fn items(list: &[Value]) -> BTreeSet<String> {
    list.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_empty_list_is_null_only_where_both_mean_nothing() {
        assert!(same("disabled_server_tools", &json!([]), &Value::Null));
        assert!(!same("disabled_server_tools", &json!(["openrouter:bash"]), &Value::Null));
        assert!(!same("io_logging_api_key_ids", &Value::Null, &json!([])));
        assert!(same("io_logging_api_key_ids", &json!([2, 1]), &json!([1, 2])));
        assert!(same("io_logging_sampling_rate", &json!(1), &json!(1.0)));
    }
}
