//! Where one can wait, and what one is told where one cannot.

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use openrouter_workspaces::{Client, Error};
use serde_json::json;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::{LocalSet, block_in_place, spawn_blocking};

use crate::blocking::support::{answer, assert_refused, client, sandbox, sandbox_with, served};
use crate::common::fixtures::{workspace, workspace_row};

const STAND_STILL: &str = "on the only thread of a tokio runtime";
const BACKGROUND: &str = "its own background thread";

fn multi_threaded(workers: usize) -> Runtime {
    Builder::new_multi_thread().worker_threads(workers).enable_all().build().unwrap()
}

fn single_threaded() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// A client whose requests are answered by a task of a runtime, and how many there were.
fn answered_by_a_task_of(runtime: &Handle) -> (Client, Arc<AtomicUsize>) {
    let (runtime, count) = (runtime.clone(), Arc::new(AtomicUsize::new(0)));
    let counter = count.clone();
    let client = served(move |request| {
        counter.fetch_add(1, Ordering::SeqCst);
        let body = match request.url().path().ends_with("/workspaces") {
            true => json!({"data": [workspace_row(0)], "total_count": 1}),
            false => json!({"data": workspace()}),
        };
        let task = runtime.spawn(async move { answer(200, &body).await });
        Box::pin(async { task.await.expect("the runtime is there") })
    });
    (client.build().unwrap(), count)
}

/// Waits for one of each kind, a walk twice over.
fn wait_for_each_kind(client: &Client) {
    assert_eq!(client.get("production").wait().unwrap().slug, "production");
    assert_eq!(client.list().all().wait().unwrap().len(), 1);
    assert_eq!(client.list().items().wait().filter(Result::is_ok).count(), 1);
    assert_eq!(client.list().pages().wait().filter(Result::is_ok).count(), 1);
}

fn assert_all_refused(client: &Client, what: &str) {
    let field = "wait()";
    assert_refused(client.get("production").wait(), field, what);
    assert_refused(client.get("production").wait_with_meta(), field, what);
    assert_refused(client.list().all().wait(), field, what);
    assert_refused(client.sync_members("production", ["user_1"]).wait().map_err(Error::from), field, what);
    let mut rows = client.list().items().wait();
    assert_refused(rows.next().unwrap(), field, what);
    assert!(rows.next().is_none(), "an error ends it");
    let mut pages = client.list().pages().wait();
    assert_refused(pages.next().unwrap(), field, what);
    assert!(pages.next().is_none(), "an error ends it");
}

#[test]
fn on_the_only_worker_the_other_tasks_go_on() {
    let runtime = multi_threaded(1);
    let (client, count) = answered_by_a_task_of(runtime.handle());
    runtime.block_on(runtime.spawn(async move { wait_for_each_kind(&client) })).unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 4);
}

#[test]
fn a_task_whose_budget_is_spent_can_wait() {
    let runtime = multi_threaded(1);
    let (client, _) = answered_by_a_task_of(runtime.handle());
    let wait = async move {
        while tokio::task::coop::has_budget_remaining() {
            let mut consume = Box::pin(tokio::task::coop::consume_budget());
            std::future::poll_fn(|cx| std::task::Poll::Ready(consume.as_mut().poll(cx))).await.is_ready();
        }
        wait_for_each_kind(&client);
    };
    runtime.block_on(wait);
}

#[test]
fn in_block_on_of_a_multi_threaded_runtime() {
    let runtime = multi_threaded(1);
    let (client, _) = answered_by_a_task_of(runtime.handle());
    runtime.block_on(async { wait_for_each_kind(&client) });
    runtime.block_on(LocalSet::new().run_until(async { wait_for_each_kind(&client) }));
    let block_in_place = || block_in_place(|| wait_for_each_kind(&client));
    runtime.block_on(async { block_in_place() });
    block_in_place();
}

#[test]
fn in_spawn_blocking_of_any_runtime() {
    for runtime in [multi_threaded(1), single_threaded()] {
        let (client, _) = answered_by_a_task_of(runtime.handle());
        runtime.block_on(async { spawn_blocking(move || wait_for_each_kind(&client)).await }).unwrap();
    }
}

#[test]
fn on_a_thread_of_its_own_beside_a_single_threaded_runtime() {
    let runtime = single_threaded();
    let (client, _) = answered_by_a_task_of(runtime.handle());
    let (ended, end) = tokio::sync::oneshot::channel();
    let handle = runtime.handle().clone();
    let waiting = thread::spawn(move || {
        wait_for_each_kind(&client);
        let _within = handle.enter();
        wait_for_each_kind(&client);
        ended.send(()).unwrap();
    });
    runtime.block_on(end).unwrap();
    waiting.join().unwrap();
}

#[test]
fn on_the_thread_of_a_single_threaded_runtime_it_is_refused() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let runtime = single_threaded();
    runtime.block_on(async { assert_all_refused(&client, STAND_STILL) });
    runtime.block_on(LocalSet::new().run_until(async { assert_all_refused(&client, STAND_STILL) }));
    let task = client.clone();
    runtime.block_on(async { tokio::spawn(async move { assert_all_refused(&task, STAND_STILL) }).await }).unwrap();
    assert_eq!(sandbox.journal().len(), 0);

    // Between two `block_on` it is a thread like any other.
    client.list().wait().unwrap();
    let error = runtime.block_on(async { client.get("production").wait() }).unwrap_err();
    assert_eq!(
        error.to_string(),
        "get GET /workspaces/production: invalid input, nothing was sent: wait() must not be called on the only thread of a \
         tokio runtime, which would stand still: `.await` there, or call it within `spawn_blocking` or on another thread"
    );
}

#[test]
fn rows_that_are_there_come_without_a_wait() {
    let sandbox = sandbox_with(150);
    let mut rows = client(&sandbox).list().items().wait();
    assert!(rows.next().unwrap().is_ok());
    let rows = single_threaded().block_on(async { rows.collect::<Vec<_>>() });
    assert_eq!((rows.len(), rows.iter().filter(|row| row.is_ok()).count()), (100, 99));
    assert_eq!(sandbox.journal().len(), 1);
}

#[test]
fn a_callback_of_a_call_may_wait_itself() {
    let sandbox = sandbox_with(150);
    let client = client(&sandbox);
    let nested = {
        let client = client.clone();
        move || {
            let (inner, count) = (client.clone(), Arc::new(AtomicUsize::new(0)));
            let counter = count.clone();
            let rows = client.list().all().on_progress(move |_| {
                counter.fetch_add(inner.list().items().wait().filter(Result::is_ok).count(), Ordering::SeqCst);
            });
            assert_eq!(rows.wait().unwrap().len(), 150);
            assert_eq!(count.load(Ordering::SeqCst) % 150, 0);
            assert!(count.load(Ordering::SeqCst) > 0);
        }
    };
    nested();
    let runtime = multi_threaded(1);
    runtime.block_on(runtime.spawn(async move { nested() })).unwrap();
}

#[test]
fn what_fetches_pages_on_the_background_thread_is_refused() {
    let sandbox = sandbox();
    let inner = client(&sandbox);
    let outer = served(move |_| {
        assert_eq!(thread::current().name(), Some("openrouter-wait"));
        assert_all_refused(&inner, BACKGROUND);
        answer(200, &json!({"data": [workspace_row(0)], "total_count": 1}))
    });
    assert_eq!(outer.build().unwrap().list().items().wait().filter(Result::is_ok).count(), 1);
    assert_eq!(sandbox.journal().len(), 0);
}

#[test]
fn many_threads_wait_at_the_same_time() {
    // Nobody is answered before all have asked.
    let barrier = Arc::new(tokio::sync::Barrier::new(64));
    let client = served(move |_| {
        let barrier = barrier.clone();
        Box::pin(async move {
            barrier.wait().await;
            answer(200, &json!({"data": workspace()})).await
        })
    });
    let client = client.build().unwrap();
    thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| client.get("production").wait().unwrap());
        }
    });
}

/// Waits when it is dropped.
struct WaitsWhenDropped(Client, mpsc::Sender<Result<(), Error>>);

impl Drop for WaitsWhenDropped {
    fn drop(&mut self) {
        self.1.send(self.0.list().wait().map(drop)).expect("the test waits for it");
    }
}

#[test]
fn a_destructor_may_wait() {
    let (sender, results) = mpsc::channel();
    let value = WaitsWhenDropped(client(&sandbox()), sender);
    let unwinding = thread::spawn(move || {
        let _value = value;
        std::panic::resume_unwind(Box::new("without a message"));
    });
    assert!(unwinding.join().is_err());
    results.recv().unwrap().unwrap();
}

#[test]
fn a_destructor_of_a_thread_local_is_refused_or_works() {
    thread_local!(static LAST: RefCell<Option<WaitsWhenDropped>> = const { RefCell::new(None) });
    // Whether tokio's own are destroyed before depends on which is used first.
    for wait_before in [None, Some(true), Some(false)] {
        let (client, (sender, results)) = (client(&sandbox()), mpsc::channel());
        let thread = thread::spawn(move || {
            let put = || LAST.with_borrow_mut(|last| *last = Some(WaitsWhenDropped(client.clone(), sender)));
            let wait = || client.list().wait().unwrap();
            match wait_before {
                None => put(),
                Some(true) => (wait(), put()).1,
                Some(false) => (put(), drop(wait())).0,
            }
        });
        let result = results.recv().unwrap();
        thread.join().unwrap();
        if result.is_err() {
            assert_refused(result, "wait()", "when the thread has ended");
        }
    }
}

#[test]
fn statics_can_hold_a_client_that_waits() {
    static CLIENT: Mutex<Option<Client>> = Mutex::new(None);
    let sandbox = sandbox();
    *CLIENT.lock().unwrap() = Some(client(&sandbox));
    let list = || CLIENT.lock().unwrap().clone().unwrap().list().wait().unwrap();
    assert_eq!(thread::spawn(list).join().unwrap().total_count, list().total_count);
}
