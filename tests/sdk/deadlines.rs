//! Deadlines, over servers that never answer, stall, or drip. Where time is real, the limits are short, and the
//! bounds that are asserted are generous.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::common::fixtures::ID;
use crate::common::paused::{Paused, exact, timerless};
use crate::common::raw::{Behaviour, RawServer, half_an_answer};
use crate::common::simulated::on_paused_clock;
use crate::common::{KEY, Mock, Reply};
use futures_util::future::{join, join_all};
use openrouter_workspaces::operation::GetWorkspace;
use openrouter_workspaces::{
    Client, Error, GaveUp, HttpFuture, HttpService, Request, RetryConfig, TimeoutError, reqwest,
};

const LIMIT: Duration = Duration::from_millis(800);
const GENEROUS: Duration = Duration::from_secs(5);
const GET: &str = "GET /api/v1/workspaces/production";

/// The ways in which a server can hold a call for ever.
fn endless() -> [Behaviour; 4] {
    let drip = Duration::from_millis(10);
    [
        Behaviour::Stall(Vec::new()),
        Behaviour::Stall(b"HTTP/1.1 200".to_vec()),
        Behaviour::Stall(half_an_answer()),
        Behaviour::Drip(half_an_answer(), drip),
    ]
}

fn client(server: &RawServer, retry: RetryConfig) -> Client {
    Client::builder().api_key(KEY).base_url(server.url()).retry(retry).build().unwrap()
}

fn quick() -> RetryConfig {
    RetryConfig::default().initial_interval(Duration::ZERO).max_attempts(3)
}

fn timeout<T: std::fmt::Debug>(result: Result<T, Error>) -> Box<TimeoutError> {
    match result {
        Err(Error::Timeout(error)) => error,
        other => panic!("a timeout was expected: {other:?}"),
    }
}

/// What becomes of a call to each of the endless servers, all at once.
async fn call_all(
    set: impl Fn(Request<GetWorkspace>) -> Request<GetWorkspace>,
) -> Vec<(Behaviour, RawServer, Box<TimeoutError>)> {
    let call = async |behaviour: Behaviour| {
        let server = RawServer::start([behaviour.clone()]);
        let start = Instant::now();
        let error = timeout(set(client(&server, quick()).get("production")).await);
        assert!(start.elapsed() < GENEROUS, "{behaviour:?}");
        (behaviour, server, error)
    };
    join_all(endless().map(call)).await
}

#[tokio::test]
async fn the_total_timeout_holds() {
    for (behaviour, server, error) in call_all(|request| request.timeout(LIMIT)).await {
        assert_eq!((error.is_total(), error.limit(), error.call().attempts()), (true, LIMIT, 1), "{behaviour:?}");
        assert_eq!(error.call().gave_up(), None);
        assert_eq!(server.lines_of(1), [GET]);
    }
}

#[tokio::test]
async fn the_attempt_timeout_holds_and_is_retried() {
    for (behaviour, server, error) in call_all(|request| request.attempt_timeout(LIMIT)).await {
        assert_eq!((error.is_total(), error.limit(), error.call().attempts()), (false, LIMIT, 3), "{behaviour:?}");
        assert_eq!(error.call().gave_up(), Some(&GaveUp::AttemptsExhausted));
        assert_eq!(server.lines_of(3), [GET; 3]);
    }
}

#[tokio::test]
async fn a_call_recovers_from_an_attempt_that_hangs() {
    let success = Behaviour::answer("200 OK", r#"{"deleted": true}"#);
    let server = RawServer::start([Behaviour::Stall(half_an_answer()), success]);
    let response = client(&server, quick()).delete(ID).attempt_timeout(LIMIT).send_with_meta().await.unwrap();
    assert_eq!((response.attempts(), response.data.deleted), (2, true));
}

#[tokio::test]
async fn the_timeouts_of_the_client_hold() {
    let server = RawServer::start([Behaviour::Stall(Vec::new())]);
    let builder = Client::builder().api_key(KEY).base_url(server.url()).retry(RetryConfig::none());
    let total = builder.clone().timeout(LIMIT).build().unwrap();
    let attempt = builder.attempt_timeout(LIMIT).build().unwrap();
    let calls = join(total.get("production").into_future(), attempt.get("production").into_future());
    let (of_total, of_attempt) = calls.await;
    assert!(timeout(of_total).is_total());
    let error = timeout(of_attempt);
    assert_eq!((error.is_total(), error.call().gave_up()), (false, Some(&GaveUp::RetriesOff)));
}

#[tokio::test(start_paused = true)]
async fn there_is_a_total_deadline_and_an_attempt_timeout_by_default() {
    let server = RawServer::start([Behaviour::Stall(Vec::new())]);
    let builder = Client::builder().api_key(KEY).base_url(server.url()).http_client(timerless());
    let client = builder.build().unwrap();
    let start = tokio::time::Instant::now();
    let error = timeout(client.get("production").retry(RetryConfig::none()).await);
    assert_eq!((error.is_total(), error.limit(), start.elapsed().as_secs()), (false, Duration::from_secs(30), 30));

    let start = tokio::time::Instant::now();
    let patient = RetryConfig::default().max_attempts(1000).max_elapsed_time(Duration::from_secs(3600));
    let error = timeout(client.get("production").retry(patient).await);
    assert_eq!((error.is_total(), error.limit(), start.elapsed().as_secs()), (true, Duration::from_secs(120), 120));
}

#[tokio::test(start_paused = true)]
async fn the_total_timeout_spans_all_attempts() {
    let server = RawServer::start([Behaviour::Stall(Vec::new())]);
    let paused = Paused::new(server.url(), quick().max_attempts(1000));
    let start = tokio::time::Instant::now();
    let request = paused.client.get("production").attempt_timeout(Duration::from_millis(300)).timeout(LIMIT);
    let error = timeout(request.await);
    assert_eq!((error.is_total(), error.call().attempts(), start.elapsed()), (true, 3, LIMIT));
}

/// Is busy once, and does not answer any more.
struct BusyOnce(AtomicBool);

impl HttpService for BusyOnce {
    fn call(&self, _: reqwest::Request) -> HttpFuture<'_> {
        if self.0.swap(true, Ordering::SeqCst) {
            return Box::pin(std::future::pending());
        }
        let busy = http::Response::builder().status(503).header("retry-after-ms", "150");
        let busy = busy.body(r#"{"error": {"code": 503, "message": "busy"}}"#).unwrap();
        Box::pin(async { Ok(busy.into()) })
    }
}

#[tokio::test(start_paused = true)]
async fn the_total_timeout_holds_in_the_attempt_after_a_wait() {
    let builder = Client::builder().api_key(KEY).http_service(BusyOnce(AtomicBool::new(false))).retry(quick());
    let client = builder.build().unwrap();
    let start = tokio::time::Instant::now();
    let error = timeout(client.get("production").timeout(LIMIT).await);
    assert_eq!((error.is_total(), error.limit(), error.call().attempts()), (true, LIMIT, 2));
    assert_eq!(start.elapsed(), LIMIT);
    let error = Error::Timeout(error).to_string();
    assert!(error.contains("busy"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_key_source_counts_toward_the_timeouts() {
    let mock = Mock::always(Reply::empty(200));
    let builder = Client::builder().api_key_from(std::future::pending).base_url(mock.url()).retry(RetryConfig::none());
    let client = builder.build().unwrap();
    assert!(!timeout(client.get("production").attempt_timeout(LIMIT).await).is_total());
    assert!(timeout(client.get("production").timeout(LIMIT).await).is_total());
    mock.assert_nothing_was_sent();
}

/// The time is over when the key comes, and nobody has noticed that yet: the thread was busy meanwhile.
#[tokio::test(start_paused = true)]
async fn nothing_is_sent_with_a_key_that_comes_when_the_time_is_over() {
    let late = || async {
        tokio::time::advance(2 * LIMIT).await;
        Ok(KEY.into())
    };
    let sandbox = on_paused_clock().in_memory().unwrap();
    let builder = Client::builder().api_key_from(late).base_url(sandbox.base_url()).http_service(sandbox.service());
    let client = builder.build().unwrap();
    assert!(timeout(client.get("production").timeout(LIMIT).await).is_total());
    assert!(!timeout(client.get("production").attempt_timeout(LIMIT).await).is_total());
    assert_eq!(sandbox.journal().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_during_a_wait_sends_nothing_more() {
    let mock = Mock::always(Reply::error(503, "busy"));
    let paused = Paused::new(mock.url(), exact().initial_interval(Duration::from_secs(10)));
    let mut call = paused.client.get("production").into_future();
    // A task that is always ready keeps the clock from jumping. Until the first attempt has failed, that is needed.
    let mut asked = None;
    while asked.is_none_or(|asked: Instant| asked.elapsed() < Duration::from_millis(100)) {
        tokio::select! {
            biased;
            result = &mut call => panic!("the wait is not over: {result:?}"),
            () = tokio::task::yield_now() => {}
        }
        asked = asked.or_else(|| (!mock.lines().is_empty()).then(Instant::now));
    }
    // Halfway through the wait of 10 s, the call is dropped.
    assert!(tokio::time::timeout(Duration::from_secs(5), call).await.is_err());
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!((mock.lines(), paused.attempts()), (vec![GET.to_owned()], 1));
}

#[tokio::test]
async fn a_call_that_is_dropped_while_it_waits_for_an_answer_sends_nothing_more() {
    let server = RawServer::start([Behaviour::Stall(Vec::new())]);
    let call = client(&server, quick()).get("production").into_future();
    assert!(tokio::time::timeout(LIMIT, call).await.is_err());
    assert!(server.lines().len() <= 1);
    tokio::time::sleep(LIMIT).await;
    assert_eq!(server.lines_of(1), [GET]);
}
