//! Faults in lists.

use openrouter_sandbox::{Fault, Sandbox, TotalCount};
use serde_json::{Value, json};

use crate::support::Api;

async fn start() -> Api {
    Api::with(Sandbox::builder().seed_workspaces(8)).await
}

#[tokio::test]
async fn a_page_can_be_smaller_than_asked_for() {
    let api = start().await;
    api.fault("list_workspaces", Fault::PageCap(2));
    let answer = api.call("GET", "/workspaces?limit=5&offset=3").await;
    assert_eq!(answer.column("slug"), ["workspace-3", "workspace-4"]);
    assert_eq!(answer.body["total_count"], 9);
}

#[tokio::test]
async fn a_page_that_is_small_enough_is_left_alone() {
    let api = start().await;
    api.fault("list_workspaces", Fault::PageCap(2));
    api.call("GET", "/workspaces?limit=2").await.ok(200);
    assert_eq!(api.sandbox.journal()[0].fault, None);
}

#[tokio::test]
async fn an_offset_can_be_ignored() {
    let api = start().await;
    api.fault("list_workspaces", Fault::IgnoreOffset);
    let answer = api.call("GET", "/workspaces?limit=2&offset=4").await;
    assert_eq!(answer.column("slug"), ["default", "workspace-1"]);
    let request = &api.sandbox.journal()[0];
    assert_eq!((request.query.as_str(), request.fault.as_ref()), ("limit=2&offset=4", Some(&Fault::IgnoreOffset)));
}

#[tokio::test]
async fn the_page_before_can_be_sent_again() {
    let api = start().await;
    api.fault("list_workspaces", Fault::RepeatPage);
    let answer = api.call("GET", "/workspaces?limit=2&offset=4").await;
    assert_eq!(answer.column("slug"), ["workspace-2", "workspace-3"]);
    let answer = api.call("GET", "/workspaces?limit=2&offset=4").await;
    assert_eq!(answer.column("slug"), ["workspace-4", "workspace-5"]);
}

#[tokio::test]
async fn the_page_before_has_the_default_size_and_the_server_may_cap_it() {
    let api = Api::with(Sandbox::builder().seed_workspaces(120)).await;
    api.fault("list_workspaces", Fault::RepeatPage);
    let answer = api.call("GET", "/workspaces?offset=100").await;
    assert_eq!(answer.column("slug")[0], "workspace-50");

    let api = Api::with(Sandbox::builder().seed_workspaces(120).page_cap(10)).await;
    api.fault("list_workspaces", Fault::RepeatPage);
    let answer = api.call("GET", "/workspaces?limit=100&offset=20").await;
    assert_eq!(answer.column("slug")[0], "workspace-10");
}

#[tokio::test]
async fn nothing_comes_before_the_first_page() {
    let api = start().await;
    for fault in [Fault::RepeatPage, Fault::IgnoreOffset] {
        api.fault("list_workspaces", fault);
        let answer = api.call("GET", "/workspaces?limit=2").await;
        assert_eq!(answer.column("slug"), ["default", "workspace-1"]);
    }
    assert!(api.sandbox.faults_applied().is_empty());
}

#[tokio::test]
async fn the_total_count_can_lie() {
    let api = start().await;
    for (lie, expected) in [
        (TotalCount::Off(3), 12),
        (TotalCount::Off(-3), 6),
        (TotalCount::Off(-10), -1),
        (TotalCount::Exactly(0), 0),
        (TotalCount::Exactly(-1), -1),
        (TotalCount::Exactly(i64::MAX), i64::MAX),
    ] {
        api.fault("list_workspaces", Fault::TotalCount(lie));
        let answer = api.call("GET", "/workspaces?limit=2").await;
        assert_eq!(answer.body["total_count"], expected);
        assert_eq!(answer.column("slug").len(), 2);
    }
}

#[tokio::test]
async fn lists_of_members_have_these_faults_too() {
    let api = start().await;
    api.fault("list_workspace_members", Fault::PageCap(1));
    let answer = api.call("GET", "/workspaces/default/members").await;
    assert_eq!(answer.column("user_id"), ["user_1"]);
    api.fault("list_workspace_members", Fault::IgnoreOffset);
    let answer = api.call("GET", "/workspaces/default/members?limit=1&offset=2").await;
    assert_eq!(answer.column("user_id"), ["user_1"]);
}

#[tokio::test]
async fn what_is_no_list_has_no_such_faults() {
    let api = start().await;
    api.send("PUT", "/workspaces/default/budgets/daily", json!({"limit_usd": 1})).await.ok(200);
    for fault in [Fault::PageCap(0), Fault::IgnoreOffset, Fault::RepeatPage, Fault::TotalCount(TotalCount::Off(1))] {
        api.fault("list_workspace_budgets", fault);
        let body = api.call("GET", "/workspaces/default/budgets").await.ok(200);
        assert_eq!(body["total_count"], Value::Null);
    }
    assert!(api.sandbox.faults_applied().is_empty());
}
