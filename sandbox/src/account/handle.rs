//! The account, seen and changed without requests.

use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

use crate::account::model::{Workspace, WorkspaceSettings};
use crate::account::order::ListOrder;
use crate::account::saved::SavedState;
use crate::account::state::{AccountState, Record};
use crate::errors::{TakenSlug, UnknownName};
use crate::sync::lock;

/// The account of a sandbox, as [`Sandbox::before`](crate::Sandbox::before) hands it to a hook, and
/// [`Sandbox::account`](crate::Sandbox::account) to anyone.
///
/// Its changes do what another client of the same account does between two requests. They are not requests themselves:
/// the journal does not show them, and no fault happens to them.
#[derive(Clone, Debug)]
pub struct Account {
    state: Arc<Mutex<AccountState>>,
    user_id: Arc<str>,
}

impl Account {
    pub(crate) fn new(state: AccountState, user_id: &str) -> Self {
        Self { state: Arc::new(Mutex::new(state)), user_id: user_id.into() }
    }

    /// The user to whom the keys belong.
    pub(crate) fn user_id(&self) -> &str {
        &self.user_id
    }

    /// What the account consists of now. It stands still until this is dropped.
    pub(crate) fn state(&self) -> MutexGuard<'_, AccountState> {
        lock(&self.state)
    }

    /// Creates a workspace with this slug and defaults for everything else, and returns its id. Whether the API would take
    /// the slug is not checked; with one that it would not, what is [saved](Self::save) is refused by another sandbox.
    ///
    /// # Errors
    ///
    /// When another workspace has the slug.
    pub fn create_workspace(&self, slug: &str) -> Result<String, TakenSlug> {
        let mut state = self.state();
        state.check_slug(slug, None).map_err(|_| TakenSlug::new(slug))?;
        let settings = WorkspaceSettings::named(slug, slug).known_to(&state.server);
        let workspace = Workspace::new(state.ids.next(), settings, Some(self.user_id.to_string()), state.now());
        let id = workspace.id.to_string();
        state.insert(workspace);
        Ok(id)
    }

    /// Gives a workspace, named by its id or slug, another slug, which is as unchecked as by
    /// [`create_workspace`](Self::create_workspace). Returns whether that was free; otherwise nothing changes.
    ///
    /// # Errors
    ///
    /// When there is no such workspace.
    pub fn rename_workspace(&self, workspace: &str, slug: &str) -> Result<bool, UnknownName> {
        let mut state = self.state();
        let mut settings = known(&state, workspace)?.workspace.settings.clone();
        settings.slug = slug.to_owned();
        Ok(state.update(workspace, settings).is_ok())
    }

    /// Deletes a workspace, named by its id or slug, even if the API would refuse that.
    ///
    /// # Errors
    ///
    /// When there is no such workspace.
    pub fn delete_workspace(&self, workspace: &str) -> Result<(), UnknownName> {
        let mut state = self.state();
        let id = known(&state, workspace)?.workspace.id;
        state.remove(id);
        Ok(())
    }

    /// Adds a user of the organization to a workspace, named by its id or slug. Everyone belongs to the default one.
    ///
    /// # Errors
    ///
    /// When there is no such workspace, or the organization has no such user.
    pub fn add_member(&self, workspace: &str, user_id: &str) -> Result<(), UnknownName> {
        self.state().join(workspace, user_id)
    }

    /// Removes a user from a workspace, named by its id or slug, even if the API would refuse that. Nobody is removed
    /// from the default one.
    ///
    /// # Errors
    ///
    /// When there is no such workspace.
    pub fn remove_member(&self, workspace: &str, user_id: &str) -> Result<(), UnknownName> {
        known_mut(&mut self.state(), workspace)?.members.shift_remove(user_id);
        Ok(())
    }

    /// Lets an identity provider manage a user of the organization by SCIM, or no longer: one who is managed is not
    /// removed from a workspace by requests.
    ///
    /// # Errors
    ///
    /// When the organization has no such user.
    pub fn set_scim_managed(&self, user_id: &str, managed: bool) -> Result<(), UnknownName> {
        let mut state = self.state();
        let user = state.organization.get_mut(user_id).ok_or_else(|| UnknownName::new("user", user_id))?;
        user.scim_managed = managed;
        Ok(())
    }

    /// Gives a user an active API key in a workspace.
    pub(crate) fn add_api_key(&self, workspace: &str, user_id: &str) -> Result<(), UnknownName> {
        known_mut(&mut self.state(), workspace)?.key_owners.insert(user_id.to_owned());
        Ok(())
    }

    /// Revokes the API keys of a user in a workspace.
    pub(crate) fn revoke_api_keys(&self, workspace: &str, user_id: &str) -> Result<(), UnknownName> {
        known_mut(&mut self.state(), workspace)?.key_owners.remove(user_id);
        Ok(())
    }

    /// What the account consists of now, to be written to a file, or to start another sandbox with.
    pub fn save(&self) -> SavedState {
        SavedState::of(&self.state())
    }

    /// All workspaces as the API shows them, oldest first.
    pub fn workspaces(&self) -> Vec<Value> {
        self.state().workspaces().map(|workspace| json!(workspace)).collect()
    }

    /// A workspace, named by its id or slug, as the API shows it.
    ///
    /// # Errors
    ///
    /// When there is no such workspace.
    pub fn workspace(&self, workspace: &str) -> Result<Value, UnknownName> {
        Ok(json!(known(&self.state(), workspace)?.workspace))
    }

    /// All members of a workspace, oldest first.
    pub(crate) fn members(&self, workspace: &str) -> Result<Vec<Value>, UnknownName> {
        let state = self.state();
        let members = state.members(known(&state, workspace)?, ListOrder::OldestFirst, 0, usize::MAX);
        Ok(members.iter().map(|member| json!(member)).collect())
    }

    /// All budgets of a workspace, the widest interval first.
    pub(crate) fn budgets(&self, workspace: &str) -> Result<Vec<Value>, UnknownName> {
        let state = self.state();
        let budgets = known(&state, workspace)?.budgets.values().rev();
        Ok(budgets.map(|budget| json!(budget)).collect())
    }
}

fn known<'a>(state: &'a AccountState, workspace: &str) -> Result<&'a Record, UnknownName> {
    state.record(workspace).map_err(|_| UnknownName::new("workspace", workspace))
}

fn known_mut<'a>(state: &'a mut AccountState, workspace: &str) -> Result<&'a mut Record, UnknownName> {
    state.record_mut(workspace).map_err(|_| UnknownName::new("workspace", workspace))
}
