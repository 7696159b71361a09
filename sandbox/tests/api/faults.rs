//! Faults that are whole answers, or delays.

use std::time::{Duration, Instant};

use openrouter_sandbox::{Fault, RetryAfter, ScriptedResponse, When};
use serde_json::{Value, json};

use crate::support::{Api, ApiResponse};

async fn create(api: &Api) -> ApiResponse {
    api.send("POST", "/workspaces", json!({"name": "A", "slug": "a"})).await
}

#[tokio::test]
async fn a_status_before_processing_has_no_effect() {
    for status in [408, 429, 500, 502, 503, 504, 520] {
        let api = Api::start().await;
        api.fault("create_workspace", Fault::status(status));
        assert_eq!(create(&api).await.refused(status), "A fault of the sandbox");
        assert!(!api.has("a"));
        let request = &api.sandbox.journal()[0];
        assert_eq!((request.status, request.processed), (Some(status), false));
        create(&api).await.ok(201);
    }
}

#[tokio::test]
async fn a_status_after_processing_has_an_effect() {
    for status in [408, 429, 500, 502, 503, 504, 520] {
        let api = Api::start().await;
        api.fault("create_workspace", Fault::status(status).after_processing());
        create(&api).await.refused(status);
        assert!(api.has("a"));
        let request = &api.sandbox.journal()[0];
        assert_eq!((request.status, request.processed), (Some(status), true));
        create(&api).await.refused(409);
    }
}

#[tokio::test]
async fn retry_after_can_be_seconds() {
    let api = Api::start().await;
    api.fault("list_workspaces", Fault::status(429).retry_after(RetryAfter::Seconds(7)));
    assert_eq!(api.call("GET", "/workspaces").await.headers["retry-after"], "7");
}

#[tokio::test]
async fn retry_after_can_be_milliseconds() {
    let api = Api::start().await;
    api.fault("list_workspaces", Fault::status(429).retry_after(RetryAfter::Millis(250)));
    let answer = api.call("GET", "/workspaces").await;
    assert_eq!(answer.headers["retry-after-ms"], "250");
    assert!(!answer.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn retry_after_can_be_a_date() {
    let api = Api::start().await;
    let before = chrono::Utc::now();
    api.fault("list_workspaces", Fault::status(503).retry_after(RetryAfter::Date(Duration::from_secs(60))));
    let answer = api.call("GET", "/workspaces").await;
    let date = answer.headers["retry-after"].to_str().unwrap();
    assert!(date.ends_with(" GMT"), "{date}");
    let wait = chrono::DateTime::parse_from_rfc2822(date).unwrap().to_utc() - before;
    assert!((60..=70).contains(&wait.num_seconds()), "{wait}");
}

#[tokio::test]
async fn without_retry_after_there_is_none() {
    let api = Api::start().await;
    api.fault("list_workspaces", Fault::status(429));
    let answer = api.call("GET", "/workspaces").await;
    assert!(!answer.headers.contains_key("retry-after") && !answer.headers.contains_key("retry-after-ms"));
}

/// The content type and the body of the answer to a fault with this name.
async fn form(name: &str) -> (Option<String>, String) {
    let api = Api::start().await;
    api.fault("list_workspaces", name.parse().unwrap());
    let response = api.request("GET", "/workspaces").send().await.unwrap();
    assert_eq!(response.status(), 503);
    let content_type = response.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
    (content_type, response.text().await.unwrap())
}

#[tokio::test]
async fn an_error_can_be_json_or_html_or_empty() {
    let (content_type, body) = form("503").await;
    assert_eq!(content_type.as_deref(), Some("application/json"));
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["error"]["code"], 503);
    let (content_type, body) = form("503-html").await;
    assert_eq!(content_type.as_deref(), Some("text/html; charset=utf-8"));
    assert!(body.starts_with("<html>"));
    assert_eq!(form("503-empty").await, (None, String::new()));
}

#[tokio::test]
async fn an_error_can_have_a_wrong_content_type_or_none() {
    let (content_type, body) = form("503-mistyped").await;
    assert_eq!(content_type.as_deref(), Some("text/plain; charset=utf-8"));
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["error"]["code"], 503);
    let (content_type, body) = form("503-untyped").await;
    assert_eq!(content_type, None);
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["error"]["code"], 503);
}

#[tokio::test]
async fn any_answer_can_be_a_fault() {
    let api = Api::start().await;
    let response = ScriptedResponse::json(200, &json!({"data": "none"})).header("x-edge", "7");
    api.fault("list_workspaces", Fault::answer(response));
    let answer = api.call("GET", "/workspaces").await;
    assert_eq!(answer.headers["x-edge"], "7");
    assert_eq!(answer.ok(200), json!({"data": "none"}));
}

#[tokio::test]
async fn faults_need_no_key() {
    let api = Api::start().await;
    api.fault("list_workspaces", Fault::status(503));
    crate::support::answer(api.request("GET", "/workspaces")).await.refused(503);
}

#[tokio::test]
async fn a_redirect_names_another_host_and_has_no_effect() {
    for status in [302, 307] {
        let api = Api::start().await;
        api.fault("create_workspace", Fault::redirect(status, "http://other.example/api"));
        let request = api.request("POST", "/workspaces").json(&json!({"name": "A", "slug": "a"}));
        let response = request.bearer_auth(api.sandbox.key()).send().await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["location"], "http://other.example/api");
        assert!(!api.has("a"));
    }
}

#[tokio::test]
async fn latency_delays_the_right_answer() {
    let api = Api::start().await;
    let delay = Duration::from_millis(60);
    for fault in [Fault::latency(delay..=delay), Fault::latency(delay..=delay).after_processing()] {
        api.fault("list_workspaces", fault.clone());
        let start = Instant::now();
        api.call("GET", "/workspaces").await.ok(200);
        assert!(start.elapsed() >= delay);
        assert_eq!(api.sandbox.journal().last().unwrap().fault, Some(fault));
    }
}

#[tokio::test]
async fn a_client_that_leaves_before_processing_has_no_effect_and_after_it_has() {
    for (when, effect) in [(When::Before, false), (When::After, true)] {
        let api = Api::start().await;
        let hour = Duration::from_secs(3600);
        api.fault("create_workspace", Fault::Latency { from: hour, to: hour, when });
        let connection = api.raw("POST", "/workspaces", r#"{"name": "A", "slug": "a"}"#).await;
        while api.sandbox.faults_applied().is_empty() {
            tokio::task::yield_now().await;
        }
        drop(connection);
        // The server handles one thing after the other: after an answer it has noticed what came before.
        api.call("GET", "/workspaces").await.ok(200);
        assert_eq!(api.has("a"), effect);
        assert_eq!(api.sandbox.journal()[0].status, None);
    }
}

#[tokio::test]
async fn a_drawn_delay_is_in_its_range_and_in_the_journal() {
    let api = Api::start().await;
    let (from, to) = (Duration::from_millis(1), Duration::from_millis(9));
    api.sandbox.set_faults(openrouter_sandbox::FaultPlan::new(1).rate_all(1.0, [Fault::latency(from..=to)])).unwrap();
    let mut delays = Vec::new();
    for _ in 0..5 {
        api.call("GET", "/workspaces").await.ok(200);
        match api.sandbox.journal().pop().unwrap().fault {
            Some(Fault::Latency { from, to, .. }) if from == to => delays.push(from),
            other => panic!("{other:?}"),
        }
    }
    assert!(delays.iter().all(|delay| (from..=to).contains(delay)));
    delays.dedup();
    assert!(delays.len() > 1);
}
