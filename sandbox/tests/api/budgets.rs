//! Rules about budgets.

use serde_json::{Value, json};

use crate::support::{Api, ApiResponse};

async fn put(api: &Api, interval: &str, body: Value) -> ApiResponse {
    api.send("PUT", &format!("/workspaces/default/budgets/{interval}"), body).await
}

async fn set(api: &Api, interval: &str, limit: f64) -> ApiResponse {
    put(api, interval, json!({"limit_usd": limit})).await
}

#[tokio::test]
async fn a_new_workspace_has_no_budgets() {
    let api = Api::start().await;
    let body = api.call("GET", "/workspaces/default/budgets").await.ok(200);
    assert_eq!(body, json!({"data": [], "include_byok_in_budgets": false}));
}

#[tokio::test]
async fn a_budget_that_was_set_can_be_read() {
    let api = Api::start().await;
    let set = set(&api, "monthly", 99.5).await.ok(200);
    assert_eq!(set["data"]["limit_usd"], 99.5);
    assert_eq!(set["data"]["reset_interval"], "monthly");
    assert_eq!(set["data"]["workspace_id"], api.sandbox.workspaces()[0]["id"]);
    let got = api.call("GET", "/workspaces/default/budgets/monthly").await.ok(200);
    assert_eq!(got, set);
}

#[tokio::test]
async fn a_lifetime_budget_never_resets() {
    let api = Api::start().await;
    let body = set(&api, "lifetime", 10.0).await.ok(200);
    assert_eq!(body["data"]["reset_interval"], Value::Null);
}

#[tokio::test]
async fn setting_again_replaces_and_keeps_the_identity() {
    let api = Api::start().await;
    let first = set(&api, "daily", 5.0).await.ok(200)["data"].take();
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    let second = set(&api, "daily", 6.0).await.ok(200)["data"].take();
    assert_eq!(second["id"], first["id"]);
    assert_eq!(second["created_at"], first["created_at"]);
    assert_eq!(second["limit_usd"], 6.0);
    assert!(second["updated_at"].as_str() > first["updated_at"].as_str());
    assert_eq!(api.sandbox.budgets("default").unwrap(), [second]);
}

#[tokio::test]
async fn a_missing_budget_is_answered_with_404() {
    let api = Api::start().await;
    let answer = api.call("GET", "/workspaces/default/budgets/daily").await;
    assert_eq!(answer.refused(404), "Budget not found");
}

#[tokio::test]
async fn budgets_of_a_missing_workspace_are_answered_with_404() {
    let api = Api::start().await;
    api.call("GET", "/workspaces/none/budgets").await.refused(404);
    api.call("GET", "/workspaces/none/budgets/daily").await.refused(404);
    api.call("DELETE", "/workspaces/none/budgets/daily").await.refused(404);
    let body = json!({"limit_usd": 1});
    api.send("PUT", "/workspaces/none/budgets/daily", body).await.refused(404);
}

#[tokio::test]
async fn deleting_a_budget_can_be_repeated() {
    let api = Api::start().await;
    set(&api, "daily", 5.0).await.ok(200);
    for _ in 0..2 {
        let body = api.call("DELETE", "/workspaces/default/budgets/daily").await.ok(200);
        assert_eq!(body, json!({"deleted": true}));
    }
    api.call("GET", "/workspaces/default/budgets/daily").await.refused(404);
}

#[tokio::test]
async fn a_limit_is_a_number_above_zero() {
    let api = Api::start().await;
    for body in [json!({"limit_usd": 0}), json!({"limit_usd": -1}), json!({"limit_usd": "5"}), json!({})] {
        assert!(put(&api, "daily", body).await.refused(400).starts_with("limit_usd: "));
    }
}

#[tokio::test]
async fn budgets_that_decrease_with_their_interval_are_accepted_in_any_order() {
    let api = Api::start().await;
    for (interval, limit) in [("weekly", 70.0), ("lifetime", 900.0), ("daily", 10.0), ("monthly", 300.0)] {
        set(&api, interval, limit).await.ok(200);
    }
    let body = api.call("GET", "/workspaces/default/budgets").await.ok(200);
    let budgets = body["data"].as_array().unwrap();
    let limits: Vec<_> = budgets.iter().map(|budget| budget["limit_usd"].as_f64()).collect();
    assert_eq!(limits, [Some(900.0), Some(300.0), Some(70.0), Some(10.0)]);
}

#[tokio::test]
async fn a_limit_that_reaches_a_wider_one_is_refused() {
    let api = Api::start().await;
    set(&api, "monthly", 100.0).await.ok(200);
    for limit in [100.0, 100.5] {
        assert_eq!(
            set(&api, "weekly", limit).await.refused(400),
            "Budget limits must strictly decrease as the interval narrows: weekly collides with monthly",
        );
    }
    set(&api, "weekly", 99.99).await.ok(200);
}

#[tokio::test]
async fn a_limit_that_falls_to_a_narrower_one_is_refused() {
    let api = Api::start().await;
    set(&api, "daily", 10.0).await.ok(200);
    set(&api, "weekly", 70.0).await.ok(200);
    let answer = set(&api, "lifetime", 10.0).await;
    answer.refused(400);
    let metadata = json!({"interval": "lifetime", "collides_with": ["daily", "weekly"]});
    assert_eq!(answer.body["error"]["metadata"], metadata);
}

#[tokio::test]
async fn a_refused_budget_changes_nothing() {
    let api = Api::start().await;
    set(&api, "monthly", 100.0).await.ok(200);
    set(&api, "daily", 10.0).await.ok(200);
    let before = api.sandbox.budgets("default").unwrap();
    let body = json!({"limit_usd": 200, "include_byok_in_budgets": true});
    put(&api, "daily", body).await.refused(400);
    assert_eq!(api.sandbox.budgets("default").unwrap(), before);
    assert_eq!(api.sandbox.workspaces()[0]["include_byok_in_budgets"], false);
}

#[tokio::test]
async fn a_deleted_budget_collides_with_nothing() {
    let api = Api::start().await;
    set(&api, "monthly", 100.0).await.ok(200);
    set(&api, "weekly", 100.0).await.refused(400);
    api.call("DELETE", "/workspaces/default/budgets/monthly").await.ok(200);
    set(&api, "weekly", 100.0).await.ok(200);
}

#[tokio::test]
async fn byok_belongs_to_the_workspace() {
    let api = Api::start().await;
    set(&api, "monthly", 100.0).await.ok(200);
    let body = json!({"limit_usd": 1, "include_byok_in_budgets": true});
    put(&api, "daily", body).await.ok(200);
    for path in ["/budgets", "/budgets/monthly", "/budgets/daily"] {
        let body = api.call("GET", &format!("/workspaces/default{path}")).await.ok(200);
        assert_eq!(body["include_byok_in_budgets"], true);
    }
    let body = api.call("GET", "/workspaces/default").await.ok(200);
    assert_eq!(body["data"]["include_byok_in_budgets"], true);
}

#[tokio::test]
async fn byok_stays_when_it_is_left_out() {
    let api = Api::start().await;
    let body = json!({"limit_usd": 1, "include_byok_in_budgets": true});
    put(&api, "daily", body).await.ok(200);
    let body = set(&api, "daily", 2.0).await.ok(200);
    assert_eq!(body["include_byok_in_budgets"], true);
    let body = json!({"limit_usd": 2, "include_byok_in_budgets": false});
    let body = put(&api, "daily", body).await.ok(200);
    assert_eq!(body["include_byok_in_budgets"], false);
}
