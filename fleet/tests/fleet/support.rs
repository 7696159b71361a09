//! A sandbox on simulated time, a client of it, and what it is to be made of.

use std::collections::BTreeMap;

use openrouter_sandbox::{Behaviour, Sandbox, SandboxBuilder};
use openrouter_workspaces::Client;
use openrouter_workspaces_fleet::{Account, Manifest, ManifestErrors, Plan, PlanOptions, Source, apply, plan};

pub use crate::simulated::{client, client_with, members, requests, users};

/// A sandbox on the paused clock of the test, with nine users.
pub fn simulated() -> SandboxBuilder {
    crate::simulated::on_paused_clock().organization_members(9)
}

pub fn sandbox() -> Sandbox {
    simulated().in_memory().expect("the options are valid")
}

/// One whose lists of budgets are empty where there is none, so that reading one takes one request.
pub fn described() -> SandboxBuilder {
    simulated().behaviour(Behaviour::BudgetsNotFound, false)
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
