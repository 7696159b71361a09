//! The JSON Schema of manifests, for editors.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema, schema_for};
use serde_json::{Map, Value, json};

use crate::manifest::{Manifest, Members, WorkspaceEntry, rules};

/// The JSON Schema of a manifest, made from the types: editors complete and check by it.
///
/// It does not know what only all files together show, such as a slug that is there twice, and takes a variable wherever
/// text may stand.
pub fn manifest_schema() -> Value {
    schema_for!(Manifest).to_value()
}

impl JsonSchema for Manifest {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Manifest".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut defaults = settings();
        defaults.retain(|field, _| !["name", "slug"].contains(&field.as_str()));
        let workspace = generator.subschema_for::<WorkspaceEntry>();
        json_schema!({
            "title": "Workspaces as code",
            "description": "OpenRouter workspaces as they are to be.",
            "type": ["object", "null"],
            "properties": {
                "$schema": {"type": "string", "description": "Where this schema is."},
                "defaults": {
                    "description": "Settings of all workspaces that do not say otherwise.",
                    "type": "object",
                    "properties": defaults,
                    "additionalProperties": false,
                },
                "workspaces": {"description": "The workspaces.", "type": "array", "items": workspace},
            },
            "additionalProperties": false,
        })
    }
}

impl JsonSchema for WorkspaceEntry {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Workspace".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut properties = settings();
        let mut before = properties.get("slug").cloned().unwrap_or_default();
        before["description"] = "The slug that it had before: it is renamed, and keeps its id.".into();
        properties.insert("renamed_from".to_owned(), before);
        properties.insert("members".to_owned(), json!(generator.subschema_for::<Members>()));
        properties.insert("budgets".to_owned(), budgets());
        json_schema!({
            "description": "A workspace. What is left out is not managed, and null clears what can be cleared.",
            "type": "object",
            "properties": properties,
            "required": ["slug"],
            "additionalProperties": false,
        })
    }
}

impl JsonSchema for Members {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Members".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let users = |description: &str| {
            let user = json!({"type": "string", "minLength": 1});
            json!({"description": description, "type": "array", "items": user, "uniqueItems": true})
        };
        json_schema!({
            "description": "The members, by the ids of users.",
            "anyOf": [
                users("Exactly these: all others are removed."),
                {
                    "type": "object",
                    "properties": {"include": users("These at least: nobody is removed.")},
                    "required": ["include"],
                    "additionalProperties": false,
                },
            ],
        })
    }
}

/// All that the contract lets an update change, each of which may be a variable.
fn settings() -> Map<String, Value> {
    rules::fields().iter().map(|(field, schema)| (field.clone(), or_variable(schema.clone()))).collect()
}

fn or_variable(mut schema: Value) -> Value {
    let description = schema.as_object_mut().and_then(|fields| fields.remove("description"));
    json!({
        "description": description,
        "anyOf": [schema, {"type": "string", "pattern": "\\$\\{", "description": "A variable of the environment."}],
    })
}

fn budgets() -> Value {
    let limit = |when: &str| {
        let description = format!("The limit {when}, in US dollars.");
        or_variable(json!({"description": description, "type": ["number", "null"], "exclusiveMinimum": 0}))
    };
    json!({
        "description": "The budgets, exactly these. Limits strictly decrease from lifetime to daily.",
        "type": "object",
        "properties": {
            "lifetime": limit("for all time"),
            "monthly": limit("for a month"),
            "weekly": limit("for a week"),
            "daily": limit("for a day"),
            "include_byok": or_variable(json!({
                "description": "Whether spend on one's own provider keys counts; left out: not managed.",
                "type": "boolean",
            })),
        },
        "additionalProperties": false,
    })
}
