//! The copy of the contract that progenitor is given.

use serde_json::Value;

use super::contract::{Contract, ContractError, METHODS, schema_name};
use super::lint_bodies::CONSTRAINTS;

/// The contract without what progenitor would handle badly.
///
/// - Error responses: a body of another shape would lose its status and headers. Left out, every error arrives whole.
/// - The exact success status: any 2xx with the right body is a success.
/// - Header parameters: the thin layer sets them for every attempt.
/// - Limits: they become rules, which name the field that breaks them. What is left of `minimum` is the sign.
pub fn openapi(contract: &Contract) -> Result<openapiv3::OpenAPI, ContractError> {
    let mut root = contract.root.clone();
    strip_limits(&mut root);
    let paths = root["paths"].as_object_mut();
    for item in paths.into_iter().flat_map(|paths| paths.values_mut()).filter_map(Value::as_object_mut) {
        for (key, value) in item {
            match key.as_str() {
                "parameters" => drop_headers(contract, value),
                method if METHODS.contains(&method) => operation(contract, value),
                _ => {}
            }
        }
    }
    serde_json::from_value(root).map_err(|e| ContractError::anywhere(format!("not a valid OpenAPI 3.0 document: {e}")))
}

fn operation(contract: &Contract, operation: &mut Value) {
    if let Some(parameters) = operation.get_mut("parameters") {
        drop_headers(contract, parameters);
    }
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
        let success = responses.iter().find(|(status, _)| status.starts_with('2'));
        let success = success.map(|(_, response)| response.clone()).unwrap_or_default();
        responses.clear();
        responses.insert("2XX".to_owned(), success);
    }
}

fn strip_limits(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let unsigned = map.get("type").is_some_and(|t| t == "integer")
                && map.get("minimum").and_then(Value::as_f64).is_some_and(|m| m >= 0.0);
            for keyword in CONSTRAINTS {
                if !map.get(keyword).is_some_and(Value::is_object) {
                    map.remove(keyword);
                }
            }
            if unsigned {
                map.insert("minimum".to_owned(), 0.into());
            }
            map.values_mut().for_each(strip_limits);
        }
        Value::Array(items) => items.iter_mut().for_each(strip_limits),
        _ => {}
    }
}

fn drop_headers(contract: &Contract, parameters: &mut Value) {
    if let Some(parameters) = parameters.as_array_mut() {
        parameters.retain(|parameter| contract.resolve(parameter)["in"] != "header");
    }
}

/// The named schemas that become types of our own instead of progenitor's: open enums, and what can be null.
pub fn replacements(contract: &Contract) -> Vec<(String, String)> {
    let ours = |schema: &Value| schema["nullable"] == true || schema.get("x-extensible-enum").is_some();
    let schemas = contract.schemas().iter().filter(|(_, schema)| ours(schema));
    schemas.map(|(name, _)| (name.clone(), named_type(contract, name))).collect()
}

/// The Rust type of a named schema.
fn named_type(contract: &Contract, name: &str) -> String {
    let schema = contract.schema(name);
    let nullable = schema["nullable"] == true;
    let plain = name.strip_prefix("Nullable").filter(|_| nullable).unwrap_or(name);
    let rust_type = if schema.get("x-extensible-enum").is_some() {
        format!("crate::generated::enums::{plain}")
    } else if nullable {
        simple_type(contract, schema)
    } else {
        format!("crate::generated::types::{name}")
    };
    if nullable { format!("::std::option::Option<{rust_type}>") } else { rust_type }
}

/// The Rust type of a schema without a name.
fn simple_type(contract: &Contract, schema: &Value) -> String {
    match (schema_name(schema), schema["type"].as_str()) {
        (Some(name), _) => named_type(contract, name),
        (None, Some("array")) => format!("::std::vec::Vec<{}>", simple_type(contract, &schema["items"])),
        (None, Some("integer")) => "i64".to_owned(),
        (None, Some("number")) => "f64".to_owned(),
        (None, Some("boolean")) => "bool".to_owned(),
        (None, Some("string")) => "::std::string::String".to_owned(),
        (None, _) => "::serde_json::Value".to_owned(),
    }
}
