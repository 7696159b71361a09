//! Scripted answers.

use openrouter_sandbox::ScriptedResponse;
use serde_json::json;

use crate::support::Api;

#[tokio::test]
async fn the_next_calls_get_the_scripted_answers() {
    let api = Api::start().await;
    let busy = ScriptedResponse::error(429, "Slow down").header("retry-after", "3");
    let down = ScriptedResponse::error(503, "Down");
    api.sandbox.script("list_workspaces", [busy, down]).unwrap();

    let answer = api.call("GET", "/workspaces").await;
    assert_eq!(answer.refused(429), "Slow down");
    assert_eq!(answer.headers["retry-after"], "3");
    assert_eq!(api.call("GET", "/workspaces").await.refused(503), "Down");
    api.call("GET", "/workspaces").await.ok(200);
}

#[tokio::test]
async fn other_operations_are_not_touched() {
    let api = Api::start().await;
    api.sandbox.script("list_workspaces", [ScriptedResponse::error(500, "No")]).unwrap();
    api.call("GET", "/workspaces/default").await.ok(200);
}

#[tokio::test]
async fn a_scripted_request_is_not_processed() {
    let api = Api::start().await;
    api.sandbox.script("create_workspace", [ScriptedResponse::error(500, "No")]).unwrap();
    let body = json!({"name": "A", "slug": "a"});
    api.send("POST", "/workspaces", body).await.refused(500);
    assert_eq!(api.sandbox.workspaces().len(), 1);
}

#[tokio::test]
async fn a_scripted_answer_need_not_be_json() {
    let api = Api::start().await;
    api.sandbox.script("list_workspaces", [ScriptedResponse::html(502, "<h1>Oh</h1>")]).unwrap();
    let response = api.request("GET", "/workspaces").send().await.unwrap();
    assert_eq!(response.status(), 502);
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(response.text().await.unwrap(), "<h1>Oh</h1>");
}

#[tokio::test]
async fn a_scripted_request_is_recorded() {
    let api = Api::start().await;
    api.sandbox.script("list_workspaces", [ScriptedResponse::error(500, "No")]).unwrap();
    let answer = api.call("GET", "/workspaces").await;
    assert!(answer.headers.contains_key("x-request-id"));
    assert_eq!(api.sandbox.journal()[0].status, Some(500));
}

#[tokio::test]
async fn a_script_may_name_the_request_id() {
    let api = Api::start().await;
    let response = ScriptedResponse::json(200, &json!({})).header("x-request-id", "mine");
    api.sandbox.script("list_workspaces", [response]).unwrap();
    assert_eq!(api.call("GET", "/workspaces").await.headers["x-request-id"], "mine");
    let journal = api.sandbox.journal();
    assert_eq!(journal[0].request_id.as_deref(), Some("mine"));
}

#[tokio::test]
async fn an_invalid_script_is_answered_with_500() {
    let api = Api::start().await;
    let header = ScriptedResponse::text(200, "Fine").header("no spaces", "x");
    let status = ScriptedResponse::text(7, "Fine");
    api.sandbox.script("list_workspaces", [header, status]).unwrap();
    for _ in 0..2 {
        let answer = api.call("GET", "/workspaces").await;
        assert!(answer.refused(500).starts_with("The scripted response is invalid"));
    }
}

#[tokio::test]
async fn an_unknown_operation_cannot_be_scripted() {
    let api = Api::start().await;
    let error = api.sandbox.script("list", []).unwrap_err();
    assert_eq!(error.to_string(), "the sandbox has no operation list");
}

#[tokio::test]
async fn an_unknown_workspace_is_an_error() {
    let api = Api::start().await;
    let error = api.sandbox.add_api_key("none", "user_1").unwrap_err();
    assert_eq!(error.to_string(), "the sandbox has no workspace none");
    assert!(api.sandbox.revoke_api_keys("none", "user_1").is_err());
    assert!(api.sandbox.members("none").is_err());
    assert!(api.sandbox.budgets("none").is_err());
}
