//! What a schema must keep to by itself: a type, a format that the type has, names that it has properties for, limits
//! that something can keep to.

use std::collections::BTreeSet;

use serde_json::Value;

use super::contract::{Contract, ContractError, Place, schema_name};
use super::fits;
use super::grammar::{Object, each_object};
use super::nearest::hint;
use super::schema_types::{TYPES, foreign_to, formats, type_of};

/// Every schema of the contract says something that makes sense.
pub fn check(contract: &Contract) -> Result<(), ContractError> {
    for (name, schema) in contract.schemas() {
        if consists_of(contract, schema, name, &mut BTreeSet::new()) {
            return Err(contract.error(&Place::schema(name), "the schema consists of itself"));
        }
    }
    each_object(contract, &mut |kind, place, schema| {
        if kind != Object::Schema {
            return Ok(());
        }
        types(contract, place, schema)?;
        // The parts of an `allOf` share their properties, so the whole is looked at.
        if !matches!(place.keys().as_slice(), [.., "allOf", _]) {
            required(contract, place, schema, &properties(contract, schema))?;
        }
        counts(contract, place, schema)?;
        range(contract, place, schema)?;
        pattern(contract, place, schema)?;
        defaults(contract, place, schema)
    })
}

/// Whether a schema is made of the one with this name, which is more than to have it in a field.
fn consists_of<'a>(contract: &'a Contract, schema: &'a Value, name: &str, seen: &mut BTreeSet<&'a str>) -> bool {
    let parts = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|key| schema[key].as_array()).flatten();
    parts.chain(schema.get("not")).any(|part| match schema_name(part) {
        Some(inner) => {
            inner == name || (seen.insert(inner) && consists_of(contract, contract.schema(inner), name, seen))
        }
        None => consists_of(contract, part, name, seen),
    })
}

/// There is a known type, with a format and keywords that belong to it; only what is made of other schemas needs none.
fn types(contract: &Contract, place: &Place, schema: &Value) -> Result<(), ContractError> {
    let composed = ["allOf", "anyOf", "oneOf", "not"].iter().any(|key| schema.get(key).is_some());
    let name = match schema.get("type") {
        None if composed => return Ok(()),
        None => return Err(contract.error(place, format!("the schema needs a type: {}", TYPES.join(", ")))),
        Some(name) => name.as_str().unwrap_or_default(),
    };
    if !TYPES.contains(&name) {
        let name = schema["type"].as_str().map_or_else(|| schema["type"].to_string(), str::to_owned);
        let message = match type_of(&name) {
            Some(of) => format!("`{name}` is no type, but a format; did you mean `{of}`?"),
            None => format!("`{name}` is no type{}", hint(&name, TYPES)),
        };
        return Err(contract.error(&place.join(&["type"]), message));
    }
    if let Some(format) = schema["format"].as_str()
        && !formats(name).contains(&format)
    {
        let message = match type_of(format) {
            Some(of) => format!("`{format}` is no format of {name}, but of {of}"),
            None => format!("`{format}` is no format of {name}{}", hint(format, formats(name).iter().copied())),
        };
        return Err(contract.error(&place.join(&["format"]), message));
    }
    if let Some(keyword) = foreign_to(name).find(|keyword| schema.get(keyword).is_some()) {
        let message = format!("{keyword} says nothing of a value of type {name}");
        return Err(contract.error(&place.join(&[keyword]), message));
    }
    if name == "array" && schema.get("items").is_none() {
        return Err(contract.error(place, "an array needs `items`, which says what it holds"));
    }
    Ok(())
}

/// The names of all properties of a schema and of the schemas that it is made of.
pub fn properties<'a>(contract: &'a Contract, schema: &'a Value) -> BTreeSet<&'a str> {
    fn collect<'a>(
        contract: &'a Contract,
        schema: &'a Value,
        seen: &mut Vec<&'a Value>,
        names: &mut BTreeSet<&'a str>,
    ) {
        let schema = contract.resolve(schema);
        if seen.iter().any(|other| std::ptr::eq(*other, schema)) {
            return;
        }
        seen.push(schema);
        names.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()));
        for key in ["allOf", "anyOf", "oneOf"] {
            schema[key].as_array().into_iter().flatten().for_each(|part| collect(contract, part, seen, names));
        }
    }
    let mut names = BTreeSet::new();
    collect(contract, schema, &mut Vec::new(), &mut names);
    names
}

/// What is required is a property, and named once; what always has a value is required.
fn required(
    contract: &Contract,
    place: &Place,
    schema: &Value,
    properties: &BTreeSet<&str>,
) -> Result<(), ContractError> {
    let mut seen = BTreeSet::new();
    for (index, name) in schema["required"].as_array().into_iter().flatten().enumerate() {
        let Some(name) = name.as_str() else { continue };
        let place = place.join(&["required", &index.to_string()]);
        if !properties.contains(name) {
            let message = format!("`{name}` is required and no property{}", hint(name, properties.iter().copied()));
            return Err(contract.error(&place, message));
        }
        if !seen.insert(name) {
            return Err(contract.error(&place, format!("`{name}` is required twice")));
        }
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if property.get("x-absent").is_some() && !seen.contains(name.as_str()) {
            let message = format!("with x-absent, `{name}` always has a value: put it in the list of what is required");
            return Err(contract.error(&place.join(&["properties", name, "x-absent"]), message));
        }
    }
    for (index, part) in schema["allOf"].as_array().into_iter().flatten().enumerate() {
        required(contract, &place.join(&["allOf", &index.to_string()]), part, properties)?;
    }
    Ok(())
}

/// Lengths are whole numbers, and the least of them is no more than the most.
fn counts(contract: &Contract, place: &Place, schema: &Value) -> Result<(), ContractError> {
    for (least, most) in [("minLength", "maxLength"), ("minItems", "maxItems"), ("minProperties", "maxProperties")] {
        for keyword in [least, most] {
            if schema.get(keyword).is_some_and(|value| value.as_u64().is_none()) {
                let message = format!("{keyword} has to be a whole number, and not below 0");
                return Err(contract.error(&place.join(&[keyword]), message));
            }
        }
        if let (Some(from), Some(to)) = (schema[least].as_u64(), schema[most].as_u64())
            && from > to
        {
            let message = format!("{least} is {from} and {most} {to}, so that nothing could keep to both");
            return Err(contract.error(&place.join(&[most]), message));
        }
    }
    Ok(())
}

/// Bounds are numbers with some number between them.
fn range(contract: &Contract, place: &Place, schema: &Value) -> Result<(), ContractError> {
    for keyword in ["minimum", "maximum", "multipleOf"] {
        if schema.get(keyword).is_some_and(|value| !value.is_number()) {
            return Err(contract.error(&place.join(&[keyword]), format!("{keyword} has to be a number")));
        }
    }
    if schema["multipleOf"].as_f64().is_some_and(|step| step <= 0.0) {
        return Err(contract.error(&place.join(&["multipleOf"]), "multipleOf has to be more than 0"));
    }
    for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        let Some(value) = schema.get(exclusive) else { continue };
        if !value.is_boolean() {
            let message = format!("{exclusive} is true or false in OpenAPI 3.0; the number is {bound}'s");
            return Err(contract.error(&place.join(&[exclusive]), message));
        }
        if schema.get(bound).is_none() {
            return Err(contract.error(&place.join(&[exclusive]), format!("{exclusive} says nothing without {bound}")));
        }
    }
    let (Some(least), Some(most)) = (schema["minimum"].as_f64(), schema["maximum"].as_f64()) else { return Ok(()) };
    let [above, below] = ["exclusiveMinimum", "exclusiveMaximum"].map(|keyword| schema[keyword] == true);
    let empty = if schema["type"] == "integer" {
        let least = if above { least.floor() + 1.0 } else { least.ceil() };
        let most = if below { most.ceil() - 1.0 } else { most.floor() };
        least > most
    } else {
        least > most || (least == most && (above || below))
    };
    if empty {
        let exclusive = |is: bool| if is { " (exclusive)" } else { "" };
        let [above, below] = [above, below].map(exclusive);
        let message =
            format!("minimum is {least}{above} and maximum {most}{below}, so that nothing could keep to both");
        return Err(contract.error(&place.join(&["maximum"]), message));
    }
    Ok(())
}

/// A pattern is one that the client can compile: one that it cannot would never be checked.
fn pattern(contract: &Contract, place: &Place, schema: &Value) -> Result<(), ContractError> {
    if let Some(words) = schema.get("x-pattern-words")
        && !(words.is_string() && schema.get("pattern").is_some())
    {
        let message = "x-pattern-words has to be a text, beside a pattern";
        return Err(contract.error(&place.join(&["x-pattern-words"]), message.to_owned()));
    }
    let Some(pattern) = schema.get("pattern") else { return Ok(()) };
    let refuse = |why: String| Err(contract.error(&place.join(&["pattern"]), why));
    match pattern.as_str().map(regex_lite::Regex::new) {
        Some(Ok(_)) => Ok(()),
        Some(Err(error)) => refuse(format!("the client cannot compile the pattern: {error}")),
        None => refuse("a pattern has to be a text".to_owned()),
    }
}

/// A default is a value that the schema allows.
fn defaults(contract: &Contract, place: &Place, schema: &Value) -> Result<(), ContractError> {
    for keyword in ["default", "x-null-means", "x-server-default", "x-absent"] {
        if let Some(value) = schema.get(keyword)
            && let Err(misfit) = fits::check(contract, schema, value)
        {
            let place = place.join(&[keyword]).join(&misfit.keys());
            return Err(contract.error(&place, format!("the {keyword} breaks its schema: {misfit}")));
        }
    }
    Ok(())
}
