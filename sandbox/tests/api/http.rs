//! Keys, paths, methods, and what every answer has.

use std::collections::HashSet;

use openrouter_sandbox::Sandbox;

use crate::support::{Api, answer};

#[tokio::test]
async fn a_request_without_a_key_is_answered_with_401() {
    let api = Api::start().await;
    let answer = answer(api.request("GET", "/workspaces")).await;
    assert_eq!(answer.refused(401), "No auth credentials found");
}

#[tokio::test]
async fn an_unknown_key_is_answered_with_401() {
    let api = Api::start().await;
    let answer = answer(api.request("GET", "/workspaces").bearer_auth("sk-or-v1-other")).await;
    answer.refused(401);
}

#[tokio::test]
async fn another_scheme_than_bearer_is_answered_with_401() {
    let api = Api::start().await;
    let basic = format!("Basic {}", api.sandbox.key());
    let answer = answer(api.request("GET", "/workspaces").header("authorization", basic)).await;
    answer.refused(401);
}

#[tokio::test]
async fn an_inference_key_is_answered_with_403_and_its_user() {
    let api = Api::with(Sandbox::builder().inference_key("sk-or-v1-chat")).await;
    let answer = answer(api.request("GET", "/workspaces").bearer_auth("sk-or-v1-chat")).await;
    assert_eq!(answer.refused(403), "This endpoint needs a management key");
    assert_eq!(answer.body["user_id"], "user_1");
}

#[tokio::test]
async fn the_key_comes_before_the_path() {
    let api = Api::start().await;
    answer(api.request("GET", "/nowhere")).await.refused(401);
}

#[tokio::test]
async fn a_key_can_be_chosen() {
    let api = Api::with(Sandbox::builder().key("sk-or-v1-mine")).await;
    assert_eq!(api.sandbox.key(), "sk-or-v1-mine");
    api.call("GET", "/workspaces").await.ok(200);
}

#[tokio::test]
async fn an_unknown_path_is_answered_with_404() {
    let api = Api::start().await;
    for path in ["/nowhere", "", "/workspaces/", "/workspaces/default/nothing"] {
        api.call("GET", path).await.refused(404);
    }
}

#[tokio::test]
async fn an_empty_reference_in_a_path_is_answered_with_400() {
    let api = Api::start().await;
    assert!(api.call("GET", "/workspaces//members").await.refused(400).starts_with("id: "));
}

#[tokio::test]
async fn a_wrong_method_is_answered_with_405_and_the_right_ones() {
    let api = Api::start().await;
    let answer = api.call("PUT", "/workspaces/default").await;
    answer.refused(405);
    let allowed = answer.headers["allow"].to_str().unwrap();
    let allowed: HashSet<&str> = allowed.split(',').map(str::trim).collect();
    assert_eq!(allowed, HashSet::from(["GET", "HEAD", "PATCH", "DELETE"]));
}

#[tokio::test]
async fn every_answer_has_a_request_id_of_its_own() {
    let api = Api::start().await;
    let mut ids = HashSet::new();
    for path in ["/workspaces", "/workspaces", "/workspaces/none", "/nowhere"] {
        let answer = api.call("GET", path).await;
        ids.insert(answer.headers["x-request-id"].to_str().unwrap().to_owned());
    }
    assert_eq!(ids.len(), 4);
}

#[tokio::test]
async fn every_answer_has_a_date_and_is_json() {
    let api = Api::start().await;
    for path in ["/workspaces", "/nowhere"] {
        let answer = api.call("GET", path).await;
        assert!(answer.headers.contains_key("date"));
        assert_eq!(answer.headers["content-type"], "application/json");
    }
}

#[tokio::test]
async fn paths_are_percent_decoded() {
    let api = Api::with(Sandbox::builder().seed_workspaces(1)).await;
    let body = api.call("GET", "/workspaces/workspace%2D1").await.ok(200);
    assert_eq!(body["data"]["slug"], "workspace-1");
}

#[tokio::test]
async fn an_encoded_slash_does_not_divide_a_path() {
    let api = Api::start().await;
    let answer = api.call("GET", "/workspaces/default%2Fmembers").await;
    assert_eq!(answer.refused(404), "Workspace not found");
}

#[tokio::test]
async fn a_path_that_is_no_utf_8_is_answered_with_400() {
    let api = Api::start().await;
    api.call("GET", "/workspaces/%FF").await.refused(400);
}

#[tokio::test]
async fn concurrent_requests_are_handled_one_by_one() {
    let api = Api::start().await;
    let create = || async {
        let body = serde_json::json!({"name": "Race", "slug": "race"});
        api.send("POST", "/workspaces", body).await.status.as_u16()
    };
    let (a, b, c, d) = tokio::join!(create(), create(), create(), create());
    let mut statuses = [a, b, c, d];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409]);
}
