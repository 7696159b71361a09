//! An account as a manifest.

use std::fmt;

use openrouter_workspaces::body::UpdateWorkspaceRequest;
use openrouter_workspaces::{BudgetSet, Role, WorkspaceMember};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::DEFAULT_WORKSPACE;
use crate::account::{Account, AccountWorkspace, Part};
use crate::manifest::{Manifest, Members, WorkspaceEntry, looks_like_a_key, rules};
use crate::settings;

/// An account as a manifest, and what of it a manifest does not say. Made by [`export`].
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
#[must_use = "some of the account may be left out"]
pub struct Export {
    /// The manifest. Its plan is empty as long as the account stays as it is.
    pub manifest: Manifest,
    /// What the account has beyond that.
    pub left_out: Vec<LeftOut>,
}

/// Something of an account that is not in its manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LeftOut {
    /// The slug of the workspace.
    pub slug: String,
    /// What of it: `members`, `budgets`, a setting, or `workspace`.
    pub part: String,
    /// Why.
    pub reason: String,
}

/// As in `default: members: everyone in the organization is one`.
impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.slug, self.part, self.reason)
    }
}

/// Makes a manifest of an account that was read by [`Account::read`](crate::Account::read).
///
/// Settings that all workspaces have in common are its defaults. What is left out, such as what could not be read, is named.
pub fn export(account: &Account) -> Export {
    let mut export = Export::default();
    let mut all_fields = Vec::new();
    for there in &account.workspaces {
        let slug = &there.workspace.slug;
        let mut out = LeavingOut { slug, left_out: &mut export.left_out };
        if let Err(rule) = out.fits("slug", &slug.as_str().into()) {
            out.push("workspace", format!("its slug {rule}"));
        } else if export.manifest.workspaces.iter().any(|entry| entry.slug == *slug) {
            out.push("workspace", "another one was read with the same slug");
        } else {
            let mut entry = WorkspaceEntry::new(slug);
            entry.members = out.members(there);
            entry.budgets = out.budgets(there);
            all_fields.push(out.settings(there));
            export.manifest.workspaces.push(entry);
        }
    }
    let defaults = common(&all_fields);
    for (entry, mut fields) in export.manifest.workspaces.iter_mut().zip(all_fields) {
        fields.retain(|field, _| !defaults.contains_key(field));
        entry.settings = body(fields);
    }
    export.manifest.defaults = body(defaults);
    export
}

/// The settings that all workspaces have, with the same value, where there are several.
fn common(all_fields: &[Map<String, Value>]) -> Map<String, Value> {
    let [first, others @ ..] = all_fields else { return Map::new() };
    let mut common = first.clone();
    common.retain(|field, value| {
        let same = |fields: &Map<String, Value>| fields.get(field) == Some(value);
        field != "name" && !others.is_empty() && others.iter().all(same)
    });
    common
}

/// Fields, each of which was found to fit.
fn body(fields: Map<String, Value>) -> UpdateWorkspaceRequest {
    serde_json::from_value(Value::Object(fields)).unwrap_or_default()
}

/// What is left out of a workspace.
struct LeavingOut<'a> {
    slug: &'a str,
    left_out: &'a mut Vec<LeftOut>,
}

impl LeavingOut<'_> {
    fn push(&mut self, part: &str, reason: impl Into<String>) {
        self.left_out.push(LeftOut { slug: self.slug.to_owned(), part: part.to_owned(), reason: reason.into() });
    }

    /// Whether a value may stand in a manifest, or else the rule that it breaks.
    fn fits(&self, field: &str, value: &Value) -> Result<(), String> {
        match looks_like_a_key(&value.to_string()) {
            true => Err("looks like an API key".to_owned()),
            false => rules::fits(field, value),
        }
    }

    /// All that a manifest can say of its settings.
    fn settings(&mut self, there: &AccountWorkspace) -> Map<String, Value> {
        let mut fields = settings::fields(&there.workspace);
        // One that is missing is null, as it is where accounts are compared with manifests.
        let all = rules::fields().keys().filter(|field| *field != "slug");
        let all = all.map(|field| (field.clone(), fields.remove(field).unwrap_or_default()));
        let kept = all.filter(|(field, value)| match self.fits(field, value) {
            Ok(()) => true,
            Err(rule) => {
                self.push(field, format!("its value {rule}"));
                false
            }
        });
        kept.collect()
    }

    fn members(&mut self, there: &AccountWorkspace) -> Option<Members> {
        if self.slug == DEFAULT_WORKSPACE {
            self.push("members", "everyone in the organization is one");
            return None;
        }
        let members = self.read("members", &there.members)?;
        let admins = members.iter().filter(|member| member.role == Role::Admin).count();
        if admins > 0 {
            let verb = if admins == 1 { "is an admin" } else { "are admins" };
            self.push("members", format!("roles are not in a manifest: {admins} of {} members {verb}", members.len()));
        }
        let user = |member: &WorkspaceMember| member.user_id.clone();
        let (unfit, users): (Vec<_>, Vec<_>) =
            members.iter().map(user).partition(|user| user.trim().is_empty() || looks_like_a_key(user));
        if !unfit.is_empty() {
            self.push("members", "an id of a user is empty, or looks like an API key, so that they are not managed");
            return None;
        }
        Some(Members::Exactly(users))
    }

    fn budgets(&mut self, there: &AccountWorkspace) -> Option<BudgetSet> {
        self.read("budgets", &there.budgets)?;
        let mut budgets = there.budgets_with_byok()?;
        if let Err(error) = budgets.check() {
            self.push("budgets", format!("the {} limit {}", error.field(), error.rule()));
            return None;
        }
        if budgets.include_byok == Some(true) && budgets.limits().iter().all(|(_, limit)| limit.is_none()) {
            // No other account could be made so.
            self.push(
                "budgets",
                "that spend on one's own provider keys counts is sent with a budget, and there is none",
            );
            budgets.include_byok = None;
        }
        Some(budgets)
    }

    fn read<'p, T>(&mut self, name: &str, part: &'p Part<T>) -> Option<&'p T> {
        let reason = match part {
            Part::Read(part) => return Some(part),
            Part::NotRead => "was not read".to_owned(),
            Part::Failed(failure) => format!("could not be read: {}", failure.error),
        };
        self.push(name, reason);
        None
    }
}
