//! The sandbox as its user sees it.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::builder::SandboxBuilder;
use crate::journal::RecordedRequest;
use crate::members;
use crate::pipeline::{Shared, lock};
use crate::script::ScriptedResponse;
use crate::server::Server;

/// A running server with an account of its own. Dropping it stops it and closes its connections.
///
/// The account has a default workspace, with the slug `default`, to which all members of its organization belong.
///
/// The server runs on a thread of its own, so that it needs no particular runtime and does not mind a paused clock.
#[derive(Debug)]
pub struct Sandbox {
    // Dropped first, as fields are in their order: after it nobody asks any more.
    server: Server,
    shared: Arc<Shared>,
    base_url: String,
    key: String,
}

impl Sandbox {
    /// Starts a sandbox with the defaults of [`SandboxBuilder`].
    ///
    /// # Errors
    ///
    /// When the system refuses a thread or a socket.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Options for a sandbox.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::new()
    }

    pub(crate) fn new(server: Server, shared: Arc<Shared>, key: String) -> Self {
        let base_url = format!("http://{}{}", server.address, shared.contract.base_path);
        Self { server, shared, base_url, key }
    }

    /// The URL that the API's paths are appended to, such as `http://127.0.0.1:8080/api/v1`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The port that the server listens on.
    pub fn port(&self) -> u16 {
        self.server.address.port()
    }

    /// The management key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The latest 10,000 requests, oldest first, whether or not they have been answered.
    pub fn journal(&self) -> Vec<RecordedRequest> {
        lock(&self.shared.journal).requests()
    }

    /// Empties the journal.
    pub fn clear_journal(&self) {
        lock(&self.shared.journal).clear();
    }

    /// Answers the next calls of an operation with these responses, one for each call and after those that were
    /// scripted before, instead of processing them. No key is asked for.
    ///
    /// ```
    /// use openrouter_sandbox::{Sandbox, ScriptedResponse};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::start().await?;
    /// let busy = ScriptedResponse::error(429, "Slow down").header("retry-after", "1");
    /// sandbox.script("list_workspaces", [busy.clone(), busy])?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the contract has no operation with this `operationId`.
    pub fn script(
        &self,
        operation_id: &str,
        responses: impl IntoIterator<Item = ScriptedResponse>,
    ) -> Result<(), UnknownName> {
        let operations = &self.shared.contract.operations;
        if !operations.iter().any(|known| known.id == operation_id) {
            return Err(UnknownName(format!("operation {operation_id}")));
        }
        lock(&self.shared.scripts).add(operation_id, responses);
        Ok(())
    }

    /// Gives a user an active API key in a workspace, named by its id or slug. While it is active, the workspace cannot
    /// be deleted, nor the user removed from it.
    ///
    /// # Errors
    ///
    /// When there is no such workspace.
    pub fn add_api_key(&self, workspace: &str, user_id: &str) -> Result<(), UnknownName> {
        let mut state = lock(&self.shared.state);
        let record = state.record_mut(workspace).map_err(|_| unknown_workspace(workspace))?;
        record.key_owners.insert(user_id.to_owned());
        Ok(())
    }

    /// Revokes the API keys of a user in a workspace, named by its id or slug.
    ///
    /// # Errors
    ///
    /// When there is no such workspace.
    pub fn revoke_api_keys(&self, workspace: &str, user_id: &str) -> Result<(), UnknownName> {
        let mut state = lock(&self.shared.state);
        let record = state.record_mut(workspace).map_err(|_| unknown_workspace(workspace))?;
        record.key_owners.remove(user_id);
        Ok(())
    }

    /// All workspaces as the API shows them, oldest first.
    pub fn workspaces(&self) -> Vec<Value> {
        let state = lock(&self.shared.state);
        state.workspaces().map(|workspace| json!(workspace)).collect()
    }

    /// All members of a workspace as the API shows them, in the order in which they were added.
    ///
    /// # Errors
    ///
    /// When there is no workspace with this id or slug.
    pub fn members(&self, workspace: &str) -> Result<Vec<Value>, UnknownName> {
        let state = lock(&self.shared.state);
        let record = state.record(workspace).map_err(|_| unknown_workspace(workspace))?;
        let members = members::of(&state, record, 0, usize::MAX);
        Ok(members.iter().map(|member| json!(member)).collect())
    }

    /// All budgets of a workspace as the API shows them, the widest interval first.
    ///
    /// # Errors
    ///
    /// When there is no workspace with this id or slug.
    pub fn budgets(&self, workspace: &str) -> Result<Vec<Value>, UnknownName> {
        let state = lock(&self.shared.state);
        let record = state.record(workspace).map_err(|_| unknown_workspace(workspace))?;
        let budgets = record.budgets.values().rev();
        Ok(budgets.map(|budget| json!(budget)).collect())
    }
}

/// A name that the sandbox does not know: of a workspace that is not there, or of an operation that is not in the
/// contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName(String);

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the sandbox has no {}", self.0)
    }
}

impl Error for UnknownName {}

fn unknown_workspace(reference: &str) -> UnknownName {
    UnknownName(format!("workspace {reference}"))
}
