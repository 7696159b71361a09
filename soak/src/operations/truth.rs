//! The truth: what the server has, and how it came to that, whatever its clients got to hear.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use uuid::Uuid;

/// Who did something: a call, by its number in the history, or another client of the account.
pub(crate) type Doer = Option<usize>;

/// A workspace from its creation to its deletion, and beyond. Times are milliseconds of the history.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    pub id: Uuid,
    pub slug: String,
    pub creator: Doer,
    pub created: u64,
    /// The last change of its settings, and who made it. Its creation, if there was none.
    pub changed: (u64, Doer),
    /// The last change of its slug. Its creation, if there was none.
    pub named: u64,
    pub deleted: Option<u64>,
    pub fields: Value,
    pub members: BTreeSet<String>,
    pub budgets: BTreeMap<String, f64>,
}

impl Workspace {
    /// Whether it was there from one moment to another, both included.
    pub fn existed(&self, from: u64, until: u64) -> bool {
        self.created <= from && self.deleted.is_none_or(|deleted| deleted > until)
    }

    /// Whether it was there at any time from one moment to another.
    pub fn existed_within(&self, from: u64, until: u64) -> bool {
        self.created <= until && self.deleted.is_none_or(|deleted| deleted >= from)
    }
}

/// All workspaces that there are, and were.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    pub workspaces: BTreeMap<Uuid, Workspace>,
    by_slug: BTreeMap<String, Uuid>,
}

impl Truth {
    /// The workspace that a path names now, by its id or its slug.
    pub fn find(&self, reference: &str) -> Option<Uuid> {
        let by_id = || Uuid::try_parse(reference).ok().filter(|id| self.get(*id).is_some_and(|w| w.deleted.is_none()));
        self.by_slug.get(reference).copied().or_else(by_id)
    }

    pub fn get(&self, id: Uuid) -> Option<&Workspace> {
        self.workspaces.get(&id)
    }

    pub fn get_mut(&mut self, id: Uuid) -> Option<&mut Workspace> {
        self.workspaces.get_mut(&id)
    }

    /// A workspace was created, and looks like this.
    pub fn created(&mut self, at: u64, doer: Doer, fields: Value) {
        let (Some(id), Some(slug)) = (id_of(&fields), fields["slug"].as_str().map(str::to_owned)) else { return };
        self.by_slug.insert(slug.clone(), id);
        let (members, budgets) = Default::default();
        let (changed, deleted) = ((at, doer), None);
        let workspace =
            Workspace { id, slug, creator: doer, created: at, changed, named: at, deleted, fields, members, budgets };
        self.workspaces.insert(id, workspace);
    }

    /// A workspace has been changed, if it does not look as it did, and looks like this now.
    pub fn updated(&mut self, at: u64, doer: Doer, fields: Value) {
        let slug = fields["slug"].as_str().map(str::to_owned);
        let Some(workspace) = id_of(&fields).and_then(|id| self.workspaces.get_mut(&id)) else { return };
        if workspace.fields == fields {
            return;
        }
        workspace.changed = (at, doer);
        workspace.fields = fields;
        if let Some(slug) = slug.filter(|slug| *slug != workspace.slug) {
            self.by_slug.remove(&workspace.slug);
            self.by_slug.insert(slug.clone(), workspace.id);
            (workspace.slug, workspace.named) = (slug, at);
        }
    }

    /// A workspace was deleted.
    pub fn deleted(&mut self, at: u64, id: Uuid) {
        if let Some(workspace) = self.workspaces.get_mut(&id) {
            workspace.deleted = Some(at);
            self.by_slug.remove(&workspace.slug);
        }
    }

    /// The workspaces that are there now.
    pub fn present(&self) -> impl Iterator<Item = &Workspace> {
        self.workspaces.values().filter(|workspace| workspace.deleted.is_none())
    }
}

/// The id of an object of the API.
pub(crate) fn id_of(fields: &Value) -> Option<Uuid> {
    Uuid::try_parse(fields["id"].as_str()?).ok()
}
