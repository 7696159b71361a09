//! What a call, and a client, can be told besides an operation's arguments.

use std::time::Duration;

use crate::common::fixtures::workspace;
use crate::common::ops::Op;
use crate::common::raw::{Behaviour, RawServer};
use crate::common::{KEY, Mock, Reply};
use openrouter_workspaces::{Client, Error, RetryConfig};
use serde_json::json;

#[tokio::test]
async fn every_operation_sends_its_method_and_path_once_and_reports_one_attempt() {
    for op in Op::ALL {
        let mock = Mock::always(op.success());
        assert_eq!(op.send(&mock.client()).await.unwrap(), 1, "{op:?}");
        assert_eq!(mock.lines(), [op.line()]);
        assert!(mock.only_request().header("api-version").is_none(), "{op:?}");
    }
}

#[tokio::test]
async fn a_base_url_may_end_with_a_slash() {
    for slash in ["", "/"] {
        for op in Op::ALL {
            let mock = Mock::always(op.success());
            let client = mock.builder().base_url(format!("{}{slash}", mock.url())).build().unwrap();
            op.send(&client).await.unwrap();
            assert_eq!(mock.lines(), [op.line()]);
        }
    }
}

#[tokio::test]
async fn a_call_can_send_headers_of_its_own() {
    let mock = Mock::always(Op::Get.success());
    let client = mock.client();
    client.get("production").header("X-Trace", "4711").header("user-agent", "mine/1").await.unwrap();
    client.get("production").await.unwrap();
    let requests = mock.requests();
    assert_eq!(requests[0].header("x-trace"), Some("4711"));
    assert_eq!(requests[0].header("user-agent"), Some("mine/1"), "a call's header wins over the client's");
    assert_eq!(requests[1].header("x-trace"), None, "the next call is not affected");
    assert_ne!(requests[1].header("user-agent"), Some("mine/1"));
}

#[tokio::test]
async fn a_call_cannot_set_headers_that_are_invalid_or_the_authorization() {
    let mock = Mock::always(Op::Get.success());
    for (name, value) in
        [("authorization", "Bearer other"), ("Authorization", "x"), ("a b", "x"), ("x-a", "1\r\nx-b: 2")]
    {
        let error = mock.client().get("production").header(name, value).await.unwrap_err();
        let Error::InvalidInput(error) = error else { panic!("{name}: {error:?}") };
        assert_eq!(error.field(), format!("header {name}"));
    }
    mock.assert_nothing_was_sent();
}

#[tokio::test]
async fn a_call_can_have_retries_of_its_own() {
    let quick = RetryConfig::default().initial_interval(Duration::ZERO).max_attempts(3);
    let mock = Mock::always(Reply::error(503, "busy"));
    let error = mock.client().get("production").retry(quick.clone()).await.unwrap_err();
    assert_eq!((error.attempts(), mock.lines().len()), (3, 3));

    let mock = Mock::always(Reply::error(503, "busy"));
    let client = mock.builder().retry(quick).build().unwrap();
    let error = client.get("production").retry(RetryConfig::none()).await.unwrap_err();
    assert_eq!((error.attempts(), mock.lines().len()), (1, 1));
}

#[tokio::test]
async fn a_call_can_have_timeouts_of_its_own() {
    let server = RawServer::start([Behaviour::Stall(Vec::new())]);
    let client = Client::builder().api_key(KEY).base_url(server.url()).retry(RetryConfig::none()).build().unwrap();
    let limit = Duration::from_millis(100);
    for (total, request) in
        [(true, client.get("production").timeout(limit)), (false, client.get("production").attempt_timeout(limit))]
    {
        let Err(Error::Timeout(error)) = request.await else { panic!("a timeout was expected") };
        assert_eq!((error.is_total(), error.limit()), (total, limit));
    }
}

#[tokio::test]
async fn the_result_comes_with_status_headers_request_id_body_and_attempts() {
    let body = json!({"data": workspace(), "invented_tomorrow": [1, 2]});
    let success = Reply::json(201, body.clone()).header("x-request-id", "req-1").header("x-extra", "yes");
    let mock = Mock::script([Reply::error(429, "slow down"), success]);
    let retry = RetryConfig::default().initial_interval(Duration::ZERO);
    let response = mock.client().create("Production", "production").retry(retry).send_with_meta().await.unwrap();
    assert_eq!(response.status(), 201);
    assert_eq!(response.request_id(), Some("req-1"));
    assert_eq!(response.headers()["x-extra"], "yes");
    assert_eq!(response.body(), body.to_string().as_bytes(), "fields that are not known are in the body");
    assert_eq!(response.attempts(), 2);
    assert_eq!(response.data.slug, "production");
}

#[tokio::test]
async fn a_success_without_an_id_has_none_and_other_id_headers_count() {
    for (header, id) in [("x-generation-id", Some("gen-1")), ("cf-ray", Some("8f0a-FRA")), ("x-other", None)] {
        let mock = Mock::always(Op::Get.success().header(header, id.unwrap_or("x")));
        let response = mock.client().get("production").send_with_meta().await.unwrap();
        assert_eq!(response.request_id(), id);
    }
}

#[tokio::test]
async fn an_id_header_that_is_empty_hides_none_of_the_others() {
    for (id, expected) in [(Some("8f0a-FRA"), Some("8f0a-FRA")), (None, None)] {
        let with = |reply: Reply| {
            let reply = reply.header("x-request-id", "").header("x-generation-id", " ");
            id.into_iter().fold(reply, |reply, id| reply.header("cf-ray", id))
        };
        let mock = Mock::script([with(Op::Get.success()), with(Reply::error(404, "Workspace not found"))]);
        let response = mock.client().get("production").send_with_meta().await.unwrap();
        assert_eq!(response.request_id(), expected);
        let error = mock.client().get("production").await.unwrap_err();
        assert_eq!(error.request_id(), expected);
        assert_eq!(error.to_string().contains(", request "), id.is_some(), "{error}");
    }
}

#[tokio::test]
async fn a_request_can_be_cloned_and_sent_again() {
    let mock = Mock::always(Op::Update.success());
    let request = mock.client().update("production").name("Prod");
    request.clone().await.unwrap();
    request.await.unwrap();
    assert_eq!(mock.lines(), [Op::Update.line(), Op::Update.line()]);
}

#[tokio::test]
async fn a_request_that_is_not_awaited_is_not_sent() {
    let mock = Mock::always(Op::Delete.success());
    drop(mock.client().delete("production"));
    mock.assert_nothing_was_sent();
}

#[tokio::test]
async fn the_user_agent_can_be_set() {
    let mock = Mock::always(Op::Get.success());
    mock.builder().user_agent("platform/2").build().unwrap().get("production").await.unwrap();
    assert_eq!(mock.only_request().header("user-agent"), Some("platform/2"));
}

#[cfg(feature = "gzip")]
#[tokio::test]
async fn a_compressed_answer_is_read() {
    // `{"deleted":true}`, compressed by gzip.
    let body = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0x56, 0x4a, 0x49, 0xcd, 0x49, 0x2d, 0x49,
        0x4d, 0x51, 0xb2, 0x2a, 0x29, 0x2a, 0x4d, 0xad, 0x05, 0x00, 0x84, 0x7b, 0x67, 0x2a, 0x10, 0x00, 0x00, 0x00,
    ];
    let mock = Mock::always(Reply::new(200, "application/json", body).header("content-encoding", "gzip"));
    assert!(mock.client().delete("production").await.unwrap().deleted);
    assert!(mock.only_request().header("accept-encoding").is_some_and(|accepted| accepted.contains("gzip")));
}
