//! How a sandbox starts: its options are checked, and become a server with an account.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use chrono::{DateTime, TimeDelta, Utc};

use crate::account::handle::Account;
use crate::account::model::{OrganizationMember, Workspace, WorkspaceSettings};
use crate::account::state::{AccountState, timestamp};
use crate::builder::SandboxBuilder;
use crate::faults::plan::FaultPlan;
use crate::ids::Ids;
use crate::net::server::Server;
use crate::pipeline::router::router;
use crate::pipeline::server_state::ServerState;
use crate::profile::ServerProfile;
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
}

impl SandboxBuilder {
    /// Makes a sandbox without a server: its [`service`](Sandbox::service) answers requests where they are made, in the
    /// runtime of the client and by its clock, which may be a paused one.
    ///
    /// # Errors
    ///
    /// When an option, the state or the fault plan cannot be; the message says which and why.
    pub fn in_memory(self) -> io::Result<Sandbox> {
        let (state, router, key) = self.parts(Contract::get().map_err(io::Error::other)?)?;
        with_faults(Sandbox::new(None, router, state, key), self.faults)
    }

    /// Starts the server and returns once it accepts connections.
    ///
    /// # Errors
    ///
    /// When the port is taken, when the system refuses a thread or a socket, or when an option, the state or the fault plan
    /// cannot be; the message says which and why.
    pub async fn start(self) -> io::Result<Sandbox> {
        self.start_with(Contract::get().map_err(io::Error::other)?).await
    }

    /// Starts a server with the operations of a contract.
    async fn start_with(self, contract: &'static Contract) -> io::Result<Sandbox> {
        let (state, router, key) = self.parts(contract)?;
        let address = SocketAddr::new(self.host, self.port);
        let server = Server::start(address, router.clone()).await?;
        with_faults(Sandbox::new(Some(server), router, state, key), self.faults)
    }

    /// The state of a server with the operations of a contract, what answers requests from it, and the management key.
    fn parts(&self, contract: &'static Contract) -> io::Result<(Arc<ServerState>, Router, String)> {
        self.check().map_err(|message| io::Error::new(io::ErrorKind::InvalidInput, message))?;
        let ids = match (self.seed, &self.state) {
            (None, _) => Ids::default(),
            (Some(seed), None) => Ids::seeded(seed, ""),
            (Some(seed), Some(state)) => Ids::seeded(seed, &state.to_json()),
        };
        let key = self.key.clone().unwrap_or_else(|| format!("sk-or-v1-sandbox-{}", ids.next().simple()));
        let mut keys: HashMap<String, bool> = self.inference_keys.iter().map(|key| (key.clone(), false)).collect();
        keys.insert(key.clone(), true);
        let switched = self.behaviours.iter();
        let server = switched.fold(self.server.clone(), |server, (behaviour, on)| server.with(*behaviour, *on));
        let account = self.account(contract, &server, &ids)?;
        let state = ServerState::new(contract, server, keys, account, self.clock.clone(), ids, self.access_log.clone());
        let state = Arc::new(state);
        let router = router(state.clone()).map_err(io::Error::other)?;
        Ok((state, router, key))
    }

    /// Names the option that cannot be, and its rule.
    fn check(&self) -> Result<(), String> {
        for key in self.key.iter().chain(&self.inference_keys) {
            Self::check_key(key)?;
        }
        if self.inference_keys.iter().any(|key| self.key.as_ref() == Some(key)) {
            return Err("a key that may not manage is the management key: choose another for one of them".to_owned());
        }
        check_count("seed_workspaces", self.seed_workspaces)?;
        check_count("organization_members", self.organization_members)
    }

    /// The account that the server starts with. Its keys belong to the first user of the organization.
    fn account(&self, contract: &Contract, server: &ServerProfile, ids: &Ids) -> io::Result<Account> {
        let clock = self.database_clock.as_ref().unwrap_or(&self.clock);
        let mut state = AccountState::new(server.clone(), self.page_cap, self.list_order, clock.clone(), ids.clone());
        match &self.state {
            Some(saved) => {
                state.restore(saved, contract).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?
            }
            None => self.seed_account(&mut state, clock.now()),
        }
        let user_id = state.organization.first().map_or("user_1", |(user_id, _)| user_id).to_owned();
        Ok(Account::new(state, &user_id))
    }

    /// Fills a new account.
    fn seed_account(&self, state: &mut AccountState, now: DateTime<Utc>) {
        let minutes = TimeDelta::try_minutes(self.seed_workspaces.try_into().unwrap_or(i64::MAX)).unwrap_or_default();
        let mut created_at = now - TimeDelta::days(7) - minutes;
        let user = |role: &str, scim_managed| OrganizationMember {
            role: role.to_owned(),
            created_at: timestamp(created_at),
            scim_managed,
        };
        for number in 1..=self.organization_members {
            let role = if number == 1 { "admin" } else { "member" };
            state.organization.insert(format!("user_{number}"), user(role, false));
        }
        for (user_id, role) in &self.named_members {
            state.organization.insert(user_id.clone(), user(role, false));
        }
        for user_id in &self.scim_members {
            state.organization.entry(user_id.clone()).or_insert_with(|| user("member", true)).scim_managed = true;
        }
        let creator = state.organization.first().map_or("user_1", |(user_id, _)| user_id).to_owned();
        state.insert_default_workspace(created_at);
        for number in 1..=self.seed_workspaces {
            created_at += TimeDelta::minutes(1);
            let settings = WorkspaceSettings::named(format!("Workspace {number}"), format!("workspace-{number}"))
                .known_to(&state.server);
            state.insert(Workspace::new(state.ids.next(), settings, Some(creator.clone()), timestamp(created_at)));
        }
    }
}

fn check_count(option: &str, count: usize) -> Result<(), String> {
    match count <= SandboxBuilder::MAX_ROWS {
        true => Ok(()),
        false => Err(format!("{option}: {count} is too many, {} is the most", SandboxBuilder::MAX_ROWS)),
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
