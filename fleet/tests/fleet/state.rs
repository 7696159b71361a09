//! What an account has, and what of it a manifest must not touch.

use std::collections::BTreeMap;
use std::future::Future;

use openrouter_sandbox::Sandbox;
use openrouter_workspaces::body::UpdateWorkspaceRequest;
use openrouter_workspaces_fleet::{Account, Manifest, Members, Plan, PlanOptions, plan};
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};

pub type Checked = Result<(), TestCaseError>;

/// Runs a test on a clock of its own, which is paused.
pub fn on_paused_clock(test: impl Future<Output = Checked>) -> Checked {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("there is a runtime").block_on(test)
}

pub fn planned_of(manifest: &Manifest, account: &Account) -> Plan {
    plan(manifest, account, &PlanOptions::default()).expect("there is a plan")
}

/// All that an account has, by the ids of workspaces.
pub fn state(sandbox: &Sandbox) -> BTreeMap<String, Value> {
    let all = sandbox.workspaces().into_iter().map(|mut workspace| {
        let id = workspace["id"].as_str().expect("there is an id").to_owned();
        workspace.as_object_mut().expect("it is an object").remove("updated_at");
        let members: Vec<Value> =
            sandbox.members(&id).unwrap().into_iter().map(|member| member["user_id"].clone()).collect();
        let limit = |budget: Value| (budget["reset_interval"].to_string(), budget["limit_usd"].clone());
        let budgets: BTreeMap<String, Value> = sandbox.budgets(&id).unwrap().into_iter().map(limit).collect();
        workspace["members"] = json!(members);
        workspace["budgets"] = json!(budgets);
        (id, workspace)
    });
    all.collect()
}

/// What a manifest does not manage, and is not the same any more.
pub fn touched(manifest: &Manifest, before: &BTreeMap<String, Value>, after: &BTreeMap<String, Value>) -> Vec<String> {
    let mut touched = Vec::new();
    for (id, before) in before {
        let after = &after[id];
        let entry = manifest.workspaces.iter().find(|entry| after["slug"] == entry.slug);
        let managed = |field: &str| {
            let Some(entry) = entry else { return false };
            let named = |settings: &UpdateWorkspaceRequest| json!(settings).get(field).is_some();
            match field {
                "slug" => entry.renamed_from.is_some(),
                "members" => entry.members.is_some(),
                "budgets" => entry.budgets.is_some(),
                "include_byok_in_budgets" => entry.budgets.is_some_and(|budgets| budgets.include_byok.is_some()),
                _ => named(&entry.settings) || named(&manifest.defaults),
            }
        };
        for (field, value) in before.as_object().unwrap() {
            if after[field] != *value && !managed(field) {
                touched.push(format!("{}: {field}", before["slug"]));
            }
        }
        if let Some(Members::AtLeast { .. }) = entry.and_then(|entry| entry.members.as_ref()) {
            let after = after["members"].as_array().unwrap();
            if !before["members"].as_array().unwrap().iter().all(|user| after.contains(user)) {
                touched.push(format!("{}: others are no members any more", before["slug"]));
            }
        }
    }
    touched
}
