//! Answers whose body stalls or breaks: the status, where it tells, counts; and it is never lost.

use std::time::Duration;

use openrouter_workspaces::{Delivery, Error};
use tokio::time::Instant;

use crate::common::paused::exact;
use crate::reconcile::network::{Step, World};

fn world(step: Step) -> World {
    let world = World::with(450, [step], |builder| builder.attempt_timeout(Duration::from_secs(30)));
    world.api().other_creates("Production", "production", 60_000);
    world
}

#[tokio::test(start_paused = true)]
async fn a_404_whose_body_stalls_is_not_found_after_two_seconds_at_most_and_is_not_repeated() {
    let world = world(Step::stalled_with(404));
    let start = Instant::now();
    let error = world.client.delete("production").await.unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    assert!(start.elapsed() <= Duration::from_millis(2001), "{:?}", start.elapsed());
    assert_eq!((error.attempts(), error.delivery()), (1, Delivery::Answered));
    assert_eq!(error.request_id(), Some("req-1"));
    assert_eq!(world.lines(), ["DELETE /workspaces/production"]);
}

#[tokio::test(start_paused = true)]
async fn a_conflict_whose_body_stalls_is_a_conflict_and_is_not_looked_up() {
    let world = world(Step::stalled_with(409));
    let error = world.client.create("Production", "production").await.unwrap_err();
    assert!(matches!(error, Error::Conflict(_)), "{error:?}");
    assert_eq!((error.attempts(), error.delivery()), (1, Delivery::Answered));
    assert_eq!(world.lines(), ["POST /workspaces"]);
}

#[tokio::test(start_paused = true)]
async fn an_error_that_is_retried_is_retried_although_its_body_stalls() {
    let world = world(Step::stalled_with(503));
    world.client.get("production").await.unwrap();
    assert_eq!(world.lines().len(), 2);
    let waited = world.times()[1];
    assert!((2500..=2502).contains(&waited), "2 s for the body, and 0.5 s before the retry, not {waited} ms");
}

#[tokio::test(start_paused = true)]
async fn the_deadline_of_a_call_ends_an_error_body_earlier() {
    let world = world(Step::stalled_with(404));
    let start = Instant::now();
    let error = world.client.get("production").timeout(Duration::from_secs(1)).await.unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    assert_eq!(start.elapsed(), Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_success_whose_body_breaks_keeps_status_and_request_id() {
    let world = world(Step::cut());
    let error = world.client.update("production").name("Prod").retry(exact().max_attempts(1)).await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
    assert_eq!((error.status(), error.request_id()), (Some(200), Some("req-1")));
    assert_eq!((error.attempts(), error.delivery()), (1, Delivery::Unknown));
    assert!(error.to_string().contains("status 200, request req-1"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_success_whose_body_stalls_keeps_status_and_request_id() {
    let world = world(Step::stalled());
    let error = world.client.update("production").name("Prod").retry(exact().max_attempts(1)).await.unwrap_err();
    assert!(matches!(error, Error::Timeout(_)), "{error:?}");
    assert_eq!((error.status(), error.request_id()), (Some(200), Some("req-1")));
    assert_eq!((error.attempts(), error.delivery()), (1, Delivery::Unknown));
    assert!(error.to_string().contains("status 200, request req-1"), "{error}");
}
