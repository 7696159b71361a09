//! What a contract must keep to, checked before progenitor sees it, because progenitor says little or nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::contract::{Contract, ContractError, Operation, Place, each_schema};
use super::emit::{header_constant, variant};
use super::{lint_bodies, lint_examples, lint_keywords, lint_schemas, lint_security};

/// Checks every rule that the head of the contract states, and what the generated code relies on.
pub fn check(contract: &Contract) -> Result<(), ContractError> {
    lint_keywords::check(contract)?;
    servers(contract)?;
    references(contract, &Place::new(&[]), &contract.root)?;
    operation_ids(contract)?;
    lint_security::check(contract)?;
    for (name, schema) in contract.schemas() {
        let place = Place::schema(name);
        schema_name(contract, &place, name)?;
        each_schema(&place, schema, &mut |place, schema| open_enum(contract, place, schema))?;
        nullable_enum(contract, &place, name, schema)?;
    }
    lint_schemas::check(contract)?;
    well_formed(contract)?;
    header_names(contract)?;
    for op in contract.operations() {
        path_parameters(contract, &op)?;
        for (place, parameter) in parameters(contract, &op) {
            let place = place.join(&["schema"]);
            each_schema(&place, &parameter["schema"], &mut |place, schema| open_enum(contract, place, schema))?;
        }
        lint_bodies::responses(contract, &op)?;
        lint_bodies::request(contract, &op)?;
    }
    lint_examples::check(contract)
}

/// There is a server, whose URL the client puts in front of the paths as it is.
fn servers(contract: &Contract) -> Result<(), ContractError> {
    let place = Place::new(&["servers"]);
    match contract.root["servers"][0]["url"].as_str() {
        Some(url) if !url.is_empty() && !url.ends_with('/') => {}
        _ => return Err(contract.error(&place, "the first one needs a url, which does not end in a slash")),
    }
    for (index, server) in contract.root["servers"].as_array().into_iter().flatten().enumerate() {
        let url = server["url"].as_str().unwrap_or_default();
        let host = ["https://", "http://"].iter().find_map(|scheme| url.strip_prefix(scheme));
        if host.is_none_or(|host| host.is_empty() || host.starts_with('/')) || url.contains('{') {
            let message = format!("`{url}` is no absolute URL: it needs https://, a host, and no variables");
            return Err(contract.error(&place.join(&[&index.to_string(), "url"]), message));
        }
    }
    Ok(())
}

/// Every `$ref` leads to a component of this document.
fn references(contract: &Contract, place: &Place, value: &Value) -> Result<(), ContractError> {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(target)) = map.get("$ref") {
                let place = place.join(&["$ref"]);
                let refuse = |why: &str| Err(contract.error(&place, format!("$ref {target} {why}")));
                let Some(pointer) = target.strip_prefix('#') else {
                    return refuse("leads to another file; the contract has to be in one");
                };
                let Some(found) = contract.root.pointer(pointer) else {
                    return refuse("leads nowhere");
                };
                let component = pointer.strip_prefix("/components/").and_then(|rest| rest.split_once('/'));
                if component.is_none_or(|(_, name)| name.contains('/')) {
                    return refuse("leads into something; make what it needs a component with a name");
                }
                if found.get("$ref").is_some() {
                    return refuse("leads to another $ref; name what that one leads to");
                }
                if map.len() > 1 {
                    return refuse("has keys beside it, which OpenAPI 3.0 ignores");
                }
            }
            let inside_properties = place.keys().last() == Some(&"properties");
            let is_example = |key: &str| key == "example" && !inside_properties;
            map.iter()
                .filter(|(key, _)| !is_example(key))
                .try_for_each(|(key, inner)| references(contract, &place.join(&[key]), inner))
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| references(contract, &place.join(&[&index.to_string()]), item)),
        _ => Ok(()),
    }
}

/// Every operation has an id of its own that can name a Rust function.
fn operation_ids(contract: &Contract) -> Result<(), ContractError> {
    let mut seen: BTreeMap<&str, Operation<'_>> = BTreeMap::new();
    for op in contract.operations() {
        let Some(id) = op.value["operationId"].as_str() else {
            return Err(contract.error(&op.place(), "needs an operationId, in snake_case"));
        };
        let place = op.place().join(&["operationId"]);
        let word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        if !id.starts_with(|c: char| c.is_ascii_lowercase()) || !id.split('_').all(word) {
            return Err(contract.error(&place, format!("the operationId of {} is not snake_case", op.endpoint())));
        }
        if let Some(other) = seen.get(id) {
            let line = contract.line_of(&other.place().join(&["operationId"])).unwrap_or_default();
            let message = format!("{} has the operationId of {} (line {line})", op.endpoint(), other.endpoint());
            return Err(contract.error(&place, message));
        }
        seen.insert(id, op);
    }
    if seen.is_empty() {
        return Err(contract.error(&Place::new(&["paths"]), "the contract has no operations"));
    }
    Ok(())
}

/// The parts are OpenAPI, one by one: an error about the whole document could not say where it is.
fn well_formed(contract: &Contract) -> Result<(), ContractError> {
    let check = |place: Place, result: serde_json::Result<()>| {
        result.map_err(|e| contract.error(&place, format!("is not OpenAPI 3.0: {e}")))
    };
    for op in contract.operations() {
        check(op.place(), serde_json::from_value::<openapiv3::Operation>(op.value.clone()).map(drop))?;
    }
    for (name, schema) in contract.schemas() {
        check(Place::schema(name), serde_json::from_value::<openapiv3::Schema>(schema.clone()).map(drop))?;
    }
    let parameters = contract.root["components"]["parameters"].as_object();
    for (name, parameter) in parameters.into_iter().flatten() {
        let place = Place::new(&["components", "parameters", name]);
        check(place, serde_json::from_value::<openapiv3::Parameter>(parameter.clone()).map(drop))?;
    }
    Ok(())
}

/// The parameters in the path are the ones that the operation declares.
fn path_parameters(contract: &Contract, op: &Operation<'_>) -> Result<(), ContractError> {
    let parameters = parameters(contract, op);
    let in_path = parameters.iter().filter(|(_, p)| p["in"] == "path");
    let declared: BTreeSet<&str> = in_path.filter_map(|(_, p)| p["name"].as_str()).collect();
    let segments = op.path.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    let named: BTreeSet<&str> = segments.map(|(name, _)| name).collect();
    match declared.symmetric_difference(&named).next() {
        Some(name) => {
            Err(contract.error(&op.place(), format!("`{name}` has to be in the path and a parameter with in: path")))
        }
        None => Ok(()),
    }
}

/// A header parameter can name a Rust constant.
fn header_names(contract: &Contract) -> Result<(), ContractError> {
    let parameters = contract.root["components"]["parameters"].as_object();
    let mut seen = BTreeMap::new();
    for (key, parameter) in parameters.into_iter().flatten().filter(|(_, p)| p["in"] == "header") {
        let place = Place::new(&["components", "parameters", key, "name"]);
        let name = parameter["name"].as_str().unwrap_or_default();
        let constant = header_constant(name);
        let letters = constant.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !letters || !constant.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let message =
                format!("the header name `{name}` is not of letters, digits and hyphens, starting with a letter");
            return Err(contract.error(&place, message));
        }
        if let Some(other) = seen.insert(constant, key) {
            return Err(contract.error(&place, format!("has the header name of parameter {other}")));
        }
    }
    Ok(())
}

/// A schema's name is a Rust type's as progenitor would write it: it changes others, and then finds nothing under them.
fn schema_name(contract: &Contract, place: &Place, name: &str) -> Result<(), ContractError> {
    let letters: Vec<char> = name.chars().collect();
    let camel = name.starts_with(|c: char| c.is_ascii_uppercase())
        && letters.iter().all(char::is_ascii_alphanumeric)
        && !letters.windows(2).any(|pair| pair.iter().all(char::is_ascii_uppercase));
    if !camel || ["Option", "Result", "Self", "String"].contains(&name) {
        return Err(contract.error(place, "the name has to be UpperCamelCase, as in ApiKey, and none that Rust uses"));
    }
    Ok(())
}

/// No enum is closed; an open one is a named schema whose values can name the variants of a Rust enum.
fn open_enum(contract: &Contract, place: &Place, schema: &Value) -> Result<(), ContractError> {
    if schema.get("enum").is_some() {
        return Err(contract.error(
            &place.join(&["enum"]),
            "a closed enum would refuse values added later; use a named schema of type string with x-extensible-enum",
        ));
    }
    let Some(values) = schema.get("x-extensible-enum") else {
        return Ok(());
    };
    let place = &place.join(&["x-extensible-enum"]);
    let named = matches!(place.keys().as_slice(), ["components", "schemas", _, _]);
    if !named || schema["type"] != "string" {
        return Err(contract.error(place, "an x-extensible-enum has to be a named schema of type string"));
    }
    let values: Option<Vec<&str>> = values.as_array().and_then(|list| list.iter().map(Value::as_str).collect());
    let Some(values) = values.filter(|values| !values.is_empty()) else {
        return Err(contract.error(place, "an x-extensible-enum has to be a list of strings"));
    };
    let mut seen = BTreeMap::from([("Other".to_owned(), "any value that is unknown")]);
    for (index, value) in values.into_iter().enumerate() {
        let place = &place.join(&[&index.to_string()]);
        let name = variant(value);
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || name == "Self" {
            let message = format!("the value `{value}` cannot name a Rust variant; left out, it reads as Other");
            return Err(contract.error(place, message));
        }
        if let Some(other) = seen.get(&name) {
            let message = format!("`{value}` would be the variant {name}, like {other}; left out, it reads as Other");
            return Err(contract.error(place, message));
        }
        seen.insert(name, value);
    }
    Ok(())
}

/// A nullable enum repeats the values of the enum it is the nullable form of.
fn nullable_enum(contract: &Contract, place: &Place, name: &str, schema: &Value) -> Result<(), ContractError> {
    let values = schema.get("x-extensible-enum");
    if schema["nullable"] != true || values.is_none() {
        return Ok(());
    }
    let plain = name.strip_prefix("Nullable").and_then(|plain| contract.schemas().get(plain));
    let plain = plain.filter(|plain| plain["nullable"] != true);
    if plain.and_then(|plain| plain.get("x-extensible-enum")) != values {
        return Err(contract.error(
            &place.join(&["x-extensible-enum"]),
            "a nullable enum has to be named Nullable<Name>, and to have the values of the schema <Name>",
        ));
    }
    Ok(())
}

/// The parameters of the path and of the operation, each with the place of what it is or refers to.
fn parameters<'a>(contract: &'a Contract, op: &Operation<'a>) -> Vec<(Place, &'a Value)> {
    let of_path = (Place::new(&["paths", op.path, "parameters"]), op.item.get("parameters"));
    let of_operation = (op.place().join(&["parameters"]), op.value.get("parameters"));
    let mut found = Vec::new();
    for (place, list) in [of_path, of_operation] {
        for (index, parameter) in list.and_then(Value::as_array).into_iter().flatten().enumerate() {
            let target = parameter["$ref"].as_str().and_then(|r| r.strip_prefix("#/"));
            let place = match target {
                Some(target) => Place::new(&target.split('/').collect::<Vec<_>>()),
                None => place.join(&[&index.to_string()]),
            };
            found.push((place, contract.resolve(parameter)));
        }
    }
    found
}
