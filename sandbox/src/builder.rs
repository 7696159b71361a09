//! Options of a sandbox, and how it starts.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use chrono::{DateTime, TimeDelta, Utc};

use crate::account::handle::Account;
use crate::account::model::{Workspace, WorkspaceSettings};
use crate::account::order::ListOrder;
use crate::account::state::{AccountState, timestamp};
use crate::clock::Clock;
use crate::faults::plan::FaultPlan;
use crate::ids::Ids;
use crate::net::server::Server;
use crate::pipeline::router::router;
use crate::pipeline::server_state::ServerState;
use crate::sandbox::Sandbox;
use crate::spec::contract::Contract;

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
}

/// Options of a [`Sandbox`], made by [`Sandbox::builder`].
///
/// ```
/// use openrouter_sandbox::Sandbox;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let sandbox = Sandbox::builder()
///     .key("sk-or-v1-mine")
///     .seed_workspaces(250)
///     .organization_members(3)
///     .organization_member("user_ada", "admin")
///     .page_cap(20)
///     .start()
///     .await?;
/// assert_eq!(sandbox.key(), "sk-or-v1-mine");
/// assert_eq!(sandbox.workspaces().len(), 251);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing before `start`"]
pub struct SandboxBuilder {
    port: u16,
    key: Option<String>,
    inference_keys: Vec<String>,
    seed_workspaces: usize,
    organization_members: usize,
    named_members: Vec<(String, String)>,
    page_cap: usize,
    list_order: ListOrder,
    faults: FaultPlan,
    ids: Ids,
    clock: Clock,
    database_clock: Option<Clock>,
}

impl SandboxBuilder {
    pub(crate) fn new() -> Self {
        Self {
            port: 0,
            key: None,
            inference_keys: Vec::new(),
            seed_workspaces: 0,
            organization_members: 5,
            named_members: Vec::new(),
            page_cap: usize::MAX,
            list_order: ListOrder::default(),
            faults: FaultPlan::default(),
            ids: Ids::default(),
            clock: Clock::default(),
            database_clock: None,
        }
    }

    /// The port to listen on. The default, 0, takes a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The management key. The default is a new one for each sandbox.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Adds a key that is valid but may not manage: its requests are answered with 403.
    pub fn inference_key(mut self, key: impl Into<String>) -> Self {
        self.inference_keys.push(key.into());
        self
    }

    /// How many workspaces there are besides the default one: `workspace-1`, `workspace-2`, and so on. The default is
    /// 0. They are days old and one minute apart, the last one being the youngest.
    pub fn seed_workspaces(mut self, count: usize) -> Self {
        self.seed_workspaces = count;
        self
    }

    /// How many users the organization has: `user_1`, who is its admin, `user_2`, and so on. The default is 5.
    pub fn organization_members(mut self, count: usize) -> Self {
        self.organization_members = count;
        self
    }

    /// Adds a user to the organization after those of [`organization_members`](Self::organization_members), with a role
    /// there, such as `admin` or `member`.
    pub fn organization_member(mut self, user_id: impl Into<String>, role: impl Into<String>) -> Self {
        self.named_members.push((user_id.into(), role.into()));
        self
    }

    /// How many rows a page has at most, even if `limit` asks for more. By default `limit` decides alone. With 0 every
    /// page is empty, as from a server that makes no progress.
    pub fn page_cap(mut self, rows: usize) -> Self {
        self.page_cap = rows;
        self
    }

    /// The order in which workspaces and members are listed. The default is the oldest first.
    pub fn list_order(mut self, order: ListOrder) -> Self {
        self.list_order = order;
        self
    }

    /// What goes wrong from the start. The default is nothing. [`Sandbox::set_faults`] changes it later.
    pub fn faults(mut self, plan: FaultPlan) -> Self {
        self.faults = plan;
        self
    }

    /// Makes all ids follow from a number, and from the requests. By default they are random.
    pub fn seed(mut self, seed: u64) -> Self {
        self.ids = Ids::seeded(seed);
        self
    }

    /// What time it is, by the `Date` of answers and by what is created and changed. The default is the time of the
    /// machine.
    pub fn clock(mut self, now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        self.clock = Clock::new(now);
        self
    }

    /// What time it is by what is created and changed, where that is not the clock of the `Date` of answers, as with a
    /// database on another machine.
    pub fn database_clock(mut self, now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        self.database_clock = Some(Clock::new(now));
        self
    }

    /// Makes a sandbox without a server: its [`service`](Sandbox::service) answers requests where they are made, in the
    /// runtime of the client and by its clock, which may be a paused one.
    ///
    /// # Errors
    ///
    /// When the fault plan names an operation that the contract does not have.
    pub fn in_memory(self) -> io::Result<Sandbox> {
        let (state, router, key) = self.parts(Contract::get().map_err(io::Error::other)?)?;
        with_faults(Sandbox::new(None, router, state, key), self.faults)
    }

    /// Starts the server on the loopback interface and returns once it accepts connections.
    ///
    /// # Errors
    ///
    /// When the port is taken, when the fault plan names an operation that the contract does not have, or when the system
    /// refuses a thread or a socket.
    pub async fn start(self) -> io::Result<Sandbox> {
        self.start_with(Contract::get().map_err(io::Error::other)?).await
    }

    /// Starts a server with the operations of a contract.
    async fn start_with(self, contract: &'static Contract) -> io::Result<Sandbox> {
        let (state, router, key) = self.parts(contract)?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let server = Server::start(address, router.clone()).await?;
        with_faults(Sandbox::new(Some(server), router, state, key), self.faults)
    }

    /// The state of a server with the operations of a contract, what answers requests from it, and the management key.
    fn parts(&self, contract: &'static Contract) -> io::Result<(Arc<ServerState>, Router, String)> {
        let key = self.key.clone().unwrap_or_else(|| format!("sk-or-v1-sandbox-{}", self.ids.next().simple()));
        let mut keys: HashMap<String, bool> = self.inference_keys.iter().map(|key| (key.clone(), false)).collect();
        keys.insert(key.clone(), true);
        let state = ServerState::new(contract, keys, self.account(), self.clock.clone(), self.ids.clone());
        let state = Arc::new(state);
        let router = router(state.clone()).map_err(io::Error::other)?;
        Ok((state, router, key))
    }

    /// The account that the server starts with. Its keys belong to the first user of the organization.
    fn account(&self) -> Account {
        let organization = self.organization();
        let user_id = organization.first().map_or("user_1", |(user_id, _)| user_id).to_owned();
        let minutes = TimeDelta::try_minutes(self.seed_workspaces.try_into().unwrap_or(i64::MAX)).unwrap_or_default();
        let clock = self.database_clock.as_ref().unwrap_or(&self.clock);
        let mut created_at = clock.now() - TimeDelta::days(7) - minutes;
        let mut state = AccountState::new(
            organization,
            self.page_cap,
            self.list_order,
            created_at,
            clock.clone(),
            self.ids.clone(),
        );
        for number in 1..=self.seed_workspaces {
            created_at += TimeDelta::minutes(1);
            let settings = WorkspaceSettings::named(format!("Workspace {number}"), format!("workspace-{number}"));
            state.insert(Workspace::new(self.ids.next(), settings, Some(user_id.clone()), timestamp(created_at)));
        }
        Account::new(state, &user_id)
    }

    fn organization(&self) -> Vec<(String, String)> {
        (1..=self.organization_members)
            .map(|number| {
                let role = if number == 1 { "admin" } else { "member" };
                (format!("user_{number}"), role.to_owned())
            })
            .chain(self.named_members.iter().cloned())
            .collect()
    }
}

fn with_faults(sandbox: Sandbox, faults: FaultPlan) -> io::Result<Sandbox> {
    sandbox.set_faults(faults).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    Ok(sandbox)
}

#[cfg(test)]
mod tests {
    use openrouter_workspaces::CONTRACT;
    use reqwest::{Client, RequestBuilder, Response};
    use serde_json::{Value, json};

    use super::*;
    use crate::faults::script::ScriptedResponse;

    /// A sandbox whose contract has an operation more than the real one.
    async fn with_a_new_operation() -> Sandbox {
        let mut contract: Value = serde_norway::from_str(CONTRACT).unwrap();
        contract["paths"]["/workspaces/{id}/foo"]["get"] = json!({
            "operationId": "list_foo",
            "parameters": [{"$ref": "#/components/parameters/WorkspaceRef"}],
            "responses": {"200": {"description": "All foo."}},
        });
        let contract = Contract::parse(&contract.to_string()).unwrap();
        // As the real contract, it lives as long as the process.
        SandboxBuilder::new().start_with(Box::leak(Box::new(contract))).await.unwrap()
    }

    fn list_foo(sandbox: &Sandbox) -> RequestBuilder {
        Client::new().get(format!("{}/workspaces/default/foo", sandbox.base_url()))
    }

    async fn send(sandbox: &Sandbox, request: RequestBuilder) -> Response {
        request.bearer_auth(sandbox.key()).send().await.unwrap()
    }

    #[tokio::test]
    async fn an_operation_that_the_sandbox_does_not_know_is_answered_with_501_and_named() {
        let sandbox = with_a_new_operation().await;
        let response = send(&sandbox, list_foo(&sandbox)).await;
        assert_eq!(response.status(), 501);
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["error"]["code"], 501);
        assert_eq!(body["error"]["message"], "The sandbox does not know the operation list_foo yet");
        let recorded = &sandbox.journal()[0];
        assert_eq!((recorded.operation.as_deref(), recorded.status), (Some("list_foo"), Some(501)));
    }

    #[tokio::test]
    async fn the_other_operations_work_beside_one_that_the_sandbox_does_not_know() {
        let sandbox = with_a_new_operation().await;
        let request = Client::new().get(format!("{}/workspaces/default", sandbox.base_url()));
        assert_eq!(send(&sandbox, request).await.status(), 200);
    }

    #[tokio::test]
    async fn an_operation_that_the_sandbox_does_not_know_needs_a_key() {
        let sandbox = with_a_new_operation().await;
        assert_eq!(list_foo(&sandbox).send().await.unwrap().status(), 401);
    }

    #[tokio::test]
    async fn an_operation_that_the_sandbox_does_not_know_can_be_scripted() {
        let sandbox = with_a_new_operation().await;
        sandbox.script("list_foo", [ScriptedResponse::json(200, &json!({"data": []}))]).unwrap();
        assert_eq!(send(&sandbox, list_foo(&sandbox)).await.status(), 200);
        assert_eq!(send(&sandbox, list_foo(&sandbox)).await.status(), 501);
    }
}
