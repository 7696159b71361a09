//! Whatever a server answers, a call returns a value or a typed error: it never panics, never holds more than the cap, and
//! never shows the key.

mod cases;

use std::error::Error as StdError;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::common::KEY;
use crate::common::fixtures::workspace_row;
use crate::common::property::run;
use crate::common::raw::{Reaction, SteadyServer};
use cases::{Call, Case, Framing, absurd_date, cases, escaped_key};
use openrouter_workspaces::{Client, Error, RetryConfig};
use serde_json::json;

/// The most that is read of a body.
const CAP: usize = 12 << 10;

/// Panics if the key is anywhere in what an error tells.
fn assert_hidden(error: &Error) {
    let hidden = |text: &str| assert!(!text.contains(KEY), "the key is in {text}");
    let shown = |shown: &dyn Debug| hidden(&format!("{shown:?}"));
    hidden(&error.to_string());
    shown(error);
    for cause in std::iter::successors(error.source(), |&error| error.source()) {
        hidden(&cause.to_string());
        shown(&cause);
    }
    if let Some(api) = error.api() {
        hidden(api.message());
        shown(&(api.metadata(), api.openrouter_metadata(), api.user_id(), api.headers()));
        hidden(&String::from_utf8_lossy(api.body()));
    }
    if let Error::Decode(decode) = error {
        hidden(decode.path());
        shown(decode.headers());
        hidden(&String::from_utf8_lossy(decode.body()));
    }
}

/// Whether what a call returned is what it may return.
fn check(case: &Case, body: &[u8], result: Result<(), Error>) {
    let success = (200..300).contains(&case.status);
    let sent = if case.has_body() { body.len() } else { 0 };
    let Err(error) = result else {
        assert!(success, "a success, with status {}", case.status);
        assert!(sent <= CAP, "a success, with a body of {sent} bytes");
        return;
    };
    assert_hidden(&error);
    // They compute something each time.
    let _ = (error.retry_after(), error.delivery(), error.is_retryable());
    let kept = match &error {
        Error::Pagination(_) => {
            assert!(success && matches!(case.call, Call::Walk), "{error:?}");
            return;
        }
        Error::Transport(_) => {
            assert!(success && matches!(case.framing, Framing::Short), "{error:?}");
            return;
        }
        Error::Decode(decode) => {
            assert!(success, "{error:?}");
            decode.body()
        }
        Error::WrongEndpoint(wrong) => {
            let page = success && body.trim_ascii_start().starts_with(b"<");
            assert!(page || case.status == 404, "{error:?}");
            wrong.answer().body()
        }
        other => {
            assert!(!success, "{error:?}");
            other.api().unwrap_or_else(|| panic!("an error of another kind: {error:?}")).body()
        }
    };
    assert_eq!((error.status(), error.attempts()), (Some(case.status), 1), "{error:?}");
    assert!(kept.len() <= CAP, "{} bytes are kept of {sent}, and the cap is {CAP}", kept.len());
    if let Some(id) = case.request_id() {
        assert_eq!(error.request_id(), Some(id.as_str()));
    }
}

#[test]
fn every_answer_is_a_value_or_a_typed_error() {
    let next = Arc::new(Mutex::new(Reaction::Close(Vec::new())));
    let answer = next.clone();
    let server = SteadyServer::start(move |_| answer.lock().unwrap().clone());
    let client = client(&server);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    run(500, cases(), |case| {
        let body = case.body();
        *next.lock().unwrap() = case.reaction(&body);
        let result = runtime.block_on(async {
            let limit = Duration::from_secs(20);
            tokio::time::timeout(limit, case.call.send(&client)).await.expect("the call ends")
        });
        check(case, &body, result);
        server.take_requests();
    });
}

fn client(server: &SteadyServer) -> Client {
    let builder = Client::builder().api_key(KEY).base_url(server.url()).retry(RetryConfig::none());
    builder.max_body_bytes(CAP).build().unwrap()
}

/// The error that comes of one answer.
async fn error_of(status: &str, body: &[u8]) -> Error {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n", body.len());
    let answer = [head.as_bytes(), body].concat();
    let server = SteadyServer::start(move |_| Reaction::KeepAlive(answer.clone()));
    client(&server).get("production").await.unwrap_err()
}

#[tokio::test]
async fn a_key_that_is_repeated_with_escapes_is_hidden() {
    let key = escaped_key();
    let bodies = [
        format!(r#"{{"error": {{"code": 401, "message": "{key}"}}}}"#),
        format!(r#"{{"error": {{"code": 401, "message": "no", "metadata": {{"{key}": "{key}"}}}}}}"#),
        format!(r#"{{"error": {{"code": 401, "message": "no"}}, "user_id": "{key}"}}"#),
        format!(r#"{{"message": "{key}"}}"#),
    ];
    for body in bodies {
        assert_hidden(&error_of("401 Unauthorized", body.as_bytes()).await);
    }
    assert_hidden(&error_of("200 OK", format!(r#"{{"data": "{key}"}}"#).as_bytes()).await);
}

#[tokio::test]
async fn a_key_that_is_repeated_as_the_name_of_a_field_is_hidden() {
    for body in [format!(r#"{{"data": {{"{KEY}": NaN}}}}"#), format!(r#"{{"data": {{"{}": tru}}}}"#, escaped_key())] {
        assert_hidden(&error_of("200 OK", body.as_bytes()).await);
    }
}

#[tokio::test]
async fn hiding_the_key_does_not_make_a_body_longer_than_the_cap() {
    let body = [KEY.as_bytes(), &[0xff; CAP - KEY.len()]].concat();
    assert_eq!(body.len(), CAP);
    for status in ["200 OK", "400 Bad Request"] {
        let error = error_of(status, &body).await;
        assert_hidden(&error);
        let kept = match &error {
            Error::Decode(decode) => decode.body(),
            other => other.api().unwrap().body(),
        };
        assert!(kept.len() <= CAP, "{} bytes are kept", kept.len());
        assert!(kept.ends_with(&[0xff; 100]), "the rest of the body is as it came");
    }
}

#[tokio::test]
async fn a_walk_survives_an_absurd_clock_of_the_server() {
    let date = absurd_date();
    let server = SteadyServer::start(move |request| {
        let request = String::from_utf8_lossy(request);
        let offset = request.split_once("offset=").map(|(_, rest)| rest.split(['&', ' ']).next().unwrap());
        let offset: usize = offset.map_or(0, |offset| offset.parse().unwrap());
        let limit = request.split_once("limit=").map(|(_, rest)| rest.split(['&', ' ']).next().unwrap());
        let limit: usize = limit.unwrap().parse().unwrap();
        let rows: Vec<_> = (offset..6.min(offset + limit)).map(workspace_row).collect();
        Reaction::answer("200 OK", &format!("date: {date}\r\n"), &json!({"data": rows, "total_count": 6}).to_string())
    });
    let client = Client::builder().api_key(KEY).base_url(server.url()).retry(RetryConfig::none()).build().unwrap();
    let walk = tokio::spawn(client.list().limit(2).items().try_collect());
    let rows = walk.await.expect("no panic").unwrap();
    assert_eq!(rows.len(), 6);
}
