//! The checks themselves: each must notice a client that breaks its promise.

use std::sync::Arc;
use std::time::Duration;

use openrouter_sandbox::Sandbox;
use openrouter_workspaces::reqwest::{Method, Request};
use openrouter_workspaces::{Error, Evidence, HttpFuture, HttpService};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::judge::{Told, judge, judge_late};
use super::record::{CallRecord, Limits, Shared};
use super::server;
use super::stranger::Stranger;
use super::wire::{CALL, Wire};
use crate::operations::promise::Promise;

const SECOND: Duration = Duration::from_secs(1);

/// Answers with the statuses that are given, and knows nothing of workspaces.
struct Statuses(std::sync::Mutex<Vec<(u16, &'static str)>>);

impl HttpService for Statuses {
    fn call(&self, _: Request) -> HttpFuture<'_> {
        let (status, wait) = self.0.lock().expect("no panic").remove(0);
        let answer = response(status, wait);
        Box::pin(async { Ok(answer) })
    }
}

fn response(status: u16, wait: &str) -> openrouter_workspaces::reqwest::Response {
    let answer = http::Response::builder().status(status).header("retry-after", wait);
    answer.body("").expect("a valid response").into()
}

/// A client that does what it is told.
struct Rogue {
    record: Shared,
    wire: Wire,
}

impl Rogue {
    /// One call of an operation, and the statuses of its answers.
    fn new(name: &'static str, target: &str, statuses: &[(u16, &'static str)]) -> Self {
        let sandbox = Arc::new(Sandbox::builder().in_memory().expect("a sandbox"));
        let record = Shared::new(0, 0, true, true);
        server::observe(&sandbox, &record);
        let limits = Limits { max_attempts: 3, max_elapsed: 8 * SECOND, deadline: 9 * SECOND, reconcile: true };
        let (target, slug) = (target.to_owned(), (name == "create").then(|| "a".to_owned()));
        let (began, ended, holder, requests) = (0, None, None, Vec::new());
        let (is_write, walk, metered) = (name != "get", false, false);
        let call = CallRecord { name, is_write, target, slug, walk, metered, limits, began, ended, holder, requests };
        record.lock().calls.push(call);
        let stranger = Stranger::new(sandbox, 0.0, 0);
        let wire = Wire::new(Arc::new(Statuses(statuses.to_vec().into())), record.clone(), stranger, 0);
        Self { record, wire }
    }

    fn send(&self, method: &str, path: &str) -> HttpFuture<'_> {
        let url = format!("http://localhost/api/v1{path}").parse().expect("a URL");
        let mut request = Request::new(Method::from_bytes(method.as_bytes()).expect("a method"), url);
        request.headers_mut().insert(CALL, "0".parse().expect("a value"));
        self.wire.call(request)
    }

    /// Sends requests, one after the other, with pauses between.
    async fn sends(&self, pause: Duration, requests: &[(&str, &str)]) {
        for (method, path) in requests {
            let _ = self.send(method, path).await;
            sleep(pause).await;
        }
    }

    fn says(&self, evidence: Evidence, attempts: u32, value: Value) {
        judge(&mut self.record.lock(), 0, &Ok(Told { attempts, evidence, value }));
    }

    fn broke(&self) -> Vec<Promise> {
        self.record.lock().violations.iter().map(|violation| violation.promise).collect()
    }
}

const CREATE: (&str, &str) = ("POST", "/workspaces");
const LOOK_UP: (&str, &str) = ("GET", "/workspaces/a");
const DELETE: (&str, &str) = ("DELETE", "/workspaces/a");

#[tokio::test(start_paused = true)]
async fn a_client_that_keeps_its_promises_breaks_none() {
    let rogue = Rogue::new("create", "", &[(503, "1"), (404, ""), (201, "")]);
    rogue.sends(SECOND, &[CREATE, LOOK_UP, CREATE]).await;
    assert_eq!(rogue.broke(), []);
}

#[tokio::test(start_paused = true)]
async fn two_creates_without_a_look_up() {
    let rogue = Rogue::new("create", "", &[(503, ""), (201, "")]);
    rogue.sends(SECOND, &[CREATE, CREATE]).await;
    assert_eq!(rogue.broke(), [Promise::Stray]);
    let refused = Rogue::new("create", "", &[(429, ""), (201, "")]);
    refused.sends(SECOND, &[CREATE, CREATE]).await;
    assert_eq!(refused.broke(), []);
}

#[tokio::test(start_paused = true)]
async fn a_delete_that_is_repeated_by_its_slug() {
    let rogue = Rogue::new("delete", "a", &[(503, ""), (200, "")]);
    rogue.sends(SECOND, &[DELETE, DELETE]).await;
    assert_eq!(rogue.broke(), [Promise::Stray]);
}

#[tokio::test(start_paused = true)]
async fn a_retry_before_its_time() {
    let rogue = Rogue::new("get", "a", &[(503, "3"), (200, "")]);
    rogue.sends(SECOND, &[LOOK_UP, LOOK_UP]).await;
    assert_eq!(rogue.broke(), [Promise::Limits]);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_too_many() {
    let rogue = Rogue::new("get", "a", &[(503, ""); 4]);
    rogue.sends(SECOND, &[LOOK_UP; 4]).await;
    assert_eq!(rogue.broke(), [Promise::Limits]);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_too_late() {
    let rogue = Rogue::new("get", "a", &[(503, ""); 2]);
    rogue.sends(8 * SECOND, &[LOOK_UP; 2]).await;
    assert_eq!(rogue.broke(), [Promise::Limits]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_outlives_its_deadline() {
    let rogue = Rogue::new("get", "a", &[(200, "")]);
    rogue.sends(9 * SECOND, &[LOOK_UP]).await;
    rogue.says(Evidence::Answered, 1, Value::Null);
    assert!(rogue.broke().contains(&Promise::Limits));
}

#[tokio::test(start_paused = true)]
async fn two_requests_at_once_and_one_after_the_end() {
    let rogue = Rogue::new("get", "a", &[(200, ""); 3]);
    let _ = tokio::join!(rogue.send("GET", "/workspaces/a"), rogue.send("GET", "/workspaces/a"));
    assert_eq!(rogue.broke(), [Promise::Stray]);
    rogue.record.lock().calls[0].ended = Some(0);
    rogue.sends(SECOND, &[LOOK_UP]).await;
    assert_eq!(rogue.broke(), [Promise::Stray, Promise::Stray]);
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_nothing_is_left_for() {
    let rogue = Rogue::new("get", "a", &[(503, ""); 2]);
    rogue.record.lock().calls[0].metered = true;
    while rogue.record.lock().budget.retry_sent().is_none() {}
    rogue.sends(SECOND, &[LOOK_UP; 2]).await;
    assert_eq!(rogue.broke(), [Promise::Budget]);
}

#[tokio::test(start_paused = true)]
async fn a_success_that_nothing_was_done_for_and_requests_that_are_not_counted() {
    let rogue = Rogue::new("set_budget", "a", &[(503, ""), (200, "")]);
    rogue.sends(SECOND, &[("PUT", "/workspaces/a/budgets/daily"); 2]).await;
    rogue.says(Evidence::Repeated, 1, json!({"data": {}}));
    assert_eq!(rogue.broke(), [Promise::WrongAnswer, Promise::Lost, Promise::WrongAnswer]);
}

#[tokio::test(start_paused = true)]
async fn a_workspace_of_somebody_else() {
    let rogue = Rogue::new("create", "", &[(503, ""), (200, "")]);
    let older = json!({"id": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "slug": "a"});
    rogue.record.lock().truth.created(0, None, older.clone());
    rogue.record.lock().calls[0].began = 1_000;
    sleep(SECOND).await;
    rogue.sends(SECOND, &[CREATE, LOOK_UP]).await;
    rogue.says(Evidence::Inferred, 2, older);
    assert!(rogue.broke().contains(&Promise::Claimed), "{:?}", rogue.broke());
}

#[tokio::test(start_paused = true)]
async fn a_create_that_was_done_after_all() {
    let rogue = Rogue::new("create", "", &[(201, "")]);
    rogue.sends(SECOND, &[CREATE]).await;
    let done = super::record::Processed { late: true, status: 201, workspace: None, body: Value::Null };
    rogue.record.lock().requests[0].processed = Some(done);
    judge_late(&mut rogue.record.lock(), 0, Some(openrouter_workspaces::Delivery::Answered));
    assert_eq!(rogue.broke(), [Promise::Unreported]);
}

#[tokio::test(start_paused = true)]
async fn an_outcome_that_is_called_unknown_although_every_answer_tells() {
    let rogue = Rogue::new("create", "", &[(400, "")]);
    rogue.sends(SECOND, &[CREATE]).await;
    let client = openrouter_workspaces::Client::builder().api_key("sk-or-v1-rogue").http_service(Broken).build();
    let request = client.expect("a client").create("A", "a").retry(openrouter_workspaces::RetryConfig::none());
    let unknown: Error = request.await.expect_err("the connection breaks");
    judge(&mut rogue.record.lock(), 0, &Err(unknown));
    assert!(rogue.broke().contains(&Promise::Unfounded), "{:?}", rogue.broke());
}

struct Broken;

impl HttpService for Broken {
    fn call(&self, _: Request) -> HttpFuture<'_> {
        Box::pin(async { Err(openrouter_workspaces::HttpError::broken("reset")) })
    }
}
