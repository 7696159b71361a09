//! The sandbox as its user sees it.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::account::handle::Account;
use crate::account::saved::SavedState;
use crate::errors::{InvalidPlan, TakenSlug, UnknownName};
use crate::faults::plan::FaultPlan;
use crate::faults::script::ScriptedResponse;
use crate::net::memory::SandboxService;
use crate::net::port::{MemoryPort, Port};
use crate::net::server::Server;
use crate::pipeline::journal::RecordedRequest;
use crate::pipeline::observers::ProcessedRequest;
use crate::pipeline::server_state::ServerState;
use crate::sync::lock;

/// A running server with an account of its own. Dropping it stops it and closes its connections.
///
/// The account has a default workspace, with the slug `default`, to which all members of its organization belong.
///
/// The server runs on a thread of its own, so that it needs no particular runtime and does not mind a paused clock. A
/// sandbox made by [`SandboxBuilder::in_memory`](crate::SandboxBuilder::in_memory) has no server, no thread and no socket.
#[derive(Debug)]
pub struct Sandbox {
    // Dropped first, as fields are in their order: after it nobody asks any more.
    _server: Option<Server>,
    service: SandboxService,
    address: Option<SocketAddr>,
    state: Arc<ServerState>,
    base_url: String,
    key: String,
}

impl Sandbox {
    /// A sandbox that has a server, or, if there is none, is reached by its service alone.
    pub(crate) fn new(server: Option<Server>, router: Router, state: Arc<ServerState>, key: String) -> Self {
        let address = server.as_ref().map(|server| server.listener.address);
        let host = address.map_or("localhost".to_owned(), |address| reachable(address).to_string());
        let base_url = format!("http://{host}{}", state.contract.base_path);
        let port: Arc<dyn Port> = match &server {
            Some(server) => server.listener.clone(),
            None => Arc::new(MemoryPort::default()),
        };
        Self { _server: server, service: SandboxService::new(router, port), address, state, base_url, key }
    }

    /// What sends the requests of a client to this sandbox without a network.
    ///
    /// ```
    /// use openrouter_sandbox::Sandbox;
    /// use openrouter_workspaces::{Client, Error};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::builder().seed(7).in_memory()?;
    /// let client = Client::builder()
    ///     .api_key(sandbox.key())
    ///     .base_url(sandbox.base_url())
    ///     .http_service(sandbox.service())
    ///     .build()?;
    /// let created = client.create("Production", "production").await?;
    /// assert_eq!(sandbox.workspaces()[1]["id"], created.id.to_string());
    /// # Ok(())
    /// # }
    /// ```
    pub fn service(&self) -> SandboxService {
        self.service.clone()
    }

    /// The URL that the API's paths are appended to, such as `http://127.0.0.1:8080/api/v1`. Of a sandbox that listens on
    /// all addresses of the machine, it is the loopback one.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The port that the server listens on; 0 if there is no server.
    pub fn port(&self) -> u16 {
        self.address.map_or(0, |address| address.port())
    }

    /// What time it is by the `Date` of answers.
    pub fn clock(&self) -> DateTime<Utc> {
        self.state.clock.now()
    }

    /// The management key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The latest 10,000 requests, oldest first, whether or not they have been answered.
    pub fn journal(&self) -> Vec<RecordedRequest> {
        lock(&self.state.journal).requests()
    }

    /// Empties the journal.
    pub fn clear_journal(&self) {
        lock(&self.state.journal).clear();
    }

    /// Answers the next requests for an operation with these responses, one for each request and after those that were
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
        self.state.contract.check(operation_id)?;
        lock(&self.state.scripts).add(operation_id, responses);
        Ok(())
    }

    /// Lets the faults of a plan happen from now on, in place of those of the plan before; the plan counts requests
    /// from here. [`FaultPlan::default`] ends all faults. A request with a scripted answer meets no fault, but is counted.
    ///
    /// ```
    /// use openrouter_sandbox::{Fault, FaultPlan, Sandbox, When};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::start().await?;
    /// let lost = Fault::Reset(When::After);
    /// sandbox.set_faults(FaultPlan::default().sequence("list_workspaces", [Some(lost.clone())]))?;
    ///
    /// let url = format!("{}/workspaces", sandbox.base_url());
    /// let request = || reqwest::Client::new().get(&url).bearer_auth(sandbox.key()).send();
    /// assert!(request().await.is_err());
    /// assert_eq!(request().await?.status(), 200);
    ///
    /// let first = &sandbox.journal()[0];
    /// assert_eq!((first.fault.as_ref(), first.processed, first.status), (Some(&lost), true, None));
    /// assert_eq!(sandbox.faults_applied()["reset-after"], 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the contract has no operation that the plan names, or a rate is no number from 0 to 1.
    pub fn set_faults(&self, plan: FaultPlan) -> Result<(), InvalidPlan> {
        plan.operations().try_for_each(|operation| self.state.contract.check(operation))?;
        if let Some(rate) = plan.rates().find(|rate| !(0.0..=1.0).contains(rate)) {
            return Err(InvalidPlan::Rate(rate));
        }
        lock(&self.state.faults).replace(plan);
        Ok(())
    }

    /// How many faults of each [`kind`](crate::Fault::kind) have happened since the start.
    pub fn faults_applied(&self) -> BTreeMap<String, u64> {
        lock(&self.state.faults).applied().clone()
    }

    /// Closes the port, so that the system refuses connections to it, or opens it again. When this returns, the port
    /// is closed or open.
    ///
    /// Connections that there are already close, too: those that are idle at once, the others after their answer. A
    /// client that keeps connections may still try one of them until its runtime has noticed, which in a runtime with one
    /// thread takes one `tokio::task::yield_now().await`.
    ///
    /// # Errors
    ///
    /// When another program has taken the port meanwhile. Closing cannot fail.
    pub fn refuse_connections(&self, refuse: bool) -> io::Result<()> {
        self.service.port.set_closed(refuse)
    }

    /// The account, to be changed without requests.
    pub fn account(&self) -> &Account {
        &self.state.account
    }

    /// What the account consists of now: [`Account::save`].
    pub fn save(&self) -> SavedState {
        self.state.account.save()
    }

    /// Runs code before each request for an operation, with the account and the number of the request, which is 1 for
    /// the first one from now on. Several hooks of an operation run in the order in which they were added; each stays until
    /// [`clear_hooks`](Self::clear_hooks). Whatever becomes of the request, such as a scripted answer or a fault, comes
    /// after them.
    ///
    /// The code runs on the server's thread, which does nothing else meanwhile: it must not wait for an answer.
    ///
    /// ```
    /// use openrouter_sandbox::{ListOrder, Sandbox};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::builder().seed_workspaces(2).list_order(ListOrder::NewestFirst).start().await?;
    /// sandbox.before("list_workspaces", |account, number| {
    ///     if number == 2 {
    ///         account.create_workspace("between-two-pages").unwrap();
    ///     }
    /// })?;
    ///
    /// let mut pages = Vec::new();
    /// for offset in [0, 1] {
    ///     let url = format!("{}/workspaces?limit=1&offset={offset}", sandbox.base_url());
    ///     let response = reqwest::Client::new().get(url).bearer_auth(sandbox.key()).send().await?;
    ///     pages.push(response.json::<serde_json::Value>().await?);
    /// }
    /// assert_eq!(pages[0]["data"], pages[1]["data"]); // the new row has moved the first to the second page
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the contract has no operation with this `operationId`.
    pub fn before(
        &self,
        operation_id: &str,
        hook: impl FnMut(&Account, u64) + Send + 'static,
    ) -> Result<(), UnknownName> {
        self.state.contract.check(operation_id)?;
        lock(&self.state.hooks).add(operation_id, Box::new(hook));
        Ok(())
    }

    /// Tells an observer of each request that has been processed, and of what the API answers to it, before any fault
    /// changes that. Several observers are told in the order in which they were added.
    ///
    /// The code runs where the request is processed, which does nothing else meanwhile: it must not wait for an answer.
    pub fn observe(&self, observer: impl FnMut(&Account, ProcessedRequest<'_>) + Send + 'static) {
        lock(&self.state.observers).add(Box::new(observer));
    }

    /// Forgets all hooks.
    pub fn clear_hooks(&self) {
        lock(&self.state.hooks).clear();
    }

    /// Creates a workspace with this slug without a request, and returns its id: [`Account::create_workspace`].
    ///
    /// # Errors
    ///
    /// When another workspace has the slug.
    pub fn create_workspace(&self, slug: &str) -> Result<String, TakenSlug> {
        self.state.account.create_workspace(slug)
    }

    /// Deletes a workspace, named by its id or slug, without a request: [`Account::delete_workspace`].
    ///
    /// # Errors
    ///
    /// When there is no such workspace.
    pub fn delete_workspace(&self, workspace: &str) -> Result<(), UnknownName> {
        self.state.account.delete_workspace(workspace)
    }

    /// Gives a user an active API key in a workspace, named by its id or slug. While it is active, the workspace cannot
    /// be deleted, nor the user removed from it.
    ///
    /// # Errors
    ///
    /// When there is no such workspace.
    pub fn add_api_key(&self, workspace: &str, user_id: &str) -> Result<(), UnknownName> {
        self.state.account.add_api_key(workspace, user_id)
    }

    /// Revokes the API keys of a user in a workspace, named by its id or slug.
    ///
    /// # Errors
    ///
    /// When there is no such workspace.
    pub fn revoke_api_keys(&self, workspace: &str, user_id: &str) -> Result<(), UnknownName> {
        self.state.account.revoke_api_keys(workspace, user_id)
    }

    /// All workspaces as the API shows them, oldest first.
    pub fn workspaces(&self) -> Vec<Value> {
        self.state.account.workspaces()
    }

    /// All members of a workspace as the API shows them, in the order in which they were added.
    ///
    /// # Errors
    ///
    /// When there is no workspace with this id or slug.
    pub fn members(&self, workspace: &str) -> Result<Vec<Value>, UnknownName> {
        self.state.account.members(workspace)
    }

    /// All budgets of a workspace as the API shows them, the widest interval first.
    ///
    /// # Errors
    ///
    /// When there is no workspace with this id or slug.
    pub fn budgets(&self, workspace: &str) -> Result<Vec<Value>, UnknownName> {
        self.state.account.budgets(workspace)
    }
}

/// Where this machine reaches a server that listens on an address, which may stand for all of its addresses.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}
