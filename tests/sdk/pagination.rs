//! Walks over lists that nobody changes meanwhile: which requests they make, what they yield, and how they end.
//!
//! Pages overlap, so that rows that moved between two of them are noticed; `walks.rs` is about that.

use std::future::poll_fn;
use std::task::Poll;

use crate::common::fixtures::workspace_row;
use crate::common::list::{List, Quirk, Waves, collect, slugs};
use crate::common::{KEY, Mock, Reply};
use futures_util::{FutureExt, StreamExt, TryStreamExt};
use openrouter_workspaces::{Client, Error, RetryConfig};
use serde_json::json;

#[tokio::test]
async fn items_yield_all_rows_in_order_a_hundred_a_request() {
    let server = List::workspaces(250).start();
    assert_eq!(collect(server.client().list().items()).await, slugs(0..250));
    // Each page begins with the last row of the page before.
    assert_eq!(server.windows(), [(0, 100), (99, 100), (198, 100)]);
    assert!(server.requests().iter().all(|request| request.path == "/api/v1/workspaces" && request.method == "GET"));
}

#[tokio::test]
async fn pages_yield_all_rows_without_those_that_came_before() {
    let server = List::workspaces(250).start();
    let mut pages = server.client().list().pages();
    let (mut seen, mut rows) = (Vec::new(), Vec::new());
    while let Some(page) = pages.try_next().await.unwrap() {
        seen.push((page.offset, page.data.len(), page.total_count, page.next_offset()));
        assert_eq!(pages.offset(), page.offset + page.data.len() as u64);
        rows.extend(page.data.into_iter().map(|row| row.slug));
    }
    assert_eq!(seen, [(0, 100, 250, Some(100)), (100, 99, 250, Some(199)), (199, 51, 250, None)]);
    assert_eq!(rows, slugs(0..250));
    assert_eq!((pages.offset(), server.lines().len()), (250, 3));
}

#[tokio::test]
async fn pages_that_would_fit_exactly_overlap_as_well() {
    let server = List::workspaces(200).start();
    assert_eq!(collect(server.client().list().items()).await, slugs(0..200));
    assert_eq!(server.windows(), [(0, 100), (99, 100), (198, 100)]);
}

#[tokio::test]
async fn small_pages_ask_for_the_overlap_on_top() {
    let server = List::workspaces(35).start();
    let pages: Vec<_> = server.client().list().limit(10).pages().map(Result::unwrap).collect().await;
    assert_eq!(
        pages.iter().map(|page| (page.offset, page.data.len())).collect::<Vec<_>>(),
        [(0, 10), (10, 10), (20, 10), (30, 5)]
    );
    assert_eq!(server.windows(), [(0, 10), (9, 11), (19, 11), (29, 11)]);
}

#[tokio::test]
async fn an_overlap_never_asks_for_more_than_a_hundred() {
    let server = List::workspaces(250).start();
    assert_eq!(collect(server.client().list().limit(99).items()).await, slugs(0..250));
    assert_eq!(server.windows(), [(0, 99), (98, 100), (197, 100)]);
}

#[tokio::test]
async fn a_row_at_a_time() {
    let server = List::workspaces(6).start();
    assert_eq!(collect(server.client().list().limit(1).items()).await, slugs(0..6));
    assert_eq!(server.windows(), [(0, 1), (0, 2), (1, 2), (2, 2), (3, 2), (4, 2)]);
}

#[tokio::test]
async fn a_long_walk_needs_one_percent_more_requests() {
    let server = List::workspaces(10_000).start();
    assert_eq!(collect(server.client().list().items()).await, slugs(0..10_000));
    let windows = server.windows();
    assert_eq!(windows.len(), 101);
    assert!(windows.iter().all(|(_, limit)| *limit == 100));
    assert!(windows.windows(2).all(|pair| pair[1].0 < pair[0].0 + 100), "every page overlaps the one before");
}

#[tokio::test]
async fn there_is_no_request_too_many() {
    // The first page brings 100 rows, and every other one 99.
    let cases = [(0, 1), (1, 1), (99, 1), (100, 1), (101, 2), (199, 2), (200, 3), (298, 3), (299, 4), (1000, 11)];
    for (total, requests) in cases {
        let server = List::workspaces(total).start();
        assert_eq!(collect(server.client().list().items()).await, slugs(0..total));
        assert_eq!(server.lines().len(), requests, "{total} rows");
    }
}

#[tokio::test]
async fn an_empty_list_has_no_items_and_no_pages() {
    let server = List::workspaces(0).start();
    assert!(server.client().list().items().next().await.is_none());
    assert!(server.client().list().pages().next().await.is_none());
    assert_eq!(server.windows(), [(0, 100), (0, 100)]);
}

#[tokio::test]
async fn a_short_page_is_not_the_end() {
    let server = List::workspaces(250).cap(30).start();
    assert_eq!(collect(server.client().list().limit(100).items()).await, slugs(0..250));
    let offsets = [0, 29, 58, 87, 116, 145, 174, 203, 232];
    assert_eq!(server.windows(), offsets.map(|offset| (offset, 100)));
    // Not even if a page has two rows only, one of which is the last one of the page before.
    let server = List::workspaces(7).cap(2).start();
    assert_eq!(collect(server.client().list().items()).await, slugs(0..7));
    assert_eq!(server.lines().len(), 6);
}

#[tokio::test]
async fn limit_and_offset_are_honoured() {
    let server = List::workspaces(50).start();
    assert_eq!(collect(server.client().list().offset(15).limit(20).items()).await, slugs(15..50));
    assert_eq!(server.windows(), [(14, 21), (34, 21)]);
}

#[tokio::test]
async fn an_offset_behind_the_end_yields_nothing() {
    let server = List::workspaces(50).start();
    for offset in [50, 70, 1_000_000] {
        assert!(server.client().list().offset(offset).items().next().await.is_none());
    }
    assert_eq!(server.windows(), [(49, 100), (69, 100), (999_999, 100)]);
}

#[tokio::test]
async fn a_walk_is_lazy() {
    let server = List::workspaces(6).start();
    let mut items = server.client().list().limit(2).items();
    let pages = server.client().list().pages();
    server.assert_nothing_was_sent();
    drop(pages);
    for n in 0..6 {
        assert_eq!(items.next().await.unwrap().unwrap().slug, format!("w{n}"));
        assert_eq!(server.lines().len(), n / 2 + 1, "row {n}");
        assert_eq!(items.offset(), n as u64 + 1);
    }
    assert!(items.next().await.is_none());
    assert_eq!(server.lines().len(), 3);
}

#[tokio::test]
async fn the_end_is_final() {
    let server = List::workspaces(1).start();
    let mut items = server.client().list().items();
    assert!(items.next().await.is_some());
    let mut pages = server.client().list().pages();
    assert!(pages.next().await.is_some());
    for _ in 0..3 {
        assert!(items.next().await.is_none());
        assert!(pages.next().await.is_none());
    }
    assert_eq!(server.lines().len(), 2);
}

#[tokio::test]
async fn items_and_pages_are_streams() {
    let server = List::workspaces(25).start();
    let list = server.client().list().limit(10);
    let rows: Vec<_> = StreamExt::map(list.clone().items(), |row| row.unwrap().slug).collect().await;
    assert_eq!(rows, slugs(0..25));
    let sizes: Vec<_> = list.clone().pages().map_ok(|page| page.data.len()).try_collect().await.unwrap();
    assert_eq!(sizes, [10, 10, 5]);
    let rows: Vec<_> = TryStreamExt::try_collect(list.clone().items().map_ok(|row| row.slug)).await.unwrap();
    assert_eq!(rows, slugs(0..25));
    assert_eq!(server.lines().len(), 9);
    let first: Vec<_> = list.items().take(2).map(|row| row.unwrap().slug).collect().await;
    assert_eq!((first, server.lines().len()), (slugs(0..2), 10));
}

#[tokio::test]
async fn dropping_the_future_of_next_loses_nothing() {
    let server = List::workspaces(45).start();
    for concurrency in [1, 3] {
        let mut items = server.client().list().limit(10).items().concurrency(concurrency);
        let mut rows = Vec::new();
        let mut dropped = 0;
        loop {
            // A future that has been polled once, and is dropped if that was not enough.
            match items.next().now_or_never() {
                Some(Some(row)) => rows.push(row.unwrap().slug),
                Some(None) => break,
                None => dropped += 1,
            }
            tokio::task::yield_now().await;
        }
        assert_eq!(rows, slugs(0..45));
        assert!(dropped >= 2, "{dropped} futures were dropped");
    }
    assert_eq!(server.lines().len(), 10, "nothing is asked for twice");
}

#[tokio::test]
async fn so_many_pages_are_fetched_at_once_and_no_more() {
    // A page alone, because the total is not known before, and nine more. The server answers the latest first.
    for (concurrency, at_once) in [(0, 1), (1, 1), (2, 2), (4, 4), (16, 9)] {
        let server = Waves::start(List::workspaces(100), at_once, 10);
        let client = Client::builder().api_key(KEY).base_url(server.url()).retry(RetryConfig::none()).build().unwrap();
        assert_eq!(collect(client.list().limit(10).items().concurrency(concurrency)).await, slugs(0..100));
        assert_eq!(server.requests_and_peak(), (10, at_once));
    }
}

#[tokio::test]
async fn concurrent_walks_ask_for_the_same_pages() {
    for (rows, cap) in [(0, 100), (1, 100), (200, 100), (250, 100), (250, 30), (777, 100)] {
        let mut expected = None;
        for concurrency in [1, 2, 5, 64] {
            let server = List::workspaces(rows).cap(cap).start();
            assert_eq!(collect(server.client().list().items().concurrency(concurrency)).await, slugs(0..rows));
            let mut windows = server.windows();
            windows.sort_unstable();
            assert_eq!(*expected.get_or_insert(windows.clone()), windows, "{rows} rows, {concurrency} at once");
        }
    }
}

#[tokio::test]
async fn pages_that_were_fetched_ahead_come_before_an_error() {
    // The requests after the first come in any order, so that the one that fails is told by its offset.
    let mock = Mock::start(|request, _| match request.query_pairs()[1].1.parse().unwrap() {
        29 => Reply::error(503, "busy"),
        from => {
            let limit: usize = request.query_pairs()[0].1.parse().unwrap();
            let rows: Vec<_> = (from..50.min(from + limit)).map(workspace_row).collect();
            Reply::json(200, json!({"data": rows, "total_count": 50}))
        }
    });
    let mut items = mock.client().list().limit(10).items().concurrency(4);
    for n in 0..30 {
        assert_eq!(items.next().await.unwrap().unwrap().slug, format!("w{n}"));
    }
    assert_eq!(items.next().await.unwrap().unwrap_err().status(), Some(503));
    assert!(items.next().await.is_none());
    assert_eq!(items.offset(), 30);
    assert!(mock.lines().len() <= 5, "{:?}", mock.lines());
}

#[tokio::test]
async fn an_error_is_yielded_once_and_then_nothing() {
    let server = List::workspaces(70).quirk(2..=2, Quirk::Fails).start();
    let mut items = server.client().list().limit(20).items();
    for n in 0..40 {
        assert_eq!(items.next().await.unwrap().unwrap().slug, format!("w{n}"));
    }
    assert_eq!(items.next().await.unwrap().unwrap_err().status(), Some(503));
    for _ in 0..3 {
        assert!(items.next().await.is_none());
    }
    assert_eq!((items.offset(), server.lines().len()), (40, 3));

    let mut pages = List::workspaces(1).quirk(.., Quirk::Fails).start().client().list().pages();
    assert!(pages.try_next().await.is_err());
    assert!(pages.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_wrong_limit_is_yielded_as_an_error_and_nothing_is_sent() {
    let server = List::workspaces(10).start();
    for limit in [0, 101, 200, u64::MAX] {
        let mut items = server.client().list().limit(limit).items();
        assert!(matches!(items.next().await, Some(Err(Error::InvalidInput(e))) if e.field() == "limit"));
        assert!(items.next().await.is_none());
    }
    server.assert_nothing_was_sent();
}

#[tokio::test]
async fn the_options_of_the_request_hold_for_every_page() {
    let server = List::workspaces(10).cap(2).start();
    server.client().list().header("x-trace", "4711").items().try_collect().await.unwrap();
    assert!(server.lines().len() >= 5);
    assert!(server.requests().iter().all(|request| request.header("x-trace") == Some("4711")));
}

#[tokio::test]
async fn every_page_is_retried_on_its_own() {
    let server = List::workspaces(30).quirk(0..=1, Quirk::Fails).quirk(4..=4, Quirk::Fails).start();
    let retry = RetryConfig::default().max_attempts(3).initial_interval(std::time::Duration::ZERO);
    assert_eq!(collect(server.client().list().retry(retry).limit(10).items()).await, slugs(0..30));
    assert_eq!(server.windows(), [(0, 10), (0, 10), (0, 10), (9, 11), (19, 11), (19, 11)]);
}

#[tokio::test]
async fn members_are_walked_the_same_way() {
    let server = List::members(250).cap(30).start();
    let rows = server.client().list_members("production").items().try_collect().await.unwrap();
    let users: Vec<_> = rows.into_iter().map(|row| row.user_id).collect();
    assert_eq!(users, (0..250).map(|n| format!("user_{n}")).collect::<Vec<_>>());
    let offsets = [0, 29, 58, 87, 116, 145, 174, 203, 232];
    assert_eq!(server.windows(), offsets.map(|offset| (offset, 100)));
    assert!(server.requests().iter().all(|request| request.path == "/api/v1/workspaces/production/members"));
}

#[tokio::test]
async fn a_walk_can_be_polled_by_hand() {
    let server = List::workspaces(3).start();
    let mut items = server.client().list().items();
    let mut rows = Vec::new();
    poll_fn(|cx| {
        while let Poll::Ready(row) = items.poll_next_unpin(cx) {
            match row {
                Some(row) => rows.push(row.unwrap().slug),
                None => return Poll::Ready(()),
            }
        }
        Poll::Pending
    })
    .await;
    assert_eq!(rows, slugs(0..3));
}
