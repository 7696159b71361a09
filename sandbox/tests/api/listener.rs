//! Refused connections.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use openrouter_sandbox::{Fault, Sandbox};
use serde_json::json;
use tokio::net::TcpListener;

use crate::support::{Api, read};

#[tokio::test]
async fn connections_are_refused_until_further_notice() {
    let api = Api::start().await;
    for _ in 0..3 {
        api.sandbox.refuse_connections(true).unwrap();
        for _ in 0..3 {
            assert_eq!(api.connect().await.unwrap_err().kind(), ErrorKind::ConnectionRefused);
        }
        api.sandbox.refuse_connections(false).unwrap();
        api.call("GET", "/workspaces").await.ok(200);
    }
}

#[tokio::test]
async fn a_client_with_an_open_connection_is_refused_too() {
    let api = Api::start().await;
    api.call("GET", "/workspaces").await.ok(200);
    api.sandbox.refuse_connections(true).unwrap();
    tokio::task::yield_now().await;
    let error = api.request("GET", "/workspaces").send().await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert_eq!(api.sandbox.journal().len(), 1);
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let api = Api::start().await;
    let mut fresh = api.connect().await.unwrap();
    api.call("GET", "/workspaces").await.ok(200);
    api.sandbox.refuse_connections(true).unwrap();
    let wire = read(&mut fresh).await;
    assert!(wire.end.is_ok() && wire.text.is_empty());
}

#[tokio::test]
async fn a_request_that_is_being_processed_is_answered() {
    let api = Api::start().await;
    let delay = Duration::from_secs(1);
    api.fault("list_workspaces", Fault::latency(delay..=delay));
    let mut connection = api.raw("GET", "/workspaces", "").await;
    while api.sandbox.faults_applied().is_empty() {
        tokio::task::yield_now().await;
    }
    api.sandbox.refuse_connections(true).unwrap();
    let wire = read(&mut connection).await;
    let (head, body) = wire.split();
    assert!(head.starts_with("http/1.1 200 ok") && head.contains("connection: close"), "{head}");
    assert!(body.contains("default"));
}

#[tokio::test]
async fn opening_an_open_port_changes_nothing() {
    let api = Api::start().await;
    api.sandbox.refuse_connections(false).unwrap();
    api.call("GET", "/workspaces").await.ok(200);
}

#[tokio::test]
async fn a_port_that_was_taken_meanwhile_is_an_error_and_can_be_opened_later() {
    let api = Api::start().await;
    api.sandbox.refuse_connections(true).unwrap();
    let squatter = TcpListener::bind(("127.0.0.1", api.sandbox.port())).await.unwrap();
    assert_eq!(api.sandbox.refuse_connections(false).unwrap_err().kind(), ErrorKind::AddrInUse);
    drop(squatter);
    api.sandbox.refuse_connections(false).unwrap();
    api.call("GET", "/workspaces").await.ok(200);
}

#[tokio::test]
async fn dropping_a_sandbox_frees_a_port_that_refuses() {
    let sandbox = Sandbox::start().await.unwrap();
    let port = sandbox.port();
    sandbox.refuse_connections(true).unwrap();
    drop(sandbox);
    Sandbox::builder().port(port).start().await.unwrap();
}

#[tokio::test]
async fn a_fault_refuses_connections_for_a_while_and_has_no_effect() {
    let api = Api::start().await;
    let pause = Duration::from_secs(1);
    api.fault("create_workspace", Fault::Refuse(pause));
    let start = Instant::now();
    let mut connection = api.raw("POST", "/workspaces", r#"{"name": "A", "slug": "a"}"#).await;
    assert!(read(&mut connection).await.is_reset());
    if start.elapsed() < pause / 2 {
        assert_eq!(api.connect().await.unwrap_err().kind(), ErrorKind::ConnectionRefused);
    }
    assert!(!api.has("a"));
    while api.connect().await.is_err() {
        assert!(start.elapsed() < Duration::from_secs(10));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(start.elapsed() >= pause);
    api.send("POST", "/workspaces", json!({"name": "A", "slug": "a"})).await.ok(201);
}

#[tokio::test]
async fn further_notice_is_stronger_than_a_while() {
    let api = Api::start().await;
    api.fault("list_workspaces", Fault::Refuse(Duration::from_millis(20)));
    read(&mut api.raw("GET", "/workspaces", "").await).await;
    api.sandbox.refuse_connections(true).unwrap();
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(api.connect().await.unwrap_err().kind(), ErrorKind::ConnectionRefused);
    api.sandbox.refuse_connections(false).unwrap();
    api.call("GET", "/workspaces").await.ok(200);
}
