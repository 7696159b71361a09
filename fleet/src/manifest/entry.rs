//! A workspace of a manifest as JSON: what is ours is split off, and all else must be a setting of the contract, so that a
//! new setting needs no line here.

use openrouter_workspaces::body::UpdateWorkspaceRequest;
use serde::de::{DeserializeOwned, Error};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::manifest::{WorkspaceEntry, rules};
use crate::settings;

/// The fields of an entry that are no settings.
pub(crate) const OWN_FIELDS: [&str; 4] = ["slug", "renamed_from", "members", "budgets"];

impl<'de> Deserialize<'de> for WorkspaceEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Map::deserialize(deserializer)?;
        let slug = fields.remove("slug").ok_or_else(|| Error::missing_field("slug"))?;
        Ok(Self {
            slug: typed("slug", slug)?,
            renamed_from: optional(&mut fields, "renamed_from")?,
            members: optional(&mut fields, "members")?,
            budgets: optional(&mut fields, "budgets")?,
            settings: settings_of(fields)?,
        })
    }
}

/// Reads settings, in which null stands only where it clears something.
pub(super) fn settings<'de, D: Deserializer<'de>>(deserializer: D) -> Result<UpdateWorkspaceRequest, D::Error> {
    settings_of(Map::deserialize(deserializer)?)
}

fn settings_of<E: Error>(fields: Map<String, Value>) -> Result<UpdateWorkspaceRequest, E> {
    let is_wrong = |(field, value): &(&String, &Value)| {
        value.is_null() && rules::fields().contains_key(*field) && !rules::is_cleared_by_null(field)
    };
    if let Some((field, _)) = fields.iter().find(is_wrong) {
        return Err(E::custom(format_args!("{field}: {}", rules::NO_NULL)));
    }
    UpdateWorkspaceRequest::deserialize(Value::Object(fields)).map_err(E::custom)
}

fn optional<T: DeserializeOwned, E: Error>(fields: &mut Map<String, Value>, name: &str) -> Result<Option<T>, E> {
    fields.remove(name).map(|value| typed(name, value)).transpose()
}

fn typed<T: DeserializeOwned, E: Error>(name: &str, value: Value) -> Result<T, E> {
    T::deserialize(value).map_err(|error| E::custom(format_args!("{name}: {error}")))
}

/// The slug and the name first, then the settings, members and budgets.
impl Serialize for WorkspaceEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("slug", &self.slug)?;
        if let Some(slug) = &self.renamed_from {
            map.serialize_entry("renamed_from", slug)?;
        }
        let mut settings = settings::fields(&self.settings);
        if let Some(name) = settings.remove("name") {
            map.serialize_entry("name", &name)?;
        }
        for (field, value) in &settings {
            map.serialize_entry(field, value)?;
        }
        if let Some(members) = &self.members {
            map.serialize_entry("members", members)?;
        }
        if let Some(budgets) = &self.budgets {
            map.serialize_entry("budgets", budgets)?;
        }
        map.end()
    }
}
