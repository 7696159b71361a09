//! Spans, events and debug output do not tell the key.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use openrouter_workspaces::Client;
use openrouter_workspaces::reqwest;
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber;
use tracing_subscriber::layer::{Layer, SubscriberExt};

use crate::promises::KEY;
use crate::promises::fixtures::workspace;
use crate::promises::service::{Answer, Memory};

/// Keeps all that spans and events tell.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<String>>);

impl Visit for &Told {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.lock().unwrap().push_str(&format!("{}={value:?} ", field.name()));
    }
}

impl<S: tracing::Subscriber> Layer<S> for Told {
    fn on_new_span(
        &self,
        attributes: &tracing::span::Attributes<'_>,
        _: &tracing::span::Id,
        _: tracing_subscriber::layer::Context<'_, S>,
    ) {
        attributes.record(&mut &*self);
    }

    fn on_record(
        &self,
        _: &tracing::span::Id,
        values: &tracing::span::Record<'_>,
        _: tracing_subscriber::layer::Context<'_, S>,
    ) {
        values.record(&mut &*self);
    }

    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        event.record(&mut &*self);
    }
}

async fn told(work: impl Future<Output = ()>) -> String {
    let told = Told::default();
    work.with_subscriber(tracing_subscriber::registry().with(told.clone())).await;
    told.0.lock().unwrap().clone()
}

/// README: "The key ... appear[s] in no error, no debug output and no span, not even when the server repeats" it.
#[tokio::test(start_paused = true)]
async fn the_span_of_a_success_does_not_tell_the_key() {
    let service = Memory::script([Answer::json(json!({"data": workspace()})).header("x-request-id", KEY)]);
    let told = told(async { drop(service.client().get("production").await.unwrap()) }).await;
    assert!(!told.contains(KEY), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_span_does_not_tell_a_key_that_was_given_in_the_place_of_the_host() {
    let service = Memory::script([Answer::json(json!({"data": workspace()}))]);
    let client = service.builder().api_key(KEY).base_url(format!("https://{KEY}/api/v1")).build().unwrap();
    let told = told(async { drop(client.get("production").await.unwrap()) }).await;
    assert!(
        told.contains(r#"server.address="[hidden]""#) && !told.to_lowercase().contains(&KEY.to_lowercase()),
        "{told}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_event_of_a_look_up_does_not_tell_a_key_that_was_given_as_a_name() {
    let key = "sk-or-v1-0123456789abcdef";
    let service = Memory::new(|_, _| Answer::error(503, "busy"));
    let client = service.builder().api_key(key).build().unwrap();
    let told = told(async { drop(client.delete(key).await.unwrap_err()) }).await;
    assert!(!told.contains(key), "{told}");
}

#[tokio::test(start_paused = true)]
async fn debug_output_of_requests_jobs_and_points_does_not_tell_a_key_that_was_given_as_a_name() {
    let client = Memory::script([]).client();
    let request = format!("{:?}", client.get(KEY));
    let pages = format!("{:?}", client.list_members(KEY).pages());
    let point = format!("{:?}", client.list_members(KEY).pages().resume_point());
    let job = format!("{:?}", client.sync_members(KEY, [KEY]).timeout(Duration::from_secs(7)));
    for (text, tells) in
        [(request, "GetWorkspace"), (pages, "ListWorkspaceMembers"), (point, "ResumePoint"), (job, "7s")]
    {
        assert!(!text.contains(KEY) && text.contains(tells), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn debug_output_of_a_response_has_what_was_read_and_no_header() {
    let service =
        Memory::script([Answer::json(json!({"data": workspace()})).header("x-internal", "for the server alone")]);
    let response = service.client().get("production").send_with_meta().await.unwrap();
    let text = format!("{response:?}");
    assert!(text.starts_with("Response { data: Workspace {") && text.contains("status: 200, attempts: 1"), "{text}");
    assert!(!text.contains("for the server alone"), "{text}");
}

/// An HTTP client of one's own that has the key in its default headers.
#[tokio::test]
async fn debug_output_of_a_client_hides_the_key_in_default_headers() {
    let mut headers = http::HeaderMap::new();
    headers.insert("authorization", format!("Bearer {KEY}").parse().unwrap());
    let http = reqwest::Client::builder().default_headers(headers).redirect(reqwest::redirect::Policy::none());
    let client = Client::builder().api_key(KEY).http_client(http.build().unwrap()).build().unwrap();
    let text = format!("{client:?}");
    assert!(!text.contains(KEY) && text.contains("reqwest::Client") && text.contains("[hidden]"), "{text}");
}

/// Arguments that were given in the wrong order, or a variable that has the wrong value.
#[test]
fn building_a_client_does_not_tell_a_key_that_was_given_in_another_place() {
    let builder = || Client::builder().api_key(KEY);
    for wrong in [builder().app_categories([KEY.to_uppercase()]), builder().app_categories([format!("{KEY},")])] {
        let error = wrong.build().unwrap_err();
        let told = format!("{error} {error:#?}").to_lowercase();
        assert!(!told.contains(&KEY.to_lowercase()), "{told}");
    }
    let client = builder().app_title(KEY).app_url(KEY).user_agent(KEY);
    let told = format!("{client:?} {client:#?} {:?}", client.clone().build().unwrap());
    assert!(!told.contains(KEY), "{told}");
}
