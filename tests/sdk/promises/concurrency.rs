//! How many pages are fetched at once, and what one more of them costs.

use std::time::Duration;

use openrouter_workspaces::MAX_CONCURRENCY;

use crate::promises::service::Memory;
use crate::promises::table::{Table, rest};

/// A list whose answers take 100 ms, or each another time.
fn slow(rows: usize, varied: bool) -> Memory {
    let table = Table::new(rows);
    Memory::new(move |request, n| {
        let delay = if varied { 50 + n as u64 * 37 % 101 } else { 100 };
        table.answer(request).after(Duration::from_millis(delay))
    })
}

#[tokio::test(start_paused = true)]
async fn so_many_requests_are_in_flight_as_are_allowed_and_never_more() {
    assert_eq!(MAX_CONCURRENCY, 64);
    for (concurrency, peak) in [(0, 1), (1, 1), (2, 2), (63, 63), (64, 64), (65, 64), (1 << 20, 64), (usize::MAX, 64)] {
        for varied in [false, true] {
            let service = slow(1_000, varied);
            let rows = rest(service.client().list().limit(10).items().concurrency(concurrency)).await.unwrap();
            assert_eq!(rows, Vec::from_iter(0..1_000));
            assert_eq!((service.peak(), service.count()), (peak, 100), "{concurrency} at once");
            // The same for pages.
            let service = slow(1_000, varied);
            let mut pages = service.client().list().limit(10).pages().concurrency(concurrency);
            while pages.try_next().await.unwrap().is_some() {}
            assert_eq!(service.peak(), peak, "{concurrency} at once");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_costs_as_many_polls_at_any_concurrency() {
    for varied in [false, true] {
        for concurrency in [1, 4, 16, 64] {
            let service = slow(3_000, varied);
            rest(service.client().list().limit(10).items().concurrency(concurrency)).await.unwrap();
            // Once when it begins, and once when the answer is there.
            assert_eq!((service.count(), service.polls()), (300, 600), "{concurrency} at once");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn concurrent_pages_take_as_much_less_time() {
    for (concurrency, batches) in [(1, 199), (4, 50), (16, 13), (64, 4)] {
        let service = slow(2_000, false);
        let start = tokio::time::Instant::now();
        rest(service.client().list().limit(10).items().concurrency(concurrency)).await.unwrap();
        // The first page comes alone, for nobody knows how many there are.
        let expected = Duration::from_millis(100) * (1 + batches);
        assert!(start.elapsed() < expected + Duration::from_millis(500), "{concurrency}: {:?}", start.elapsed());
    }
}
