//! The rules of a manifest, wherever it is from.

use std::collections::{HashMap, HashSet};

use openrouter_workspaces::BudgetSet;
use openrouter_workspaces::body::UpdateWorkspaceRequest;

use crate::DEFAULT_WORKSPACE;
use crate::manifest::errors::ManifestError;
use crate::manifest::places::{Owner, Places};
use crate::manifest::{Manifest, Members, WorkspaceEntry, rules};
use crate::settings;

/// All rules that a manifest breaks.
pub(super) fn check(manifest: &Manifest, places: &Places) -> Vec<ManifestError> {
    let mut check = Check { manifest, places, errors: Vec::new() };
    check.settings(&Owner::Defaults, &manifest.defaults);
    if manifest.defaults.name.is_some() {
        check.fail(&Owner::Defaults, "name", "belongs to one workspace, and is no default");
    }
    for (number, entry) in manifest.workspaces.iter().enumerate() {
        check.entry(&Owner::Workspace(number), entry);
    }
    check.slugs();
    check.errors
}

struct Check<'a> {
    manifest: &'a Manifest,
    places: &'a Places,
    errors: Vec<ManifestError>,
}

impl Check<'_> {
    fn fail(&mut self, owner: &Owner, field: &str, message: impl Into<String>) {
        self.errors.push(self.places.error(self.manifest, owner, field, message.into()));
    }

    fn settings(&mut self, owner: &Owner, settings: &UpdateWorkspaceRequest) {
        if settings.slug.is_some() {
            self.fail(owner, "slug", "is no setting: it belongs to a workspace, which has one already");
        }
        for (field, value) in settings::fields(settings).iter().filter(|(field, _)| *field != "slug") {
            if let Err(rule) = rules::check(field, value) {
                self.fail(owner, field, rule);
            }
            for (index, rule) in rules::unknown_values(field, value) {
                let field = index.map_or_else(|| field.clone(), |index| format!("{field}[{index}]"));
                self.fail(owner, &field, rule);
            }
        }
    }

    fn entry(&mut self, owner: &Owner, entry: &WorkspaceEntry) {
        self.settings(owner, &entry.settings);
        if let Err(rule) = rules::check("slug", &entry.slug.as_str().into()) {
            self.fail(owner, "slug", rule);
        }
        if let Some(slug) = &entry.renamed_from {
            self.renamed_from(owner, entry, slug);
        }
        if let Some(members) = &entry.members {
            if entry.slug == DEFAULT_WORKSPACE {
                let rule = "are not managed in the default workspace, to which everyone in the organization belongs";
                self.fail(owner, "members", rule);
            }
            self.members(owner, members);
        }
        if let Some(Err(error)) = entry.budgets.as_ref().map(BudgetSet::check) {
            self.fail(owner, &format!("budgets.{}", error.field()), error.rule());
        }
    }

    fn renamed_from(&mut self, owner: &Owner, entry: &WorkspaceEntry, slug: &str) {
        if let Err(rule) = rules::check("slug", &slug.into()) {
            self.fail(owner, "renamed_from", rule);
        }
        if slug == entry.slug {
            self.fail(owner, "renamed_from", "is the slug that it has: leave it out");
        } else if [slug, &entry.slug].contains(&DEFAULT_WORKSPACE) {
            self.fail(owner, "renamed_from", "the default workspace keeps its slug, and no other one takes it");
        }
    }

    fn members(&mut self, owner: &Owner, members: &Members) {
        let list = match members {
            Members::Exactly(_) => "members",
            Members::AtLeast { .. } => "members.include",
        };
        let mut seen = HashSet::new();
        for (index, user) in members.users().iter().enumerate() {
            let field = format!("{list}[{index}]");
            if user.trim().is_empty() {
                self.fail(owner, &field, "must be the id of a user");
            } else if !seen.insert(user) {
                self.fail(owner, &field, format!("`{user}` is named twice"));
            }
        }
    }

    /// No two workspaces may have a slug, or have had it. So no rename waits for another, and what a slug stands for is the
    /// same before, after, and half way.
    fn slugs(&mut self) {
        let mut slugs = HashMap::new();
        let mut before = HashMap::new();
        let entries = || self.manifest.workspaces.iter().enumerate();
        let mut twice = Vec::new();
        for (number, entry) in entries().filter(|(_, entry)| !entry.slug.is_empty()) {
            if let Some(first) = slugs.get(entry.slug.as_str()) {
                twice.push((number, "slug", "slug", *first, "is the slug of another workspace of the manifest"));
            } else {
                slugs.insert(entry.slug.as_str(), number);
            }
        }
        for (number, entry) in entries() {
            let Some(slug) = entry.renamed_from.as_deref().filter(|slug| **slug != entry.slug) else { continue };
            if let Some(other) = slugs.get(slug) {
                let rule = "is the slug of another workspace of the manifest: apply one rename after the other, each by a \
                            manifest of its own, and to swap two slugs, give one of them a free one meanwhile";
                twice.push((number, "renamed_from", "slug", *other, rule));
            }
            if let Some(first) = before.get(slug) {
                let rule = "is said of another workspace, too";
                twice.push((number, "renamed_from", "renamed_from", *first, rule));
            } else {
                before.insert(slug, number);
            }
        }
        for (number, field, other_field, other, rule) in twice {
            let there = self.places.of(&Owner::Workspace(other), other_field);
            let there = there.map_or(format!("workspaces[{other}]"), ToString::to_string);
            self.fail(&Owner::Workspace(number), field, format!("{rule}; the other one is at {there}"));
        }
    }
}
