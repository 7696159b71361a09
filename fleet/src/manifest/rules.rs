//! The contract's limits on settings, as the SDK's JSON Schema of an update has them.

use std::sync::OnceLock;

use openrouter_workspaces::body::UpdateWorkspaceRequest;
use schemars::schema_for;
use serde_json::{Map, Value, json};

/// What is known of each field of an update: its JSON Schema.
pub(crate) fn fields() -> &'static Map<String, Value> {
    static FIELDS: OnceLock<Map<String, Value>> = OnceLock::new();
    FIELDS.get_or_init(|| match schema_for!(UpdateWorkspaceRequest).get("properties") {
        Some(Value::Object(fields)) => fields.clone(),
        _ => Map::new(),
    })
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
    let near = names.into_iter().map(|known| (distance(name, known), known)).min()?;
    (near.0 < far).then_some(near.1)
}

/// How many characters have to be inserted, left out or replaced.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=a.len()).collect();
    for (n, b) in b.chars().enumerate() {
        let (mut diagonal, mut left) = (n, n + 1);
        for (a, above) in a.iter().zip(row.iter_mut().skip(1)) {
            left = (left + 1).min(*above + 1).min(diagonal + usize::from(!a.eq_ignore_ascii_case(&b)));
            diagonal = std::mem::replace(above, left);
        }
        if let Some(first) = row.first_mut() {
            *first = n + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}
