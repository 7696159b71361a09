//! What a schema means all the way down, written in one way: for what is compared as a whole.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::document::{Document, reference};
use super::limits::Limits;
use super::reading::{canonical, shape};
use super::shape::{Additional, Null, Values, type_text};

/// What each of some alternatives means.
pub fn meanings(document: &Document, alternatives: &[Value]) -> BTreeSet<String> {
    alternatives.iter().map(|schema| meaning(document, schema, &mut Vec::new()).to_string()).collect()
}

/// The same for values of which nothing is known but that there may be schemas in them.
pub fn all_meanings(document: &Document, values: &[Value]) -> BTreeSet<String> {
    values.iter().map(|value| loosely(document, value).to_string()).collect()
}

/// Keywords of which no name of one's own is likely, so that what has them is a schema.
const TELLING: [&str; 8] = ["$ref", "type", "allOf", "anyOf", "oneOf", "const", "enum", "properties"];

fn loosely(document: &Document, value: &Value) -> Value {
    match value {
        Value::Object(map) if TELLING.iter().any(|key| map.contains_key(*key)) => {
            meaning(document, value, &mut Vec::new())
        }
        Value::Object(map) => map.iter().map(|(key, inner)| (key.clone(), loosely(document, inner))).collect(),
        Value::Array(items) => items.iter().map(|inner| loosely(document, inner)).collect(),
        other => canonical(other),
    }
}

fn meaning(document: &Document, schema: &Value, inside: &mut Vec<String>) -> Value {
    let depth = inside.len();
    if let Some(reference) = reference(schema) {
        if let Some(level) = inside.iter().position(|outer| outer == reference) {
            return json!({ "again": depth - level });
        }
        inside.push(reference.to_owned());
    }
    let shape = shape(document, schema);
    let mut fields = Map::new();
    for (name, field) in &shape.fields {
        let name = format!("{name}{}", if field.required { "" } else { "?" });
        fields.insert(name, meaning(document, &field.schema, inside));
    }
    let items = shape.items.as_ref().map(|items| meaning(document, items, inside));
    let additional = match &shape.additional {
        Additional::Anything => None,
        Additional::Nothing => Some(json!("refused")),
        Additional::Schema(inner) => Some(meaning(document, inner, inside)),
    };
    let alternatives = shape.alternatives.iter();
    let alternatives: BTreeSet<String> =
        alternatives.map(|schema| meaning(document, schema, inside).to_string()).collect();
    inside.truncate(depth);
    let limits = shape.limits.changes(&Limits::default()).into_iter();
    let limits: Map<_, _> = limits.map(|(keyword, value, ..)| (keyword.to_owned(), json!(value))).collect();
    let others = shape.others.iter().map(|(key, values)| (key.clone(), json!(all_meanings(document, values))));
    let flag = |is: bool| json!(is.then_some(true));
    let parts = [
        ("type", json!(type_text(shape.types.as_ref()))),
        ("nullable", flag(shape.null != Null::Refused)),
        ("format", json!(shape.formats.iter().cloned().reduce(|all, format| format!("{all} and {format}")))),
        ("enum", json!(shape.values.as_ref().map(Values::text))),
        ("limits", limits.into()),
        ("default", json!(shape.default)),
        ("deprecated", flag(shape.deprecated)),
        ("readOnly", flag(shape.read_only)),
        ("writeOnly", flag(shape.write_only)),
        ("fields", fields.into()),
        ("items", json!(items)),
        ("additional", json!(additional)),
        ("alternatives", json!(alternatives)),
        ("others", others.collect::<Map<_, _>>().into()),
        ("unreadable", json!(shape.unreadable)),
    ];
    let says = |value: &Value| !(value.is_null() || *value == json!([]) || *value == json!({}));
    parts.into_iter().filter(|(_, value)| says(value)).map(|(key, value)| (key.to_owned(), value)).collect()
}
