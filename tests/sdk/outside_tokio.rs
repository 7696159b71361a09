//! Futures and streams that another executor polls, where there is no tokio runtime: an error that says what to do, and nothing
//! is sent. Inside of one, whoever polls them, they work.

use std::fmt::Debug;
use std::future::IntoFuture;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use futures_util::StreamExt;
use openrouter_sandbox::Sandbox;
use openrouter_workspaces::{BudgetSet, Client, Error};
use tokio::runtime::Builder;

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// An executor that knows nothing of tokio.
fn run<F: IntoFuture>(future: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future.into_future());
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

fn sandbox() -> Sandbox {
    Sandbox::builder().seed(1).in_memory().expect("the options are valid")
}

fn client(sandbox: &Sandbox) -> Client {
    let builder = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url());
    builder.http_service(sandbox.service()).build().expect("the settings are valid")
}

fn assert_refused<T: Debug, E: Into<Error>>(result: Result<T, E>) {
    match result.map_err(Into::into) {
        Err(Error::InvalidInput(error)) => assert_eq!(error.field(), "tokio runtime", "{error}"),
        other => panic!("it is not refused: {other:?}"),
    }
}

/// Calls of every kind.
fn assert_all_refused(client: &Client) {
    assert_refused(run(client.get("production")));
    assert_refused(run(client.create("Production", "production")));
    assert_refused(run(client.update("production").name("Prod")));
    assert_refused(run(client.delete("production")));
    assert_refused(run(client.list_budgets("production")));
    assert_refused(run(client.list().send_with_meta()));

    assert_refused(run(client.ensure("research")));
    assert_refused(run(client.snapshot()));
    assert_refused(run(client.list().all()));
    assert_refused(run(client.get_budgets("production")));
    assert_refused(run(client.set_budgets("production", BudgetSet::default().daily(5.0))));
    assert_refused(run(client.remove_members("production", ["user_1"])));
    assert_refused(run(client.sync_members("production", ["user_1"])));
    assert_refused(run(client.sync_members("production", ["user_1"]).dry_run()));
    let failed = run(client.add_members("production", ["user_1"])).unwrap_err();
    assert_eq!(Vec::from_iter(failed.so_far().left()), ["user_1"]);
    assert_refused::<(), _>(Err(failed));

    assert_refused(run(client.list().items().try_collect()));
    for concurrency in [1, 4] {
        let mut rows = client.list().items().concurrency(concurrency);
        assert_refused(run(rows.next()).unwrap());
        assert!(run(rows.next()).is_none(), "an error ends the walk");
        let mut pages = client.list().pages().concurrency(concurrency);
        assert_refused(run(StreamExt::next(&mut pages)).unwrap());
        assert!(run(StreamExt::next(&mut pages)).is_none(), "an error ends the walk");
    }
}

#[test]
fn outside_of_a_runtime_it_is_an_error_and_nothing_is_sent() {
    let sandbox = sandbox();
    assert_all_refused(&client(&sandbox));
    assert_eq!(sandbox.journal().len(), 0);
}

#[test]
fn the_http_client_is_not_touched_either() {
    // Nobody listens there. It is the runtime that is missing, and no connection.
    assert_all_refused(&Client::builder().api_key("sk-or-v1-TESTKEY").base_url("http://127.0.0.1:9").build().unwrap());
}

#[test]
fn the_error_says_what_to_do() {
    assert_eq!(
        run(client(&sandbox()).get("production")).unwrap_err().to_string(),
        "get GET /workspaces/production: invalid input, nothing was sent: tokio runtime is missing: `.await` this within \
         `#[tokio::main]` or `Runtime::block_on`, or, without async, turn on the feature `blocking` and call `.wait()`"
    );
}

#[test]
fn a_walk_that_leaves_its_runtime_ends_with_the_error() {
    let sandbox = sandbox();
    for number in 0..5 {
        sandbox.create_workspace(&format!("w-{number}")).unwrap();
    }
    let mut pages = client(&sandbox).list().limit(2).pages();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    assert!(runtime.block_on(pages.next()).unwrap().is_ok());
    assert_refused(run(pages.next()).unwrap());
    assert!(runtime.block_on(pages.next()).is_none());
    assert_eq!(sandbox.journal().len(), 1);
}

#[test]
fn another_executor_within_a_runtime_works() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let _within = runtime.enter();
    assert_eq!(run(client.create("Production", "production")).unwrap().slug, "production");
    assert_eq!(run(client.list().items().try_collect()).unwrap().len(), 2);
    assert_eq!(run(client.list().items().collect::<Vec<_>>()).len(), 2);
    assert_eq!(run(client.snapshot()).unwrap().workspaces.len(), 2);
}
