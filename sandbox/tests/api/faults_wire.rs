//! Faults of the connection, as they look on the wire.

use std::time::{Duration, Instant};

use openrouter_sandbox::{Fault, Framing, When};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::{Api, Wire, read};

const WORKSPACE: &str = r#"{"name": "A", "slug": "a"}"#;

/// An account in which something went wrong with the creation of a workspace.
async fn create(fault: Fault) -> (Api, Wire) {
    let api = Api::start().await;
    api.fault("create_workspace", fault);
    let wire = read(&mut api.raw("POST", "/workspaces", WORKSPACE).await).await;
    (api, wire)
}

fn content_length(head: &str) -> usize {
    let value = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    value.unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_reset_before_processing_has_no_effect() {
    let (api, wire) = create(Fault::Reset(When::Before)).await;
    assert!(wire.is_reset() && wire.text.is_empty(), "{:?} {}", wire.end, wire.text);
    assert!(!api.has("a"));
    let request = &api.sandbox.journal()[0];
    assert_eq!((request.status, request.processed), (None, false));
    assert_eq!(request.fault, Some(Fault::Reset(When::Before)));
}

#[tokio::test]
async fn a_reset_after_processing_has_an_effect() {
    let (api, wire) = create(Fault::Reset(When::After)).await;
    assert!(wire.is_reset() && wire.text.is_empty(), "{:?} {}", wire.end, wire.text);
    assert!(api.has("a"));
    let request = &api.sandbox.journal()[0];
    assert_eq!((request.status, request.processed), (None, true));
    assert_eq!(request.fault, Some(Fault::Reset(When::After)));
}

#[tokio::test]
async fn other_connections_survive_a_reset() {
    let api = Api::start().await;
    let mut other = api.connect().await.unwrap();
    api.fault("list_workspaces", Fault::Reset(When::Before));
    assert!(read(&mut api.raw("GET", "/workspaces", "").await).await.is_reset());
    api.write(&mut other, "GET", "/workspaces", "").await;
    let mut start = [0; 15];
    other.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 200 OK");
}

#[tokio::test]
async fn a_reset_may_come_on_a_connection_that_has_been_used() {
    let api = Api::start().await;
    let mut connection = api.raw("GET", "/workspaces/none", "").await;
    let mut start = [0; 12];
    connection.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 404");
    api.fault("list_workspaces", Fault::Reset(When::Before));
    api.write(&mut connection, "GET", "/workspaces", "").await;
    assert!(read(&mut connection).await.is_reset());
}

#[tokio::test]
async fn a_truncated_body_is_shorter_than_its_content_length() {
    let (api, wire) = create(Fault::Truncate(Framing::ContentLength)).await;
    let (head, body) = wire.split();
    assert!(head.starts_with("http/1.1 201 created"), "{head}");
    assert!(wire.end.is_ok(), "closed, not reset");
    assert_eq!(body.len(), content_length(&head) / 2);
    assert!(!body.is_empty());
    assert!(api.has("a"));
    assert_eq!(api.sandbox.journal()[0].status, Some(201));
}

#[tokio::test]
async fn a_truncated_chunked_body_lacks_its_last_chunk() {
    let (api, wire) = create(Fault::Truncate(Framing::Chunked)).await;
    let (head, body) = wire.split();
    assert!(head.contains("transfer-encoding: chunked") && !head.contains("content-length"), "{head}");
    assert!(wire.end.is_ok(), "closed, not reset");
    let (size, chunk) = body.split_once("\r\n").unwrap();
    assert_eq!(usize::from_str_radix(size, 16).unwrap(), chunk.trim_end().len());
    assert!(!body.ends_with("0\r\n\r\n"));
    assert!(api.has("a"));
}

#[tokio::test]
async fn a_large_truncated_body_arrives_up_to_the_cut() {
    let api = Api::with(openrouter_sandbox::Sandbox::builder().seed_workspaces(100)).await;
    api.fault("list_workspaces", Fault::Truncate(Framing::ContentLength));
    let wire = read(&mut api.raw("GET", "/workspaces?limit=100", "").await).await;
    let (head, body) = wire.split();
    assert_eq!(body.len(), content_length(&head) / 2);
    assert!(body.len() > 20_000);
}

#[tokio::test]
async fn http_clients_notice_a_truncated_body() {
    for framing in [Framing::ContentLength, Framing::Chunked] {
        let api = Api::start().await;
        api.fault("list_workspaces", Fault::Truncate(framing));
        let response = api.request("GET", "/workspaces").bearer_auth(api.sandbox.key()).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert!(response.bytes().await.is_err());
    }
}

#[tokio::test]
async fn a_stalled_body_stops_halfway_until_the_sandbox_is_dropped() {
    let api = Api::start().await;
    api.fault("create_workspace", Fault::Stall);
    let mut connection = api.raw("POST", "/workspaces", WORKSPACE).await;
    let mut text = String::new();
    let half_and_there = |text: &str| {
        let (head, body) = text.split_once("\r\n\r\n")?;
        Some((content_length(&head.to_lowercase()) / 2, body.len()))
    };
    while half_and_there(&text).is_none_or(|(half, there)| there < half) {
        append(&mut connection, &mut text).await;
    }
    assert!(half_and_there(&text).is_some_and(|(half, there)| there == half), "{text}");
    assert!(timeout(Duration::from_millis(200), append(&mut connection, &mut text)).await.is_err(), "{text}");
    assert!(api.has("a"));
    drop(api);
    let closed = timeout(Duration::from_secs(5), connection.read(&mut [0])).await.unwrap();
    assert!(matches!(closed, Ok(0) | Err(_)));
}

#[tokio::test]
async fn a_dripping_body_comes_byte_by_byte() {
    let api = Api::start().await;
    api.fault("delete_workspace", Fault::Drip(Duration::from_millis(5)));
    api.sandbox.create_workspace("a").unwrap();
    let start = Instant::now();
    let mut connection = api.raw("DELETE", "/workspaces/a", "").await;
    let mut pieces = Vec::new();
    let mut text = String::new();
    while !text.ends_with(r#"{"deleted":true}"#) {
        pieces.push(append(&mut connection, &mut text).await);
    }
    assert!(start.elapsed() >= Duration::from_millis(5 * 15));
    assert!(pieces.len() > 8, "{pieces:?}");
    assert!(!api.has("a"));
}

/// Appends what is there to the text.
async fn append(connection: &mut TcpStream, text: &mut String) -> usize {
    let mut bytes = [0; 4096];
    let count = connection.read(&mut bytes).await.unwrap();
    assert_ne!(count, 0, "the connection was closed");
    text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
    count
}
