//! What other clients of this API were seen to get wrong, or only some of them get right: one test for each point.

mod common;

use std::time::{Duration, Instant};

use common::fixtures::workspace;
use common::list::{List, Quirk, slugs};
use common::ops::Op;
use common::paused::{Paused, exact, timerless};
use common::raw::{Behaviour, ClosedPort, RawServer, half_an_answer};
use common::{KEY, Mock, Recorded, Reply};
use futures_util::StreamExt;
use openrouter_workspaces::{BudgetInterval, Client, Error, GaveUp, ProviderSort, RetryConfig, ServerTool};
use serde_json::json;

const GENEROUS: Duration = Duration::from_secs(5);

fn quick() -> RetryConfig {
    RetryConfig::default().initial_interval(Duration::ZERO)
}

fn client(url: String, retry: RetryConfig) -> Client {
    Client::builder().api_key(KEY).base_url(url).retry(retry).build().unwrap()
}

#[tokio::test]
async fn there_are_twelve_operations() {
    let contract: serde_json::Value = serde_norway::from_str(openrouter_workspaces::CONTRACT).unwrap();
    let methods = contract["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let mut described: Vec<_> = methods.filter_map(|o| o.get("operationId")?.as_str()).collect();
    let mut ours = Op::ALL.map(Op::id);
    described.sort_unstable();
    ours.sort_unstable();
    assert_eq!(described, ours);
    for op in Op::ALL {
        let mock = Mock::always(op.success());
        op.send(&mock.client()).await.unwrap();
        assert_eq!(mock.lines(), [op.line()]);
    }
}

#[tokio::test]
async fn lists_are_streams_of_items_and_of_pages() {
    let server = List::workspaces(250).start();
    let client = server.client();
    assert_eq!(client.list().items().map(Result::unwrap).count().await, 250);
    let pages: Vec<_> = client.list().pages().map(|page| page.unwrap().data.len()).collect().await;
    // Pages overlap by a row, which comes once.
    assert_eq!(pages, [100, 99, 51]);
}

#[tokio::test]
async fn short_page_yields_all_rows() {
    let server = List::workspaces(250).cap(30).start();
    let rows = server.client().list().limit(100).items().try_collect().await.unwrap();
    assert_eq!(rows.into_iter().map(|row| row.slug).collect::<Vec<_>>(), slugs(0..250));
}

#[tokio::test]
async fn server_that_ignores_offset_ends_with_an_error() {
    let server = List::workspaces(1000).cap(1).quirk(.., Quirk::IgnoresOffset).start();
    let error = server.client().list().items().try_collect().await.unwrap_err();
    assert!(matches!(error, Error::Pagination(_)), "{error:?}");
    assert!(server.lines().len() <= 10, "{:?}", server.lines());
}

#[tokio::test]
async fn no_request_too_many_at_the_end() {
    let server = List::workspaces(199).start();
    assert_eq!(server.client().list().items().try_collect().await.unwrap().len(), 199);
    assert_eq!(server.windows(), [(0, 100), (99, 100)]);
}

#[tokio::test]
async fn rows_moved_by_a_concurrent_delete_none_skipped_none_twice() {
    for (rows, limit) in [(200, 100), (250, 100), (35, 10)] {
        // A row of the first page is deleted while the walk is about to ask for the second.
        let server = List::workspaces(rows).before(1, |rows| drop(rows.remove(5))).start();
        let came = server.client().list().limit(limit).items().try_collect().await.unwrap();
        let mut came: Vec<_> = came.into_iter().map(|row| row.slug).collect();
        let mut expected = slugs(0..rows);
        came.sort();
        expected.sort();
        assert_eq!(came, expected, "{rows} rows, {limit} in a page");
    }
}

#[tokio::test(start_paused = true)]
async fn retries_are_bounded_in_attempts_and_in_time() {
    let mock = Mock::always(Reply::error(503, "busy"));
    let paused = Paused::new(mock.url(), exact());
    let error = paused.client.get("production").await.unwrap_err();
    assert_eq!((mock.lines().len(), error.attempts()), (4, 4));

    let mock = Mock::always(Reply::error(503, "busy"));
    let paused = Paused::new(mock.url(), exact().max_attempts(1000));
    let start = tokio::time::Instant::now();
    let error = paused.client.get("production").await.unwrap_err();
    assert!(start.elapsed() <= RetryConfig::default().max_elapsed_time);
    // 0.5, 1, 2, 4, 8 and 16 s; 30 s more would be too late.
    assert_eq!((mock.lines().len(), error.attempts()), (7, 7));
}

#[tokio::test(start_paused = true)]
async fn status_429_and_408_are_retried() {
    for status in [429, 408] {
        let mock = Mock::script([Reply::error(status, "later"), Op::Get.success()]);
        Paused::new(mock.url(), exact()).client.get("production").await.unwrap();
        assert_eq!(mock.lines(), [Op::Get.line(); 2]);
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_a_floor_in_all_forms() {
    let cases = [
        ("retry-after", "90000", None),
        ("retry-after", "20", Some(20_000)),
        ("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT", Some(30_000)),
        ("retry-after-ms", "2500", Some(2500)),
        ("retry-after", "inf", Some(500)),
    ];
    for (name, value, wait) in cases {
        let failure = Reply::error(429, "later").header("date", "Sun, 06 Nov 1994 08:49:37 GMT").header(name, value);
        let mock = Mock::script([failure, Op::Get.success()]);
        let paused = Paused::new(mock.url(), exact());
        assert_eq!(paused.client.get("production").await.is_ok(), wait.is_some(), "{value}");
        assert_eq!(paused.waits(), Vec::from_iter(wait), "{value}");
    }
}

#[tokio::test]
async fn retry_after_longer_than_the_time_left_gives_up_at_once() {
    for wait in ["86400", "30"] {
        let mock = Mock::script([Reply::error(503, "later").header("retry-after", wait), Op::Get.success()]);
        let start = Instant::now();
        let call = client(mock.url(), RetryConfig::default()).get("production").timeout(Duration::from_secs(20));
        let error = call.await.unwrap_err();
        assert!(start.elapsed() < GENEROUS);
        assert!(matches!(error.api().unwrap().call().gave_up(), Some(GaveUp::OutOfTime { .. })), "{error:?}");
        assert!(error.to_string().contains("not retried"), "{error}");
        assert_eq!(mock.lines().len(), 1);
    }
}

#[tokio::test]
async fn create_is_never_sent_twice_after_a_timeout_or_a_reset() {
    for behaviour in [
        Behaviour::Stall(Vec::new()),
        Behaviour::Reset(Vec::new()),
        Behaviour::Send(half_an_answer()),
        Behaviour::answer("503 Service Unavailable", "{}"),
    ] {
        let server = RawServer::start([behaviour.clone()]);
        let create = client(server.url(), quick()).create("Production", "production");
        let error = create.attempt_timeout(Duration::from_millis(800)).await.unwrap_err();
        let sent = server.lines_of(1).iter().filter(|line| line.starts_with("POST")).count();
        assert_eq!((sent, error.attempts()), (1, 4), "{behaviour:?}: all that follows are look-ups");
    }
    let mock = Mock::script([Reply::error(429, "later"), Op::Create.success()]);
    client(mock.url(), quick()).create("Production", "production").await.unwrap();
    assert_eq!(mock.lines().len(), 2, "it is certain that a 429 did nothing");
}

#[tokio::test(start_paused = true)]
async fn closed_port_is_bounded_and_the_error_says_how_often_it_tried() {
    let port = ClosedPort::new();
    let paused = Paused::new(port.url(), exact());
    let error = paused.client.get("production").await.unwrap_err();
    assert!(matches!(error, Error::Connect(_)), "{error:?}");
    assert_eq!((error.attempts(), paused.attempts()), (4, 4));
    assert!(error.to_string().contains("4 attempts"), "{error}");
}

#[tokio::test]
async fn cancel_or_deadline_during_a_backoff_is_seen_at_once() {
    let mock = Mock::always(Reply::error(503, "busy"));
    let client = client(mock.url(), exact().initial_interval(Duration::from_secs(30)));
    let start = Instant::now();
    let call = client.get("production").into_future();
    assert!(tokio::time::timeout(Duration::from_millis(1500), call).await.is_err());
    let error = client.get("production").timeout(Duration::from_secs(20)).await.unwrap_err();
    assert!(start.elapsed() < GENEROUS);
    assert!(matches!(error.api().unwrap().call().gave_up(), Some(GaveUp::OutOfTime { .. })), "{error:?}");
    assert_eq!(mock.lines().len(), 2);
}

#[tokio::test]
async fn deadline_holds_over_a_dripping_body() {
    let server = RawServer::start([Behaviour::Drip(half_an_answer(), Duration::from_millis(10))]);
    let start = Instant::now();
    let call = client(server.url(), RetryConfig::default()).get("production").timeout(Duration::from_millis(200));
    let error = call.await.unwrap_err();
    assert!(matches!(&error, Error::Timeout(e) if e.is_total()), "{error:?}");
    assert!(start.elapsed() < GENEROUS);
}

#[tokio::test]
async fn dot_segments_and_empty_ids_are_refused_before_anything_is_sent() {
    let mock = Mock::always(Reply::json(200, json!({})));
    let client = mock.client();
    for id in ["..", ".", ""] {
        for op in Op::on_a_workspace() {
            assert!(matches!(op.send_to(&client, id).await, Err(Error::InvalidInput(_))), "{op:?} {id:?}");
        }
        let interval = BudgetInterval::Other(id.to_owned());
        assert!(matches!(client.delete_budget("p", interval).await, Err(Error::InvalidInput(_))));
    }
    mock.assert_nothing_was_sent();
}

#[tokio::test]
async fn ids_that_look_like_paths_or_queries_never_call_another_endpoint() {
    let mock = Mock::always(Op::Get.success());
    for id in ["a/b", "../keys", "a\\b"] {
        assert!(matches!(mock.client().get(id).await, Err(Error::InvalidInput(_))), "{id}");
    }
    mock.assert_nothing_was_sent();
    for (id, line) in [("a?x=1", "GET /api/v1/workspaces/a%3Fx=1"), ("a#b", "GET /api/v1/workspaces/a%23b")] {
        let mock = Mock::always(Op::Get.success());
        mock.client().get(id).await.unwrap();
        assert_eq!(mock.lines(), [line]);
    }
}

#[tokio::test]
async fn patch_sends_null_absent_and_value_and_drops_no_server_tool() {
    let mock = Mock::always(Op::Update.success());
    let update = mock.client().update("production");
    update.clone().await.unwrap();
    let cleared = update.clone().description(None).default_text_model(None).default_image_model(None);
    let cleared = cleared.default_provider_sort(None).disabled_server_tools(None).io_logging_api_key_ids(None);
    cleared.await.unwrap();
    let tools = [ServerTool::Bash, ServerTool::Other("x:custom".to_owned())];
    update.disabled_server_tools(tools).description("D").await.unwrap();
    let bodies: Vec<_> = mock.requests().iter().map(Recorded::json).collect();
    let nulls = json!({
        "description": null, "default_text_model": null, "default_image_model": null,
        "default_provider_sort": null, "disabled_server_tools": null, "io_logging_api_key_ids": null
    });
    let values = json!({"disabled_server_tools": ["openrouter:bash", "x:custom"], "description": "D"});
    assert_eq!(bodies, [json!({}), nulls, values]);
}

#[tokio::test]
async fn values_that_break_a_rule_are_refused_naming_the_field_and_the_rule() {
    let mock = Mock::always(Reply::json(200, json!({})));
    let client = mock.client();
    let errors = [
        client.list().limit(101).await.unwrap_err(),
        client.create("P", "Bad Slug--").await.unwrap_err(),
        client.create("", "p").await.unwrap_err(),
        client.bulk_add_members("production", [""; 0]).await.unwrap_err(),
        client.set_budget("production", BudgetInterval::Daily, -1.0).await.unwrap_err(),
    ];
    let told = errors.map(|error| match error {
        Error::InvalidInput(error) => format!("{} {}", error.field(), error.rule()),
        other => panic!("{other:?}"),
    });
    let expected = [
        "limit must be at most 100, is 101",
        "slug must be lowercase letters, digits, and single hyphens between them",
        "name must not be empty",
        "user_ids must have at least 1 item(s), has 0",
        "limit_usd must be greater than 0, is -1",
    ];
    assert_eq!(told, expected);
    mock.assert_nothing_was_sent();
}

#[tokio::test]
async fn status_402_408_409_and_429_are_typed() {
    for status in [402, 408, 409, 429] {
        let mock = Mock::always(Reply::error(status, "so it is"));
        let error = mock.client().create("Production", "production").await.unwrap_err();
        let typed = match status {
            402 => matches!(error, Error::PaymentRequired(_)),
            409 => matches!(error, Error::Conflict(_)),
            429 => matches!(error, Error::RateLimited(_)),
            _ => matches!(&error, Error::Api(e) if e.status() == 408),
        };
        assert!(typed, "{status}: {error:?}");
        assert_eq!(error.api().unwrap().message(), "so it is");
    }
}

#[tokio::test]
async fn error_body_of_another_shape_keeps_status_headers_request_id_body_and_class() {
    for body in ["<html>Not here</html>", "", "{\"error\": 7}", "{\"err"] {
        for status in [403, 404] {
            let reply = Reply::new(status, "text/html", body).header("cf-ray", "8f0a-FRA").header("x-a", "b");
            let error = Mock::always(reply).client().get("production").await.unwrap_err();
            let api = match &error {
                Error::Forbidden(api) if status == 403 => api,
                // It is not the API that says so, and about the workspace it says nothing.
                Error::WrongEndpoint(e) if status == 404 => e.answer(),
                other => panic!("{other:?}"),
            };
            assert_eq!((api.status(), api.request_id(), api.body()), (status, Some("8f0a-FRA"), body.as_bytes()));
            assert_eq!(api.headers()["x-a"], "b");
        }
    }
}

#[tokio::test]
async fn broken_json_and_cut_bodies_are_one_error_type_with_the_path() {
    let mut row = workspace();
    row["created_at"] = json!("yesterday");
    let mock = Mock::always(Reply::json(200, json!({"data": row})));
    let error = mock.client().get("production").await.unwrap_err();
    assert!(matches!(&error, Error::Decode(e) if e.path() == "data.created_at"), "{error:?}");

    let mock = Mock::always(Reply::new(200, "application/json", "{\"data\": {\"id\": \"7c9e"));
    assert!(matches!(mock.client().get("production").await, Err(Error::Decode(_))));

    // A connection that breaks in the body is not an answer.
    let server = RawServer::start([Behaviour::Send(half_an_answer())]);
    let error = client(server.url(), RetryConfig::none()).get("production").await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
}

#[tokio::test]
async fn unknown_enum_values_are_kept_typed_and_new_fields_are_never_an_error() {
    let mut row = workspace();
    row["default_provider_sort"] = json!("greenest");
    row["disabled_server_tools"] = json!(["openrouter:teleport"]);
    row["new_field"] = json!({"deep": [1]});
    let mock = Mock::always(Reply::json(200, json!({"data": row, "newer": true})));
    let response = mock.client().get("production").send_with_meta().await.unwrap();
    assert_eq!(response.data.default_provider_sort, Some(ProviderSort::Other("greenest".to_owned())));
    let tools = vec![ServerTool::Other("openrouter:teleport".to_owned())];
    assert_eq!(response.data.disabled_server_tools, Some(tools));
    assert!(String::from_utf8_lossy(response.body()).contains("new_field"), "the body has them still");
}

#[tokio::test]
async fn key_is_in_no_debug_output() {
    let mock = Mock::always(Reply::error(401, &format!("bad key {KEY}")).header("x-echo", KEY));
    let builder = mock.builder();
    let client = mock.client();
    let error = client.get("production").await.unwrap_err();
    let items = client.list().items();
    for text in [format!("{builder:?}{client:?}{items:?}"), format!("{error:?}{error}"), Op::Get.debug(&client)] {
        assert!(!text.contains(KEY), "{text}");
    }
}

#[tokio::test]
async fn plain_http_to_another_host_is_refused_and_redirects_are_not_followed() {
    let error = Client::builder().api_key(KEY).base_url("http://openrouter.ai/api/v1").build().unwrap_err();
    assert!(matches!(error, Error::InvalidInput(e) if e.field() == "base_url"));

    let elsewhere = Mock::always(Op::Get.success());
    let mock = Mock::always(Reply::empty(307).header("location", elsewhere.url()));
    let error = mock.client().get("production").await.unwrap_err();
    assert_eq!(error.status(), Some(307));
    elsewhere.assert_nothing_was_sent();
}

#[tokio::test]
async fn attribution_headers_are_sent_on_these_calls() {
    for op in Op::ALL {
        let mock = Mock::always(op.success());
        let builder = mock.builder().app_url("https://app.example").app_title("App").app_categories(["cli-agent"]);
        op.send(&builder.build().unwrap()).await.unwrap();
        let request = mock.only_request();
        let sent = ["http-referer", "x-openrouter-title", "x-openrouter-categories"].map(|name| request.header(name));
        assert_eq!(sent, [Some("https://app.example"), Some("App"), Some("cli-agent")], "{op:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn there_is_a_total_deadline_and_an_attempt_timeout_by_default() {
    let server = RawServer::start([Behaviour::Stall(Vec::new())]);
    let builder = Client::builder().api_key(KEY).base_url(server.url()).http_client(timerless());
    let client = builder.build().unwrap();
    let start = tokio::time::Instant::now();
    let error = client.get("production").retry(RetryConfig::none()).await.unwrap_err();
    assert!(matches!(&error, Error::Timeout(e) if !e.is_total() && e.limit() == Duration::from_secs(30)), "{error:?}");
    assert_eq!(start.elapsed().as_secs(), 30);

    let start = tokio::time::Instant::now();
    let patient = RetryConfig::default().max_attempts(1000).max_elapsed_time(Duration::from_secs(3600));
    let error = client.get("production").retry(patient).await.unwrap_err();
    assert!(matches!(&error, Error::Timeout(e) if e.is_total() && e.limit() == Duration::from_secs(120)), "{error:?}");
    assert_eq!(start.elapsed().as_secs(), 120);
}
