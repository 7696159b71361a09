//! The operations on budgets: what is sent, and what is made of the answer.

mod common;

use chrono::{DateTime, Utc};
use common::fixtures::budget;
use common::{Mock, Reply};
use openrouter_workspaces::{BudgetInterval, ResetInterval, WorkspaceBudget};
use serde_json::{Value, json};

fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("a timestamp")
}

fn assert_is_monthly(budget: &WorkspaceBudget) {
    assert_eq!(budget.id.to_string(), "886313e1-3b8a-4372-9b90-0c9aee199e5d");
    assert_eq!(budget.workspace_id.to_string(), "7c9e6679-7425-40de-944b-e07fc1f90ae7");
    assert_eq!(budget.limit_usd, 100.0);
    assert_eq!(budget.reset_interval, Some(ResetInterval::Monthly));
    assert_eq!(budget.interval(), BudgetInterval::Monthly);
    assert_eq!(budget.created_at, Some(time("2026-03-02T08:21:00Z")));
    assert_eq!(budget.updated_at, Some(time("2026-03-05T12:00:00Z")));
}

#[tokio::test]
async fn list_budgets_returns_all_budgets() {
    let mut lifetime = budget();
    lifetime["reset_interval"] = Value::Null;
    lifetime["limit_usd"] = json!(2500.5);
    let mut yearly = budget();
    yearly["reset_interval"] = json!("yearly");
    let body = json!({"data": [budget(), lifetime, yearly], "include_byok_in_budgets": true});
    let mock = Mock::always(Reply::json(200, body));
    let budgets = mock.client().list_budgets("production").await.unwrap();
    mock.only_request().assert("GET /api/v1/workspaces/production/budgets", Value::Null);
    assert_eq!(budgets.include_byok_in_budgets, Some(true));
    assert_is_monthly(&budgets.data[0]);
    assert_eq!((budgets.data[1].limit_usd, &budgets.data[1].reset_interval), (2500.5, &None));
    assert_eq!(budgets.data[1].interval(), BudgetInterval::Lifetime);
    assert_eq!(budgets.data[2].reset_interval, Some(ResetInterval::Other("yearly".to_owned())));
    assert_eq!(budgets.data[2].interval(), BudgetInterval::Other("yearly".to_owned()));
}

#[tokio::test]
async fn get_budget_asks_for_each_interval() {
    let cases = [
        (BudgetInterval::Daily, "daily"),
        (BudgetInterval::Weekly, "weekly"),
        (BudgetInterval::Monthly, "monthly"),
        (BudgetInterval::Lifetime, "lifetime"),
        (BudgetInterval::Other("yearly".to_owned()), "yearly"),
    ];
    for (interval, name) in cases {
        let mock = Mock::always(Reply::json(200, json!({"data": budget()})));
        let budget = mock.client().get_budget("production", interval).await.unwrap();
        mock.only_request().assert(&format!("GET /api/v1/workspaces/production/budgets/{name}"), Value::Null);
        assert_is_monthly(&budget);
    }
}

#[tokio::test]
async fn set_budget_sends_the_limit_alone_by_default() {
    let mock = Mock::always(Reply::json(200, json!({"data": budget()})));
    let budget = mock.client().set_budget("production", BudgetInterval::Monthly, 100.0).await.unwrap();
    mock.only_request().assert("PUT /api/v1/workspaces/production/budgets/monthly", json!({"limit_usd": 100}));
    assert_is_monthly(&budget);
}

#[tokio::test]
async fn whether_byok_counts_is_told_beside_a_budget() {
    for (flag, expected) in [(json!(true), Some(true)), (json!(false), Some(false)), (Value::Null, None)] {
        let mock = Mock::always(Reply::json(200, json!({"data": budget(), "include_byok_in_budgets": flag})));
        let got = mock.client().get_budget("production", "monthly").send_with_meta().await.unwrap();
        let set = mock.client().set_budget("production", "monthly", 100.0).send_with_meta().await.unwrap();
        assert_eq!((got.include_byok_in_budgets(), set.include_byok_in_budgets()), (expected, expected));
        assert_is_monthly(&got.data);
    }
    let mock = Mock::always(Reply::json(200, json!({"data": budget()})));
    let answer = mock.client().get_budget("production", "monthly").send_with_meta().await.unwrap();
    assert_eq!(answer.include_byok_in_budgets(), None);
}

#[tokio::test]
async fn set_budget_sends_whether_byok_counts() {
    for include in [true, false] {
        let mock = Mock::always(Reply::json(200, json!({"data": budget(), "include_byok_in_budgets": include})));
        let request = mock.client().set_budget("production", "lifetime", 0.1).include_byok_in_budgets(include);
        assert_eq!(request.send_with_meta().await.unwrap().include_byok_in_budgets(), Some(include));
        let body = json!({"limit_usd": 0.1, "include_byok_in_budgets": include});
        mock.only_request().assert("PUT /api/v1/workspaces/production/budgets/lifetime", body);
    }
}

#[tokio::test]
async fn delete_budget_confirms() {
    let mock = Mock::always(Reply::json(200, json!({"deleted": true})));
    assert!(mock.client().delete_budget("production", BudgetInterval::Weekly).await.unwrap().deleted);
    mock.only_request().assert("DELETE /api/v1/workspaces/production/budgets/weekly", Value::Null);
}
