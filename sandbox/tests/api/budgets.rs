//! Rules about budgets.

use openrouter_sandbox::{Behaviour, Sandbox};
use serde_json::{Value, json};

use crate::support::{Api, ApiResponse};

async fn put(api: &Api, interval: &str, body: Value) -> ApiResponse {
    api.send("PUT", &format!("/workspaces/default/budgets/{interval}"), body).await
}

async fn set(api: &Api, interval: &str, limit: f64) -> ApiResponse {
    put(api, interval, json!({"limit_usd": limit})).await
}

#[tokio::test]
async fn a_workspace_that_never_had_a_budget_is_answered_like_a_missing_one_but_for_the_message() {
    let api = Api::with(Sandbox::builder().seed_workspaces(1)).await;
    for workspace in ["default", "workspace-1"] {
        let path = format!("/workspaces/{workspace}/budgets");
        let none = api.call("GET", &path).await;
        let missing = api.call("GET", "/workspaces/none/budgets").await;
        assert_ne!(none.refused(404), missing.refused(404));
        let mut bodies = [none.body, missing.body];
        bodies.iter_mut().for_each(|body| body["error"]["message"] = Value::Null);
        assert_eq!(bodies[0], bodies[1]);
    }
}

#[tokio::test]
async fn budgets_that_were_deleted_leave_an_empty_list() {
    let api = Api::start().await;
    let body = json!({"limit_usd": 1, "include_byok_in_budgets": false});
    put(&api, "daily", body).await.ok(200);
    api.call("DELETE", "/workspaces/default/budgets/daily").await.ok(200);
    let body = api.call("GET", "/workspaces/default/budgets").await.ok(200);
    assert_eq!(body, json!({"data": [], "include_byok_in_budgets": false}));
}

#[tokio::test]
async fn a_refused_or_deleted_budget_does_not_count_as_the_first() {
    let api = Api::start().await;
    api.call("DELETE", "/workspaces/default/budgets/daily").await.ok(200);
    set(&api, "daily", 0.0).await.refused(400);
    api.call("GET", "/workspaces/default/budgets").await.refused(404);
}

#[tokio::test]
async fn the_list_of_a_workspace_without_budgets_can_be_empty_as_it_is_described() {
    let api = Api::with(Sandbox::builder().behaviour(Behaviour::BudgetsNotFound, false).seed_workspaces(1)).await;
    let body = api.call("GET", "/workspaces/workspace-1/budgets").await.ok(200);
    assert_eq!(body, json!({"data": [], "include_byok_in_budgets": false}));
    api.call("GET", "/workspaces/none/budgets").await.refused(404);
}

#[tokio::test]
async fn an_account_on_another_plan_has_no_budgets() {
    let api = Api::with(Sandbox::builder().behaviour(Behaviour::BudgetsForbidden, true)).await;
    assert!(set(&api, "daily", 1.0).await.refused(403).contains("Enterprise plan"));
    api.call("GET", "/workspaces/default/budgets").await.refused(403);
    for method in ["GET", "DELETE"] {
        api.call(method, "/workspaces/default/budgets/daily").await.refused(403);
    }
    assert!(api.sandbox.budgets("default").unwrap().is_empty());
}

#[tokio::test]
async fn the_default_workspace_can_have_budgets() {
    let api = Api::start().await;
    for (interval, limit) in [("lifetime", 40.0), ("monthly", 30.0), ("weekly", 20.0), ("daily", 10.0)] {
        set(&api, interval, limit).await.ok(200);
    }
    assert_eq!(api.sandbox.budgets("default").unwrap().len(), 4);
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
            format!(
                "Budget limits must strictly decrease as the interval narrows (lifetime > monthly > weekly > daily): \
                 the monthly limit ($100) must be greater than the weekly limit (${limit}).",
            ),
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
    let message = answer.refused(400);
    assert!(
        message.ends_with(
            "daily): the lifetime limit ($10) must be greater than the daily limit ($10), \
             and the lifetime limit ($10) must be greater than the weekly limit ($70)."
        ),
        "{message}"
    );
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
    assert_ne!(api.sandbox.workspaces()[0]["include_byok_in_budgets"], true);
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
