//! Walks over lists whose server contradicts itself: they end in all rows or in an error, never in silence or a loop.

use crate::common::list::{List, ListServer, Quirk, collect, slugs, take, walk};
use openrouter_workspaces::operation::ListWorkspaces;
use openrouter_workspaces::{Delivery, Error, Items, PaginationError};

/// More requests than any of these walks may need.
const BOUND: usize = 200;

fn pagination(error: Error) -> Box<PaginationError> {
    assert_eq!(error.delivery(), Delivery::Answered, "{error}");
    match error {
        Error::Pagination(error) => error,
        other => panic!("not a pagination error: {other:?}"),
    }
}

/// Either all rows came once and in order, or some of them did and then an error. Never silence, never a loop.
async fn all_rows_or_an_error(server: &ListServer, rows: usize, items: Items<ListWorkspaces>) {
    let (came, error) = walk(items).await;
    match error {
        None => assert_eq!(came, slugs(0..rows)),
        Some(error) => {
            assert!(!error.is_retryable());
            pagination(error);
            assert!(came.len() <= rows && came == slugs(0..came.len()), "{came:?}");
        }
    }
    assert!(server.lines().len() < BOUND, "{} requests", server.lines().len());
}

#[tokio::test]
async fn a_server_that_ignores_the_offset_is_an_error_and_no_loop() {
    for (rows, cap, limit) in [(1000, 10, 100), (250, 100, 100), (200, 100, 100), (35, 100, 10), (5, 1, 100)] {
        for concurrency in [1, 4] {
            let server = List::workspaces(rows).cap(cap).quirk(.., Quirk::IgnoresOffset).start();
            let (came, error) = walk(server.client().list().limit(limit).items().concurrency(concurrency)).await;
            assert!(came.len() < rows && came == slugs(0..came.len()), "{came:?}");
            let error = error.expect("rows are missing");
            assert!(!error.is_retryable());
            // A server that sends one row at once has none behind the one that it was asked to begin with.
            let told = if cap == 1 { "no rows, although" } else { "sent before" };
            assert!(error.to_string().contains(told), "{error}");
            pagination(error);
            assert!(server.lines().len() <= 30, "{:?}", server.windows());
        }
    }
}

#[tokio::test]
async fn a_page_that_comes_again_once_loses_no_row() {
    for (rows, limit) in [(500, 100), (450, 100), (200, 100), (75, 10), (9, 2)] {
        for request in 1..4 {
            let server = List::workspaces(rows).quirk(request..=request, Quirk::RepeatsPage).start();
            all_rows_or_an_error(&server, rows, server.client().list().limit(limit).items()).await;
        }
    }
}

#[tokio::test]
async fn a_page_that_comes_again_for_ever_is_an_error() {
    for (rows, limit) in [(500, 100), (450, 100), (200, 100), (75, 10), (9, 2)] {
        for request in 1..usize::div_ceil(rows, limit as usize).min(5) {
            let server = List::workspaces(rows).quirk(request.., Quirk::RepeatsPage).start();
            let (came, error) = walk(server.client().list().limit(limit).items()).await;
            pagination(error.expect("rows are missing"));
            assert_eq!(came, slugs(0..came.len()));
            assert!(server.lines().len() <= 30, "{:?}", server.windows());
        }
    }
}

#[tokio::test]
async fn an_empty_page_while_rows_are_left_is_an_error() {
    for concurrency in [1, 4] {
        let server = List::workspaces(50).quirk(2.., Quirk::SendsNothing).start();
        let mut items = server.client().list().limit(10).items().concurrency(concurrency);
        assert_eq!(take(&mut items, 10).await, slugs(0..10));
        let (_, error) = walk(items).await;
        let error = error.expect("rows are missing");
        assert!(error.to_string().contains("no rows, although"), "{error}");
        pagination(error);
        // It may be the total that is too old, so that they are asked for a few times.
        assert!((9..=2 + 8 * concurrency).contains(&server.lines().len()), "{:?}", server.windows());
    }
    let server = List::workspaces(50).quirk(.., Quirk::SendsNothing).start();
    let (came, error) = walk(server.client().list().items()).await;
    assert_eq!((came.len(), server.lines().len()), (0, 8));
    let error = error.expect("rows are missing");
    assert!(error.to_string().contains("50 are left"), "{error}");
    assert_eq!(pagination(error).offset(), 0);
}

#[tokio::test]
async fn a_server_that_never_sends_more_than_one_row_is_an_error_and_no_loop() {
    let server = List::workspaces(7).cap(1).start();
    let (came, error) = walk(server.client().list().items()).await;
    pagination(error.expect("rows are missing"));
    assert_eq!(came, slugs(0..1));
    assert!(server.lines().len() <= 80, "{:?}", server.windows());
}

#[tokio::test]
async fn a_total_that_is_a_lie_ends_in_all_rows_or_an_error() {
    for (rows, limit) in [(250, 100), (200, 100), (99, 100), (35, 10), (3, 1)] {
        for lie in [0, -1, i64::MIN, 2, 7, 150, 251, 1_000, 1_000_000] {
            // A total of as many rows as were sent cannot be noticed.
            if lie > 0 && lie < rows as i64 && lie % limit as i64 == 0 {
                continue;
            }
            for concurrency in [1, 4] {
                let server = List::workspaces(rows).quirk(.., Quirk::Total(lie)).start();
                let walk = server.client().list().limit(limit).items().concurrency(concurrency);
                all_rows_or_an_error(&server, rows, walk).await;
            }
        }
    }
}

#[tokio::test]
async fn a_total_that_is_too_small_does_not_end_the_walk() {
    for lie in [0, -1, 50, 150] {
        let server = List::workspaces(250).quirk(.., Quirk::Total(lie)).start();
        assert_eq!(collect(server.client().list().items()).await, slugs(0..250));
        assert!(server.lines().len() <= 5, "{:?}", server.windows());
    }
    let server = List::workspaces(0).quirk(.., Quirk::Total(-1)).start();
    assert_eq!(collect(server.client().list().items()).await, [""; 0]);
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test]
async fn a_total_that_is_too_large_is_an_error_behind_all_rows() {
    for lie in [251, 1_000, 1_000_000] {
        let server = List::workspaces(250).quirk(.., Quirk::Total(lie)).start();
        let (came, error) = walk(server.client().list().items()).await;
        assert_eq!(came, slugs(0..250));
        let error = pagination(error.expect("rows are missing"));
        assert_eq!((error.offset(), error.call().operation(), error.call().path()), (250, "list", "/workspaces"));
        assert!(server.lines().len() <= 30, "{:?}", server.windows());
    }
}

#[tokio::test]
async fn an_absurd_total_is_no_reason_to_panic() {
    // A plan of all these pages would not fit into memory either.
    let server = List::workspaces(5).quirk(.., Quirk::Total(i64::MAX)).start();
    let (came, error) = walk(server.client().list().limit(1).items()).await;
    assert_eq!(came, slugs(0..5));
    pagination(error.expect("rows are missing"));
}

#[tokio::test]
async fn a_member_list_that_ignores_the_offset_is_an_error() {
    let server = List::members(250).quirk(.., Quirk::IgnoresOffset).start();
    pagination(server.client().list_members("production").items().try_collect().await.unwrap_err());
    assert!(server.lines().len() <= 20);
}
