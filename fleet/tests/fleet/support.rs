//! A sandbox on simulated time, a client of it, and what it is to be made of.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use openrouter_sandbox::{Behaviour, Sandbox, SandboxBuilder, SandboxService};
use openrouter_workspaces::{Client, HttpFuture, HttpService, RetryConfig, reqwest};
use openrouter_workspaces_fleet::{Account, Manifest, ManifestErrors, Plan, PlanOptions, Source, apply, plan};
use tokio::time::Instant;

/// An answer takes this long.
pub const LATENCY: Duration = Duration::from_millis(20);

/// A sandbox on the paused clock of the test.
pub fn simulated() -> SandboxBuilder {
    let (day, start) = (DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_000), Instant::now());
    let clock = move || day + start.elapsed();
    Sandbox::builder().seed(1).key("sk-or-v1-fleet").clock(clock).organization_members(9)
}

pub fn sandbox() -> Sandbox {
    simulated().in_memory().expect("the options are valid")
}

/// One whose lists of budgets are empty where there is none, so that reading one takes one request.
pub fn described() -> SandboxBuilder {
    simulated().behaviour(Behaviour::BudgetsNotFound, false)
}

/// Every answer of the sandbox takes 20 ms.
struct Distant(SandboxService);

impl HttpService for Distant {
    fn call(&self, request: reqwest::Request) -> HttpFuture<'_> {
        Box::pin(async {
            tokio::time::sleep(LATENCY).await;
            self.0.call(request).await
        })
    }
}

/// A client that does not retry, so that a fault is the end of a call.
pub fn client(sandbox: &Sandbox) -> Client {
    client_with(sandbox, RetryConfig::none())
}

pub fn client_with(sandbox: &Sandbox, retry: RetryConfig) -> Client {
    let builder = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url());
    builder.http_service(Distant(sandbox.service())).retry(retry).build().expect("the settings are valid")
}

/// A manifest of one text, without variables.
pub fn manifest(text: &str) -> Manifest {
    read(text).expect("the manifest is valid")
}

pub fn read(text: &str) -> Result<Manifest, ManifestErrors> {
    Manifest::from_sources([source("fleet.yaml", text)], &BTreeMap::new())
}

pub fn source(name: &str, text: &str) -> Source {
    Source { name: name.to_owned(), text: text.to_owned() }
}

/// What is to be done.
pub async fn planned(client: &Client, manifest: &Manifest) -> Plan {
    planned_with(client, manifest, &PlanOptions::default()).await
}

pub async fn planned_with(client: &Client, manifest: &Manifest, options: &PlanOptions) -> Plan {
    let account = Account::read_for(client, manifest).await.expect("the account can be read");
    plan(manifest, &account, options).expect("there is a plan")
}

/// Makes it so, and checks that nothing is left to do.
pub async fn converge(client: &Client, manifest: &Manifest) {
    let report = apply(client, &planned(client, manifest).await).await.expect("the plan fits");
    assert!(report.is_complete(), "{report}");
    let left = planned(client, manifest).await;
    assert!(left.is_empty(), "{left:#?}");
}

/// What each action does, as in `production: create`.
pub fn actions(plan: &Plan) -> Vec<String> {
    plan.actions().map(|(workspace, action)| format!("{}: {}", workspace.slug, action.change)).collect()
}

/// The requests since the last time, as operations.
pub fn requests(sandbox: &Sandbox) -> Vec<String> {
    let all = sandbox.journal().into_iter().map(|request| request.operation.unwrap_or_default()).collect();
    sandbox.clear_journal();
    all
}

/// The ids of some users of the organization.
pub fn users(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers.into_iter().map(|number| format!("user_{number}")).collect()
}

/// Who is a member of a workspace, as a sorted list.
pub fn members(sandbox: &Sandbox, workspace: &str) -> Vec<String> {
    let members = sandbox.members(workspace).expect("there is such a workspace");
    let mut users: Vec<String> = members.iter().map(|member| member["user_id"].as_str().unwrap().to_owned()).collect();
    users.sort();
    users
}
