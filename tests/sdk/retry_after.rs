//! What the server says about when to come back. The clock is paused.

use std::time::Duration;

use crate::common::ops::Op;
use crate::common::paused::{Paused, exact};
use crate::common::{Mock, Reply};
use openrouter_workspaces::{GaveUp, RetryConfig};
use tokio::time::Instant;

const GET: &str = "GET /api/v1/workspaces/production";

/// The wait between a failure with these headers and the success that follows it.
async fn wait_after(headers: &[(&str, &str)]) -> u128 {
    let mut failure = Reply::error(429, "slow down");
    for (name, value) in headers {
        failure = failure.header(name, *value);
    }
    let mock = Mock::script([failure, Op::Get.success()]);
    let paused = Paused::new(mock.url(), exact());
    paused.client.get("production").await.unwrap();
    assert_eq!(mock.lines(), [GET; 2]);
    paused.waits()[0]
}

#[tokio::test(start_paused = true)]
async fn seconds_are_a_floor_for_the_wait() {
    assert_eq!(wait_after(&[("retry-after", "7")]).await, 7000);
    assert_eq!(wait_after(&[("retry-after", "0")]).await, 500, "the backoff is longer");
}

#[tokio::test(start_paused = true)]
async fn a_date_is_a_floor_for_the_wait() {
    let now = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(wait_after(&[now, ("retry-after", "Sun, 06 Nov 1994 08:49:57 GMT")]).await, 20_000);
    assert_eq!(wait_after(&[now, ("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT")]).await, 500, "it has passed");
}

#[tokio::test(start_paused = true)]
async fn milliseconds_are_a_floor_for_the_wait() {
    assert_eq!(wait_after(&[("retry-after-ms", "1250")]).await, 1250);
    assert_eq!(wait_after(&[("retry-after-ms", "20")]).await, 500, "the backoff is longer");
    assert_eq!(wait_after(&[("retry-after-ms", "1250"), ("retry-after", "2")]).await, 2000);
}

#[tokio::test(start_paused = true)]
async fn nonsense_is_ignored() {
    for nonsense in ["soon", "-5", "inf", "NaN", ""] {
        assert_eq!(wait_after(&[("retry-after", nonsense)]).await, 500, "{nonsense}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_may_be_longer_than_max_interval_if_the_server_asks_for_it() {
    assert_eq!(wait_after(&[("retry-after", "45")]).await, 45_000);
}

#[tokio::test(start_paused = true)]
async fn jitter_does_not_go_below_the_floor() {
    for _ in 0..10 {
        let mock = Mock::script([Reply::error(503, "busy").header("retry-after", "3"), Op::Get.success()]);
        let paused = Paused::new(mock.url(), RetryConfig::default());
        paused.client.get("production").await.unwrap();
        assert_eq!(paused.waits(), [3000]);
    }
}

#[tokio::test(start_paused = true)]
async fn every_retried_status_may_ask_for_a_wait() {
    for status in [408, 429, 500, 502, 503, 504] {
        let mock = Mock::script([Reply::error(status, "no").header("retry-after", "9"), Op::Get.success()]);
        let paused = Paused::new(mock.url(), exact());
        paused.client.get("production").await.unwrap();
        assert_eq!(paused.waits(), [9000], "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn longer_than_max_elapsed_time_gives_up_at_once_and_says_so() {
    let mock = Mock::script([Reply::error(429, "slow down").header("retry-after", "86400"), Op::Get.success()]);
    let paused = Paused::new(mock.url(), exact());
    let start = Instant::now();
    let error = paused.client.get("production").await.unwrap_err();
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(mock.lines(), [GET], "nothing more was sent");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(86400)));
    let Some(GaveUp::OutOfTime { wait, remaining }) = error.api().unwrap().call().gave_up() else {
        panic!("{error:?}")
    };
    assert_eq!((*wait, *remaining), (Duration::from_secs(86400), Duration::from_secs(60)));
    assert!(error.to_string().contains("86400"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn longer_than_what_is_left_of_max_elapsed_time_gives_up_at_once() {
    let wait = |seconds: &str| Reply::error(503, "busy").header("retry-after", seconds);
    let mock = Mock::script([wait("40"), wait("40"), Op::Get.success()]);
    let paused = Paused::new(mock.url(), exact());
    let start = Instant::now();
    let error = paused.client.get("production").await.unwrap_err();
    assert_eq!(paused.waits(), [40_000]);
    assert!(start.elapsed() < Duration::from_secs(41), "it did not wait for the rest");
    assert_eq!(mock.lines(), [GET; 2]);
    assert!(matches!(error.api().unwrap().call().gave_up(), Some(GaveUp::OutOfTime { .. })));
}

/// With a deadline there is a timer while an answer is awaited, to which a paused clock would jump; so here it runs.
#[tokio::test]
async fn longer_than_what_is_left_of_the_deadline_gives_up_at_once() {
    let mock = Mock::script([Reply::error(429, "slow down").header("retry-after", "30"), Op::Get.success()]);
    let client = mock.builder().retry(exact()).timeout(Duration::from_secs(20)).build().unwrap();
    let error = client.get("production").await.unwrap_err();
    assert_eq!(mock.lines(), [GET], "nothing more was sent");
    let Some(GaveUp::OutOfTime { wait, remaining }) = error.api().unwrap().call().gave_up() else {
        panic!("{error:?}")
    };
    assert_eq!(*wait, Duration::from_secs(30));
    assert!(*remaining <= Duration::from_secs(20), "{remaining:?}");
}
