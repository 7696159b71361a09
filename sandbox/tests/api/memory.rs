//! A sandbox without a server, and what makes it the same each time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use openrouter_sandbox::{Account, Fault, FaultPlan, Sandbox, SandboxBuilder, ScriptedResponse, When};
use openrouter_workspaces::{Client, Error, RetryConfig};
use tokio::time::Instant;

const MS: fn(u64) -> Duration = Duration::from_millis;

fn client(sandbox: &Sandbox) -> Client {
    Client::builder()
        .api_key(sandbox.key())
        .base_url(sandbox.base_url())
        .http_service(sandbox.service())
        .retry(RetryConfig::none())
        .build()
        .unwrap()
}

/// A sandbox that begins on a day of the past, on the paused clock of the test.
fn simulated() -> SandboxBuilder {
    let (day, start) = (DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_000), Instant::now());
    Sandbox::builder().seed(1).key("sk-or-v1-memory").clock(move || day + start.elapsed())
}

fn with_fault(operation: &str, fault: Fault) -> Sandbox {
    simulated().faults(FaultPlan::default().sequence(operation, [Some(fault)])).in_memory().unwrap()
}

#[tokio::test(start_paused = true)]
async fn two_sandboxes_with_the_same_seed_and_clock_say_the_same() {
    let mut said = Vec::new();
    for _ in 0..2 {
        let sandbox = simulated().seed_workspaces(3).in_memory().unwrap();
        let client = client(&sandbox);
        tokio::time::sleep(MS(1500)).await;
        client.create("A", "a").await.unwrap();
        client.bulk_add_members("a", ["user_2"]).await.unwrap();
        let budget = client.set_budget("a", "daily", 1.0).send_with_meta().await.unwrap();
        assert_eq!(budget.headers()["date"], "Fri, 04 Oct 2024 00:00:01 GMT");
        let request_id = budget.request_id().map(str::to_owned);
        said.push((sandbox.workspaces(), sandbox.members("a").unwrap(), sandbox.budgets("a").unwrap(), request_id));
    }
    let created_at = said[0].0.last().unwrap()["created_at"].clone();
    assert_eq!(created_at, "2024-10-04T00:00:01.500Z");
    assert_eq!(said[0], said[1]);
}

#[tokio::test(start_paused = true)]
async fn other_seeds_give_other_ids() {
    let id = |seed| simulated().seed(seed).in_memory().unwrap().workspaces()[0]["id"].clone();
    assert_ne!(id(1), id(2));
}

#[tokio::test(start_paused = true)]
async fn what_is_created_can_have_another_clock_than_the_answers() {
    let day = DateTime::<Utc>::UNIX_EPOCH;
    let sandbox = simulated().database_clock(move || day).in_memory().unwrap();
    let created = client(&sandbox).create("A", "a").send_with_meta().await.unwrap();
    assert_eq!(created.data.created_at, day);
    assert_eq!(created.headers()["date"], "Fri, 04 Oct 2024 00:00:00 GMT");
}

#[tokio::test(start_paused = true)]
async fn connections_are_refused_and_reset() {
    let sandbox = with_fault("list_workspaces", Fault::Refuse(MS(200)));
    let list = || client(&sandbox).list().into_future();
    assert!(matches!(list().await, Err(Error::Transport(_))));
    assert!(matches!(list().await, Err(Error::Connect(_))));
    tokio::time::sleep(MS(200)).await;
    list().await.unwrap();
    sandbox.refuse_connections(true).unwrap();
    assert!(matches!(list().await, Err(Error::Connect(_))));
    sandbox.refuse_connections(false).unwrap();
    list().await.unwrap();
    assert_eq!((sandbox.port(), sandbox.base_url()), (0, "http://localhost/api/v1"));
}

#[tokio::test(start_paused = true)]
async fn bodies_break_off_and_stall() {
    for name in ["truncate", "truncate-chunked"] {
        let sandbox = with_fault("list_workspaces", name.parse().unwrap());
        assert!(matches!(client(&sandbox).list().await, Err(Error::Transport(_))), "{name}");
    }
    let sandbox = with_fault("list_workspaces", Fault::Stall);
    let start = Instant::now();
    assert!(matches!(client(&sandbox).list().timeout(MS(700)).await, Err(Error::Timeout(_))));
    assert_eq!(start.elapsed(), MS(700));
}

#[tokio::test(start_paused = true)]
async fn a_late_request_is_processed_after_its_answer_or_its_connection() {
    let answered = Fault::answer(ScriptedResponse::new(504));
    for fault in [answered, Fault::Reset(When::Before)] {
        let sandbox = with_fault("create_workspace", fault.processed_late(MS(3000)));
        let error = client(&sandbox).create("A", "a").await.unwrap_err();
        assert!(matches!(error, Error::InternalServer(_) | Error::Api(_) | Error::Transport(_)), "{error}");
        tokio::time::sleep(MS(2999)).await;
        assert_eq!((sandbox.workspaces().len(), sandbox.journal()[0].processed), (1, false));
        tokio::time::sleep(MS(2)).await;
        assert_eq!((sandbox.workspaces().len(), sandbox.journal()[0].processed), (2, true));
    }
}

#[tokio::test]
async fn a_late_request_is_processed_over_a_network_too() {
    for name in ["504-late", "reset-late=1"] {
        let plan = FaultPlan::default().sequence("create_workspace", [Some(name.parse().unwrap())]);
        let sandbox = Sandbox::builder().faults(plan).start().await.unwrap();
        let client = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url());
        let client = client.retry(RetryConfig::none()).build().unwrap();
        client.create("A", "a").await.unwrap_err();
        while sandbox.workspaces().len() < 2 {
            tokio::time::sleep(MS(5)).await;
        }
        let name = name.split_once('=').map_or(name, |(name, _)| name);
        assert_eq!(sandbox.faults_applied()[name], 1);
    }
}

#[tokio::test(start_paused = true)]
async fn an_observer_hears_what_the_client_does_not() {
    let sandbox = with_fault("create_workspace", Fault::Reset(When::After));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let observed = seen.clone();
    sandbox.observe(move |account, processed| {
        let operation = processed.request.operation.clone();
        let slug = processed.request.json().map(|body| body["slug"].clone());
        observed.lock().unwrap().push((operation, slug, processed.status, account.workspaces().len()));
        assert!(std::str::from_utf8(processed.body).unwrap().contains("\"data\""));
    });
    let client = client(&sandbox);
    client.create("A", "a").await.unwrap_err();
    client.get("a").await.unwrap();
    let expected = [
        (Some("create_workspace".to_owned()), Some("a".into()), 201, 2),
        (Some("get_workspace".to_owned()), None, 200, 2),
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[tokio::test(start_paused = true)]
async fn a_workspace_gets_another_slug_without_a_request() {
    let sandbox = simulated().in_memory().unwrap();
    let (account, client) = (sandbox.account(), client(&sandbox));
    let id = account.create_workspace("a").unwrap();
    account.create_workspace("b").unwrap();
    assert_eq!(account.rename_workspace("a", "b"), Ok(false));
    assert_eq!(account.rename_workspace("a", "c"), Ok(true));
    assert!(account.rename_workspace("a", "d").is_err());
    assert_eq!(client.get("c").await.unwrap().id.to_string(), id);
    assert!(matches!(client.get("a").await, Err(Error::NotFound(_))));
}

/// `Sandbox::before`: "Runs code before each request for an operation".
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hooks_run_before_each_of_several_requests_at_the_same_time() {
    let sandbox = Sandbox::builder().in_memory().unwrap();
    let numbers = Arc::new(Mutex::new(Vec::new()));
    let told = numbers.clone();
    let hook = move |_: &Account, number| {
        std::thread::sleep(MS(50));
        told.lock().unwrap().push(number);
    };
    sandbox.before("get_workspace", hook).unwrap();
    let client = client(&sandbox);
    let calls: Vec<_> = (0..2).map(|_| tokio::spawn(client.get("default").into_future())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(*numbers.lock().unwrap(), [1, 2]);
}

#[tokio::test]
async fn a_hook_that_clears_the_hooks_was_the_last() {
    let sandbox = Arc::new(Sandbox::builder().in_memory().unwrap());
    let runs = Arc::new(Mutex::new(0));
    let (own, counted) = (Arc::downgrade(&sandbox), runs.clone());
    let hook = move |_: &Account, _| {
        *counted.lock().unwrap() += 1;
        own.upgrade().unwrap().clear_hooks();
    };
    sandbox.before("get_workspace", hook).unwrap();
    let client = client(&sandbox);
    for _ in 0..2 {
        client.get("default").await.unwrap();
    }
    assert_eq!(*runs.lock().unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn connections_can_be_refused_for_ever() {
    let sandbox = with_fault("get_workspace", Fault::Refuse(Duration::MAX));
    let client = client(&sandbox);
    assert!(matches!(client.get("default").await, Err(Error::Transport(_))));
    assert!(matches!(client.get("default").await, Err(Error::Connect(_))));
}

#[tokio::test]
async fn an_observer_may_add_another_one() {
    let sandbox = Arc::new(Sandbox::builder().in_memory().unwrap());
    let told = Arc::new(Mutex::new(Vec::new()));
    let (added_to, seen) = (Arc::downgrade(&sandbox), told.clone());
    sandbox.observe(move |_, _| {
        let seen = seen.clone();
        added_to.upgrade().unwrap().observe(move |_, processed| seen.lock().unwrap().push(processed.status));
    });
    for _ in 0..3 {
        client(&sandbox).get("default").await.unwrap();
    }
    assert_eq!(*told.lock().unwrap(), [200; 3]);
}

#[tokio::test]
async fn a_hook_that_panics_stays_and_so_do_the_others() {
    let sandbox = Sandbox::builder().in_memory().unwrap();
    let calls = Arc::new(Mutex::new(Vec::new()));
    for name in ["first", "last"] {
        let told = calls.clone();
        let hook = move |_: &Account, call| {
            told.lock().unwrap().push((name, call));
            assert!(name == "first" || call > 1, "as it is to be");
        };
        sandbox.before("get_workspace", hook).unwrap();
    }
    let client = client(&sandbox);
    assert!(tokio::spawn(client.get("default").into_future()).await.unwrap_err().is_panic());
    client.get("default").await.unwrap();
    assert_eq!(*calls.lock().unwrap(), [("first", 1), ("last", 1), ("first", 2), ("last", 2)]);
}
