//! Consumers that take their time, and consumers that go away.

use std::time::Duration;

use openrouter_workspaces::RetryConfig;
use tokio::time::sleep;

use crate::promises::service::{Answer, Memory};
use crate::promises::table::Table;

const HOUR: Duration = Duration::from_secs(3600);

/// A healthy list, each of whose pages takes a second and a half, most of it for the body.
fn healthy(rows: usize) -> Memory {
    let table = Table::new(rows);
    Memory::new(move |request, _| {
        table.answer(request).after(Duration::from_millis(500)).in_parts(10, Duration::from_millis(100))
    })
}

#[tokio::test(start_paused = true)]
async fn a_consumer_that_takes_a_minute_for_each_page_gets_every_row() {
    for concurrency in [1, 2, 8] {
        let service = healthy(1_000);
        // The default timeouts: 30 s for an attempt, 120 s for a call.
        let mut pages = service.client().list().pages().concurrency(concurrency);
        let mut rows = 0;
        while let Some(page) = pages.try_next().await.unwrap_or_else(|e| panic!("{concurrency} at once: {e}")) {
            rows += page.data.len();
            sleep(Duration::from_secs(65)).await;
            // All that was asked for was read to its end while the consumer slept.
            assert_eq!((service.open(), service.abandoned()), (0, 0), "{concurrency} at once");
        }
        assert_eq!((rows, service.count()), (1_000, 11), "{concurrency} at once");
    }
}

#[tokio::test(start_paused = true)]
async fn a_consumer_of_rows_that_pauses_for_an_hour_gets_every_row_with_no_request_repeated() {
    for concurrency in [1, 2, 64] {
        let service = healthy(500);
        let mut items = service.client().list().items().concurrency(concurrency);
        for row in 0.. {
            if items.try_next().await.unwrap().is_none() {
                assert_eq!(row, 500);
                break;
            }
            if row % 70 == 0 {
                sleep(HOUR).await;
                assert_eq!(service.open(), 0, "{concurrency} at once");
            }
        }
        assert_eq!((service.count(), service.abandoned()), (6, 0), "{concurrency} at once");
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_is_asked_for_ahead_than_is_allowed_however_long_the_consumer_takes() {
    for (concurrency, ahead) in [(1, 0), (2, 2), (4, 4)] {
        let service = healthy(2_000);
        let mut pages = service.client().list().pages().concurrency(concurrency);
        for taken in 1..5 {
            pages.try_next().await.unwrap().unwrap();
            sleep(HOUR).await;
            assert_eq!(service.count(), taken + ahead, "{concurrency} at once");
        }
    }
}

/// Asserts that a walk which is dropped so much after it asked for its second page sends nothing more.
async fn assert_stops(case: &str, service: &Memory, after: Duration) {
    let retry = RetryConfig::default().max_attempts(1_000).max_elapsed_time(HOUR);
    let mut pages = service.client().list().retry(retry).timeout(HOUR).pages().concurrency(4);
    pages.try_next().await.unwrap().unwrap();
    tokio::select! {
        biased;
        _ = pages.next() => panic!("{case}: the second page came already"),
        () = sleep(after) => {}
    }
    let sent = service.count();
    assert!(sent > 1, "{case}: nothing is under way");
    drop(pages);
    sleep(2 * HOUR).await;
    assert_eq!((service.count(), service.open()), (sent, 0), "{case}");
}

#[tokio::test(start_paused = true)]
async fn dropping_a_walk_stops_requests_wherever_they_are() {
    let pages = |answer: fn(Answer) -> Answer| {
        let table = Table::new(1_000);
        Memory::new(move |request, n| match n {
            0 => table.answer(request),
            _ => answer(table.answer(request)),
        })
    };
    for ms in [1, 100, 999] {
        let after = Duration::from_millis(ms);
        let service = pages(|answer| answer.after(Duration::from_secs(1)));
        assert_stops("before the headers", &service, after).await;
        assert_eq!(service.abandoned(), 4);
        let service = pages(|answer| answer.in_parts(10, Duration::from_millis(100)));
        assert_stops("in the body", &service, after.min(Duration::from_millis(900))).await;
        assert_eq!(service.abandoned(), 4);
        let service = pages(|_| Answer::error(503, "busy").header("retry-after", "1"));
        assert_stops("between two attempts", &service, after).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_walk_that_is_dropped_before_its_task_began_sends_nothing() {
    let service = healthy(10);
    let mut items = service.client().list().items();
    assert!(futures_util::FutureExt::now_or_never(items.next()).is_none());
    drop(items);
    sleep(HOUR).await;
    assert_eq!(service.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_walk_that_fails_stops_what_was_asked_for_ahead() {
    let table = Table::new(1_000);
    let service = Memory::new(move |request, _| match request.number("offset") {
        Some(99) => Answer::error(403, "no").after(Duration::from_millis(10)),
        _ => table.answer(request).in_parts(10, Duration::from_millis(100)),
    });
    let mut pages = service.client().list().pages().concurrency(8);
    pages.try_next().await.unwrap().unwrap();
    assert_eq!(pages.next().await.unwrap().unwrap_err().status(), Some(403));
    assert!(pages.next().await.is_none());
    let sent = service.count();
    sleep(HOUR).await;
    assert_eq!((sent, service.count(), service.open()), (9, 9, 0));
}
