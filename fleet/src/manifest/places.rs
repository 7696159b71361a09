//! Where in which file each part of a manifest stands.

use std::collections::HashMap;

use crate::manifest::errors::{ManifestError, Place};
use crate::manifest::{Manifest, WorkspaceEntry};

/// What of a manifest something is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Owner {
    Defaults,
    /// A workspace, by its number in the manifest.
    Workspace(usize),
}

/// The places of a manifest that was read from text; none of one that was not.
#[derive(Debug, Default)]
pub(super) struct Places {
    fields: HashMap<(Owner, String), Place>,
    /// The numbers of workspaces in the lists that they were read from. Those that have no slug are named by them.
    numbers: HashMap<usize, usize>,
}

impl Places {
    /// `field` is empty for the whole.
    pub(super) fn insert(&mut self, owner: Owner, field: impl Into<String>, place: Place) {
        self.fields.insert((owner, field.into()), place);
    }

    /// Notes the number of a workspace in its list.
    pub(super) fn number(&mut self, number: usize, in_list: usize) {
        self.numbers.insert(number, in_list);
    }

    /// Forgets all places of an owner.
    pub(super) fn forget(&mut self, owner: &Owner) {
        self.fields.retain(|(there, _), _| there != owner);
    }

    /// The place of a field, or else of what it belongs to.
    pub(super) fn of(&self, owner: &Owner, field: &str) -> Option<&Place> {
        let mut field = field;
        loop {
            if let Some(place) = self.fields.get(&(owner.clone(), field.to_owned())) {
                return Some(place);
            }
            field = match field.rfind(['.', '[']) {
                Some(end) => field.get(..end)?,
                None if field.is_empty() => return None,
                None => "",
            };
        }
    }

    /// The error that a field breaks a rule.
    pub(super) fn error(&self, manifest: &Manifest, owner: &Owner, field: &str, message: String) -> ManifestError {
        let start = match owner {
            Owner::Defaults => "defaults".to_owned(),
            Owner::Workspace(number) => {
                label(manifest.workspaces.get(*number), *self.numbers.get(number).unwrap_or(number))
            }
        };
        let path = if field.is_empty() { start } else { format!("{start}.{field}") };
        ManifestError { place: self.of(owner, field).cloned(), path, message }
    }
}

/// How errors name a workspace: by its slug, if it has one.
fn label(entry: Option<&WorkspaceEntry>, number: usize) -> String {
    match entry {
        Some(entry) if !entry.slug.is_empty() => entry.slug.clone(),
        _ => format!("workspaces[{number}]"),
    }
}
