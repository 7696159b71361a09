//! Faults in what the answers say.

use openrouter_sandbox::{Fault, Sandbox};
use serde_json::{Value, json};

use crate::support::Api;

async fn start() -> Api {
    let api = Api::with(Sandbox::builder().seed_workspaces(1)).await;
    api.sandbox.account().add_member("workspace-1", "user_2").unwrap();
    api.send("PUT", "/workspaces/workspace-1/budgets/daily", json!({"limit_usd": 1})).await.ok(200);
    api
}

#[tokio::test]
async fn a_role_can_be_unknown() {
    let api = start().await;
    api.fault("list_workspace_members", Fault::UnknownValues);
    let answer = api.call("GET", "/workspaces/workspace-1/members").await;
    assert_eq!(answer.column("role"), ["auditor"]);
    let answer = api.call("GET", "/workspaces/workspace-1/members").await;
    assert_eq!(answer.column("role"), ["member"]);
}

#[tokio::test]
async fn a_provider_sort_and_a_tool_can_be_unknown() {
    let api = start().await;
    api.fault("get_workspace", Fault::UnknownValues);
    let body = api.call("GET", "/workspaces/workspace-1").await.ok(200);
    assert_eq!(body["data"]["default_provider_sort"], "cheapest");
    assert_eq!(body["data"]["disabled_server_tools"], json!(["openrouter:telepathy"]));
}

#[tokio::test]
async fn a_reset_interval_can_be_unknown() {
    let api = start().await;
    api.fault("list_workspace_budgets", Fault::UnknownValues);
    let answer = api.call("GET", "/workspaces/workspace-1/budgets").await;
    assert_eq!(answer.column("reset_interval"), ["yearly"]);
}

#[tokio::test]
async fn unknown_values_need_a_field_and_a_success() {
    let api = start().await;
    api.fault("get_workspace", Fault::UnknownValues);
    api.call("GET", "/workspaces/none").await.refused(404);
    api.fault("delete_workspace", Fault::UnknownValues);
    api.call("DELETE", "/workspaces/workspace-1").await.ok(200);
    assert!(api.sandbox.faults_applied().is_empty());
    assert!(api.sandbox.journal().iter().all(|request| request.fault.is_none()));
}

#[tokio::test]
async fn there_can_be_unknown_fields_at_every_level() {
    let api = start().await;
    api.fault("list_workspaces", Fault::UnknownFields);
    let body = api.call("GET", "/workspaces").await.ok(200);
    for object in [&body, &body["data"][0], &body["data"][1]] {
        assert!(object["x_sandbox_unknown"].is_object());
    }
    assert_eq!(body["data"][1]["slug"], "workspace-1");
}

#[tokio::test]
async fn an_error_can_have_unknown_fields_too() {
    let api = start().await;
    api.fault("get_workspace", Fault::UnknownFields);
    let answer = api.call("GET", "/workspaces/none").await;
    assert_eq!(answer.refused(404), "Workspace not found");
    assert!(answer.body["error"]["x_sandbox_unknown"].is_object());
}

#[tokio::test]
async fn an_oversized_body_is_valid_json_of_the_asked_size() {
    let api = start().await;
    api.fault("list_workspaces", Fault::Oversize(1_000_000));
    let response = api.request("GET", "/workspaces").bearer_auth(api.sandbox.key()).send().await.unwrap();
    assert_eq!(response.headers()["content-length"], "1000000");
    let body = response.bytes().await.unwrap();
    assert_eq!(body.len(), 1_000_000);
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["total_count"], 2);
}

#[tokio::test]
async fn a_right_answer_can_have_a_wrong_content_type_or_none() {
    let api = start().await;
    for content_type in [Some("text/html"), None] {
        api.fault("list_workspaces", Fault::ContentType(content_type.map(str::to_owned)));
        let answer = api.call("GET", "/workspaces").await;
        assert_eq!(answer.headers.get("content-type").map(|value| value.to_str().unwrap()), content_type);
        assert_eq!(answer.ok(200)["total_count"], 2);
    }
}

#[tokio::test]
async fn a_change_of_the_answer_comes_after_the_effect() {
    let api = start().await;
    api.fault("create_workspace", Fault::UnknownFields);
    api.send("POST", "/workspaces", json!({"name": "A", "slug": "a"})).await.ok(201);
    assert!(api.has("a"));
    let journal = api.sandbox.journal();
    let request = journal.last().unwrap();
    assert_eq!((request.processed, request.fault.as_ref()), (true, Some(&Fault::UnknownFields)));
}
