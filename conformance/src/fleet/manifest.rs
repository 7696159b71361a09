//! What a manifest wants, taken from its text alone: the library that reads manifests is what is put to the test.

use std::collections::BTreeSet;

use openrouter_workspaces_fleet::Source;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::fleet::state::State;
use crate::normal::whole_numbers;

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Document {
    defaults: Map<String, Value>,
    workspaces: Vec<Map<String, Value>>,
}

/// What an account is to be after these texts, which make one manifest, were applied to it.
pub fn over(sources: &[Source], mut account: State) -> Result<State, String> {
    let mut manifest = Document::default();
    for Source { name, text } in sources {
        let document: Document = serde_norway::from_str(text).map_err(|error| format!("{name}: {error}"))?;
        manifest.defaults.extend(document.defaults);
        manifest.workspaces.extend(document.workspaces);
    }
    for entry in manifest.workspaces {
        let slug = entry.get("slug").and_then(Value::as_str).ok_or("a workspace has no slug")?.to_owned();
        let old = entry.get("renamed_from").and_then(Value::as_str).unwrap_or_default();
        let there = account.remove(&slug).or_else(|| account.remove(old)).unwrap_or_default();
        account.insert(slug, changed(there, manifest.defaults.clone().into_iter().chain(entry)));
    }
    Ok(account)
}

/// A workspace with what its entry says, the defaults coming first.
fn changed(mut there: Map<String, Value>, entry: impl Iterator<Item = (String, Value)>) -> Map<String, Value> {
    for (field, mut value) in entry {
        whole_numbers(&mut value);
        match (field.as_str(), value) {
            ("renamed_from", _) => {}
            ("members", value) => {
                let others = match value {
                    Value::Array(_) => None,
                    _ => there.get("members"),
                };
                let named = value.get("include").unwrap_or(&value);
                let users: BTreeSet<&str> = users(named).chain(others.into_iter().flat_map(users)).collect();
                there.insert(field, json!(users));
            }
            ("budgets", Value::Object(mut limits)) => {
                if let Some(include) = limits.remove("include_byok") {
                    there.insert("include_byok_in_budgets".to_owned(), include);
                }
                limits.retain(|_, limit| !limit.is_null());
                there.insert(field, Value::Object(limits));
            }
            // A dollar sign that stands for itself, before a brace.
            (_, Value::String(text)) => drop(there.insert(field, json!(text.replace("$${", "${")))),
            (_, value) => drop(there.insert(field, value)),
        }
    }
    there
}

fn users(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use openrouter_workspaces_fleet::manifest_schema;

    use super::*;

    fn state(value: Value) -> State {
        serde_json::from_value(value).unwrap()
    }

    fn wanted(text: &str, account: Value) -> Value {
        json!(over(&[Source { name: String::new(), text: text.to_owned() }], state(account)).unwrap())
    }

    #[test]
    fn what_a_manifest_leaves_out_stays_and_what_it_says_takes_its_place() {
        let account = json!({
            "a": {"id": 1, "slug": "a", "name": "A", "description": "d", "members": ["u1"], "budgets": {"daily": 1}},
            "b": {"id": 2},
        });
        let text = "
defaults: {description: x, name: N}
workspaces:
  - {slug: c, renamed_from: a, description: null, members: {include: [u2]}, budgets: {monthly: 2.0, daily: null}}
  - {slug: d, members: [u2, u1], budgets: {include_byok: true}}
";
        let expected = json!({
            "b": {"id": 2},
            "c": {"id": 1, "slug": "c", "name": "N", "description": null, "members": ["u1", "u2"], "budgets": {"monthly": 2}},
            "d": {"slug": "d", "name": "N", "description": "x", "members": ["u1", "u2"], "budgets": {},
                  "include_byok_in_budgets": true},
        });
        assert_eq!(wanted(text, account), expected);
    }

    #[test]
    fn the_manifest_gives_and_clears_every_setting_there_is() {
        let document: Document = serde_norway::from_str(include_str!("../../fleet/every-setting.yaml")).unwrap();
        let schema = manifest_schema();
        let properties = schema["$defs"]["Workspace"]["properties"].as_object().unwrap();
        assert!(properties.len() > 12);
        for field in properties.keys() {
            let given = document.workspaces.iter().filter_map(|entry| entry.get(field));
            assert!(given.clone().any(|value| !value.is_null()), "{field} is not given");
            let takes_null =
                serde_json::from_value::<openrouter_workspaces::body::UpdateWorkspaceRequest>(json!({field: null}));
            let clears = takes_null.is_ok_and(|body| json!(body).get(field).is_some());
            assert!(!clears || given.clone().any(Value::is_null), "{field} is not cleared");
        }
        let limits = &properties["budgets"]["properties"].as_object().unwrap();
        for interval in limits.keys() {
            let given = document.workspaces.iter().filter_map(|entry| entry.get("budgets")?.get(interval));
            assert!(given.count() > 1, "{interval}");
        }
    }
}
