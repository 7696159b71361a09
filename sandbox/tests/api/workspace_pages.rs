//! Pages of workspaces.

use std::collections::HashSet;

use openrouter_sandbox::Sandbox;
use serde_json::json;

use crate::support::Api;

#[tokio::test]
async fn a_page_has_fifty_rows_by_default() {
    let api = Api::with(Sandbox::builder().seed_workspaces(120)).await;
    let answer = api.call("GET", "/workspaces").await;
    assert_eq!(answer.column("slug").len(), 50);
    assert_eq!(answer.body["total_count"], 121);
}

#[tokio::test]
async fn pages_are_in_the_order_of_creation_without_gaps() {
    let api = Api::with(Sandbox::builder().seed_workspaces(120)).await;
    api.call("DELETE", "/workspaces/workspace-7").await.ok(200);
    let mut slugs = Vec::new();
    for offset in [0, 33, 66, 99] {
        let answer = api.call("GET", &format!("/workspaces?offset={offset}&limit=33")).await;
        assert_eq!(answer.body["total_count"], 120);
        slugs.extend(answer.column("slug").into_iter().map(str::to_owned));
    }
    let mut expected = vec!["default".to_owned()];
    expected.extend((1..=120).filter(|n| *n != 7).map(|n| format!("workspace-{n}")));
    assert_eq!(slugs, expected);
}

#[tokio::test]
async fn a_page_beyond_the_end_is_empty() {
    let api = Api::start().await;
    for offset in ["1", "9223372036854775807", "36893488147419103232"] {
        let body = api.call("GET", &format!("/workspaces?offset={offset}")).await.ok(200);
        assert_eq!(body, json!({"data": [], "total_count": 1}));
    }
}

#[tokio::test]
async fn a_page_cap_is_stronger_than_the_limit() {
    let api = Api::with(Sandbox::builder().seed_workspaces(9).page_cap(4)).await;
    let answer = api.call("GET", "/workspaces?limit=100").await;
    assert_eq!(answer.column("slug").len(), 4);
    assert_eq!(answer.body["total_count"], 10);
    let answer = api.call("GET", "/workspaces/default/members?limit=2").await;
    assert_eq!(answer.column("user_id").len(), 2);
}

#[tokio::test]
async fn ten_thousand_workspaces_are_no_trouble() {
    let api = Api::with(Sandbox::builder().seed_workspaces(10_000)).await;
    let mut slugs = HashSet::new();
    for offset in (0..=10_000).step_by(100) {
        let answer = api.call("GET", &format!("/workspaces?offset={offset}&limit=100")).await;
        slugs.extend(answer.column("slug").into_iter().map(str::to_owned));
    }
    assert_eq!(slugs.len(), 10_001);
}
