//! What the JSON Schemas of the models cannot derive from the Rust types.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::nullable::Nullable;

/// A string whose known values are told, and that may have others: the API adds some without notice.
pub(crate) fn open_enum(description: &str, known: &[&str]) -> Schema {
    json_schema!({
        "description": description,
        "anyOf": [
            {"type": "string", "enum": known},
            {"type": "string", "description": "A value that this version does not know."},
        ],
    })
}

/// A value or null. Unlike an `Option`, a field of this type is required.
impl<T: JsonSchema> JsonSchema for Nullable<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Option::<T>::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        Option::<T>::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Option::<T>::json_schema(generator)
    }
}
