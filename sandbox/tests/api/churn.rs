//! Changes of the account between two requests, and where they land.

use openrouter_sandbox::{Account, Fault, ListOrder, Sandbox};
use serde_json::{Value, json};

use crate::support::Api;

async fn start(order: ListOrder) -> Api {
    Api::with(Sandbox::builder().seed_workspaces(3).list_order(order)).await
}

async fn slugs(api: &Api, query: &str) -> Vec<String> {
    let answer = api.call("GET", &format!("/workspaces{query}")).await;
    answer.column("slug").into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn lists_have_the_oldest_first_by_default() {
    let api = start(ListOrder::default()).await;
    api.sandbox.create_workspace("a").unwrap();
    assert_eq!(slugs(&api, "").await, ["default", "workspace-1", "workspace-2", "workspace-3", "a"]);
}

#[tokio::test]
async fn lists_can_have_the_newest_first() {
    let api = start(ListOrder::NewestFirst).await;
    api.sandbox.create_workspace("a").unwrap();
    assert_eq!(slugs(&api, "?limit=2").await, ["a", "workspace-3"]);
    assert_eq!(slugs(&api, "?offset=2").await, ["workspace-2", "workspace-1", "default"]);
}

#[tokio::test]
async fn lists_can_be_sorted_by_slug() {
    let api = start(ListOrder::BySlug).await;
    api.sandbox.create_workspace("workspace-10").unwrap();
    assert_eq!(slugs(&api, "?offset=1&limit=3").await, ["workspace-1", "workspace-10", "workspace-2"]);
    api.send("PATCH", "/workspaces/workspace-1", json!({"slug": "z"})).await.ok(200);
    api.sandbox.delete_workspace("default").unwrap();
    assert_eq!(slugs(&api, "").await, ["workspace-10", "workspace-2", "workspace-3", "z"]);
}

#[tokio::test]
async fn members_are_listed_in_the_same_order() {
    for (order, expected) in [
        (ListOrder::OldestFirst, ["user_3", "user_1", "user_2"]),
        (ListOrder::NewestFirst, ["user_2", "user_1", "user_3"]),
        (ListOrder::BySlug, ["user_1", "user_2", "user_3"]),
    ] {
        let api = start(order).await;
        for user in ["user_3", "user_1", "user_2"] {
            api.sandbox.account().add_member("workspace-1", user).unwrap();
        }
        let answer = api.call("GET", "/workspaces/workspace-1/members?limit=2&offset=1").await;
        assert_eq!(answer.column("user_id"), expected[1..], "{order:?}");
    }
}

#[tokio::test]
async fn every_order_is_cheap_with_ten_thousand_rows() {
    for order in [ListOrder::OldestFirst, ListOrder::NewestFirst, ListOrder::BySlug] {
        let api = Api::with(Sandbox::builder().seed_workspaces(9_999).list_order(order)).await;
        let mut seen = std::collections::HashSet::new();
        for page in 0..100 {
            seen.extend(slugs(&api, &format!("?limit=100&offset={}", page * 100)).await);
        }
        assert_eq!(seen.len(), 10_000);
    }
}

#[tokio::test]
async fn seeded_workspaces_are_days_old_and_a_minute_apart() {
    let api = start(ListOrder::OldestFirst).await;
    let answer = api.call("GET", "/workspaces").await;
    let times: Vec<_> =
        answer.column("created_at").iter().map(|time| chrono::DateTime::parse_from_rfc3339(time).unwrap()).collect();
    assert!(times.windows(2).all(|pair| (pair[1] - pair[0]).num_seconds() == 60), "{times:?}");
    assert!((chrono::Utc::now() - times[3].to_utc()).num_days() >= 1);
}

#[tokio::test]
async fn a_workspace_made_without_a_request_is_like_any_other() {
    let api = Api::start().await;
    let id = api.sandbox.create_workspace("a").unwrap();
    let by_hand = api.call("GET", "/workspaces/a").await.ok(200);
    assert_eq!(by_hand["data"]["id"], id);
    let made = api.send("POST", "/workspaces", json!({"name": "b", "slug": "b"})).await.ok(201);
    let keys = |value: &Value| value["data"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&by_hand), keys(&made));
    assert_eq!(by_hand["data"]["created_by"], made["data"]["created_by"]);
}

#[tokio::test]
async fn changes_without_requests_are_not_in_the_journal() {
    let api = Api::start().await;
    api.sandbox.create_workspace("a").unwrap();
    api.sandbox.delete_workspace("a").unwrap();
    assert!(api.sandbox.journal().is_empty());
    assert!(!api.has("a"));
}

#[tokio::test]
async fn a_taken_slug_and_unknown_names_are_errors() {
    let api = Api::start().await;
    let error = api.sandbox.create_workspace("default").unwrap_err();
    assert_eq!(error.to_string(), "the sandbox has a workspace called default already");
    let error = api.sandbox.delete_workspace("none").unwrap_err();
    assert_eq!(error.to_string(), "the sandbox has no workspace none");
    let account = api.sandbox.account();
    assert!(account.remove_member("none", "user_1").is_err());
    assert!(account.add_member("none", "user_1").is_err());
    let error = account.add_member("default", "stranger").unwrap_err();
    assert_eq!(error.to_string(), "the sandbox has no user stranger");
    assert!(api.sandbox.before("list", |_, _| {}).is_err());
}

#[tokio::test]
async fn the_rules_for_requests_do_not_bind_other_changes() {
    let api = start(ListOrder::OldestFirst).await;
    let account = api.sandbox.account();
    account.add_member("workspace-1", "user_2").unwrap();
    api.sandbox.add_api_key("workspace-1", "user_2").unwrap();
    account.remove_member("workspace-1", "user_2").unwrap();
    assert!(api.sandbox.members("workspace-1").unwrap().is_empty());
    api.sandbox.delete_workspace("workspace-1").unwrap();
}

#[tokio::test]
async fn a_hook_runs_before_each_call_with_its_number() {
    let api = start(ListOrder::NewestFirst).await;
    let hook = |account: &Account, call| {
        account.create_workspace(&format!("call-{call}")).unwrap();
    };
    api.sandbox.before("list_workspaces", hook).unwrap();
    assert_eq!(slugs(&api, "?limit=2").await, ["call-1", "workspace-3"]);
    api.call("GET", "/workspaces/default").await.ok(200);
    assert_eq!(slugs(&api, "?limit=2").await, ["call-2", "call-1"]);
}

#[tokio::test]
async fn a_row_that_is_deleted_between_two_pages_moves_the_others() {
    let api = start(ListOrder::OldestFirst).await;
    let hook = |account: &Account, call| {
        if call == 2 {
            account.delete_workspace("default").unwrap();
        }
    };
    api.sandbox.before("list_workspaces", hook).unwrap();
    assert_eq!(slugs(&api, "?limit=2").await, ["default", "workspace-1"]);
    assert_eq!(slugs(&api, "?limit=2&offset=2").await, ["workspace-3"]);
}

#[tokio::test]
async fn hooks_add_up_until_they_are_cleared() {
    let api = Api::start().await;
    for name in ["first", "second"] {
        let hook = move |account: &Account, _| {
            let number = account.workspaces().len();
            account.create_workspace(&format!("{name}-{number}")).unwrap();
        };
        api.sandbox.before("list_workspaces", hook).unwrap();
    }
    assert_eq!(slugs(&api, "").await, ["default", "first-1", "second-2"]);
    api.sandbox.clear_hooks();
    assert_eq!(slugs(&api, "").await.len(), 3);
}

#[tokio::test]
async fn a_hook_runs_before_a_fault() {
    let api = Api::start().await;
    let hook = |account: &Account, _| drop(account.create_workspace("a"));
    api.sandbox.before("list_workspaces", hook).unwrap();
    api.fault("list_workspaces", Fault::status(503));
    api.call("GET", "/workspaces").await.refused(503);
    assert!(api.has("a"));
}
