//! The journal.

use serde_json::json;

use crate::support::Api;

#[tokio::test]
async fn a_request_is_recorded_as_it_was_sent() {
    let api = Api::start().await;
    let body = json!({"name": "A", "slug": "a"});
    let request =
        api.request("POST", "/workspaces?x=%201").header("X-OpenRouter-Title", "Tests").bearer_auth(api.sandbox.key());
    let answer = crate::support::answer(request.json(&body)).await;

    let journal = api.sandbox.journal();
    let [recorded] = journal.as_slice() else {
        panic!("{journal:?}");
    };
    assert_eq!(recorded.operation.as_deref(), Some("create_workspace"));
    assert_eq!(recorded.method, "POST");
    assert_eq!(recorded.path, "/api/v1/workspaces");
    assert_eq!(recorded.query, "x=%201");
    assert_eq!(recorded.header("x-openrouter-title"), Some("Tests"));
    assert_eq!(recorded.json(), Some(body));
    let request_id = answer.headers["x-request-id"].to_str().unwrap();
    assert_eq!(recorded.request_id.as_deref(), Some(request_id));
    assert_eq!(recorded.status, Some(201));
}

#[tokio::test]
async fn refused_requests_are_recorded_too() {
    let api = Api::start().await;
    crate::support::answer(api.request("GET", "/workspaces")).await.refused(401);
    api.call("GET", "/nowhere").await.refused(404);
    api.call("PUT", "/workspaces").await.refused(405);
    let journal = api.sandbox.journal();
    let seen: Vec<_> = journal.iter().map(|request| (request.operation.as_deref(), request.status)).collect();
    assert_eq!(seen, [(Some("list_workspaces"), Some(401)), (None, Some(404)), (None, Some(405))]);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_cut_off() {
    let api = Api::start().await;
    let body = " ".repeat(2 * 1024 * 1024);
    api.send_raw("/workspaces", "application/json", body).await.refused(413);
    let journal = api.sandbox.journal();
    assert_eq!(journal[0].status, Some(413));
    assert!(journal[0].body.len() <= 1024 * 1024);
    assert_eq!(journal[0].json(), None);
}

#[tokio::test]
async fn a_cleared_journal_starts_again() {
    let api = Api::start().await;
    api.call("GET", "/workspaces").await.ok(200);
    api.sandbox.clear_journal();
    assert!(api.sandbox.journal().is_empty());
    api.call("GET", "/workspaces/default").await.ok(200);
    let journal = api.sandbox.journal();
    assert_eq!(journal.len(), 1);
    assert_eq!(journal[0].status, Some(200));
}
