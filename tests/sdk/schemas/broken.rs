//! Instances that break their schema in one place.

use serde_json::{Map, Value, json};

use crate::schemas::contract::{is_nullable, is_required, properties, resolved};

/// A value for each way to break one rule of the schema, with the place of the rule.
pub fn variants(schema: &'static Value, instance: &Value) -> Vec<(String, Value)> {
    let schema = resolved(schema);
    let kind = schema["type"].as_str().expect("a type");
    let others = [json!(null), json!(true), json!(1), json!(0.5), json!("text"), json!([]), json!({})];
    let is_other = |other: &Value| match other {
        Value::Null => !is_nullable(schema),
        Value::Bool(_) => kind != "boolean",
        Value::Number(number) => kind != "number" && (kind != "integer" || number.is_f64()),
        Value::String(_) => kind != "string",
        Value::Array(_) => kind != "array",
        Value::Object(_) => kind != "object",
    };
    let mut broken: Vec<_> = others.into_iter().filter(is_other).map(|other| (format!("={other}"), other)).collect();
    match instance {
        Value::String(text) => broken.extend(strings(schema, text)),
        Value::Number(_) => broken.extend(numbers(schema)),
        Value::Array(items) => broken.extend(arrays(schema, items)),
        Value::Object(object) => broken.extend(objects(schema, object)),
        Value::Null | Value::Bool(_) => {}
    }
    broken
}

fn strings(schema: &Value, text: &str) -> Vec<(String, Value)> {
    let mut broken = Vec::new();
    if schema["minLength"].as_u64().is_some_and(|least| least > 0) {
        broken.push((" too short".to_owned(), json!("")));
    }
    if let Some(most) = schema["maxLength"].as_u64() {
        broken.push((" too long".to_owned(), json!("é".repeat(most as usize + 1))));
    }
    if schema.get("pattern").is_some() || schema.get("format").is_some() {
        broken.push((" of another form".to_owned(), json!(format!("{text}-!"))));
    }
    broken
}

fn numbers(schema: &Value) -> Vec<(String, Value)> {
    let mut broken = Vec::new();
    if let Some(least) = schema["minimum"].as_f64() {
        let below = if schema["exclusiveMinimum"] == true { least } else { least - 0.00001 };
        broken.push((" too small".to_owned(), json!(below)));
    }
    if let Some(most) = schema["maximum"].as_f64() {
        broken.push((" too large".to_owned(), json!(most + 0.00001)));
    }
    broken
}

fn arrays(schema: &'static Value, items: &[Value]) -> Vec<(String, Value)> {
    let mut broken = Vec::new();
    if schema["minItems"].as_u64().is_some_and(|least| least > 0) {
        broken.push((" too few".to_owned(), json!([])));
    }
    if let (Some(most), Some(item)) = (schema["maxItems"].as_u64(), items.first()) {
        broken.push((" too many".to_owned(), vec![item.clone(); most as usize + 1].into()));
    }
    if let Some((first, rest)) = items.split_first() {
        for (place, item) in variants(&schema["items"], first) {
            broken.push((format!("[0]{place}"), [&[item], rest].concat().into()));
        }
    }
    broken
}

fn objects(schema: &'static Value, object: &Map<String, Value>) -> Vec<(String, Value)> {
    let mut broken = Vec::new();
    for (name, property) in properties(schema) {
        let Some(value) = object.get(name) else { continue };
        if is_required(schema, name) {
            let mut without = object.clone();
            without.remove(name);
            broken.push((format!(".{name} missing"), without.into()));
        }
        for (place, value) in variants(property, value) {
            let mut changed = object.clone();
            changed[name] = value;
            broken.push((format!(".{name}{place}"), changed.into()));
        }
    }
    broken
}
