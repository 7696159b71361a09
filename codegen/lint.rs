//! What a contract must keep to, checked before progenitor sees it, because progenitor says little or nothing.

use std::collections::BTreeMap;

use serde_json::Value;

use super::contract::{Contract, ContractError, body_schema, schema_name};

/// Keywords that make a schema refuse a value.
pub const CONSTRAINTS: [&str; 10] = [
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
    "multipleOf",
];

/// Checks every rule that the head of the contract states.
pub fn check(contract: &Contract) -> Result<(), ContractError> {
    references(contract)?;
    operation_ids(contract)?;
    for (name, schema) in contract.schemas() {
        enums(contract, &format!("schema {name}"), &["components", "schemas", name], schema, true)?;
    }
    nullable_enums(contract)?;
    for op in contract.operations() {
        let path = ["paths", op.path, op.method];
        for parameter in op.parameters() {
            let schema = &contract.resolve(parameter)["schema"];
            enums(contract, &format!("operation {}", op.name()), &path, schema, false)?;
        }
        response_types(contract, &op.name(), &path, op.value)?;
        request_body(contract, &op.name(), &path, op.value)?;
    }
    Ok(())
}

/// Every `$ref` leads somewhere in this document.
fn references(contract: &Contract) -> Result<(), ContractError> {
    fn walk(contract: &Contract, place: &mut Vec<String>, value: &Value) -> Result<(), ContractError> {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(target)) = map.get("$ref") {
                    let resolved = target.strip_prefix('#').and_then(|p| contract.root.pointer(p));
                    if resolved.is_none() {
                        return Err(contract.error_at_text(
                            target,
                            format!("{}: $ref {target} leads nowhere", owner(contract, place)),
                        ));
                    }
                }
                for (key, inner) in map.iter().filter(|(key, _)| *key != "example") {
                    place.push(key.clone());
                    walk(contract, place, inner)?;
                    place.pop();
                }
                Ok(())
            }
            Value::Array(items) => items.iter().try_for_each(|item| walk(contract, place, item)),
            _ => Ok(()),
        }
    }
    walk(contract, &mut Vec::new(), &contract.root)
}

/// The operation or schema that a place belongs to.
fn owner(contract: &Contract, place: &[String]) -> String {
    match place.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["components", "schemas", name, ..] => format!("schema {name}"),
        ["components", kind, name, ..] => format!("{} {name}", kind.trim_end_matches('s')),
        ["paths", path, method, ..] => contract
            .operations()
            .find(|op| op.path == *path && op.method == *method)
            .map_or_else(|| format!("path {path}"), |op| format!("operation {}", op.name())),
        other => other.join("."),
    }
}

/// Every operation has an id of its own that can name a Rust function.
fn operation_ids(contract: &Contract) -> Result<(), ContractError> {
    let mut seen = BTreeMap::new();
    for op in contract.operations() {
        let path = ["paths", op.path, op.method];
        let place = format!("{} {}", op.method.to_uppercase(), op.path);
        let Some(id) = op.value["operationId"].as_str() else {
            return Err(contract.error(&path, format!("{place} has no operationId; give it one in snake_case")));
        };
        let snake = id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !snake {
            return Err(contract.error(&path, format!("operationId {id} of {place} is not snake_case")));
        }
        if let Some(other) = seen.insert(id.to_owned(), place.clone()) {
            return Err(contract.error(&path, format!("operationId {id} of {place} is taken by {other}")));
        }
    }
    if seen.is_empty() {
        return Err(ContractError::anywhere("the contract has no operations"));
    }
    Ok(())
}

/// No enum is closed, and open ones are named.
fn enums(contract: &Contract, owner: &str, path: &[&str], schema: &Value, named: bool) -> Result<(), ContractError> {
    if schema.get("enum").is_some() {
        return Err(contract.error(
            &[path, &["enum"]].concat(),
            format!("{owner}: a closed enum would reject values added later; use type: string with x-extensible-enum"),
        ));
    }
    if schema.get("x-extensible-enum").is_some() {
        let values = schema["x-extensible-enum"].as_array();
        let strings = values.is_some_and(|v| !v.is_empty() && v.iter().all(Value::is_string));
        if !named || !strings || schema["type"] != "string" {
            return Err(contract.error(
                path,
                format!("{owner}: an x-extensible-enum is a named schema of type string, with a list of strings"),
            ));
        }
    }
    for key in ["items", "additionalProperties", "not"] {
        if let Some(inner) = schema.get(key).filter(|inner| inner.is_object()) {
            enums(contract, owner, &[path, &[key]].concat(), inner, false)?;
        }
    }
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        let owner = format!("{owner}, property {key}");
        enums(contract, &owner, &[path, &["properties", key]].concat(), inner, false)?;
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        for inner in schema[key].as_array().into_iter().flatten() {
            enums(contract, owner, &[path, &[key]].concat(), inner, false)?;
        }
    }
    Ok(())
}

/// A nullable enum repeats the values of the enum it is the nullable form of.
fn nullable_enums(contract: &Contract) -> Result<(), ContractError> {
    for (name, schema) in contract.schemas() {
        if schema["nullable"] != true || schema.get("x-extensible-enum").is_none() {
            continue;
        }
        let plain = name.strip_prefix("Nullable").and_then(|plain| contract.schemas().get(plain));
        if plain.map(|p| &p["x-extensible-enum"]) != Some(&schema["x-extensible-enum"]) {
            return Err(contract.error(
                &["components", "schemas", name],
                format!(
                    "schema {name}: a nullable enum is named Nullable<Name> and has the values of the schema <Name>"
                ),
            ));
        }
    }
    Ok(())
}

/// An operation's successful answers share one type, and so do its refusals.
fn response_types(contract: &Contract, operation: &str, path: &[&str], value: &Value) -> Result<(), ContractError> {
    let responses = value["responses"].as_object();
    let of_class = |success: bool| {
        let mut types: Vec<(&str, &Value)> = Vec::new();
        for (status, response) in responses.into_iter().flatten() {
            if status.starts_with('2') == success {
                types.push((status, &contract.resolve(response)["content"]["application/json"]["schema"]));
            }
        }
        types
    };
    for success in [true, false] {
        let types = of_class(success);
        let kind = if success { "successful" } else { "error" };
        let Some((first_status, first)) = types.first() else {
            if success {
                return Err(contract.error(path, format!("operation {operation} has no successful response")));
            }
            continue;
        };
        if schema_name(first).is_none() {
            return Err(contract.error(
                path,
                format!("operation {operation}: response {first_status} needs a JSON body whose schema is a $ref to a named schema"),
            ));
        }
        if let Some((status, _)) = types.iter().find(|(_, schema)| schema != first) {
            return Err(contract.error(
                path,
                format!("operation {operation}: the {kind} responses {first_status} and {status} have different types"),
            ));
        }
        for (_, schema) in types {
            unconstrained(contract, &mut Vec::new(), schema)?;
        }
    }
    Ok(())
}

/// No schema that a response is made of can reject a value.
fn unconstrained<'a>(contract: &'a Contract, seen: &mut Vec<&'a str>, schema: &'a Value) -> Result<(), ContractError> {
    match schema {
        Value::Object(map) => {
            if let Some(name) = schema_name(schema) {
                if seen.contains(&name) {
                    return Ok(());
                }
                seen.push(name);
                let target = &contract.schemas()[name];
                let limit = CONSTRAINTS.iter().find(|c| has_constraint(target, c));
                if let Some(limit) = limit {
                    return Err(contract.error(
                        &["components", "schemas", name],
                        format!(
                            "schema {name} is part of a response, and {limit} could reject one; keep limits on requests"
                        ),
                    ));
                }
                return unconstrained(contract, seen, target);
            }
            map.values().try_for_each(|inner| unconstrained(contract, seen, inner))
        }
        Value::Array(items) => items.iter().try_for_each(|inner| unconstrained(contract, seen, inner)),
        _ => Ok(()),
    }
}

/// Whether a schema, or one inside it, has this keyword.
fn has_constraint(schema: &Value, keyword: &str) -> bool {
    let inner = schema["properties"].as_object().into_iter().flat_map(|p| p.values());
    schema.get(keyword).is_some()
        || schema.get("items").is_some_and(|items| has_constraint(items, keyword))
        || inner.into_iter().any(|property| has_constraint(property, keyword))
}

/// A request body is a named schema, whose nullable fields can be cleared, and whose optional ones can be left out.
fn request_body(contract: &Contract, operation: &str, path: &[&str], value: &Value) -> Result<(), ContractError> {
    if value.get("requestBody").is_none() {
        return Ok(());
    }
    let Some(name) = body_schema(value).and_then(schema_name) else {
        return Err(contract.error(
            path,
            format!("operation {operation}: the request body needs a JSON schema that is a $ref to a named schema"),
        ));
    };
    let properties = contract.schemas()[name]["properties"].as_object();
    for (field, schema) in properties.into_iter().flatten() {
        let place = ["components", "schemas", name, "properties", field];
        if schema["nullable"] == true {
            return Err(contract.error(
                &place,
                format!(
                    "schema {name}, property {field}: operation {operation} could never clear it; make it a $ref to a \
                     named schema with nullable: true"
                ),
            ));
        }
        if schema.get("default").is_some() {
            return Err(contract.error(
                &place,
                format!("schema {name}, property {field}: with a default, operation {operation} would always send it"),
            ));
        }
    }
    Ok(())
}
