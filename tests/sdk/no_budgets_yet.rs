//! Budgets of a workspace that never had one: the API answers as if there were no such workspace.

use std::time::Duration;

use crate::common::fixtures::budget;
use crate::common::ops::Op;
use crate::common::{Mock, Reply};
use openrouter_sandbox::Sandbox;
use openrouter_workspaces::{Client, Error, Evidence, GaveUp, RetryConfig};
use serde_json::json;

fn retry() -> RetryConfig {
    RetryConfig::default().initial_interval(Duration::ZERO)
}

fn client(mock: &Mock) -> Client {
    mock.builder().retry(retry()).build().unwrap()
}

fn absent() -> Reply {
    Reply::error(404, "Workspace not found")
}

#[tokio::test]
async fn a_workspace_that_never_had_one_has_none() {
    let mock = Mock::script([Reply::error(404, "No budgets found"), Op::Get.success().header("x-request-id", "req-2")]);
    let answer = client(&mock).list_budgets("production").send_with_meta().await.unwrap();
    assert!(answer.data.data.is_empty());
    assert_eq!(answer.data.include_byok_in_budgets, None);
    assert_eq!((answer.attempts(), answer.evidence()), (2, Evidence::Inferred));
    assert_eq!((answer.status(), answer.request_id()), (200, Some("req-2")));
    assert_eq!(mock.lines(), [Op::ListBudgets.line(), Op::Get.line()]);
}

#[tokio::test]
async fn an_absent_workspace_stays_not_found() {
    let mock = Mock::always(absent());
    let error = client(&mock).list_budgets("production").await.unwrap_err();
    assert!(matches!(&error, Error::NotFound(e) if e.message() == "Workspace not found"), "{error:?}");
    assert_eq!((error.attempts(), error.gave_up(), error.call().operation()), (2, None, "list_budgets"));
    assert_eq!(mock.lines(), [Op::ListBudgets.line(), Op::Get.line()]);
}

#[tokio::test]
async fn budgets_that_are_there_take_one_request() {
    let mock = Mock::always(Reply::json(200, json!({"data": [budget()]})));
    let answer = client(&mock).list_budgets("production").send_with_meta().await.unwrap();
    assert_eq!((answer.data.data.len(), answer.attempts(), answer.evidence()), (1, 1, Evidence::Answered));
}

#[tokio::test]
async fn a_look_up_that_fails_does_not_say_that_there_is_no_workspace() {
    let mock = Mock::script([absent(), Reply::error(403, "no")]);
    let error = client(&mock).list_budgets("production").await.unwrap_err();
    assert!(matches!(error, Error::Forbidden(_)), "{error:?}");
    assert_eq!(error.attempts(), 2);
}

#[tokio::test]
async fn the_look_up_is_retried_and_limited_as_any_attempt() {
    let busy = || Reply::error(503, "busy");
    let mock = Mock::script([busy(), absent(), busy(), Op::Get.success()]);
    let answer = client(&mock).list_budgets("production").send_with_meta().await.unwrap();
    assert_eq!((answer.attempts(), answer.data.data.len()), (4, 0));

    let mock = Mock::script([busy(), absent(), busy(), Op::Get.success()]);
    let call = client(&mock).list_budgets("production").retry(retry().max_attempts(3));
    let error = call.await.unwrap_err();
    assert_eq!((error.status(), error.attempts(), error.gave_up()), (Some(503), 3, Some(&GaveUp::AttemptsExhausted)));
}

#[tokio::test]
async fn without_an_attempt_left_or_without_look_ups_the_404_stays() {
    for (retry, gave_up) in [
        (RetryConfig::none(), None),
        (retry().reconcile(false), None),
        (retry().max_attempts(1), Some(&GaveUp::AttemptsExhausted)),
    ] {
        let mock = Mock::always(absent());
        let error = client(&mock).list_budgets("production").retry(retry).await.unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
        assert_eq!((error.attempts(), error.gave_up()), (1, gave_up));
    }
}

#[tokio::test]
async fn an_answer_that_is_not_the_apis_is_not_looked_up() {
    for reply in [Reply::new(404, "text/html", "<h1>404</h1>"), Reply::error(404, "Not found")] {
        let mock = Mock::always(reply);
        let error = client(&mock).list_budgets("production").await.unwrap_err();
        assert!(matches!(error, Error::WrongEndpoint(_)), "{error:?}");
        assert_eq!(mock.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_server_like_the_real_one_tells_both_apart() {
    let sandbox = Sandbox::builder().in_memory().unwrap();
    let builder = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url());
    let client = builder.http_service(sandbox.service()).build().unwrap();
    client.create("A", "a").await.unwrap();
    assert!(client.list_budgets("a").await.unwrap().data.is_empty());
    let error = client.list_budgets("b").await.unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    client.set_budget("a", "daily", 1.0).await.unwrap();
    assert_eq!(client.list_budgets("a").await.unwrap().data.len(), 1);
    client.delete_budget("a", "daily").await.unwrap();
    assert!(client.list_budgets("a").await.unwrap().data.is_empty());
}
