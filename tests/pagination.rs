//! Walks over lists: which requests they make, what they yield, and how they end.

mod common;

use common::fixtures::{member_row, workspace_row};
use common::{Mock, Recorded, Reply};
use futures_util::StreamExt;
use openrouter_workspaces::{Error, PaginationError};
use serde_json::{Value, json};

const LIST: &str = "/api/v1/workspaces";

/// One parameter of a request's query.
fn parameter(request: &Recorded, name: &str) -> Option<usize> {
    let pairs = request.query_pairs();
    pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.parse().expect("a number"))
}

/// The page that a request asks for, of `total` rows, at most `cap` in a page.
fn page(request: &Recorded, total: usize, cap: usize, row: fn(usize) -> Value) -> Reply {
    let offset = parameter(request, "offset").unwrap_or(0);
    let limit = parameter(request, "limit").unwrap_or(50);
    let end = total.min(offset + limit.min(cap));
    let rows: Vec<_> = (offset..end).map(row).collect();
    Reply::json(200, json!({"data": rows, "total_count": total}))
}

/// A server with this many workspaces.
fn server(total: usize, cap: usize) -> Mock {
    Mock::start(move |request, _| page(request, total, cap, workspace_row))
}

/// The offset and limit of every request.
fn windows(mock: &Mock) -> Vec<(usize, usize)> {
    let requests = mock.requests();
    requests.iter().map(|r| (parameter(r, "offset").unwrap_or(0), parameter(r, "limit").expect("a limit"))).collect()
}

fn slugs(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|n| format!("w{n}")).collect()
}

fn pagination(error: Error) -> Box<PaginationError> {
    match error {
        Error::Pagination(error) => error,
        other => panic!("not a pagination error: {other:?}"),
    }
}

#[tokio::test]
async fn items_yield_all_rows_in_order_a_hundred_a_request() {
    let mock = server(250, 100);
    let rows = mock.client().list().items().try_collect().await.unwrap();
    assert_eq!(rows.into_iter().map(|row| row.slug).collect::<Vec<_>>(), slugs(0..250));
    assert_eq!(windows(&mock), [(0, 100), (100, 100), (200, 100)]);
    assert!(mock.requests().iter().all(|request| request.path == LIST && request.method == "GET"));
}

#[tokio::test]
async fn pages_yield_all_pages() {
    let mock = server(250, 100);
    let mut pages = mock.client().list().pages();
    let mut seen = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        seen.push((page.offset, page.data.len(), page.total_count, page.next_offset()));
    }
    assert_eq!(seen, [(0, 100, 250, Some(100)), (100, 100, 250, Some(200)), (200, 50, 250, None)]);
    assert_eq!(pages.offset(), 250);
    assert_eq!(windows(&mock).len(), 3);
}

#[tokio::test]
async fn a_short_page_is_not_the_end() {
    let mock = server(250, 30);
    let rows = mock.client().list().limit(100).items().try_collect().await.unwrap();
    assert_eq!(rows.into_iter().map(|row| row.slug).collect::<Vec<_>>(), slugs(0..250));
    let expected: Vec<_> = (0..250).step_by(30).map(|offset| (offset, 100)).collect();
    assert_eq!(windows(&mock), expected);
}

#[tokio::test]
async fn there_is_no_request_too_many() {
    for (total, requests) in [(0, 1), (1, 1), (99, 1), (100, 1), (101, 2), (200, 2), (300, 3)] {
        let mock = server(total, 100);
        let rows = mock.client().list().items().try_collect().await.unwrap();
        assert_eq!((rows.len(), mock.lines().len()), (total, requests));
    }
}

#[tokio::test]
async fn an_empty_list_has_no_items_and_no_pages() {
    let mock = server(0, 100);
    assert!(mock.client().list().items().next().await.is_none());
    assert!(mock.client().list().pages().next().await.is_none());
    assert_eq!(windows(&mock), [(0, 100), (0, 100)]);
}

#[tokio::test]
async fn limit_and_offset_are_honoured() {
    let mock = server(50, 100);
    let rows = mock.client().list().offset(15).limit(20).items().try_collect().await.unwrap();
    assert_eq!(rows.into_iter().map(|row| row.slug).collect::<Vec<_>>(), slugs(15..50));
    assert_eq!(windows(&mock), [(15, 20), (35, 20)]);
}

#[tokio::test]
async fn an_offset_behind_the_end_yields_nothing() {
    let mock = server(50, 100);
    assert!(mock.client().list().offset(70).items().next().await.is_none());
    assert_eq!(mock.lines().len(), 1);
}

#[tokio::test]
async fn a_walk_is_lazy() {
    let mock = server(6, 100);
    let mut items = mock.client().list().limit(2).items();
    mock.assert_nothing_was_sent();
    for n in 0..6 {
        assert_eq!(items.next().await.unwrap().unwrap().slug, format!("w{n}"));
        assert_eq!(mock.lines().len(), n / 2 + 1, "row {n}");
        assert_eq!(items.offset(), n as u64 + 1);
    }
    assert!(items.next().await.is_none());
    assert_eq!(mock.lines().len(), 3);
}

#[tokio::test]
async fn the_end_is_final() {
    let mock = server(1, 100);
    let mut items = mock.client().list().items();
    assert!(items.next().await.is_some());
    for _ in 0..3 {
        assert!(items.next().await.is_none());
    }
    assert_eq!(mock.lines().len(), 1);
}

#[tokio::test]
async fn items_and_pages_are_streams() {
    let mock = server(5, 2);
    let client = mock.client();
    let rows: Vec<_> = StreamExt::collect::<Vec<_>>(client.list().items()).await;
    assert_eq!(rows.into_iter().map(|row| row.unwrap().slug).collect::<Vec<_>>(), slugs(0..5));
    let sizes: Vec<_> = client.list().pages().map(|page| page.unwrap().data.len()).collect().await;
    assert_eq!(sizes, [2, 2, 1]);
    let first: Vec<_> = client.list().items().take(2).map(|row| row.unwrap().slug).collect().await;
    assert_eq!(first, slugs(0..2));
    assert_eq!(mock.lines().len(), 3 + 3 + 1);
}

#[tokio::test]
async fn a_server_that_ignores_the_offset_is_an_error_and_no_loop() {
    let mock = Mock::start(|_, _| {
        Reply::json(200, json!({"data": (0..10).map(workspace_row).collect::<Vec<_>>(), "total_count": 1000}))
    });
    let mut items = mock.client().list().items();
    for n in 0..10 {
        assert_eq!(items.next().await.unwrap().unwrap().slug, format!("w{n}"));
    }
    let error = items.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("sent before"), "{error}");
    assert!(!error.is_retryable());
    assert_eq!(pagination(error).offset(), 10);
    assert!(items.next().await.is_none());
    assert_eq!(windows(&mock), [(0, 100), (10, 100)]);
}

#[tokio::test]
async fn a_server_that_goes_back_is_an_error() {
    // Pages 0, 1, and then 0 again.
    let rows = |from: usize| (from..from + 2).map(workspace_row).collect::<Vec<_>>();
    let reply = move |from| Reply::json(200, json!({"data": rows(from), "total_count": 10}));
    let mock = Mock::script([reply(0), reply(2), reply(0)]);
    let mut pages = mock.client().list().limit(2).pages();
    assert!(pages.next().await.unwrap().is_ok());
    assert!(pages.next().await.unwrap().is_ok());
    assert_eq!(pagination(pages.next().await.unwrap().unwrap_err()).offset(), 4);
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn an_empty_page_while_rows_are_left_is_an_error() {
    let mock = server(3, 2);
    let empty = Mock::start(|request, n| match n {
        0 => page(request, 5, 2, workspace_row),
        _ => Reply::json(200, json!({"data": [], "total_count": 5})),
    });
    let mut items = empty.client().list().items();
    assert!(items.next().await.unwrap().is_ok() && items.next().await.unwrap().is_ok());
    let error = items.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("3 are left"), "{error}");
    assert_eq!(pagination(error).offset(), 2);
    assert!(items.next().await.is_none());
    assert_eq!(empty.lines().len(), 2);
    // The same rows, from a server that goes on, are no error.
    assert_eq!(mock.client().list().items().try_collect().await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_total_that_shrinks_during_the_walk_ends_it() {
    let mock = Mock::start(|request, n| match n {
        0 => page(request, 4, 2, workspace_row),
        _ => Reply::json(200, json!({"data": [], "total_count": 2})),
    });
    assert_eq!(mock.client().list().items().try_collect().await.unwrap().len(), 2);
    assert_eq!(mock.lines().len(), 2);
}

#[tokio::test]
async fn an_error_is_yielded_once_and_the_walk_can_be_resumed_behind_the_rows_it_gave() {
    let mock = Mock::start(|request, n| match n {
        2 => Reply::error(503, "busy"),
        _ => page(request, 7, 100, workspace_row),
    });
    let client = mock.client();
    let mut items = client.list().limit(2).items();
    let mut rows = Vec::new();
    for _ in 0..4 {
        rows.push(items.next().await.unwrap().unwrap().slug);
    }
    assert_eq!(items.next().await.unwrap().unwrap_err().status(), Some(503));
    assert!(items.next().await.is_none());
    assert!(items.next().await.is_none());
    assert_eq!((items.offset(), mock.lines().len()), (4, 3));

    let rest = client.list().limit(2).offset(items.offset()).items().try_collect().await.unwrap();
    rows.extend(rest.into_iter().map(|row| row.slug));
    assert_eq!(rows, slugs(0..7));
}

#[tokio::test]
async fn pages_that_ended_with_an_error_can_be_resumed() {
    let mock = Mock::start(|request, n| match n {
        1 => Reply::error(500, "no"),
        _ => page(request, 5, 2, workspace_row),
    });
    let client = mock.client();
    let mut pages = client.list().pages();
    assert!(pages.next().await.unwrap().is_ok());
    assert!(pages.next().await.unwrap().is_err());
    assert!(pages.next().await.is_none());
    assert_eq!(pages.offset(), 2);
    let rest = client.list().offset(pages.offset()).items().try_collect().await.unwrap();
    assert_eq!(rest.into_iter().map(|row| row.slug).collect::<Vec<_>>(), slugs(2..5));
}

#[tokio::test]
async fn an_interrupted_walk_resumes_in_the_middle_of_a_page() {
    let mock = server(10, 100);
    let client = mock.client();
    let mut items = client.list().items();
    for _ in 0..3 {
        items.next().await.unwrap().unwrap();
    }
    let rest = client.list().offset(items.offset()).items().try_collect().await.unwrap();
    assert_eq!(rest.into_iter().map(|row| row.slug).collect::<Vec<_>>(), slugs(3..10));
}

#[tokio::test]
async fn a_wrong_limit_is_yielded_as_an_error_and_nothing_is_sent() {
    let mock = server(10, 100);
    for limit in [0, 101, 200] {
        let mut items = mock.client().list().limit(limit).items();
        assert!(matches!(items.next().await, Some(Err(Error::InvalidInput(e))) if e.field() == "limit"));
        assert!(items.next().await.is_none());
    }
    mock.assert_nothing_was_sent();
}

#[tokio::test]
async fn the_options_of_the_request_hold_for_every_page() {
    let mock = server(4, 2);
    mock.client().list().header("x-trace", "4711").items().try_collect().await.unwrap();
    let headers: Vec<_> = mock.requests().iter().map(|r| r.header("x-trace").map(str::to_owned)).collect();
    assert_eq!(headers, [Some("4711".to_owned()), Some("4711".to_owned())]);
}

#[tokio::test]
async fn members_are_walked_the_same_way() {
    let mock = Mock::start(|request, _| page(request, 250, 30, member_row));
    let rows = mock.client().list_members("production").items().try_collect().await.unwrap();
    let users: Vec<_> = rows.into_iter().map(|row| row.user_id).collect();
    assert_eq!(users, (0..250).map(|n| format!("user_{n}")).collect::<Vec<_>>());
    assert_eq!(windows(&mock), (0..250).step_by(30).map(|offset| (offset, 100)).collect::<Vec<_>>());
    assert!(mock.requests().iter().all(|r| r.path == "/api/v1/workspaces/production/members"));
}

#[tokio::test]
async fn a_member_list_that_ignores_the_offset_is_an_error() {
    let mock = Mock::start(|_, _| Reply::json(200, json!({"data": [member_row(0)], "total_count": 9})));
    let mut pages = mock.client().list_members("production").pages();
    assert!(pages.next().await.unwrap().is_ok());
    assert_eq!(pagination(pages.next().await.unwrap().unwrap_err()).offset(), 1);
    assert!(pages.next().await.is_none());
    assert_eq!(mock.lines().len(), 2);
}
