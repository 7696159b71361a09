//! Totals that are older than their pages, as a cache or a replica may have them.

use openrouter_workspaces::Error;

use crate::promises::service::Memory;
use crate::promises::table::{Table, rest};

/// A list of 250 rows, whose total is too large in the answers to some requests.
fn list(surplus: usize, stale: impl Fn(usize) -> bool + Send + Sync + 'static) -> Memory {
    let table = Table::new(250);
    Memory::new(move |request, n| table.page(request, if stale(n) { surplus } else { 0 }))
}

#[tokio::test(start_paused = true)]
async fn a_total_that_is_behind_for_a_few_answers_ends_no_walk() {
    for surplus in [1, 100, 10_000] {
        for first in 0..4 {
            for answers in 1..=5 {
                for (limit, concurrency) in [(100, 1), (100, 8), (30, 1), (30, 8)] {
                    let case =
                        format!("{surplus} too many in {answers} answers from {first} on, {concurrency} at once");
                    let service = list(surplus, move |n| (first..first + answers).contains(&n));
                    let came = rest(service.client().list().limit(limit).items().concurrency(concurrency)).await;
                    assert_eq!(
                        came.unwrap_or_else(|error| panic!("{case}: {error}")),
                        Vec::from_iter(0..250),
                        "{case}"
                    );
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_total_that_is_behind_until_the_rows_are_over_is_asked_for_again() {
    // The answers to the last page, and to a few requests for what should come behind it.
    for answers in 1..=6 {
        let service = list(100, move |n| (2..2 + answers).contains(&n));
        assert_eq!(rest(service.client().list().items()).await.unwrap(), Vec::from_iter(0..250));
        assert_eq!(service.count(), 3 + answers, "{:?}", service.lines());
    }
}

#[tokio::test(start_paused = true)]
async fn a_total_that_never_catches_up_is_an_error_after_all_rows_and_a_bounded_number_of_requests() {
    for (limit, concurrency, most) in [(100, 1, 15), (100, 8, 40), (10, 1, 40), (10, 64, 200)] {
        let service = list(100, |_| true);
        let mut items = service.client().list().limit(limit).items().concurrency(concurrency);
        let mut came = 0;
        let error = loop {
            match items.next().await.expect("no silent end") {
                Ok(_) => came += 1,
                Err(error) => break error,
            }
        };
        assert_eq!(came, 250, "{limit} a page, {concurrency} at once");
        let told = "list GET /workspaces: cannot list all rows: the server sends no rows, although 100 are left \
                    (at offset 250)";
        assert_eq!(error.to_string(), told);
        assert!(matches!(error, Error::Pagination(_)) && !error.is_retryable(), "{error:?}");
        assert!(service.count() <= most, "{} requests", service.count());
        assert!(items.next().await.is_none());
    }
}
