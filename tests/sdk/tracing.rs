//! What calls tell under the feature `tracing`: a span each, and events in it.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::common::KEY;
use crate::common::fixtures::{workspace, workspace_row};
use openrouter_workspaces::{Client, HttpFuture, HttpService, Jitter, RetryConfig, reqwest};
use serde_json::{Value, json};
use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, Registry};

type Fields = BTreeMap<String, String>;

/// Keeps what is told: the fields of each span, and the events, with the message as their first word.
#[derive(Clone, Default)]
struct Told {
    spans: Arc<Mutex<Vec<Fields>>>,
    events: Arc<Mutex<Vec<Fields>>>,
}

struct Reader<'a>(&'a mut Fields);

impl Visit for Reader<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Told {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::new();
        attributes.record(&mut Reader(&mut fields));
        let mut spans = self.spans.lock().unwrap();
        context.span(id).expect("it was made").extensions_mut().insert(spans.len());
        spans.push(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let place = *context.span(id).expect("it is open").extensions().get::<usize>().expect("its place");
        values.record(&mut Reader(&mut self.spans.lock().unwrap()[place]));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        assert!(context.event_span(event).is_some(), "every event belongs to a call, or to a span of the caller's");
        let mut fields = Fields::new();
        event.record(&mut Reader(&mut fields));
        self.events.lock().unwrap().push(fields);
    }
}

/// Answers from memory, with the status and the body of a script.
struct Script(Mutex<VecDeque<(u16, Value)>>);

impl HttpService for Script {
    fn call(&self, _: reqwest::Request) -> HttpFuture<'_> {
        let (status, body) = self.0.lock().unwrap().pop_front().expect("no more requests than answers");
        let answer = http::Response::builder().status(status).header("x-request-id", format!("req-{status}"));
        let answer = answer.header("date", "Mon, 01 Jun 2026 12:00:00 GMT").body(body.to_string()).unwrap();
        Box::pin(async { Ok(answer.into()) })
    }
}

fn client(script: impl IntoIterator<Item = (u16, Value)>) -> Client {
    let retry = RetryConfig::default().jitter(Jitter::None).max_attempts(3);
    let service = Script(Mutex::new(script.into_iter().collect()));
    let builder = Client::builder().api_key(KEY).base_url("https://api.example:8443/v1");
    builder.retry(retry).http_service(service).build().unwrap()
}

fn busy() -> (u16, Value) {
    (503, json!({"error": {"code": 503, "message": format!("busy, {KEY}")}}))
}

/// Runs a piece of work, and returns what it told: nothing of which is the key.
async fn told(work: impl Future<Output = ()>) -> (Vec<Fields>, Vec<Fields>) {
    let told = Told::default();
    let outer = async {
        use tracing::Instrument;
        work.instrument(tracing::info_span!("outer")).await;
    };
    outer.with_subscriber(Registry::default().with(told.clone())).await;
    let (spans, events) = (told.spans.lock().unwrap().split_off(1), told.events.lock().unwrap().clone());
    assert!(!format!("{spans:?}{events:?}").contains(KEY), "{spans:?} {events:?}");
    (spans, events)
}

fn messages(events: &[Fields]) -> Vec<&str> {
    events.iter().map(|event| event["message"].as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_call_is_a_span_with_its_request_and_its_answer() {
    let client = client([busy(), (200, json!({"data": workspace()}))]);
    let (spans, events) = told(async { drop(client.get("production").await.unwrap()) }).await;
    let expected = [
        ("attempts", "2"),
        ("http.request.method", "GET"),
        ("http.request.resend_count", "1"),
        ("http.response.status_code", "200"),
        ("operation", "get"),
        ("otel.kind", "client"),
        ("otel.name", "GET /workspaces/{id}"),
        ("request_id", "req-200"),
        ("server.address", "api.example"),
        ("server.port", "8443"),
        ("url.template", "/workspaces/{id}"),
    ];
    let expected: Fields = expected.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    assert_eq!(spans, [expected]);
    assert_eq!(messages(&events), ["retry"]);
    assert_eq!((events[0]["attempts"].as_str(), events[0]["wait"].as_str()), ("1", "500ms"));
    assert!(events[0]["reason"].contains("busy, [hidden] (status 503"), "{events:?}");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_gives_up_says_why() {
    let client = client([busy(), busy(), busy()]);
    let (spans, events) = told(async { drop(client.get("production").await.unwrap_err()) }).await;
    assert_eq!((spans[0]["error.type"].as_str(), spans[0]["http.response.status_code"].as_str()), ("503", "503"));
    assert_eq!(messages(&events), ["retry", "retry", "gave up"]);
    assert_eq!((events[2]["attempts"].as_str(), events[2]["reason"].as_str()), ("3", "no attempts left"));
}

#[tokio::test(start_paused = true)]
async fn a_look_up_is_an_event_of_its_call() {
    let absent = (404, json!({"error": {"code": 404, "message": "Workspace not found"}}));
    let client = client([busy(), absent, (201, json!({"data": workspace()}))]);
    let (spans, events) = told(async { drop(client.create("Production", "production").await.unwrap()) }).await;
    assert_eq!(messages(&events), ["retry", "look-up"]);
    assert_eq!(events[1]["workspace"], "production");
    assert_eq!((spans.len(), spans[0]["attempts"].as_str()), (1, "3"));
}

#[tokio::test(start_paused = true)]
async fn every_page_of_a_walk_is_a_span_and_an_event() {
    let page = |rows: std::ops::Range<usize>| {
        (200, json!({"data": rows.map(workspace_row).collect::<Vec<_>>(), "total_count": 150}))
    };
    let client = client([page(0..100), page(99..150)]);
    let (spans, events) = told(async {
        assert_eq!(client.list().items().try_collect().await.unwrap().len(), 150);
    })
    .await;
    assert_eq!(spans.len(), 2);
    assert_eq!(messages(&events), ["page", "page"]);
    let rows: Vec<_> = events.iter().map(|event| (event["offset"].as_str(), event["rows"].as_str())).collect();
    assert_eq!(rows, [("0", "100"), ("99", "51")]);
}

#[tokio::test(start_paused = true)]
async fn what_has_no_status_has_a_kind() {
    let client = client([]);
    let (spans, _) = told(async { drop(client.get("..").timeout(Duration::from_secs(1)).await.unwrap_err()) }).await;
    assert_eq!((spans[0]["error.type"].as_str(), spans[0]["attempts"].as_str()), ("invalid_input", "0"));
}

#[tokio::test(start_paused = true)]
async fn what_failed_behind_a_success_has_a_kind() {
    let client = client([(200, json!({"data": 7}))]);
    let (spans, _) = told(async { drop(client.get("production").await.unwrap_err()) }).await;
    let span = &spans[0];
    assert_eq!((span["error.type"].as_str(), span["http.response.status_code"].as_str()), ("decode", "200"));
}
