//! The copy of the contract that progenitor is given.

use serde_json::Value;

use super::contract::{Contract, ContractError, schema_name};
use super::lint::CONSTRAINTS;

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
                _ => {
                    if let Some(parameters) = value.get_mut("parameters") {
                        drop_headers(contract, parameters);
                    }
                    if let Some(responses) = value["responses"].as_object_mut() {
                        let success = responses.iter().find(|(status, _)| status.starts_with('2'));
                        let success = success.map(|(_, response)| response.clone()).unwrap_or_default();
                        responses.clear();
                        responses.insert("2XX".to_owned(), success);
                    }
                }
            }
        }
    }
    serde_json::from_value(root).map_err(|e| ContractError::anywhere(format!("not a valid OpenAPI 3.0 document: {e}")))
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
    let mut replacements = Vec::new();
    for (name, schema) in contract.schemas() {
        let open = schema.get("x-extensible-enum").is_some();
        if schema["nullable"] == true {
            let inner = match name.strip_prefix("Nullable") {
                Some(plain) if open => format!("crate::generated::enums::{plain}"),
                _ => rust_type(schema),
            };
            replacements.push((name.clone(), format!("::std::option::Option<{inner}>")));
        } else if open {
            replacements.push((name.clone(), format!("crate::generated::enums::{name}")));
        }
    }
    replacements
}

/// The Rust type of a simple schema.
fn rust_type(schema: &Value) -> String {
    match (schema_name(schema), schema["type"].as_str()) {
        (Some(name), _) => format!("crate::generated::enums::{name}"),
        (None, Some("array")) => format!("::std::vec::Vec<{}>", rust_type(&schema["items"])),
        (None, Some("integer")) => "i64".to_owned(),
        (None, Some("number")) => "f64".to_owned(),
        (None, Some("boolean")) => "bool".to_owned(),
        (None, Some("string")) => "::std::string::String".to_owned(),
        (None, _) => "::serde_json::Value".to_owned(),
    }
}
