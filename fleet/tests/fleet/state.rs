//! What an account has, and what of it a manifest must not touch.

use std::collections::BTreeMap;
use std::future::Future;

use openrouter_sandbox::Sandbox;
use openrouter_workspaces::body::UpdateWorkspaceRequest;
use openrouter_workspaces_fleet::{Account, Manifest, Members, Plan, PlanOptions, plan};
use proptest::prop_assert;
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

/// What a manifest says, and is not so on the server, whatever a plan thinks of it.
pub fn unmet(manifest: &Manifest, after: &BTreeMap<String, Value>) -> Vec<String> {
    let mut unmet = Vec::new();
    for entry in &manifest.workspaces {
        let Some(there) = after.values().find(|there| there["slug"] == entry.slug) else {
            unmet.push(format!("{}: there is none", entry.slug));
            continue;
        };
        let mut check = |part: &str, is_so: bool| {
            if !is_so {
                unmet.push(format!("{}: {part}: {}", entry.slug, there[part]));
            }
        };
        let mut wanted = json!(manifest.defaults);
        let own = json!(entry.settings);
        wanted.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        for (field, wanted) in wanted.as_object().unwrap() {
            let there = &there[field];
            let is_so = match (field.as_str(), wanted.as_array()) {
                ("disabled_server_tools", None) => there.is_null() || *there == json!([]),
                ("disabled_server_tools", Some(tools)) if tools.is_empty() => there.is_null() || *there == json!([]),
                (_, Some(items)) => sorted(items) == there.as_array().map(|there| sorted(there)).unwrap_or_default(),
                _ => there == wanted || there.as_f64().is_some_and(|there| Some(there) == wanted.as_f64()),
            };
            check(field, is_so);
        }
        let members = sorted(there["members"].as_array().unwrap());
        let named = |users: &[String]| sorted(&users.iter().map(|user| json!(user)).collect::<Vec<_>>());
        check(
            "members",
            match &entry.members {
                Some(Members::Exactly(users)) => named(users) == members,
                Some(list) => named(list.users()).iter().all(|user| members.contains(user)),
                None => true,
            },
        );
        if let Some(budgets) = entry.budgets {
            let limits = [
                ("null", budgets.lifetime),
                ("\"monthly\"", budgets.monthly),
                ("\"weekly\"", budgets.weekly),
                ("\"daily\"", budgets.daily),
            ];
            check("budgets", limits.iter().all(|(interval, limit)| there["budgets"][interval].as_f64() == *limit));
            let flag = there["include_byok_in_budgets"].as_bool().unwrap_or_default();
            check("include_byok_in_budgets", budgets.include_byok.is_none_or(|wanted| wanted == flag));
        }
    }
    unmet
}

fn sorted(items: &[Value]) -> Vec<String> {
    let mut items: Vec<String> = items.iter().map(ToString::to_string).collect();
    items.sort();
    items
}

/// Checks that an account is as a manifest says, and that all else is as it was.
pub fn only_what_the_manifest_says(
    manifest: &Manifest,
    before: &BTreeMap<String, Value>,
    sandbox: &Sandbox,
) -> Checked {
    let after = state(sandbox);
    let unmet = unmet(manifest, &after);
    prop_assert!(unmet.is_empty(), "{:?}", unmet);
    let touched = touched(manifest, before, &after);
    prop_assert!(touched.is_empty(), "{:?}", touched);
    Ok(())
}
