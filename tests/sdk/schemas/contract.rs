//! The contract's schemas, as they stand and as validators.

use jsonschema::Validator;
use serde_json::{Map, Value, json};

pub use crate::common::contract::{resolved, schemas};

/// The name and the schema of each property.
pub fn properties(schema: &'static Value) -> impl Iterator<Item = (&'static String, &'static Value)> {
    schema.get("properties").and_then(Value::as_object).into_iter().flatten()
}

pub fn is_required(schema: &Value, property: &str) -> bool {
    schema["required"].as_array().is_some_and(|names| names.iter().any(|name| name == property))
}

pub fn is_nullable(schema: &Value) -> bool {
    schema["nullable"] == true
}

/// The schema of this name as a validator.
pub fn validator(name: &str) -> Validator {
    let options = jsonschema::draft202012::options().should_validate_formats(true);
    options.build(&translated(&schemas()[name])).expect("a schema")
}

/// The schema as JSON Schema 2020-12, without references.
fn translated(schema: &'static Value) -> Value {
    let schema = resolved(schema);
    match schema {
        Value::Object(keywords) => {
            let translate = |(name, value): (&String, &'static Value)| (name.clone(), translated(value));
            let mut translation: Map<_, _> = keywords.iter().map(translate).collect();
            if is_nullable(schema) {
                translation["type"] = json!([schema["type"], "null"]);
            }
            if schema["exclusiveMinimum"] == true {
                translation["exclusiveMinimum"] = schema["minimum"].clone();
            }
            translation.into()
        }
        Value::Array(items) => items.iter().map(translated).collect(),
        other => other.clone(),
    }
}
