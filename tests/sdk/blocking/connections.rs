//! Connections that a client keeps are used by waits and by runtimes in turns, over real sockets.

use openrouter_workspaces::{Client, RetryConfig};
use serde_json::json;
use tokio::runtime::{Builder, Runtime, RuntimeFlavor};

use crate::common::KEY;
use crate::common::fixtures::workspace;
use crate::common::raw::{Reaction, SteadyServer};

fn server() -> SteadyServer {
    SteadyServer::start(|_| Reaction::answer("200 OK", "", &json!({"data": workspace()}).to_string()))
}

/// A client that does not retry: what works, works at once.
fn client(server: &SteadyServer) -> Client {
    Client::builder().api_key(KEY).base_url(server.url()).retry(RetryConfig::none()).build().unwrap()
}

fn runtimes() -> [Runtime; 2] {
    let multi_threaded = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    [multi_threaded, Builder::new_current_thread().enable_all().build().unwrap()]
}

#[test]
fn a_client_whose_runtime_is_gone_can_be_waited_for() {
    let server = server();
    for runtime in runtimes() {
        let client = client(&server);
        runtime.block_on(async { client.get("production").await }).unwrap();
        drop(runtime);
        client.create("Production", "production").wait().unwrap();
        client.get("production").wait().unwrap();
    }
    assert_eq!(server.take_requests().len(), 6);
}

#[test]
fn a_client_that_was_waited_for_works_in_a_runtime() {
    let server = server();
    let client = client(&server);
    for runtime in runtimes() {
        client.get("production").wait().unwrap();
        runtime.block_on(async { client.create("Production", "production").await }).unwrap();
        // A single thread drives its connections only while it runs, and may have made one that the wait would get.
        let runs_on = Some(runtime).filter(|runtime| runtime.handle().runtime_flavor() == RuntimeFlavor::MultiThread);
        client.get("production").wait().unwrap();
        drop(runs_on);
    }
    assert_eq!(server.take_requests().len(), 6);
}

#[test]
fn a_client_is_used_by_many_runtimes_and_waits_in_turns() {
    let server = server();
    let client = client(&server);
    for _ in 0..20 {
        for runtime in runtimes() {
            runtime.block_on(async { client.get("production").await }).unwrap();
            drop(runtime);
            client.get("production").wait().unwrap();
        }
    }
    assert_eq!(server.take_requests().len(), 80);
}
