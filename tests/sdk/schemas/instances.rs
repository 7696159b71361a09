//! What the contract allows is read without loss, and what it forbids the derived schemas forbid too.

use std::cell::Cell;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::common::property::run;
use crate::schemas::contract::{is_nullable, is_required, properties, resolved, schemas, validator};
use crate::schemas::random::instances;
use crate::schemas::requests::is_request;
use crate::schemas::{broken, models};

/// What the contract knows of a value, written so that two of the same meaning are equal.
pub fn known(schema: &'static Value, value: &Value) -> Value {
    let schema = resolved(schema);
    match value {
        Value::Object(object) if schema.get("properties").is_some() => {
            let mut fields = Map::new();
            for (name, property) in properties(schema) {
                // Such a field may be missing or null, which says the same. Only a reference keeps them apart.
                let optional = !is_required(schema, name) && is_nullable(property);
                let field = object.get(name).filter(|value| !(optional && value.is_null()));
                fields.extend(field.map(|value| (name.clone(), known(property, value))));
            }
            fields.into()
        }
        Value::Array(items) => items.iter().map(|item| known(&schema["items"], item)).collect(),
        Value::String(text) if schema["format"] == "date-time" => {
            let time: DateTime<Utc> = text.parse().expect("a time");
            json!(time.to_rfc3339())
        }
        Value::Number(number) if schema["type"] == "number" => json!(number.as_f64()),
        other => other.clone(),
    }
}

#[test]
fn what_the_contract_allows_is_valid_and_read_without_loss() {
    for model in models::all() {
        let schema = &schemas()[model.name];
        let (contract, derived) = (validator(model.name), model.validators());
        run(40, instances(schema, !is_request(model.name)), |instance| {
            let text = instance.to_string();
            // Not the instance itself: a number may change in its last digit when it is read.
            let read: Value = serde_json::from_str(&text).expect("JSON");
            let again = (model.round_trip)(&text).unwrap_or_else(|error| panic!("{}: {error}", model.name));
            assert_eq!(known(schema, &again), known(schema, &read), "{}", model.name);
            for value in [&read, &again] {
                assert!(contract.is_valid(value), "{}: {value}", model.name);
                assert!(derived.iter().all(|schema| schema.is_valid(value)), "{}: {value}", model.name);
            }
        });
    }
}

#[test]
fn what_the_contract_forbids_is_not_valid() {
    let count = Cell::new(0);
    for model in models::all() {
        let schema = &schemas()[model.name];
        let (contract, derived) = (validator(model.name), model.validators());
        run(20, instances(schema, false), |instance| {
            for (place, value) in broken::variants(schema, instance) {
                assert!(!contract.is_valid(&value), "{}{place}: {value}", model.name);
                assert!(derived.iter().all(|schema| !schema.is_valid(&value)), "{}{place}: {value}", model.name);
                count.set(count.get() + 1);
            }
        });
    }
    assert!(count.get() > 500, "{}", count.get());
}
