//! Services in the place of the HTTP client: middleware, answers from memory, and what their failures mean.

use std::error::Error as _;

use openrouter_workspaces::reqwest::{self, header::HeaderValue};
use openrouter_workspaces::{Client, Delivery, Error, HttpError, HttpFuture, HttpService, RetryConfig};
use serde_json::json;

use crate::promises::fixtures::workspace;
use crate::promises::service::{Answer, Memory};

/// A middleware that adds a header.
struct Stamped<S>(S);

impl<S: HttpService> HttpService for Stamped<S> {
    fn call(&self, mut request: reqwest::Request) -> HttpFuture<'_> {
        request.headers_mut().insert("x-team", HeaderValue::from_static("platform"));
        self.0.call(request)
    }
}

fn created() -> Answer {
    Answer::new(201, json!({"data": workspace()}).to_string())
}

fn absent() -> Answer {
    Answer::error(404, "Workspace not found")
}

fn not_sent() -> Answer {
    Answer::failure(HttpError::not_sent("the pool is exhausted"))
}

fn broken() -> Answer {
    Answer::failure(HttpError::broken("connection reset by peer"))
}

#[test]
fn a_failure_says_how_far_the_request_came_and_why() {
    for (error, says, why) in [
        (HttpError::not_sent("the pool is exhausted"), "cannot connect", "the pool is exhausted"),
        (HttpError::broken("connection reset by peer"), "the connection failed", "connection reset by peer"),
    ] {
        assert_eq!(error.to_string(), says);
        assert_eq!(error.source().expect("there is a cause").to_string(), why);
    }
}

#[tokio::test(start_paused = true)]
async fn a_middleware_sees_every_request_whole_and_adds_to_it() {
    let memory = Memory::script([Answer::error(503, "busy"), Answer::json(json!({"removed_count": 2}))]);
    let builder = Client::builder().api_key(crate::promises::KEY).http_service(Stamped(memory.clone()));
    let removed = builder.build().unwrap().bulk_remove_members("production", ["user_a", "user_b"]).await.unwrap();
    assert_eq!(removed.removed_count, 2);
    assert_eq!(memory.lines(), ["POST /workspaces/production/members/remove"; 2]);
    for request in memory.requests() {
        assert_eq!(request.headers["x-team"], "platform");
        assert_eq!(request.headers["authorization"], format!("Bearer {}", crate::promises::KEY));
        assert!(request.headers["authorization"].is_sensitive());
        assert_eq!(request.body, br#"{"user_ids":["user_a","user_b"]}"#);
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_answers_from_memory_needs_no_network() {
    let memory = Memory::script([Answer::json(json!({"data": workspace()})).header("x-request-id", "req_1")]);
    let response = memory.client().get("production").send_with_meta().await.unwrap();
    assert_eq!((response.data.slug.as_str(), response.request_id()), ("production", Some("req_1")));
    assert_eq!(memory.lines(), ["GET /workspaces/production"]);
}

#[tokio::test(start_paused = true)]
async fn a_create_that_was_not_sent_is_repeated_without_a_look_up() {
    let memory = Memory::script([not_sent(), not_sent(), created()]);
    let response = memory.client().create("Production", "production").send_with_meta().await.unwrap();
    assert_eq!((response.status(), response.attempts()), (201, 3));
    assert_eq!(memory.lines(), ["POST /workspaces"; 3]);

    let memory = Memory::script([not_sent()]);
    let error = memory.client().create("Production", "production").retry(RetryConfig::none()).await.unwrap_err();
    assert!(matches!(error, Error::Connect(_)), "{error:?}");
    assert_eq!((error.delivery(), error.attempts(), error.is_retryable()), (Delivery::NotSent, 1, true));
}

#[tokio::test(start_paused = true)]
async fn a_create_whose_connection_broke_is_looked_up_before_it_is_repeated() {
    let memory = Memory::script([broken(), absent(), created()]);
    let response = memory.client().create("Production", "production").send_with_meta().await.unwrap();
    assert_eq!((response.status(), response.attempts()), (201, 3));
    assert_eq!(memory.lines(), ["POST /workspaces", "GET /workspaces/production", "POST /workspaces"]);

    let memory = Memory::script([broken()]);
    let error = memory.client().create("Production", "production").retry(RetryConfig::none()).await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
    assert_eq!((error.delivery(), error.attempts(), error.is_retryable()), (Delivery::Unknown, 1, true));
    assert_eq!(memory.lines(), ["POST /workspaces"]);
}

#[tokio::test(start_paused = true)]
async fn other_calls_are_repeated_after_both_failures() {
    for failure in [not_sent as fn() -> Answer, broken] {
        let memory = Memory::script([failure(), Answer::json(json!({"data": workspace()}))]);
        memory.client().get("production").await.unwrap();
        assert_eq!(memory.lines(), ["GET /workspaces/production"; 2]);
        let memory = Memory::script([failure()]);
        let off = RetryConfig::default().retry_connection_errors(false);
        assert!(memory.client().get("production").retry(off).await.is_err());
        assert_eq!(memory.count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn limits_hold_over_a_service() {
    let memory =
        Memory::new(|_, _| Answer::json(json!({"data": workspace()})).after(std::time::Duration::from_secs(31)));
    let error = memory.client().get("production").retry(RetryConfig::none()).await.unwrap_err();
    assert!(matches!(error, Error::Timeout(_)), "{error:?}");
    assert_eq!((memory.open(), memory.abandoned()), (0, 1), "the service's future is dropped");
    let memory = Memory::script([Answer::json(json!({"data": workspace()}))]);
    let error = memory.builder().max_body_bytes(100).build().unwrap().get("production").await.unwrap_err();
    assert!(error.to_string().contains("larger than 100 bytes"), "{error}");
}
