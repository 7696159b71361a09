//! Servers of different ages, and single behaviours of them.

use openrouter_sandbox::{Behaviour, Sandbox, SandboxBuilder, ServerProfile};
use serde_json::{Value, json};

use crate::support::Api;

const OLD: &str = "/workspaces/default?confirm_default_settings_deletion=true";
const NEW: &str = "/workspaces/default?confirm_default_workspace_deletion=true";

fn old() -> SandboxBuilder {
    Sandbox::builder().server(ServerProfile::august_2026())
}

#[tokio::test]
async fn the_default_workspace_has_no_guardrail_and_lacks_fields_until_they_are_set() {
    let api = Api::start().await;
    let bare = api.call("GET", "/workspaces/default").await.ok(200)["data"].take();
    assert_eq!(bare["default_guardrail_id"], Value::Null);
    let fields = bare.as_object().unwrap();
    assert!(fields.contains_key("default_guardrail_id"));
    for missing in ["include_byok_in_budgets", "disabled_server_tools"] {
        assert!(!fields.contains_key(missing), "{missing}");
    }

    let budget = api.send("PUT", "/workspaces/default/budgets/daily", json!({"limit_usd": 1})).await.ok(200);
    assert!(budget.get("include_byok_in_budgets").is_none());
    let body = json!({"limit_usd": 1, "include_byok_in_budgets": false});
    api.send("PUT", "/workspaces/default/budgets/daily", body).await.ok(200);
    api.send("PATCH", "/workspaces/default", json!({"disabled_server_tools": null})).await.ok(200);
    let whole = api.call("GET", "/workspaces/default").await.ok(200)["data"].take();
    assert_eq!(whole["include_byok_in_budgets"], false);
    assert_eq!(whole.as_object().unwrap().get("disabled_server_tools"), Some(&Value::Null));
}

#[tokio::test]
async fn another_update_does_not_bring_the_missing_fields() {
    let api = Api::start().await;
    api.send("PATCH", "/workspaces/default", json!({"name": "Main"})).await.ok(200);
    let listed = api.call("GET", "/workspaces").await.ok(200)["data"][0].take();
    assert_eq!(listed["name"], "Main");
    assert!(listed.get("disabled_server_tools").is_none());
}

#[tokio::test]
async fn the_default_workspace_can_be_whole() {
    let builder = Sandbox::builder().behaviour(Behaviour::NullGuardrail, false);
    let api = Api::with(builder.behaviour(Behaviour::MissingFields, false)).await;
    let workspace = &api.sandbox.workspaces()[0];
    assert!(workspace["default_guardrail_id"].is_string());
    assert_eq!(workspace["include_byok_in_budgets"], false);
    assert_eq!(workspace.as_object().unwrap().get("disabled_server_tools"), Some(&Value::Null));
}

#[tokio::test]
async fn the_newest_server_deletes_the_default_workspace_if_that_is_confirmed() {
    let api = Api::start().await;
    for path in ["/workspaces/default", OLD] {
        assert!(api.call("DELETE", path).await.refused(400).contains("confirm_default_workspace_deletion=true"));
    }
    api.call("DELETE", NEW).await.ok(200);
    assert!(api.sandbox.workspaces().is_empty());
}

#[tokio::test]
async fn an_account_may_not_be_able_to_delete_its_default_workspace_yet() {
    let api = Api::with(Sandbox::builder().behaviour(Behaviour::DefaultDeletionForbidden, true)).await;
    for path in ["/workspaces/default", OLD, NEW] {
        api.call("DELETE", path).await.refused(403);
    }
    let id = api.sandbox.workspaces()[0]["id"].as_str().unwrap().to_owned();
    api.call("DELETE", &format!("/workspaces/{id}?confirm_default_workspace_deletion=true")).await.refused(403);
    api.send("POST", "/workspaces", json!({"name": "A", "slug": "a"})).await.ok(201);
    api.call("DELETE", "/workspaces/a").await.ok(200);
}

#[tokio::test]
async fn an_older_server_knows_the_confirmation_by_its_older_name() {
    let api = Api::with(Sandbox::builder().behaviour(Behaviour::OldConfirmation, true)).await;
    for path in ["/workspaces/default", NEW] {
        assert!(api.call("DELETE", path).await.refused(400).contains("confirm_default_settings_deletion=true"));
    }
    let wrong = api.call("DELETE", "/workspaces/default?confirm_default_settings_deletion=yes").await;
    assert!(wrong.refused(400).starts_with("confirm_default_settings_deletion: "));
    api.call("DELETE", OLD).await.ok(200);
}

#[tokio::test]
async fn the_server_of_august_does_not_know_server_tools() {
    let api = Api::with(old().seed_workspaces(1)).await;
    let body = json!({"name": "A", "slug": "a", "disabled_server_tools": 7});
    let created = api.send("POST", "/workspaces", body).await.ok(201)["data"].take();
    let patch = json!({"name": "B", "disabled_server_tools": ["openrouter:bash"]});
    let updated = api.send("PATCH", "/workspaces/a", patch).await.ok(200)["data"].take();
    api.sandbox.create_workspace("b").unwrap();
    let mut all = api.sandbox.workspaces();
    all.extend([created, updated]);
    assert_eq!(all.len(), 6);
    for workspace in all {
        assert!(workspace.get("disabled_server_tools").is_none(), "{workspace}");
    }
}

#[tokio::test]
async fn the_server_of_august_does_not_delete_the_default_workspace() {
    let api = Api::with(old()).await;
    api.call("DELETE", OLD).await.refused(403);
    let api = Api::with(old().behaviour(Behaviour::DefaultDeletionForbidden, false)).await;
    api.call("DELETE", NEW).await.refused(400);
    api.call("DELETE", OLD).await.ok(200);
}

#[tokio::test]
async fn a_switched_behaviour_counts_whenever_the_server_is_chosen() {
    let builder = Sandbox::builder().behaviour(Behaviour::DefaultDeletionForbidden, false);
    let api = Api::with(builder.server(ServerProfile::august_2026())).await;
    api.call("DELETE", OLD).await.ok(200);
}

#[test]
fn servers_and_behaviours_have_names() {
    assert_eq!("2026-10".parse(), Ok(ServerProfile::default()));
    assert_eq!("2026-08".parse(), Ok(ServerProfile::august_2026()));
    let error = "2026-09".parse::<ServerProfile>().unwrap_err();
    assert_eq!(error.to_string(), "there is no server 2026-09: choose from 2026-10, 2026-08");
    for (behaviour, name, _) in Behaviour::all() {
        assert_eq!(name.parse(), Ok(behaviour));
        for on in [true, false] {
            assert_eq!(ServerProfile::default().with(behaviour, on).has(behaviour), on);
        }
    }
    let error = "budgets".parse::<Behaviour>().unwrap_err();
    assert!(error.to_string().starts_with("there is no behaviour budgets: choose from budgets-not-found, "));
}
