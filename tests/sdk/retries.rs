//! What is tried again, request by request, and how long it waits. The clock is paused.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::common::fixtures::ID;
use crate::common::ops::Op;
use crate::common::paused::{Paused, exact, timerless};
use crate::common::raw::{Behaviour, ClosedPort, RawServer, half_an_answer};
use crate::common::{KEY, Mock, Reply};
use openrouter_workspaces::{ApiKey, Client, Error, GaveUp, RetryConfig};
use tokio::time::Instant;

const GET: &str = "GET /api/v1/workspaces/production";
const CREATE: &str = "POST /api/v1/workspaces";

#[tokio::test(start_paused = true)]
async fn transient_statuses_are_retried_with_growing_waits() {
    for status in [408, 429, 500, 502, 503, 504] {
        let failure = || Reply::error(status, "not now");
        let mock = Mock::script([failure(), failure(), failure(), Op::Get.success()]);
        let paused = Paused::new(mock.url(), exact());
        let response = paused.client.get("production").send_with_meta().await.unwrap();
        assert_eq!(response.attempts(), 4, "{status}");
        assert_eq!(mock.lines(), [GET; 4], "{status}");
        assert_eq!(paused.waits(), [500, 1000, 2000], "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn final_statuses_are_never_retried() {
    for status in [301, 400, 401, 402, 403, 404, 405, 409, 410, 413, 418, 422, 425, 501, 505, 507] {
        let mock = Mock::script([Reply::error(status, "no"), Op::Get.success()]);
        let paused = Paused::new(mock.url(), exact());
        let error = paused.client.get("production").await.unwrap_err();
        assert_eq!((error.status(), error.attempts(), error.is_retryable()), (Some(status), 1, false));
        assert_eq!(error.api().unwrap().call().gave_up(), None, "such an error is not one to retry");
        assert_eq!(mock.lines(), [GET]);
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_are_bounded_and_the_error_says_so() {
    let mock = Mock::start(|_, n| Reply::error(503, &format!("failure {}", n + 1)));
    let paused = Paused::new(mock.url(), exact());
    let error = paused.client.get("production").await.unwrap_err();
    assert_eq!(mock.lines(), [GET; 4]);
    assert_eq!(paused.waits(), [500, 1000, 2000]);
    let api = error.api().unwrap();
    assert_eq!((api.message(), api.call().attempts()), ("failure 4", 4), "the last failure is the error");
    assert_eq!(api.call().gave_up(), Some(&GaveUp::AttemptsExhausted));
    assert!(error.to_string().contains("4 attempts"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn waits_follow_the_configured_interval_exponent_and_cap() {
    let mock = Mock::always(Reply::error(500, "no"));
    let retry = exact()
        .max_attempts(6)
        .initial_interval(Duration::from_millis(100))
        .exponent(3.0)
        .max_interval(Duration::from_secs(2));
    let paused = Paused::new(mock.url(), retry);
    paused.client.get("production").await.unwrap_err();
    assert_eq!(paused.waits(), [100, 300, 900, 2000, 2000]);
}

#[tokio::test(start_paused = true)]
async fn time_is_bounded_by_max_elapsed_time() {
    let mock = Mock::always(Reply::error(500, "no"));
    let retry = exact().max_attempts(100).max_elapsed_time(Duration::from_secs(10));
    let paused = Paused::new(mock.url(), retry);
    let error = paused.client.get("production").await.unwrap_err();
    // 0.5 + 1 + 2 + 4 are 7.5 s; the next wait of 8 s would end too late.
    assert_eq!(paused.waits(), [500, 1000, 2000, 4000]);
    assert_eq!(mock.lines(), [GET; 5]);
    let Some(GaveUp::OutOfTime { wait, remaining }) = error.api().unwrap().call().gave_up() else {
        panic!("{error:?}")
    };
    assert_eq!(*wait, Duration::from_secs(8));
    assert!(*remaining <= Duration::from_millis(2500) && *remaining > Duration::from_millis(2400), "{remaining:?}");
}

#[tokio::test(start_paused = true)]
async fn full_jitter_stays_between_zero_and_the_computed_wait() {
    let mut distinct = std::collections::HashSet::new();
    for _ in 0..20 {
        let mock = Mock::always(Reply::error(503, "no"));
        let paused = Paused::new(mock.url(), RetryConfig::default());
        paused.client.get("production").await.unwrap_err();
        let waits = paused.waits();
        assert_eq!(waits.len(), 3);
        for (wait, longest) in waits.iter().zip([500, 1000, 2000]) {
            // The clock has a granularity of a millisecond.
            assert!(*wait <= longest + 1, "{waits:?}");
        }
        distinct.extend(waits);
    }
    assert!(distinct.len() > 10, "the waits are spread: {distinct:?}");
}

#[tokio::test(start_paused = true)]
async fn no_retries_is_one_attempt() {
    let mock = Mock::always(Reply::error(503, "no"));
    let paused = Paused::new(mock.url(), RetryConfig::none());
    let error = paused.client.get("production").await.unwrap_err();
    assert_eq!(mock.lines(), [GET]);
    assert_eq!((error.attempts(), error.api().unwrap().call().gave_up()), (1, Some(&GaveUp::RetriesOff)));
    assert!(error.is_retryable(), "the caller may");
}

#[tokio::test(start_paused = true)]
async fn a_call_overrides_the_retries_of_the_client() {
    let mock = Mock::always(Reply::error(503, "no"));
    let paused = Paused::new(mock.url(), exact());
    let patient = exact().max_attempts(3).initial_interval(Duration::from_secs(7));
    paused.client.get("production").retry(patient).await.unwrap_err();
    assert_eq!(paused.waits(), [7000, 14000]);
    paused.client.get("production").retry(RetryConfig::none()).await.unwrap_err();
    assert_eq!(mock.lines(), [GET; 4]);
}

#[tokio::test(start_paused = true)]
async fn everything_but_create_is_repeated_after_a_503() {
    for op in Op::ALL {
        let mock = Mock::script([Reply::error(503, "busy"), op.success()]);
        let paused = Paused::new(mock.url(), exact().reconcile(false));
        let result = op.send(&paused.client).await;
        if op == Op::Create {
            assert_eq!(result.unwrap_err().status(), Some(503));
            assert_eq!(mock.lines(), [CREATE]);
            continue;
        }
        assert_eq!(result.unwrap(), 2, "{op:?}");
        assert_eq!(mock.lines(), [op.line(); 2]);
        let [first, second] = mock.requests().try_into().unwrap();
        assert_eq!((first.body, first.headers), (second.body, second.headers), "{op:?}: the same request twice");
    }
}

#[tokio::test(start_paused = true)]
async fn create_is_not_repeated_when_it_may_have_been_applied() {
    for status in [408, 500, 502, 503, 504] {
        // Not even when the server asks to come back.
        let mock = Mock::script([Reply::error(status, "no").header("retry-after", "1"), Op::Create.success()]);
        let paused = Paused::new(mock.url(), exact().reconcile(false));
        let error = paused.client.create("Production", "production").await.unwrap_err();
        assert_eq!(mock.lines(), [CREATE], "{status}");
        assert_eq!(error.api().unwrap().call().gave_up(), Some(&GaveUp::Ambiguous));
        assert!(error.to_string().contains("may have been applied"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn create_is_not_repeated_after_a_reset_or_a_cut_answer() {
    for behaviour in [
        Behaviour::Reset(Vec::new()),
        Behaviour::Reset(half_an_answer()),
        Behaviour::Send(half_an_answer()),
        Behaviour::Send(Vec::new()),
    ] {
        let server = RawServer::start([behaviour.clone()]);
        let paused = Paused::new(server.url(), exact().reconcile(false));
        let error = paused.client.create("Production", "production").await.unwrap_err();
        assert_eq!(server.lines(), [CREATE], "{behaviour:?}");
        let Error::Transport(error) = error else { panic!("{behaviour:?}: {error:?}") };
        assert_eq!((error.call().attempts(), error.call().gave_up()), (1, Some(&GaveUp::Ambiguous)));
    }
}

#[tokio::test]
async fn create_is_not_repeated_after_a_timeout() {
    let server = RawServer::start([Behaviour::Stall(Vec::new())]);
    let builder = Client::builder().api_key(KEY).base_url(server.url()).retry(exact().reconcile(false));
    let client = builder.attempt_timeout(Duration::from_millis(800)).build().unwrap();
    let error = client.create("Production", "production").await.unwrap_err();
    assert_eq!(server.lines_of(1), [CREATE]);
    let Error::Timeout(error) = error else { panic!("{error:?}") };
    assert_eq!(
        (error.is_total(), error.call().attempts(), error.call().gave_up()),
        (false, 1, Some(&GaveUp::Ambiguous))
    );
}

#[tokio::test(start_paused = true)]
async fn create_is_repeated_when_it_certainly_did_nothing() {
    let slow_down = || Reply::error(429, "slow down");
    let mock = Mock::script([slow_down(), slow_down(), Op::Create.success()]);
    let paused = Paused::new(mock.url(), exact());
    paused.client.create("Production", "production").await.unwrap();
    assert_eq!(mock.lines(), [CREATE; 3]);

    let port = ClosedPort::new();
    let paused = Paused::new(port.url(), exact());
    let error = paused.client.create("Production", "production").await.unwrap_err();
    let Error::Connect(error) = error else { panic!("{error:?}") };
    assert_eq!((error.call().attempts(), error.call().gave_up()), (4, Some(&GaveUp::AttemptsExhausted)));
}

#[tokio::test(start_paused = true)]
async fn a_create_that_may_have_been_applied_at_its_second_attempt_is_not_repeated() {
    let replies = [Reply::error(429, "slow down"), Reply::error(502, "no"), Op::Create.success()];
    let mock = Mock::script(replies);
    let paused = Paused::new(mock.url(), exact().reconcile(false));
    let error = paused.client.create("Production", "production").await.unwrap_err();
    assert_eq!(mock.lines(), [CREATE; 2]);
    assert_eq!((error.status(), error.attempts()), (Some(502), 2));
    assert_eq!(error.api().unwrap().call().gave_up(), Some(&GaveUp::Ambiguous));
}

#[tokio::test(start_paused = true)]
async fn the_key_is_asked_for_at_every_attempt() {
    let mock = Mock::script([Reply::error(503, "busy"), Reply::error(503, "busy"), Op::Get.success()]);
    let asked = Arc::new(AtomicUsize::new(0));
    let key = move || {
        let n = asked.fetch_add(1, Ordering::SeqCst);
        async move { Ok(ApiKey::new(format!("sk-or-v1-{n}"))) }
    };
    let builder = Client::builder().api_key_from(key).base_url(mock.url()).retry(exact());
    let client = builder.no_timeouts().http_client(timerless()).build().unwrap();
    client.get("production").await.unwrap();
    let keys: Vec<_> = mock.requests().iter().map(|r| r.header("authorization").unwrap().to_owned()).collect();
    assert_eq!(keys, ["Bearer sk-or-v1-0", "Bearer sk-or-v1-1", "Bearer sk-or-v1-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_closed_port_is_tried_a_bounded_number_of_times_and_the_error_says_how_often() {
    let port = ClosedPort::new();
    let paused = Paused::new(port.url(), exact());
    let error = paused.client.get("production").await.unwrap_err();
    assert_eq!(paused.waits(), [500, 1000, 2000]);
    assert!(error.to_string().contains("4 attempts"), "{error}");
    assert!(error.is_retryable());
    let Error::Connect(error) = error else { panic!("{error:?}") };
    assert_eq!((error.call().attempts(), error.call().gave_up()), (4, Some(&GaveUp::AttemptsExhausted)));
}

#[tokio::test(start_paused = true)]
async fn a_broken_connection_is_retried() {
    for broken in [
        Behaviour::Reset(Vec::new()),
        Behaviour::Reset(half_an_answer()),
        Behaviour::Send(half_an_answer()),
        Behaviour::Send(Vec::new()),
    ] {
        let success = Behaviour::answer("200 OK", r#"{"deleted": true}"#);
        let server = RawServer::start([broken.clone(), broken.clone(), success]);
        let paused = Paused::new(server.url(), exact());
        let response = paused.client.delete(ID).send_with_meta().await.unwrap();
        assert_eq!((response.attempts(), response.data.deleted), (3, true));
        assert_eq!(server.lines(), vec![format!("DELETE /api/v1/workspaces/{ID}"); 3], "{broken:?}");
        assert_eq!(paused.waits(), [500, 1000]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_always_breaks_is_a_transport_error() {
    for broken in [Behaviour::Reset(Vec::new()), Behaviour::Reset(half_an_answer()), Behaviour::Send(half_an_answer())]
    {
        let server = RawServer::start([broken.clone()]);
        let paused = Paused::new(server.url(), exact());
        let error = paused.client.get("production").await.unwrap_err();
        assert_eq!(server.lines(), [GET; 4]);
        let Error::Transport(error) = error else { panic!("{broken:?}: {error:?}") };
        assert_eq!((error.call().attempts(), error.call().gave_up()), (4, Some(&GaveUp::AttemptsExhausted)));
    }
}

#[tokio::test(start_paused = true)]
async fn connection_errors_are_not_retried_when_that_is_off() {
    let retry = exact().retry_connection_errors(false);
    let port = ClosedPort::new();
    let paused = Paused::new(port.url(), retry.clone());
    let start = Instant::now();
    let Err(Error::Connect(error)) = paused.client.get("production").await else { panic!("it cannot connect") };
    assert_eq!((error.call().attempts(), start.elapsed()), (1, Duration::ZERO));

    let server = RawServer::start([Behaviour::Reset(Vec::new())]);
    let paused = Paused::new(server.url(), retry.clone());
    assert!(matches!(paused.client.get("production").await, Err(Error::Transport(_))));
    assert_eq!(server.lines(), [GET]);

    let mock = Mock::script([Reply::error(503, "busy"), Op::Get.success()]);
    let paused = Paused::new(mock.url(), retry);
    paused.client.get("production").await.unwrap();
    assert_eq!(mock.lines(), [GET; 2], "statuses still are");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_cannot_be_read_is_not_retried() {
    let mock = Mock::script([Reply::json(200, serde_json::json!({"data": 1})), Op::Get.success()]);
    let paused = Paused::new(mock.url(), exact());
    let error = paused.client.get("production").await.unwrap_err();
    assert!(matches!(error, Error::Decode(_)));
    assert_eq!((mock.lines().len(), error.attempts()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_failing_key_source_ends_the_call() {
    let mock = Mock::always(Op::Get.success());
    let key = || async { Err::<ApiKey, _>("the vault is sealed".into()) };
    let builder = Client::builder().api_key_from(key).base_url(mock.url()).retry(exact());
    let error = builder.no_timeouts().build().unwrap().get("production").await.unwrap_err();
    let Error::InvalidInput(invalid) = &error else { panic!("{error:?}") };
    assert_eq!(invalid.field(), "api_key");
    assert_eq!(invalid.underlying().map(ToString::to_string).as_deref(), Some("the vault is sealed"));
    assert!(error.to_string().contains("the vault is sealed"), "{error}");
    mock.assert_nothing_was_sent();
}
