//! Corners in which promises broke: limits that did not cover all, clocks that stood still, numbers at their ends, keys in
//! unlikely places.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use openrouter_workspaces::reqwest::{self, Body};
use openrouter_workspaces::{
    ApiKey, Client, Delivery, Error, HttpFuture, HttpService, Jitter, ResumePoint, RetryConfig,
};
use serde_json::{Value, json};
use tokio::time::Instant;
use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber;
use tracing_subscriber::layer::{Layer, SubscriberExt};

use crate::KEY;
use crate::fixtures::workspace;
use crate::service::{Answer, Memory, Recorded};
use crate::table::{Table, rest, sorted, take};

const OLD: &str = "00000000-0000-4000-8000-000000000001";

fn exact() -> RetryConfig {
    RetryConfig::default().jitter(Jitter::None)
}

fn busy() -> Answer {
    Answer::error(503, "busy")
}

fn absent() -> Answer {
    Answer::error(404, "Workspace not found")
}

/// A workspace with defaults, and the server's clock at the time of the answer.
fn found(slug: &str, name: &str, created_at: &str, updated_at: Option<&str>, date: &str) -> Answer {
    let body = json!({"data": {
        "id": OLD, "name": name, "slug": slug, "description": null, "default_text_model": null,
        "default_image_model": null, "default_provider_sort": null,
        "default_guardrail_id": "3d813cbb-47fb-52ba-91df-831e1593ac29", "disabled_server_tools": null,
        "io_logging_sampling_rate": 1, "io_logging_api_key_ids": null,
        "is_observability_io_logging_enabled": false, "is_observability_broadcast_enabled": false,
        "is_data_discount_logging_enabled": false, "created_at": created_at, "updated_at": updated_at,
        "created_by": null
    }});
    Answer::json(body).header("date", date)
}

/// A workspace that is an hour old.
fn old(slug: &str) -> Answer {
    found(slug, "Team", "2026-05-20T09:00:00.000Z", None, "Wed, 20 May 2026 10:00:00 GMT")
}

// --- Limits on a call ---------------------------------------------------------------------------------------------

/// README: "by default with up to 4 requests within 60 seconds, everything that the call sends included".
#[tokio::test(start_paused = true)]
async fn a_repeated_update_or_delete_stays_within_max_attempts() {
    let mut too_many = Vec::new();
    type Step = (&'static str, u32, fn() -> Vec<Answer>);
    let steps: [Step; 2] = [
        ("defaults, two look-ups fail", 4, || vec![busy(), busy(), busy(), old("team")]),
        ("two attempts", 2, || vec![busy(), old("team")]),
    ];
    for (case, most, script) in steps {
        for delete in [false, true] {
            let service = Memory::script(script());
            let (client, retry) = (service.client(), exact().max_attempts(most));
            match delete {
                true => drop(client.delete("team").retry(retry).await),
                false => drop(client.update("team").name("Crew").retry(retry).await),
            }
            if service.count() > most as usize {
                too_many.push(format!("{case}: {:?}", service.lines()));
            }
        }
    }
    assert!(too_many.is_empty(), "{too_many:#?}");
}

/// The look-up under the new slug is a request, too.
#[tokio::test(start_paused = true)]
async fn the_look_up_of_a_new_slug_stays_within_max_attempts() {
    let service = Memory::script([Answer::error(502, "no"), absent(), absent()]);
    let error = service.client().update("team").slug("crew").retry(exact().max_attempts(2)).await.unwrap_err();
    assert!(service.count() <= 2 && error.attempts() <= 2, "{:?}: {error}", service.lines());
}

/// `RetryConfig::max_elapsed_time`: "No attempt starts later than this after the call began."
#[tokio::test(start_paused = true)]
async fn a_repeated_update_or_delete_starts_within_max_elapsed_time() {
    for delete in [false, true] {
        let (start, times) = (Instant::now(), Arc::new(Mutex::new(Vec::new())));
        let log = times.clone();
        let service = Memory::new(move |_, n| {
            log.lock().unwrap().push(start.elapsed());
            match n {
                0 => busy(),
                _ => old("team").after(Duration::from_secs(10)),
            }
        });
        let retry = exact().max_elapsed_time(Duration::from_secs(1));
        match delete {
            true => drop(service.client().delete("team").retry(retry).await),
            false => drop(service.client().update("team").name("Crew").retry(retry).await),
        }
        let times = times.lock().unwrap().clone();
        assert!(times.iter().all(|at| *at <= Duration::from_secs(1)), "{:?} {times:?}", service.lines());
    }
}

// --- Somebody else's workspace ------------------------------------------------------------------------------------

/// README: "if there is one with the fields that were sent, the server's defaults in all others, and created during the
/// call, it is the result". Here the server is honest: somebody renames an old workspace to the slug after the look-up.
#[tokio::test(start_paused = true)]
async fn a_workspace_that_is_an_hour_old_is_not_the_result_of_a_create() {
    let service = Memory::script([
        busy(),
        absent(),
        Answer::error(409, "taken"),
        found(
            "production",
            "Production",
            "2026-05-20T09:00:00.000Z",
            Some("2026-05-20T10:00:00.900Z"),
            "Wed, 20 May 2026 10:00:01 GMT",
        ),
    ]);
    let result = service.client().create("Production", "production").retry(exact()).await;
    assert!(result.is_err(), "somebody else's: {:?}", result.map(|there| (there.id, there.created_at)));
}

/// What is created during the call cannot be what an update was about when the call began.
#[tokio::test(start_paused = true)]
async fn a_workspace_that_was_created_during_an_update_is_not_its_result() {
    let service = Memory::script([
        Answer::error(502, "no"),
        absent(),
        found(
            "crew",
            "Crew",
            "2026-05-20T10:00:00.700Z",
            Some("2026-05-20T10:00:00.800Z"),
            "Wed, 20 May 2026 10:00:00 GMT",
        ),
    ]);
    let result = service.client().update("team").slug("crew").name("Crew").retry(exact()).await;
    assert!(result.is_err(), "somebody else's: {:?}", result.map(|there| (there.id, there.created_at)));
}

/// The client's clock stands still for an hour in the middle of a call: a laptop that sleeps, a virtual machine that is
/// paused. Linux's and macOS's monotonic clocks do not count that. Meanwhile somebody creates another workspace `team`.
#[tokio::test(start_paused = true)]
async fn a_call_that_was_suspended_does_not_delete_what_was_created_meanwhile() {
    let service = Memory::script([
        busy().header("date", "Wed, 20 May 2026 10:00:00 GMT"),
        found("team", "Theirs", "2026-05-20T10:30:00.123Z", None, "Wed, 20 May 2026 11:00:00 GMT"),
        Answer::json(json!({"deleted": true})),
    ]);
    let result = service.client().delete("team").retry(exact()).await;
    assert_eq!(service.lines(), ["DELETE /workspaces/team", "GET /workspaces/team"], "{result:?}");
}

/// A 404 of which only the status came, without a content type, is not the API's word that there is no such workspace.
#[tokio::test(start_paused = true)]
async fn a_404_without_a_body_or_a_type_is_no_reason_to_create_again() {
    struct Gateway(Mutex<Vec<String>>);
    impl HttpService for Gateway {
        fn call(&self, request: reqwest::Request) -> HttpFuture<'_> {
            let mut lines = self.0.lock().unwrap();
            lines.push(request.method().to_string());
            let status = if lines.len() == 1 { 503 } else { 404 };
            let body = Body::wrap(Announced { parts: Vec::new(), hint: SizeHint::new(), fails: true });
            Box::pin(async move { Ok(http::Response::builder().status(status).body(body).unwrap().into()) })
        }
    }
    let service = Arc::new(Gateway(Mutex::default()));
    struct Shared(Arc<Gateway>);
    impl HttpService for Shared {
        fn call(&self, request: reqwest::Request) -> HttpFuture<'_> {
            self.0.call(request)
        }
    }
    let client = Client::builder().api_key(KEY).http_service(Shared(service.clone())).build().unwrap();
    let error = client.create("Production", "production").retry(exact()).await.unwrap_err();
    assert_eq!(*service.0.lock().unwrap(), ["POST", "GET"], "{error}");
}

/// `Delivery::Answered`: "No: the server answered, and refused." 303 is what a server answers to a POST that it has done.
#[tokio::test(start_paused = true)]
async fn a_see_other_does_not_say_that_nothing_was_applied() {
    let service = Memory::script([Answer::new(303, "").header("location", "/workspaces/production")]);
    let error = service.client().create("Production", "production").retry(RetryConfig::none()).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown, "{error}");
}

// --- Walks --------------------------------------------------------------------------------------------------------

/// `items`: "Walks over all rows from the offset on". Who keeps the first five and deletes the rest must not lose those.
#[tokio::test(start_paused = true)]
async fn a_walk_from_an_offset_never_gives_the_rows_before_it() {
    for (rows, limit) in [(15, 5), (15, 100), (300, 100)] {
        let table = Table::new(rows);
        let client = table.serve().client();
        let mut items = client.list().offset(5).limit(limit).items();
        while let Some(row) = items.try_next().await.unwrap() {
            client.delete(row.id.to_string()).await.unwrap();
        }
        assert_eq!(*table.rows(), [0, 1, 2, 3, 4], "{rows} rows, {limit} a page");
    }
}

/// A server whose total is always 0, or negative, contradicts itself; then a row is lost without an error.
#[tokio::test(start_paused = true)]
async fn a_total_of_nothing_loses_no_row() {
    for total in [0, -1, i64::MIN] {
        let table = Table::new(300);
        let changing = table.clone();
        let service = Memory::new(move |request, n| {
            if n == 1 {
                changing.rows().drain(5..8);
            }
            with_total(&changing, request, total)
        });
        let came = match rest(service.client().list().items()).await {
            Ok(came) => came,
            Err(Error::Pagination(_)) => continue,
            Err(other) => panic!("{other}"),
        };
        let missing: Vec<_> = table.rows().iter().copied().filter(|row| !came.contains(row)).collect();
        assert!(missing.is_empty(), "total {total}: {missing:?} are lost, and no error says so");
    }
}

fn with_total(table: &Table, request: &Recorded, total: i64) -> Answer {
    let rows = table.rows().clone();
    let (offset, limit) = (request.number("offset").unwrap_or(0), request.number("limit").unwrap_or(50));
    let data: Vec<Value> = rows.iter().skip(offset).take(limit).map(|n| row(*n)).collect();
    Answer::json(json!({"data": data, "total_count": total}))
}

fn row(n: usize) -> Value {
    let mut row = workspace();
    row["id"] = format!("00000000-0000-4000-8000-{n:012}").into();
    row["slug"] = format!("w{n}").into();
    row
}

/// README: a row that exists throughout comes exactly once, "whether or not the walk is stopped and resumed".
#[tokio::test(start_paused = true)]
async fn a_walk_is_resumed_after_many_rows_were_created_in_front() {
    for (limit, stop, created) in [(100, 8_000, 7_000), (10, 900, 700), (1, 90, 80)] {
        let table = Table::new(stop + 50);
        let client = table.serve().client();
        let mut items = client.list().limit(limit).items();
        let mut came = take(&mut items, stop).await;
        let point = items.resume_point();
        table.rows().splice(0..0, 100_000..100_000 + created);
        let more = rest(client.list().limit(limit).items().resume_from(point)).await;
        came.extend(more.unwrap_or_else(|error| panic!("{limit} a page: {error}")));
        let old: BTreeSet<usize> = came.into_iter().filter(|row| *row < 100_000).collect();
        assert_eq!(old.len(), stop + 50);
    }
}

/// A point is read from outside: it must not make a walk panic.
#[tokio::test(start_paused = true)]
async fn a_resume_point_at_the_end_of_all_numbers_does_not_panic() {
    let point: ResumePoint = serde_json::from_value(json!({
        "version": 1, "list": "https://openrouter.ai/api/v1/workspaces", "cursor": u64::MAX, "floor": 0,
        "seen": ["00000000-0000-4000-8000-000000000000"]
    }))
    .unwrap();
    let client = Table::new(25).serve().client();
    let came = rest(client.list().items().resume_from(point)).await.unwrap();
    assert_eq!(sorted(came), Vec::from_iter(1..25));
}

#[tokio::test(start_paused = true)]
async fn an_offset_at_the_end_of_all_numbers_does_not_panic() {
    // A server that ignores offsets.
    let service = Memory::new(|_, n| Answer::json(json!({"data": [row(n)], "total_count": i64::MAX})));
    let mut items = service.client().list().offset(u64::MAX).items();
    for _ in 0..10 {
        if items.next().await.is_none_or(|row| row.is_err()) {
            break;
        }
    }
}

// --- Secrets ------------------------------------------------------------------------------------------------------

/// Keeps all that spans and events tell.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<String>>);

impl Visit for &Told {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.lock().unwrap().push_str(&format!("{}={value:?} ", field.name()));
    }
}

impl<S: tracing::Subscriber> Layer<S> for Told {
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
async fn the_event_of_a_look_up_does_not_tell_a_key_that_was_given_as_a_name() {
    let key = "sk-or-v1-0123456789abcdef";
    let service = Memory::new(|_, _| busy());
    let client = service.builder().api_key(key).build().unwrap();
    let told = told(async { drop(client.delete(key).await.unwrap_err()) }).await;
    assert!(!told.contains(key), "{told}");
}

#[tokio::test(start_paused = true)]
async fn debug_output_of_requests_and_points_does_not_tell_a_key_that_was_given_as_a_name() {
    let client = Memory::script([]).client();
    let request = format!("{:?}", client.get(KEY));
    let pages = format!("{:?}", client.list_members(KEY).pages());
    let point = format!("{:?}", client.list_members(KEY).pages().resume_point());
    for text in [request, pages, point] {
        assert!(!text.contains(KEY), "{text}");
    }
}

/// A source that gives each attempt a key of its own, and more calls at once than keys are remembered.
#[tokio::test(start_paused = true)]
async fn the_key_of_an_attempt_is_hidden_in_its_own_answer_however_many_are_under_way() {
    struct Echo;
    impl HttpService for Echo {
        fn call(&self, request: reqwest::Request) -> HttpFuture<'_> {
            let key = request.headers()["authorization"].to_str().unwrap().to_owned();
            Box::pin(async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                let body = json!({"error": {"code": 401, "message": format!("bad {key}")}}).to_string();
                Ok(http::Response::builder().status(401).body(body).unwrap().into())
            })
        }
    }
    let given = AtomicUsize::new(0);
    let source = move || {
        let key = ApiKey::new(format!("sk-or-v1-number-{:04}", given.fetch_add(1, Ordering::SeqCst)));
        async { Ok(key) }
    };
    let client = Client::builder().api_key_from(source).http_service(Echo).build().unwrap();
    let calls = (0..20).map(|_| client.get("production").into_future());
    let leaks: Vec<String> = futures_util::future::join_all(calls)
        .await
        .into_iter()
        .map(|result| result.unwrap_err().to_string())
        .filter(|text| text.contains("number-"))
        .collect();
    assert!(leaks.is_empty(), "{leaks:#?}");
}

/// The body of an error is cut where the limit is: the rest of the key is not there to be recognised.
#[tokio::test(start_paused = true)]
async fn a_key_that_the_limit_cuts_is_hidden_as_well() {
    let padding = "x".repeat(1_000 - (KEY.len() - 1));
    let service = Memory::script([Answer::new(401, format!("{padding}{KEY} is wrong"))]);
    let client = service.builder().max_body_bytes(1_000).build().unwrap();
    let error = client.get("production").await.unwrap_err();
    let body = String::from_utf8_lossy(error.api().unwrap().body()).into_owned();
    assert!(!body.contains(&KEY[..KEY.len() - 1]), "all but one character: {}", &body[body.len() - 30..]);
}

/// An HTTP client of one's own that has the key in its default headers.
#[tokio::test]
async fn debug_output_of_a_client_hides_the_key_in_default_headers() {
    let mut headers = http::HeaderMap::new();
    headers.insert("authorization", format!("Bearer {KEY}").parse().unwrap());
    let http = reqwest::Client::builder().default_headers(headers).redirect(reqwest::redirect::Policy::none());
    let client = Client::builder().api_key(KEY).http_client(http.build().unwrap()).build().unwrap();
    let text = format!("{client:?}");
    assert!(!text.contains(KEY), "{text}");
}

// --- Memory, panics, texts ----------------------------------------------------------------------------------------

/// A body that says how long it is.
struct Announced {
    parts: Vec<Bytes>,
    hint: SizeHint,
    fails: bool,
}

impl http_body::Body for Announced {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        match self.parts.pop() {
            Some(part) => Poll::Ready(Some(Ok(Frame::data(part)))),
            None if self.fails => Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into()))),
            None => Poll::Ready(None),
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.hint
    }
}

/// Who wants no limit says `usize::MAX`; then the length that a server announces must not be allocated.
#[tokio::test]
async fn an_announced_length_does_not_panic_or_abort_where_there_is_no_limit() {
    struct Liar;
    impl HttpService for Liar {
        fn call(&self, _: reqwest::Request) -> HttpFuture<'_> {
            let hint = SizeHint::with_exact(u64::MAX / 2 + 1);
            let body = Body::wrap(Announced { parts: vec!["}".into(), "{".into()], hint, fails: false });
            Box::pin(async { Ok(http::Response::new(body).into()) })
        }
    }
    let builder = Client::builder().api_key(KEY).http_service(Liar).max_body_bytes(usize::MAX);
    let call = tokio::spawn(async move { builder.build().unwrap().get("production").await.map(drop) });
    assert!(call.await.is_ok(), "it panicked");
}

/// `Error`: "`Display` is one line". A log must not get lines that a server has made up.
#[tokio::test(start_paused = true)]
async fn an_error_is_one_line_whatever_the_server_says() {
    let message = "no\n2026-05-20 INFO all is well\r\u{1b}[2K";
    let id = json!({"data": {"id": "a\nb"}});
    let unreadable = Answer::json(json!({"data": id}));
    let strange = Answer::json(json!({"data": {"id": OLD, "name": "a\nb", "default_guardrail_id": "x\ny"}}));
    for answer in [Answer::error(400, message), unreadable, strange] {
        let error = Memory::script([answer]).client().get("production").await.unwrap_err().to_string();
        assert!(!error.contains(['\n', '\r', '\u{1b}']), "{error:?}");
    }
}

/// `Error::attempts`: "The requests that were sent for the call... Zero if nothing was sent."
#[tokio::test(start_paused = true)]
async fn a_source_of_keys_that_hangs_is_no_request() {
    let service = Memory::script([]);
    let builder = service.builder().api_key_from(std::future::pending::<Result<ApiKey, _>>);
    let error = builder.build().unwrap().get("production").retry(exact()).await.unwrap_err();
    assert_eq!((error.attempts() as usize, error.delivery()), (service.count(), Delivery::NotSent), "{error}");
}

/// `min(max_interval, initial_interval * exponent^n)` is zero where the interval is.
#[tokio::test(start_paused = true)]
async fn no_interval_is_no_wait_whatever_the_exponent() {
    let service = Memory::new(|_, _| busy());
    let retry = exact().initial_interval(Duration::ZERO).exponent(1e200).max_elapsed_time(Duration::from_secs(600));
    let error = service.client().get("production").retry(retry).timeout(Duration::from_secs(600)).await.unwrap_err();
    assert_eq!(error.call().elapsed(), Duration::ZERO, "{error}");
}
