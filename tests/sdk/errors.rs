//! Answers with an error status: their class, and what they tell.

use std::error::Error as StdError;
use std::time::Duration;

use crate::common::contract::operations;
use crate::common::ops::Op;
use crate::common::raw::{Behaviour, ClosedPort, RawServer};
use crate::common::{KEY, Mock, Reply};
use openrouter_workspaces::{ApiError, Client, Error, GaveUp, RetryConfig};
use serde_json::json;

/// The error statuses that the contract describes for each operation.
fn documented() -> Vec<(Op, Vec<u16>)> {
    let documented = operations().into_iter().map(|(_, _, operation)| {
        let statuses = operation["responses"].as_object().unwrap().keys().map(|s| s.parse::<u16>().unwrap());
        let errors: Vec<_> = statuses.filter(|status| *status >= 400).collect();
        let id = operation["operationId"].as_str().unwrap();
        assert!(!errors.is_empty(), "{id} documents no errors");
        (Op::with_id(id), errors)
    });
    let documented: Vec<_> = documented.collect();
    assert_eq!(documented.len(), Op::ALL.len(), "every operation of the tests is one of the contract");
    documented
}

/// The name of the variant.
fn class(error: &Error) -> &'static str {
    match error {
        Error::BadRequest(_) => "BadRequest",
        Error::Unauthorized(_) => "Unauthorized",
        Error::PaymentRequired(_) => "PaymentRequired",
        Error::Forbidden(_) => "Forbidden",
        Error::NotFound(_) => "NotFound",
        Error::Conflict(_) => "Conflict",
        Error::RateLimited(_) => "RateLimited",
        Error::InternalServer(_) => "InternalServer",
        Error::Api(_) => "Api",
        other => panic!("not an answer of the API: {other:?}"),
    }
}

fn class_of(status: u16) -> &'static str {
    match status {
        400 => "BadRequest",
        401 => "Unauthorized",
        402 => "PaymentRequired",
        403 => "Forbidden",
        404 => "NotFound",
        409 => "Conflict",
        429 => "RateLimited",
        500 => "InternalServer",
        _ => "Api",
    }
}

async fn get_from(reply: Reply) -> Error {
    let mock = Mock::always(reply);
    let error = mock.client().get("production").await.unwrap_err();
    assert_eq!(mock.lines().len(), 1);
    error
}

fn api(error: &Error) -> &ApiError {
    error.api().expect("an answer of the API")
}

#[tokio::test]
async fn every_documented_status_of_every_operation_is_typed_and_complete() {
    for (op, statuses) in documented() {
        for status in statuses {
            let body = json!({
                "error": {"code": status, "message": "It is so", "metadata": {"interval": "weekly", "n": [1]}},
                "user_id": "user_2ab9",
                "openrouter_metadata": {"trace": "4bf92f35"}
            });
            let reply = Reply::json(status, body.clone());
            let reply = reply.header("x-request-id", "req-9").header("retry-after", "3").header("x-extra", "yes");
            let mock = Mock::always(reply);
            let error = op.send(&mock.client()).await.unwrap_err();
            assert_eq!(class(&error), class_of(status), "{op:?} {status}");
            assert_eq!(error.status(), Some(status));
            assert_eq!(error.request_id(), Some("req-9"));
            assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
            assert_eq!(error.attempts(), 1);
            assert_eq!(error.is_retryable(), status == 500);
            let api = api(&error);
            assert_eq!((api.status(), api.code()), (status, Some(i64::from(status))));
            assert_eq!(api.message(), "It is so");
            assert_eq!(json!(api.metadata()), json!({"interval": "weekly", "n": [1]}));
            assert_eq!(api.user_id(), Some("user_2ab9"));
            assert_eq!(json!(api.openrouter_metadata()), json!({"trace": "4bf92f35"}));
            assert_eq!(api.headers()["x-extra"], "yes");
            assert_eq!(api.body(), body.to_string().as_bytes());
            assert!(op.line().starts_with(&format!("{} ", api.call().method())), "{op:?}");
            assert_eq!(api.call().gave_up(), (status == 500).then_some(&GaveUp::RetriesOff));
            assert_eq!(mock.lines(), [op.line()]);
        }
    }
}

#[tokio::test]
async fn statuses_that_are_not_documented_are_typed_too() {
    for status in [402, 408, 409, 413, 418, 422, 429, 501, 502, 503, 504] {
        let error = get_from(Reply::error(status, "Slug is taken")).await;
        assert_eq!(class(&error), class_of(status));
        assert_eq!(error.status(), Some(status));
        assert_eq!((api(&error).message(), api(&error).code()), ("Slug is taken", Some(i64::from(status))));
        assert_eq!(error.is_retryable(), [408, 429, 502, 503, 504].contains(&status), "{status}");
    }
}

#[tokio::test]
async fn optional_parts_may_be_missing_or_null() {
    let minimal = json!({"error": {"code": 404, "message": "Workspace not found"}});
    let nulls = json!({
        "error": {"code": 404, "message": "Workspace not found", "metadata": null},
        "user_id": null,
        "openrouter_metadata": null
    });
    for body in [minimal, nulls] {
        let error = get_from(Reply::json(404, body)).await;
        let api = api(&error);
        assert_eq!((api.metadata(), api.user_id(), api.openrouter_metadata()), (None, None, None));
        assert_eq!((api.request_id(), api.retry_after()), (None, None));
        assert_eq!((class(&error), api.code()), ("NotFound", Some(404)));
    }
}

#[tokio::test]
async fn a_body_that_is_not_the_apis_keeps_the_class_the_headers_and_itself() {
    let bodies: [(&str, &[u8]); 8] = [
        ("text/html", b"<html><body><h1>502 Bad Gateway</h1></body></html>"),
        ("text/plain", b"upstream connect error"),
        ("application/json", b""),
        ("application/json", b"{\"error\": {\"code\":"),
        ("application/json", b"[1, 2]"),
        ("application/json", b"{\"error\": \"boom\"}"),
        ("application/json", b"{\"error\": {\"code\": \"slug_taken\", \"message\": \"boom\"}}"),
        ("application/json", b"{\"error\": {\"code\": 1, \"message\": \"\xff\xfe\"}}"),
    ];
    for (content_type, body) in bodies {
        for status in [400, 401, 402, 403, 409, 413, 429, 500, 502, 504] {
            let error = get_from(Reply::new(status, content_type, body).header("cf-ray", "8f0a-FRA")).await;
            assert_eq!((class(&error), error.status()), (class_of(status), Some(status)));
            let api = api(&error);
            assert_eq!(api.body(), body);
            assert_eq!((api.code(), api.metadata(), api.user_id()), (None, None, None));
            assert_eq!(
                (api.request_id(), &api.headers()["content-type"]),
                (Some("8f0a-FRA"), &content_type.parse().unwrap())
            );
            assert!(!api.message().is_empty());
            assert!(!error.to_string().contains("<html>"), "a page of HTML is no message: {error}");
        }
        // A 404 that is not the API's own says nothing of the workspace.
        let error = get_from(Reply::new(404, content_type, body).header("cf-ray", "8f0a-FRA")).await;
        let Error::WrongEndpoint(wrong) = &error else { panic!("{error:?}") };
        assert_eq!((error.status(), error.request_id(), wrong.answer().body()), (Some(404), Some("8f0a-FRA"), body));
        assert!(error.to_string().contains("/workspaces/production is not of this API"), "{error}");
    }
}

#[tokio::test]
async fn a_404_for_the_path_itself_is_no_absent_workspace() {
    let unknown = Reply::error(404, "Not Found");
    assert!(matches!(get_from(unknown).await, Error::WrongEndpoint(_)));
    // The list of all workspaces is there, if this is the API.
    let mock = Mock::always(Reply::error(404, "Workspace not found"));
    let error = mock.client().list().await.unwrap_err();
    assert!(matches!(error, Error::WrongEndpoint(_)), "{error:?}");
    assert!(matches!(get_from(Reply::error(404, "Workspace not found")).await, Error::NotFound(_)));
}

#[tokio::test]
async fn a_foreign_body_is_described_or_quoted_in_the_message() {
    let message = async |reply: Reply| api(&get_from(reply).await).message().to_owned();
    let html = message(Reply::new(502, "text/html", "<html></html>")).await;
    assert_eq!(html, "Bad Gateway, with a body of 13 bytes (text/html)");
    assert_eq!(message(Reply::empty(504)).await, "Gateway Timeout, with an empty body");
    for body in [json!({"error": "boom"}), json!({"message": "boom"}), json!({"detail": "boom"})] {
        assert_eq!(message(Reply::json(500, body)).await, "boom");
    }
    let code_is_text = json!({"error": {"code": "slug_taken", "message": "boom"}});
    assert_eq!(message(Reply::json(409, code_is_text)).await, "boom");
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_its_goal_is_named() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = Mock::always(Op::Get.success());
        let error = get_from(Reply::empty(status).header("location", elsewhere.url())).await;
        assert_eq!((class(&error), error.status()), ("Api", Some(status)));
        assert!(error.to_string().contains(&elsewhere.url()), "{error}");
        assert!(error.to_string().contains("not followed"), "{error}");
        assert!(!error.is_retryable());
        elsewhere.assert_nothing_was_sent();
    }
}

#[tokio::test]
async fn an_error_body_that_is_too_large_keeps_its_class() {
    let mock = Mock::always(Reply::error(404, &"x".repeat(5000)).header("x-request-id", "req-1"));
    let client = mock.builder().max_body_bytes(1000).build().unwrap();
    let error = client.get("production").await.unwrap_err();
    assert_eq!((class(&error), error.request_id()), ("NotFound", Some("req-1")));
}

#[tokio::test]
async fn an_error_body_that_is_cut_keeps_its_class() {
    for (line, status) in [("404 Not Found", 404), ("401 Unauthorized", 401), ("429 Too Many Requests", 429)] {
        let head = format!("HTTP/1.1 {line}\r\nx-request-id: req-1\r\ncontent-length: 500\r\n\r\n{{\"error\": ");
        let server = RawServer::start([Behaviour::Send(head.into())]);
        let client = Client::builder().api_key(KEY).base_url(server.url()).retry(RetryConfig::none()).build().unwrap();
        let error = client.get("production").await.unwrap_err();
        assert_eq!((error.status(), error.request_id()), (Some(status), Some("req-1")), "{error:?}");
        assert_eq!(class(&error), class_of(status));
    }
}

#[tokio::test]
async fn the_message_of_a_body_that_was_not_read_does_not_call_it_empty() {
    let mock = Mock::always(Reply::error(404, &"x".repeat(5000)));
    let error = mock.builder().max_body_bytes(1000).build().unwrap().get("production").await.unwrap_err();
    assert!(!error.to_string().contains("empty"), "{error}");
}

#[tokio::test]
async fn retry_after_is_reported_in_all_forms() {
    let now = "Sun, 06 Nov 1994 08:49:37 GMT";
    let cases = [
        ("retry-after", "120", Some(Duration::from_secs(120))),
        ("retry-after", "Sun, 06 Nov 1994 08:50:37 GMT", Some(Duration::from_secs(60))),
        ("retry-after-ms", "1500", Some(Duration::from_millis(1500))),
        ("retry-after", "soon", None),
        ("x-other", "1", None),
    ];
    for (name, value, expected) in cases {
        let error = get_from(Reply::error(429, "slow down").header("date", now).header(name, value)).await;
        assert_eq!(error.retry_after(), expected, "{name}: {value}");
        assert_eq!(api(&error).retry_after(), expected);
    }
}

#[tokio::test]
async fn display_gives_the_message_the_status_and_the_request_id() {
    let error = get_from(Reply::error(404, "Workspace not found").header("x-request-id", "req-7")).await;
    assert_eq!(error.to_string(), "get GET /workspaces/production: Workspace not found (status 404, request req-7)");
    let error = get_from(Reply::error(409, "Slug is taken")).await;
    assert_eq!(error.to_string(), "get GET /workspaces/production: Slug is taken (status 409)");
}

#[test]
fn display_of_invalid_input_says_what_to_do() {
    let error = Client::builder().build().unwrap_err();
    assert!(error.to_string().contains("OPENROUTER_API_KEY"), "{error}");
    let error = Client::builder().api_key(KEY).base_url("http://example.com").build().unwrap_err();
    assert!(error.to_string().contains("must be https"), "{error}");
}

#[tokio::test]
async fn the_cause_is_in_the_line_and_can_be_asked_for() {
    let port = ClosedPort::new();
    let client = Client::builder().api_key(KEY).base_url(port.url()).retry(RetryConfig::none()).build().unwrap();
    let error = client.get("production").await.unwrap_err();
    assert!(error.to_string().contains("refused"), "{error}");
    let Error::Connect(connect) = &error else { panic!("{error:?}") };
    let first: &(dyn std::error::Error + 'static) = connect.underlying();
    let mut causes = std::iter::successors(Some(first), |&error| error.source());
    let io = causes.find_map(|cause| cause.downcast_ref::<std::io::Error>()).expect("an I/O error at the end");
    assert_eq!(io.kind(), std::io::ErrorKind::ConnectionRefused);
    assert!(error.source().is_none(), "the line has the cause already");
}

#[tokio::test]
async fn a_total_timeout_tells_what_failed_before() {
    let busy = Behaviour::answer("503 Service Unavailable", r#"{"error": {"code": 503, "message": "busy"}}"#);
    let server = RawServer::start([busy, Behaviour::Stall(Vec::new())]);
    let retry = RetryConfig::default().initial_interval(Duration::ZERO);
    let builder = Client::builder().api_key(KEY).base_url(server.url()).retry(retry);
    let client = builder.timeout(Duration::from_millis(1500)).build().unwrap();
    let error = client.get("production").await.unwrap_err();
    assert!(matches!(&error, Error::Timeout(e) if e.is_total() && e.call().attempts() == 2), "{error:?}");
    assert!(error.to_string().contains("busy (status 503)"), "{error}");
}

#[test]
fn an_error_is_small() {
    assert!(size_of::<Error>() <= 16);
}

#[test]
fn clients_requests_futures_and_errors_can_move_between_threads() {
    fn check<T: Send + Sync + 'static>(_: &T) {}
    fn check_send<T: Send + 'static>(_: T) {}
    fn check_type<T: Send + Sync + 'static>() {}
    check_type::<Error>();
    let builder = Client::builder().api_key(KEY);
    check(&builder);
    let client = builder.build().unwrap();
    check(&client);
    check(&client.list());
    check(&client.create("P", "p"));
    check_send(client.get("p").into_future());
    check_send(client.get("p").send_with_meta());
    check_send(client.list().items());
    check_send(client.list_members("p").pages());
    check_send(async move { client.list().items().try_collect().await });
}
