//! The account, changed behind the client's back.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::operations::members;
use crate::operations::workspaces::{Settings, Workspace};
use crate::pipeline::router::{Shared, lock};
use crate::sandbox::UnknownName;

/// The account of a sandbox, as [`Sandbox::before`](crate::Sandbox::before) hands it to a hook, and
/// [`Sandbox::account`](crate::Sandbox::account) to anyone.
///
/// Its changes do what another client of the same account does between two requests. They are not requests themselves:
/// the journal does not show them, and no fault happens to them.
#[derive(Clone, Debug)]
pub struct Account {
    shared: Arc<Shared>,
}

impl Account {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Creates a workspace with this slug and defaults for everything else, and returns its id.
    ///
    /// # Errors
    ///
    /// When another workspace has the slug.
    pub fn create_workspace(&self, slug: &str) -> Result<String, TakenSlug> {
        let mut state = lock(&self.shared.state);
        state.check_slug(slug, None).map_err(|_| TakenSlug(slug.to_owned()))?;
        let settings = Settings::named(slug, slug);
        let workspace = Workspace::new(settings, Some(self.shared.user_id.clone()), state.now());
        let id = workspace.id.to_string();
        state.insert(workspace);
        Ok(id)
    }

    /// Deletes a workspace, named by its id or slug, even if the API would refuse that.
    ///
    /// # Errors
    ///
    /// When there is no such workspace.
    pub fn delete_workspace(&self, workspace: &str) -> Result<(), UnknownName> {
        let mut state = lock(&self.shared.state);
        let id = state.record(workspace).map_err(|_| UnknownName::new("workspace", workspace))?.workspace.id;
        state.remove(id);
        Ok(())
    }

    /// Adds a user of the organization to a workspace, named by its id or slug. Everyone belongs to the default one.
    ///
    /// # Errors
    ///
    /// When there is no such workspace, or the organization has no such user.
    pub fn add_member(&self, workspace: &str, user_id: &str) -> Result<(), UnknownName> {
        let mut state = lock(&self.shared.state);
        members::join(&mut state, workspace, user_id)
    }

    /// Removes a user from a workspace, named by its id or slug, even if the API would refuse that. Nobody is removed
    /// from the default one.
    ///
    /// # Errors
    ///
    /// When there is no such workspace.
    pub fn remove_member(&self, workspace: &str, user_id: &str) -> Result<(), UnknownName> {
        let mut state = lock(&self.shared.state);
        let record = state.record_mut(workspace).map_err(|_| UnknownName::new("workspace", workspace))?;
        record.members.shift_remove(user_id);
        Ok(())
    }

    /// All workspaces as the API shows them, oldest first.
    pub fn workspaces(&self) -> Vec<Value> {
        let state = lock(&self.shared.state);
        state.workspaces().map(|workspace| json!(workspace)).collect()
    }
}

/// A slug that another workspace has already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenSlug(String);

impl fmt::Display for TakenSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the sandbox has a workspace called {} already", self.0)
    }
}

impl Error for TakenSlug {}
