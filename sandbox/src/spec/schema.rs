//! The contract's schemas as validators.

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde_json::{Map, Value, json};

use crate::spec::refusal::Refusal;

/// Stands in messages for the value itself, which may be a megabyte long.
const PLACEHOLDER: &str = "the value";

/// A schema of the contract, compiled.
#[derive(Debug)]
pub(crate) struct Schema(Validator);

impl Schema {
    /// Compiles an OpenAPI 3.0 schema without references.
    ///
    /// OpenAPI 3.0 grew out of JSON Schema draft 4, boolean `exclusiveMinimum` included, and so needs few changes.
    pub(crate) fn compile(openapi: &Value) -> Result<Self, String> {
        jsonschema::draft4::options()
            .build(&translate(openapi))
            .map(Self)
            .map_err(|error| format!("invalid schema at {}: {error}", error.instance_path()))
    }

    /// Checks a value. `name` is the parameter's name, or empty for a body, whose fields have names of their own.
    pub(crate) fn check(&self, name: &str, value: &Value) -> Result<(), Refusal> {
        let Err(error) = self.0.validate(value) else {
            return Ok(());
        };
        let path = error.instance_path().to_string().replace('/', ".");
        let path = format!("{name}{path}");
        let mut field = path.trim_start_matches('.');
        let mut message = error.masked_with(PLACEHOLDER).to_string();
        if let ValidationErrorKind::Required { property } = error.kind() {
            field = property.as_str().unwrap_or(field);
            message = "a required field is missing".to_owned();
        }
        if field.is_empty() {
            field = "body";
        }
        Err(Refusal::bad_request(format!("{field}: {message}"))
            .with_metadata(json!({"field": field, "rule": error.kind().keyword()})))
    }
}

/// What OpenAPI 3.0 says differently from JSON Schema draft 4.
fn translate(openapi: &Value) -> Value {
    match openapi {
        Value::Object(schema) => {
            let mut schema: Map<String, Value> =
                schema.iter().map(|(keyword, value)| (keyword.clone(), translate(value))).collect();
            if schema.get("nullable") == Some(&Value::Bool(true))
                && let Some(kind) = schema.get_mut("type")
            {
                *kind = json!([kind.take(), "null"]);
            }
            if schema.get("format").and_then(Value::as_str) == Some("int64") {
                schema.entry("minimum").or_insert(i64::MIN.into());
                schema.entry("maximum").or_insert(i64::MAX.into());
            }
            Value::Object(schema)
        }
        Value::Array(items) => items.iter().map(translate).collect(),
        other => other.clone(),
    }
}
