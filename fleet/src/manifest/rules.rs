//! The contract's limits on settings, as the SDK's JSON Schema of an update has them.

use std::sync::OnceLock;

use openrouter_workspaces::body::UpdateWorkspaceRequest;
use schemars::schema_for;
use serde_json::{Map, Value, json};

use crate::settings;

/// Longer names are compared by so many letters.
const LONGEST: usize = 64;

/// What is known of each field of an update: its JSON Schema.
pub(crate) fn fields() -> &'static Map<String, Value> {
    static FIELDS: OnceLock<Map<String, Value>> = OnceLock::new();
    FIELDS.get_or_init(|| match schema_for!(UpdateWorkspaceRequest).get("properties") {
        Some(Value::Object(fields)) => fields.clone(),
        _ => Map::new(),
    })
}

/// Said of a null that would mean nothing but that the setting is not managed.
pub(super) const NO_NULL: &str = "null clears nothing here: leave it out where it is not managed";

/// Whether null clears a setting. Where it does not, it would read as if the setting were left out.
pub(super) fn has_null(field: &str) -> bool {
    let body = settings::body(&Map::from_iter([(field.to_owned(), Value::Null)]));
    settings::fields(&body).contains_key(field)
}

/// Checks the value of a setting. An error is the rule that it breaks.
pub(crate) fn check(field: &str, value: &Value) -> Result<(), String> {
    if !fields().contains_key(field) {
        return Err("is no setting of a workspace".to_owned());
    }
    let body = serde_json::from_value::<UpdateWorkspaceRequest>(json!({ field: value }));
    let body = body.map_err(|error| format!("has a value of the wrong kind: {error}"))?;
    body.check().map_err(|error| error.rule().to_owned())
}

/// The name that is most like this one, if one is.
pub(super) fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let far = name.chars().count() / 2 + 1;
    let name: String = name.chars().take(LONGEST).map(|letter| letter.to_ascii_lowercase()).collect();
    let distance = |known: &str| strsim::levenshtein(&name, &known.to_ascii_lowercase());
    let near = names.into_iter().map(|known| (distance(known), known)).min()?;
    (near.0 < far).then_some(near.1)
}
