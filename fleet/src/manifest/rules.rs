//! The contract's limits on settings, as the SDK's JSON Schema of an update has them.

use std::sync::OnceLock;

use openrouter_workspaces::body::UpdateWorkspaceRequest;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::manifest::variables::looks_like_a_key;
use crate::settings;

/// Longer names are compared, and longer values shown, by so many letters.
const LONGEST: usize = 64;

/// What is known of each field of an update: its JSON Schema, in which an enum has its known values only.
pub(crate) fn fields() -> &'static Map<String, Value> {
    static FIELDS: OnceLock<Map<String, Value>> = OnceLock::new();
    FIELDS.get_or_init(|| {
        let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
        let mut schema = settings.into_generator().into_root_schema_for::<UpdateWorkspaceRequest>();
        match schema.ensure_object().remove("properties") {
            Some(Value::Object(fields)) => fields.into_iter().map(|(field, schema)| (field, closed(schema))).collect(),
            _ => Map::new(),
        }
    })
}

/// The SDK sends values that it does not know, for the API adds some without notice. In a manifest such a value is far more
/// often misspelt, and nobody would be told, so that here only those are left that are known.
fn closed(schema: Value) -> Value {
    match schema {
        Value::Object(mut fields) => {
            let has_values = |schema: &Value| schema.get("enum").is_some();
            let ways = fields.get("anyOf").and_then(Value::as_array);
            if let Some(Value::Object(values)) = ways.and_then(|ways| ways.iter().find(|way| has_values(way))).cloned()
            {
                fields.remove("anyOf");
                fields.extend(values);
            }
            fields.into_iter().map(|(name, schema)| (name, closed(schema))).collect()
        }
        Value::Array(items) => items.into_iter().map(closed).collect(),
        other => other,
    }
}

/// The values of a setting that are none of the known ones, each with its number if they are a list, and what to say of it.
pub(super) fn unknown_values(field: &str, value: &Value) -> Vec<(Option<usize>, String)> {
    let Some(schema) = fields().get(field) else { return Vec::new() };
    match (value, schema.get("items")) {
        (Value::Array(items), Some(schema)) => {
            let wrong = |(index, item)| Some((Some(index), unknown_value(schema, item)?));
            items.iter().enumerate().filter_map(wrong).collect()
        }
        _ => unknown_value(schema, value).map(|rule| (None, rule)).into_iter().collect(),
    }
}

fn unknown_value(schema: &Value, value: &Value) -> Option<String> {
    let ways = schema.get("anyOf").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let values = [schema].into_iter().chain(ways).find_map(|way| way.get("enum")?.as_array())?;
    let known: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
    let value = value.as_str().filter(|value| !known.contains(value))?;
    let start: String = value.chars().take(LONGEST).collect();
    let shown = if looks_like_a_key(value) { String::new() } else { format!("`{start}` ") };
    let all = known.join("`, `");
    Some(match nearest(value, known) {
        Some(meant) => format!("{shown}is none of the known values; did you mean `{meant}`? They are `{all}`"),
        None => format!("{shown}is none of the known values; they are `{all}`"),
    })
}

/// Said of a null that would mean nothing but that the setting is not managed.
pub(super) const NO_NULL: &str = "null clears nothing here: leave it out where it is not managed";

/// Whether null clears a setting. Where it does not, no request says it.
pub(super) fn is_cleared_by_null(field: &str) -> bool {
    let body = settings::body(&Map::from_iter([(field.to_owned(), Value::Null)]));
    settings::fields(&body).contains_key(field)
}

/// Checks the value of a setting. An error is the rule that it breaks.
pub(super) fn check(field: &str, value: &Value) -> Result<(), String> {
    if !fields().contains_key(field) {
        return Err("is no setting of a workspace".to_owned());
    }
    let body = serde_json::from_value::<UpdateWorkspaceRequest>(json!({ field: value }));
    let body = body.map_err(|error| format!("has a value of the wrong kind: {error}"))?;
    body.check().map_err(|error| error.rule().to_owned())
}

/// Whether two values of a setting are the same, as they are where accounts are compared with manifests: `1` is `1.0`, and a list
/// has no order.
pub(super) fn is_same(field: &str, one: &Value, other: &Value) -> bool {
    let [one, other] = [one, other].map(|value| {
        let body = settings::body(&Map::from_iter([(field.to_owned(), value.clone())]));
        let mut value = settings::fields(&body).remove(field).unwrap_or_default();
        if let Value::Array(items) = &mut value {
            items.sort_by_key(Value::to_string);
        }
        value
    });
    one == other
}

/// Whether a setting may have this value in a manifest. An error is the first rule that it breaks.
pub(crate) fn fits(field: &str, value: &Value) -> Result<(), String> {
    check(field, value)?;
    unknown_values(field, value).into_iter().next().map_or(Ok(()), |(_, rule)| Err(rule))
}

/// The name that is most like this one, if one is.
pub(super) fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let far = name.chars().count() / 2 + 1;
    let name: String = name.chars().take(LONGEST).map(|letter| letter.to_ascii_lowercase()).collect();
    let distance = |known: &str| {
        let known = known.to_ascii_lowercase();
        // A tool may be named without what stands before its colon.
        let short = known.rsplit_once(':').map(|(_, short)| strsim::levenshtein(&name, short));
        strsim::levenshtein(&name, &known).min(short.unwrap_or(usize::MAX))
    };
    let near = names.into_iter().map(|known| (distance(known), known)).min()?;
    (near.0 < far).then_some(near.1)
}
