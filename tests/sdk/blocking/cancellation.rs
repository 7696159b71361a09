//! Waits end at deadlines, when they are given up, and when an iterator is dropped; then nothing more is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use openrouter_workspaces::blocking::CancellationToken;
use openrouter_workspaces::{BudgetSet, Client, Error, RetryConfig};
use serde_json::json;
use tokio::runtime::Builder;

use crate::blocking::support::{Silence, answer, arrivals, assert_refused, client, sandbox, served};
use crate::common::fixtures::workspace_row;

const SHORT: Duration = Duration::from_millis(20);

#[test]
fn deadlines_hold_against_a_server_that_is_silent() {
    let (silence, client, _arrivals) = Silence::client();
    match client.get("production").timeout(SHORT).wait() {
        Err(Error::Timeout(error)) => assert!(error.is_total() && error.limit() == SHORT),
        other => panic!("{other:?}"),
    }
    let failed = client.get("production").attempt_timeout(SHORT).wait();
    assert!(matches!(failed, Err(Error::Timeout(error)) if !error.is_total()));
    assert!(matches!(client.list().all().timeout(SHORT).wait(), Err(Error::Timeout(_))));
    let failed = client.add_members("production", ["user_1"]).timeout(SHORT).wait().unwrap_err();
    assert!(matches!(failed.error(), Error::Timeout(_)));
    let mut rows = client.list().timeout(SHORT).items().wait();
    assert!(matches!(rows.next(), Some(Err(Error::Timeout(_)))));
    assert!(rows.next().is_none());
    assert_eq!(silence.open(), 0);
}

/// Waits until a task of the background thread that was told to stop has done so.
fn await_stop(silence: &Silence) {
    while silence.open() > 0 {
        thread::yield_now();
    }
}

/// Cancels the token as soon as so many requests are under way.
fn cancel_after(requests: usize, arrivals: std::sync::mpsc::Receiver<()>) -> CancellationToken {
    let token = CancellationToken::new();
    let clone = token.clone();
    thread::spawn(move || {
        arrivals.iter().take(requests).for_each(drop);
        clone.cancel();
    });
    token
}

#[test]
fn another_thread_gives_up_a_request_and_a_job() {
    let (silence, client, arrivals) = Silence::client();
    let token = cancel_after(1, arrivals);
    assert!(token.wait(client.get("production")).is_none());
    assert_eq!((silence.requests(), silence.open()), (1, 0), "the request has stopped when the wait is over");

    let (silence, client, arrivals) = Silence::client();
    let job = client.add_members("production", ["user_1"]);
    let so_far = job.so_far();
    assert!(cancel_after(1, arrivals).wait(job).is_none());
    assert_eq!(Vec::from_iter(so_far.get().left()), ["user_1"]);
    await_stop(&silence);
    assert_eq!(silence.requests(), 1);

    let (silence, client, arrivals) = Silence::client();
    let job = client.set_budgets("production", BudgetSet::default().monthly(100.0));
    let so_far = job.so_far();
    assert!(cancel_after(1, arrivals).wait(job).is_none());
    assert_eq!(so_far.get().to_string(), "nothing was changed");
    await_stop(&silence);
}

#[test]
fn another_thread_gives_up_a_walk_which_stops_when_it_is_dropped() {
    let (silence, client, arrivals) = Silence::client();
    let mut rows = client.list().items();
    let token = cancel_after(1, arrivals);
    assert!(token.wait(rows.try_next()).is_none());
    assert_eq!(silence.requests(), 1);
    drop(rows);
    await_stop(&silence);
    assert_eq!(silence.requests(), 1);
}

#[test]
fn a_cancelled_token_sends_nothing() {
    let (silence, client, _arrivals) = Silence::client();
    let token = CancellationToken::new();
    assert!(!token.is_cancelled());
    token.clone().cancel();
    assert!(token.is_cancelled());
    assert!(token.wait(client.get("production")).is_none());
    assert!(token.wait(client.snapshot()).is_none());
    assert!(token.wait(client.list().items().try_next()).is_none());
    assert!(token.wait(client.list().items().try_collect()).is_none());
    assert_eq!(silence.requests(), 0);
}

#[test]
fn a_wait_before_a_retry_is_given_up() {
    let (arrived, arrivals) = arrivals();
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    let client = served(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        arrived();
        answer(503, &json!({"error": {"code": 503, "message": "busy"}}))
    });
    let hours = Duration::from_secs(7200);
    let retry = RetryConfig::default().initial_interval(hours).max_interval(hours).max_elapsed_time(10 * hours);
    let client = client.retry(retry).timeout(10 * hours).build().unwrap();
    assert!(cancel_after(1, arrivals).wait(client.get("production")).is_none());
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[test]
fn a_token_that_is_not_cancelled_changes_nothing() {
    let client = client(&sandbox());
    let token = CancellationToken::new();
    assert_eq!(token.wait(client.list()).unwrap().unwrap().total_count, 1);
    assert!(matches!(token.wait(client.get("nope")), Some(Err(Error::NotFound(_)))));
    assert_eq!(token.wait(client.list().send_with_meta()).unwrap().unwrap().status(), 200);
    assert!(token.wait(client.ensure("research")).unwrap().is_ok());
    let mut rows = client.list().items();
    while let Some(row) = token.wait(rows.try_next()) {
        if row.unwrap().is_none() {
            break;
        }
    }
    assert_eq!(rows.offset(), 2);
    let runtime = Builder::new_current_thread().build().unwrap();
    let refused = runtime.block_on(async { token.wait(client.list()) });
    assert_refused(refused.unwrap(), "wait()", "on the only thread");
}

/// Answers a page of two rows of a long list, and no other one.
fn one_page() -> (Arc<Silence>, Client, std::sync::mpsc::Receiver<()>) {
    let (silence, (arrived, arrivals)) = (Arc::new(Silence::default()), arrivals());
    let service = silence.clone();
    let client = served(move |request| {
        if request.url().query().is_some_and(|query| query.contains("offset=0")) {
            return answer(200, &json!({"data": [workspace_row(0), workspace_row(1)], "total_count": 1000}));
        }
        let request = service.take();
        arrived();
        request
    });
    (silence, client.build().unwrap(), arrivals)
}

#[test]
fn an_iterator_that_is_dropped_stops_what_it_fetches() {
    let (silence, client, arrivals) = one_page();
    let mut rows = client.list().limit(2).items().concurrency(4).wait();
    assert!(rows.next().unwrap().is_ok());
    // The first page is there, and the next ones are under way.
    arrivals.recv().unwrap();
    drop(rows);
    await_stop(&silence);
    let sent = silence.requests();
    // Another walk of the same length does not wake what was dropped.
    let mut rows = client.list().limit(2).items().wait();
    assert!(rows.next().unwrap().is_ok() && rows.next().unwrap().is_ok());
    drop(rows);
    assert_eq!((silence.requests(), silence.open()), (sent, 0));
}
