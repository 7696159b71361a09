//! What the bodies of requests and responses must keep to.

use std::collections::BTreeMap;

use serde_json::Value;

use super::contract::{Contract, ContractError, Operation, Place, each_schema, schema_name};

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

/// An operation's successful answers share one type, and so do its refusals; none of their schemas refuses a value.
pub fn responses(contract: &Contract, op: &Operation<'_>) -> Result<(), ContractError> {
    let mut types: BTreeMap<bool, (&str, &str)> = BTreeMap::new();
    for (status, response) in op.value["responses"].as_object().into_iter().flatten() {
        let place = op.place().join(&["responses", status]);
        let schema = json_schema(contract, &place, contract.resolve(response))?;
        let success = status.starts_with('2');
        let (first, expected) = *types.entry(success).or_insert((status, schema));
        if schema != expected {
            let kind = if success { "successful" } else { "error" };
            let message =
                format!("is a {schema}, and response {first} a {expected}; all {kind} responses need one type");
            return Err(contract.error(&place, message));
        }
    }
    let Some((_, success)) = types.get(&true) else {
        return Err(contract.error(&op.place(), "has no successful response"));
    };
    let error = types.get(&false).map(|(_, schema)| *schema);
    for name in [*success].into_iter().chain(error).flat_map(|name| contract.made_of(name)) {
        each_schema(&Place::schema(name), contract.schema(name), &mut |place, schema| {
            let Some(limit) = CONSTRAINTS.into_iter().find(|limit| schema.get(limit).is_some()) else {
                return Ok(());
            };
            let message = format!("{limit} could refuse a response it is part of; keep limits on requests");
            Err(contract.error(&place.join(&[limit]), message))
        })?;
    }
    Ok(())
}

/// A request body is a named object, whose nullable fields can be cleared, whose optional ones can be left out, and
/// whose limits are all checked.
pub fn request(contract: &Contract, op: &Operation<'_>) -> Result<(), ContractError> {
    let Some(body) = op.value.get("requestBody") else {
        return Ok(());
    };
    let body_name = json_schema(contract, &op.place().join(&["requestBody"]), body)?;
    let body = contract.schema(body_name);
    let Some(properties) = body["properties"].as_object().filter(|_| body["type"] == "object") else {
        let message = "a request body has to be of type object, with properties";
        return Err(contract.error(&Place::schema(body_name), message));
    };
    let fields: Vec<&str> = properties.values().filter_map(schema_name).collect();
    for name in contract.made_of(body_name) {
        let root = Place::schema(name);
        each_schema(&root, contract.schema(name), &mut |place, schema| {
            let inner = &place.keys()[root.keys().len()..];
            if matches!(inner, [.., "properties", _]) && schema["nullable"] == true {
                let message = "null could never be sent; make it a $ref to a named schema with nullable: true";
                return Err(contract.error(place, message));
            }
            if schema.get("default").is_some() {
                let message = "with a default, a request that leaves it out would send it";
                return Err(contract.error(&place.join(&["default"]), message));
            }
            let checked = match inner {
                [] => fields.contains(&name),
                ["properties", _] => name == body_name,
                _ => false,
            };
            let unchecked = CONSTRAINTS
                .into_iter()
                .find(|limit| schema.get(limit).is_some() && (!checked || *limit == "multipleOf"));
            match unchecked {
                Some(limit) => {
                    let message =
                        format!("{limit} would not be checked here; only the limits of a body's own fields are");
                    Err(contract.error(&place.join(&[limit]), message))
                }
                None => Ok(()),
            }
        })?;
    }
    Ok(())
}

/// The named schema of a body that is JSON and nothing else, and that has an example.
fn json_schema<'a>(contract: &'a Contract, place: &Place, body: &'a Value) -> Result<&'a str, ContractError> {
    let media = &body["content"]["application/json"];
    let only = body["content"].as_object().is_some_and(|content| content.len() == 1);
    let name = schema_name(&media["schema"]).filter(|_| only).ok_or_else(|| {
        contract
            .error(place, "needs application/json and no other content, with a schema that is a $ref to a named one")
    })?;
    if media.get("example").is_none() {
        return Err(contract.error(place, "needs an example, which the tests replay"));
    }
    Ok(name)
}
