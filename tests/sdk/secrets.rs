//! The key appears nowhere but in its header, and goes nowhere but to the base URL.

use std::error::Error as StdError;
use std::time::Duration;

use crate::common::ops::Op;
use crate::common::raw::{Behaviour, ClosedPort, RawServer, half_an_answer};
use crate::common::{KEY, Mock, Reply};
use openrouter_workspaces::{ApiKey, Client, Error, RetryConfig};
use serde_json::json;

/// Panics if the key is anywhere in what an error tells.
fn assert_hidden(error: &Error) {
    let mut texts = vec![format!("{error} {error:?} {error:#?}")];
    let causes = std::iter::successors(error.source(), |&error| error.source());
    texts.extend(causes.map(|cause| format!("{cause} {cause:?}")));
    if let Some(api) = error.api() {
        texts.push(format!("{api} {api:?} {} {:?} {:?}", api.message(), api.metadata(), api.headers()));
        texts.push(String::from_utf8_lossy(api.body()).into_owned());
    }
    if let Error::Decode(decode) = error {
        texts.push(format!("{decode} {decode:?} {} {:?}", decode.path(), decode.headers()));
        texts.push(String::from_utf8_lossy(decode.body()).into_owned());
    }
    for text in texts {
        assert!(!text.contains(KEY), "the key is in {text}");
        // Nor is its beginning there as the numbers of a byte slice.
        assert!(!text.contains("115, 107, 45, 111, 114"), "the key is in {text}");
    }
}

async fn failure(client: &Client) -> Error {
    let error = client.get("production").await.unwrap_err();
    assert_hidden(&error);
    error
}

fn client(url: String) -> Client {
    Client::builder().api_key(KEY).base_url(url).retry(RetryConfig::none()).build().unwrap()
}

#[test]
fn debug_and_display_of_what_holds_the_key_hide_it() {
    let key = ApiKey::new(KEY);
    let builder = Client::builder().api_key(KEY).app_title("App");
    let client = builder.clone().build().unwrap();
    let mut texts = vec![
        format!("{key} {key:?} {key:#?}"),
        format!("{builder:?} {builder:#?}"),
        format!("{client:?} {client:#?}"),
        format!("{:?} {:?}", client.list().items(), client.list().pages()),
        format!("{:?}", client.list_members("production").items()),
    ];
    texts.extend(Op::ALL.map(|op| op.debug(&client)));
    for text in texts {
        assert!(!text.contains(KEY), "{text}");
        assert!(!text.is_empty());
    }
}

#[test]
fn errors_of_the_builder_hide_the_key() {
    for builder in [
        Client::builder().api_key(format!("{KEY}\nx")),
        Client::builder().api_key(KEY).base_url("http://example.com"),
        Client::builder().api_key(KEY).app_title("a\nb"),
    ] {
        assert_hidden(&builder.build().unwrap_err());
    }
}

#[tokio::test]
async fn errors_of_answers_hide_a_key_that_the_server_repeats() {
    let echo = || format!("invalid token Bearer {KEY}");
    let body = |status: u16| {
        json!({
            "error": {"code": status, "message": echo(), "metadata": {"authorization": echo()}},
            "user_id": KEY,
            "openrouter_metadata": {"headers": [echo()]}
        })
    };
    for status in [400, 401, 402, 403, 404, 409, 418, 429, 500, 503] {
        let mock = Mock::always(Reply::json(status, body(status)).header("x-echo", echo()).header("x-request-id", KEY));
        let error = failure(&mock.client()).await;
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.api().unwrap().message(), "invalid token Bearer [hidden]");
        assert_eq!(error.api().unwrap().headers()["x-echo"], "invalid token Bearer [hidden]");
    }
    let mock = Mock::always(Reply::new(401, "text/html", format!("<p>{}</p>", echo())));
    let error = failure(&mock.client()).await;
    assert_eq!(error.api().unwrap().body(), b"<p>invalid token Bearer [hidden]</p>");
}

#[tokio::test]
async fn errors_of_redirects_hide_a_key_in_the_location() {
    let mock = Mock::always(Reply::empty(302).header("location", format!("https://example.com/?key={KEY}")));
    failure(&mock.client()).await;
}

#[tokio::test]
async fn errors_of_answers_that_cannot_be_read_hide_a_key_that_the_server_repeats() {
    let bodies = [
        json!({"data": KEY}).to_string(),
        json!({"data": {"id": KEY}}).to_string(),
        json!({"data": {"created_at": KEY}, "authorization": KEY}).to_string(),
        json!({ KEY: 1 }).to_string(),
        format!("{{\"data\": {KEY}"),
        KEY.to_owned(),
    ];
    for body in bodies {
        let mock = Mock::always(Reply::new(200, "application/json", body).header("x-echo", KEY));
        assert!(matches!(failure(&mock.client()).await, Error::Decode(_)));
    }
    let mock = Mock::always(Reply::json(200, json!({"data": "x".repeat(500)})).header("x-echo", KEY));
    let small = mock.builder().max_body_bytes(100).build().unwrap();
    assert!(matches!(failure(&small).await, Error::Decode(_)));
}

#[tokio::test]
async fn errors_of_the_transport_and_of_input_hide_the_key() {
    let closed = ClosedPort::new();
    assert!(matches!(failure(&client(closed.url())).await, Error::Connect(_)));
    for broken in [Behaviour::Reset(Vec::new()), Behaviour::Send(half_an_answer()), Behaviour::Send(KEY.into())] {
        let server = RawServer::start([broken]);
        assert!(matches!(failure(&client(server.url())).await, Error::Transport(_)));
    }
    let server = RawServer::start([Behaviour::Stall(Vec::new())]);
    let error = client(server.url()).get("production").timeout(Duration::from_millis(100)).await.unwrap_err();
    assert!(matches!(error, Error::Timeout(_)));
    assert_hidden(&error);
    let error = client(server.url()).get("..").await.unwrap_err();
    assert!(matches!(error, Error::InvalidInput(_)));
    assert_hidden(&error);
}

#[tokio::test]
async fn errors_of_walks_hide_the_key() {
    let mock = Mock::always(Reply::json(200, json!({"data": [], "total_count": 5, "echo": KEY})));
    let error = mock.client().list().items().try_collect().await.unwrap_err();
    assert!(matches!(error, Error::Pagination(_)));
    assert_hidden(&error);
}

#[tokio::test]
async fn redirects_to_another_host_are_not_followed_by_any_operation() {
    let elsewhere = Mock::always(Op::Get.success());
    for status in [301, 302, 303, 307, 308] {
        for op in Op::ALL {
            let mock = Mock::always(Reply::empty(status).header("location", elsewhere.url()));
            let error = op.send(&mock.client()).await.unwrap_err();
            assert_eq!(error.status(), Some(status), "{op:?}");
            assert_eq!(mock.lines(), [op.line()]);
        }
    }
    elsewhere.assert_nothing_was_sent();
}

#[tokio::test]
async fn an_answer_from_elsewhere_is_refused_where_the_callers_http_client_follows_redirects() {
    let elsewhere = Mock::always(Op::Get.success());
    let mock = Mock::always(Reply::empty(307).header("location", format!("{}/other", elsewhere.url())));
    let follows = reqwest::Client::builder().no_proxy().build().unwrap();
    let client = mock.builder().http_client(follows).build().unwrap();
    let error = failure(&client).await;
    assert!(matches!(error, Error::Decode(_)), "{error:?}");
    assert!(error.to_string().contains("redirects"), "{error}");
    // reqwest itself drops the header when the host or the port changes.
    assert!(elsewhere.requests().iter().all(|request| request.header("authorization").is_none()));
}

#[tokio::test]
async fn the_key_is_sent_in_its_header_and_in_no_url() {
    for op in Op::ALL {
        let mock = Mock::always(op.success());
        op.send(&mock.client()).await.unwrap();
        let request = mock.only_request();
        assert_eq!(request.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
        let others = request.headers.iter().filter(|(name, _)| *name != "authorization");
        assert!(others.into_iter().all(|(_, value)| !value.to_str().unwrap().contains(KEY)));
        assert!(!request.line().contains(KEY) && !String::from_utf8_lossy(&request.body).contains(KEY));
    }
}

#[tokio::test]
async fn attribution_headers_are_sent_by_every_operation() {
    for op in Op::ALL {
        let mock = Mock::always(op.success());
        let builder = mock.builder().app_url("https://app.example").app_title("Platform Automation");
        let client = builder.app_categories(["cli-agent", "cloud-agent"]).build().unwrap();
        op.send(&client).await.unwrap();
        let request = mock.only_request();
        assert_eq!(request.header("http-referer"), Some("https://app.example"), "{op:?}");
        assert_eq!(request.header("x-openrouter-title"), Some("Platform Automation"));
        assert_eq!(request.header("x-openrouter-categories"), Some("cli-agent,cloud-agent"));
    }
}

#[tokio::test]
async fn a_title_may_be_any_text() {
    let server = RawServer::start([Behaviour::answer("200 OK", r#"{"deleted": true}"#)]);
    let builder = Client::builder().api_key(KEY).base_url(server.url()).app_title("Plattform für Ärzte");
    builder.build().unwrap().delete("production").await.unwrap();
    assert!(server.requests()[0].contains("x-openrouter-title: Plattform für Ärzte\r\n"), "{:?}", server.requests());
}
