//! A panic of the caller's own code goes on in the thread that waits, and in no other.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use openrouter_workspaces::Client;

use crate::blocking::support::{client, sandbox, served};

/// Panics without a message on the test's output.
fn fall<T>() -> T {
    resume_unwind(Box::new("fallen"))
}

fn assert_falls<T>(call: impl FnOnce() -> T) {
    let panic: Box<dyn Any + Send> = catch_unwind(AssertUnwindSafe(call)).err().expect("it panics");
    assert_eq!(panic.downcast_ref(), Some(&"fallen"));
}

#[test]
fn a_panic_of_an_http_service_goes_on_in_the_thread_that_waits() {
    let client = served(|_| fall()).build().unwrap();
    let later = served(|_| Box::pin(async { fall() })).build().unwrap();
    for client in [client, later] {
        assert_falls(|| client.get("production").wait());
        assert_falls(|| client.list().all().wait());
        assert_falls(|| client.list().items().wait().next());
        assert_falls(|| client.list().pages().concurrency(4).wait().next());
    }
}

#[test]
fn a_panic_of_a_callback_or_a_source_of_keys_goes_on_in_the_thread_that_waits() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    assert_falls(|| client.list().all().on_progress(|_| fall()).wait());
    let source = || async { fall() };
    let builder = Client::builder().api_key_from(source).base_url(sandbox.base_url());
    let keyless = builder.http_service(sandbox.service()).build().unwrap();
    assert_falls(|| keyless.list().wait());
    assert_falls(|| keyless.list().items().wait().next());

    // The background thread is as good as before.
    client.list().wait().unwrap();
    assert_eq!(client.list().items().wait().filter(Result::is_ok).count(), 1);
}

#[test]
fn a_walk_is_over_after_a_panic_that_was_caught() {
    let client = served(|_| fall()).build().unwrap();
    for concurrency in [1, 4] {
        let mut pages = client.list().pages().concurrency(concurrency).wait();
        assert_falls(|| pages.next());
        assert!(pages.next().is_none());
    }
}
