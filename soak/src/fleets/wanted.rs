//! What a manifest wants of an account, and how the account has to look for that.

use openrouter_sandbox::Sandbox;
use openrouter_workspaces_fleet::Manifest;
use serde_json::{Map, Value, json};

use crate::account::{Limits, Truth};

/// The members that a workspace is to have.
#[derive(Clone, Debug)]
pub(super) struct Members {
    pub users: Vec<String>,
    /// Whether there are to be no others.
    pub exactly: bool,
}

/// The budgets that a workspace is to have, and no others.
#[derive(Clone, Debug)]
pub(super) struct Budgets {
    pub limits: Limits,
    pub include_byok: Option<bool>,
}

/// What is managed of a workspace.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub slug: String,
    pub renamed_from: Option<String>,
    /// Its own settings. Null clears one.
    pub own: Map<String, Value>,
    /// Its own settings, and the defaults in all others.
    pub settings: Map<String, Value>,
    pub members: Option<Members>,
    pub budgets: Option<Budgets>,
}

/// A manifest, and whether what it does not name is deleted.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub defaults: Map<String, Value>,
    pub entries: Vec<Entry>,
    pub prune: bool,
}

impl Entry {
    /// Whether a workspace with this slug is the one that is meant.
    pub fn names(&self, slug: &str) -> bool {
        self.slug == slug || self.renamed_from.as_deref() == Some(slug)
    }

    fn json(&self) -> Value {
        let mut fields = self.own.clone();
        fields.insert("slug".to_owned(), json!(self.slug));
        if let Some(slug) = &self.renamed_from {
            fields.insert("renamed_from".to_owned(), json!(slug));
        }
        if let Some(Members { users, exactly }) = &self.members {
            let members = if *exactly { json!(users) } else { json!({"include": users}) };
            fields.insert("members".to_owned(), members);
        }
        if let Some(Budgets { limits, include_byok }) = &self.budgets {
            let mut budgets = json!(limits);
            if let Some(include) = include_byok {
                budgets["include_byok"] = json!(include);
            }
            fields.insert("budgets".to_owned(), budgets);
        }
        Value::Object(fields)
    }

    /// What of it is not so.
    fn unmet(&self, sandbox: &Sandbox) -> Option<String> {
        let slug = &self.slug;
        let Some(truth) = Truth::of(sandbox, slug) else { return Some(format!("there is no {slug}")) };
        let differs = |(field, value): &(&String, &Value)| !is_same(&truth.workspace[field.as_str()], value);
        if let Some((field, value)) = self.settings.iter().find(differs) {
            return Some(format!("{field} of {slug} is {} instead of {value}", truth.workspace[field.as_str()]));
        }
        if let Some(Members { users, exactly }) = &self.members {
            let is_so = users.iter().all(|user| truth.members.contains(user))
                && (!exactly || truth.members.iter().all(|user| users.contains(user)));
            if !is_so {
                return Some(format!("{slug} has the members {:?} instead of {users:?}", truth.members));
            }
        }
        let Budgets { limits, include_byok } = self.budgets.as_ref()?;
        if *limits != truth.limits {
            return Some(format!("{slug} has the budgets {:?} instead of {limits:?}", truth.limits));
        }
        // A server that does not tell means no.
        let is_so = include_byok.is_none_or(|include| include == truth.include_byok.unwrap_or_default());
        (!is_so).then(|| format!("{slug} has {:?} instead of {include_byok:?}", truth.include_byok))
    }
}

impl Wanted {
    pub fn manifest(&self) -> Manifest {
        let entries: Vec<Value> = self.entries.iter().map(Entry::json).collect();
        let manifest = json!({"defaults": self.defaults, "workspaces": entries});
        serde_json::from_value(manifest).unwrap_or_else(|error| panic!("no manifest: {error}"))
    }

    /// The entry that is about a workspace with this slug.
    pub fn entry(&self, slug: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.names(slug))
    }

    /// Whether a workspace with this slug is to be deleted.
    pub fn is_pruned(&self, slug: &str) -> bool {
        self.prune && slug != "default" && self.entry(slug).is_none()
    }

    /// What of the account is not as it is wanted, whatever a plan thinks of it.
    pub fn unmet(&self, sandbox: &Sandbox) -> Option<String> {
        let slugs = || sandbox.workspaces().into_iter().filter_map(|there| Some(there["slug"].as_str()?.to_owned()));
        let stays = || slugs().find(|slug| self.is_pruned(slug)).map(|slug| format!("{slug} is not deleted"));
        self.entries.iter().find_map(|entry| entry.unmet(sandbox)).or_else(stays)
    }
}

/// Whether a setting is the same: no server tools are disabled by an empty list as by null, and lists have no order.
pub(super) fn is_same(there: &Value, wanted: &Value) -> bool {
    let items = |value: &Value| {
        let mut items: Vec<String> = value.as_array().into_iter().flatten().map(Value::to_string).collect();
        items.sort();
        items
    };
    match (there, wanted) {
        (Value::Array(there), Value::Null) => there.is_empty(),
        (Value::Array(_), Value::Array(_)) => items(there) == items(wanted),
        _ => there == wanted || there.as_f64().is_some() && there.as_f64() == wanted.as_f64(),
    }
}
