//! Walks over lists that others change meanwhile, and walks that stop and go on later.

use crate::common::fixtures::workspace_row;
use crate::common::list::{List, ListServer, Quirk, collect, created_now, slugs, sorted, take, walk};
use openrouter_workspaces::operation::ListMembers;
use openrouter_workspaces::{Error, Items};
use serde_json::Value;

/// Deletes the row at a position.
fn delete(at: usize) -> impl FnMut(&mut Vec<Value>) + Send + 'static {
    move |rows| drop(rows.remove(at))
}

/// Deletes the first row, and creates one at the end: the total stays what it is.
fn delete_and_create(rows: &mut Vec<Value>) {
    rows.remove(0);
    rows.push(created_now(9000));
}

/// Deletes the last row, and creates one at the front.
fn create_and_delete(rows: &mut Vec<Value>) {
    rows.pop();
    rows.insert(0, created_now(9000));
}

/// w0 to w(n-1) without those that were created meanwhile.
fn without_new(rows: &[String]) -> Vec<String> {
    rows.iter().filter(|slug| *slug != "w9000").cloned().collect()
}

#[tokio::test]
async fn rows_that_move_forward_between_two_pages_are_not_skipped() {
    for (rows, limit) in [(200, 100), (250, 100), (300, 100), (35, 10), (30, 10), (9, 3), (5, 1)] {
        for request in 1..3 {
            let server = List::workspaces(rows).before(request, delete(0)).start();
            let came = collect(server.client().list().limit(limit).items()).await;
            assert_eq!(sorted(came), sorted(slugs(0..rows)), "{rows} by {limit}, before {request}");
            assert!(server.lines().len() <= rows.div_ceil(limit as usize) + 4, "{:?}", server.windows());
        }
    }
}

#[tokio::test]
async fn rows_that_move_forward_come_in_order() {
    for rows in [200, 250] {
        let server = List::workspaces(rows).before(1, delete(0)).start();
        assert_eq!(collect(server.client().list().items()).await, slugs(0..rows));
    }
}

#[tokio::test]
async fn a_deletion_behind_the_walk_costs_no_request() {
    // Each page begins with the last row of the page before all the same.
    let server = List::workspaces(35).before(1, delete(20)).before(2, delete(25)).before(3, delete(31)).start();
    let came = collect(server.client().list().limit(10).items()).await;
    assert_eq!(came, slugs((0..35).filter(|n| ![20, 26, 33].contains(n))));
    assert_eq!(server.windows(), [(0, 10), (9, 11), (19, 11), (29, 11)]);
}

#[tokio::test]
async fn many_deletions_at_once_send_the_walk_back() {
    for (rows, limit) in [(200, 100), (250, 100), (90, 10)] {
        let many = limit as usize / 2;
        // Half of the first page, and all of it.
        for gone in [many, 2 * many] {
            let server = List::workspaces(rows).before(1, move |rows| drop(rows.drain(..gone))).start();
            let came = collect(server.client().list().limit(limit).items()).await;
            assert_eq!(sorted(came), sorted(slugs(0..rows)), "{gone} of {rows} by {limit}");
        }
        // All that came, and more.
        let server = List::workspaces(rows).before(1, move |rows| drop(rows.drain(..3 * many))).start();
        let came = collect(server.client().list().limit(limit).items()).await;
        assert_eq!(sorted(came), sorted([slugs(0..2 * many), slugs(3 * many..rows)].concat()));
        // All there is.
        let server = List::workspaces(rows).before(1, Vec::clear).start();
        assert_eq!(collect(server.client().list().limit(limit).items()).await, slugs(0..2 * many));
    }
}

#[tokio::test]
async fn rows_that_move_backward_do_not_come_twice() {
    for (rows, limit) in [(200, 100), (250, 100), (35, 10), (5, 1)] {
        for request in 1..3 {
            let create = |rows: &mut Vec<Value>| rows.insert(0, created_now(9000));
            let server = List::workspaces(rows).before(request, create).start();
            let came = collect(server.client().list().limit(limit).items()).await;
            assert_eq!(without_new(&came), slugs(0..rows));
            assert!(came.len() <= rows + 1);
        }
    }
}

#[tokio::test]
async fn a_change_that_the_total_does_not_tell_skips_and_repeats_nothing() {
    for (rows, limit) in [(200, 100), (300, 100), (400, 100), (250, 100), (35, 10), (30, 10), (9, 3)] {
        for request in 1..usize::div_ceil(rows, limit as usize) {
            let server = List::workspaces(rows).before(request, delete_and_create).start();
            let came = collect(server.client().list().limit(limit).items()).await;
            let expected = sorted([slugs(0..rows), slugs([9000])].concat());
            assert_eq!(sorted(came), expected, "{rows} by {limit}, before {request}");

            // The last row may be gone before the walk has got to it.
            let server = List::workspaces(rows).before(request, create_and_delete).start();
            let came = collect(server.client().list().limit(limit).items()).await;
            assert_eq!(sorted(without_new(&came)), sorted(slugs(0..rows - 1)), "{rows} by {limit}, before {request}");
        }
    }
}

#[tokio::test]
async fn a_walk_by_very_small_pages_survives_a_change() {
    for (rows, limit) in [(5, 1), (20, 1), (20, 2), (20, 3)] {
        for request in 1..usize::div_ceil(rows, limit as usize) {
            let server = List::workspaces(rows).before(request, create_and_delete).start();
            let (came, error) = walk(server.client().list().limit(limit).items()).await;
            assert!(error.is_none(), "{rows} by {limit}, before {request}: {error:?} {:?}", server.windows());
            let mut came = without_new(&came);
            came.retain(|slug| *slug != format!("w{}", rows - 1));
            assert_eq!(sorted(came), sorted(slugs(0..rows - 1)), "{rows} by {limit}, before {request}");
        }
    }
}

#[tokio::test]
async fn a_page_that_does_not_begin_with_a_known_row_sends_the_walk_back() {
    let server = List::workspaces(200).before(1, delete_and_create).start();
    let came = collect(server.client().list().items()).await;
    assert_eq!(came, [slugs(0..200), slugs([9000])].concat());
    // The page from 99 on begins with w100, which is not known; the one from 82 on begins with w83, which is.
    assert_eq!(server.windows(), [(0, 100), (99, 100), (82, 100), (181, 100)]);
    // A list that is as it was is not gone over again.
    let server = List::workspaces(199).start();
    assert_eq!((collect(server.client().list().items()).await.len(), server.lines().len()), (199, 2));
}

#[tokio::test]
async fn concurrent_walks_over_changing_lists_skip_and_repeat_nothing() {
    for (rows, limit) in [(400, 100), (450, 100), (100, 10)] {
        for concurrency in [2, 4, 16] {
            for request in 1..4 {
                let list = server_with(rows, request, delete(0));
                let walk = list.client().list().limit(limit).items().concurrency(concurrency);
                assert_eq!(sorted(collect(walk).await), sorted(slugs(0..rows)));

                let list = server_with(rows, request, delete_and_create);
                let walk = list.client().list().limit(limit).items().concurrency(concurrency);
                let expected = sorted([slugs(0..rows), slugs([9000])].concat());
                assert_eq!(sorted(collect(walk).await), expected);

                let list = server_with(rows, request, create_and_delete);
                let walk = list.client().list().limit(limit).items().concurrency(concurrency);
                let mut came = without_new(&collect(walk).await);
                // The last row is deleted meanwhile: it may come.
                came.retain(|slug| *slug != format!("w{}", rows - 1));
                assert_eq!(sorted(came), sorted(slugs(0..rows - 1)));
            }
        }
    }
}

fn server_with(rows: usize, request: usize, change: impl FnMut(&mut Vec<Value>) + Send + 'static) -> ListServer {
    List::workspaces(rows).before(request, change).start()
}

#[tokio::test]
async fn an_interrupted_walk_goes_on_in_the_middle_of_a_page() {
    for (rows, limit, before) in [(10, 100, 3), (250, 100, 150), (250, 100, 100), (200, 100, 99), (35, 10, 27)] {
        let server = List::workspaces(rows).start();
        let client = server.client();
        let mut items = client.list().limit(limit).items();
        let mut came = take(&mut items, before).await;
        assert_eq!(items.offset(), before as u64);
        let rest = client.list().limit(limit).items().resume_from(items.resume_point());
        assert_eq!(rest.offset(), before as u64);
        came.extend(collect(rest).await);
        assert_eq!(came, slugs(0..rows));
        // The walk itself is not disturbed.
        assert_eq!(collect(items).await, slugs(before..rows));
    }
}

#[tokio::test]
async fn a_walk_goes_on_though_rows_that_it_gave_were_deleted() {
    for (rows, limit, before) in [(250, 100, 150), (200, 100, 100), (300, 100, 200), (35, 10, 27), (9, 2, 5)] {
        for many in [1, 2, 4, before] {
            let server = List::workspaces(rows).start();
            let client = server.client();
            let mut items = client.list().limit(limit).items();
            let mut came = take(&mut items, before).await;
            server.change(|rows| drop(rows.drain(..many)));
            let rest = client.list().limit(limit).items().resume_from(items.resume_point());
            came.extend(collect(rest).await);
            assert_eq!(came, slugs(0..rows), "{many} of {rows} deleted");
        }
    }
}

#[tokio::test]
async fn a_walk_that_failed_goes_on_where_it_failed() {
    for (rows, limit) in [(250, 100), (300, 100), (35, 10)] {
        let server = List::workspaces(rows).quirk(2..=2, Quirk::Fails).before(3, delete_and_create).start();
        let client = server.client();
        let mut items = client.list().limit(limit).items();
        let mut came = Vec::new();
        let error = loop {
            match items.try_next().await {
                Ok(row) => came.push(row.expect("the error comes before the end").slug),
                Err(error) => break error,
            }
        };
        assert_eq!(error.status(), Some(503));
        assert!(items.next().await.is_none());
        came.extend(collect(client.list().limit(limit).items().resume_from(items.resume_point())).await);
        assert_eq!(came, [slugs(0..rows), slugs([9000])].concat());
    }
}

#[tokio::test]
async fn pages_go_on_where_they_failed() {
    let server = List::workspaces(50).quirk(2..=2, Quirk::Fails).before(3, delete(0)).start();
    let client = server.client();
    let mut pages = client.list().limit(20).pages();
    let mut came = Vec::new();
    for _ in 0..2 {
        came.extend(pages.next().await.unwrap().unwrap().data.into_iter().map(|row| row.slug));
    }
    assert!(pages.next().await.unwrap().is_err());
    assert!(pages.next().await.is_none());
    assert_eq!(pages.offset(), 40);
    let mut rest = client.list().limit(20).pages().resume_from(pages.resume_point());
    while let Some(page) = rest.try_next().await.unwrap() {
        came.extend(page.data.into_iter().map(|row| row.slug));
    }
    assert_eq!(came, slugs(0..50));
}

#[tokio::test]
async fn a_walk_can_be_resumed_after_every_row() {
    let server = List::workspaces(23).start();
    let client = server.client();
    let mut point = client.list().limit(5).items().resume_point();
    let mut came = Vec::new();
    loop {
        let mut items = client.list().limit(5).items().concurrency(2).resume_from(point);
        let Some(row) = items.try_next().await.unwrap() else { break };
        came.push(row.slug);
        point = items.resume_point();
    }
    assert_eq!(came, slugs(0..23));
}

#[tokio::test]
async fn a_walk_never_gives_rows_before_its_offset() {
    for (offset, limit) in [(15, 1), (15, 2), (15, 10), (1, 1)] {
        let server = List::workspaces(40).start();
        assert_eq!(
            collect(server.client().list().offset(offset).limit(limit).items()).await,
            slugs(offset as usize..40)
        );
    }
    // Not even if it has to go back.
    let server = List::workspaces(40).before(1, |rows| drop(rows.drain(20..25))).start();
    let came = collect(server.client().list().offset(15).limit(10).items()).await;
    assert_eq!(sorted(came), sorted(slugs(15..40)));
}

#[tokio::test]
async fn a_walk_that_is_over_goes_on_with_what_was_created_since() {
    let server = List::workspaces(25).start();
    let client = server.client();
    let mut items = client.list().limit(10).items();
    assert_eq!(take(&mut items, 25).await, slugs(0..25));
    assert!(items.next().await.is_none());
    let before = server.lines().len();
    assert_eq!(collect(client.list().limit(10).items().resume_from(items.resume_point())).await, [""; 0]);
    assert_eq!(server.lines().len(), before + 1);
    server.change(|rows| rows.push(created_now(25)));
    assert_eq!(collect(client.list().limit(10).items().resume_from(items.resume_point())).await, slugs([25]));
}

#[tokio::test]
async fn a_change_before_the_interruption_is_noticed_after_it() {
    // A row that came is deleted, and another is created behind all that came.
    let change = |rows: &mut Vec<Value>| {
        rows.remove(0);
        rows.insert(250, created_now(9000));
    };
    let server = List::workspaces(300).before(1, change).start();
    let client = server.client();
    let mut items = client.list().items();
    let mut came = take(&mut items, 200).await;
    came.extend(collect(client.list().items().resume_from(items.resume_point())).await);
    assert_eq!(sorted(came), sorted([slugs(0..300), slugs([9000])].concat()));
}

#[tokio::test]
async fn a_wrong_limit_of_a_resumed_walk_is_an_error_and_nothing_is_sent() {
    let server = List::workspaces(10).start();
    let client = server.client();
    let mut items = client.list().limit(4).items();
    take(&mut items, 3).await;
    for limit in [0, 101, u64::MAX] {
        let mut rest = client.list().limit(limit).items().resume_from(items.resume_point());
        let next = rest.next().await;
        assert!(matches!(&next, Some(Err(Error::InvalidInput(e))) if e.field() == "limit"), "{limit}: {next:?}");
        assert!(rest.next().await.is_none());
    }
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test]
async fn a_total_that_shrinks_or_grows_is_followed() {
    let server = List::workspaces(40).before(1, |rows| rows.truncate(20)).start();
    assert_eq!(collect(server.client().list().limit(20).items()).await, slugs(0..20));
    let server = List::workspaces(40).before(1, |rows| rows.extend((40..90).map(created_now))).start();
    assert_eq!(collect(server.client().list().limit(20).items()).await, slugs(0..90));
    let old = |rows: &mut Vec<Value>| rows.extend((40..90).map(workspace_row));
    let server = List::workspaces(40).before(1, old).start();
    assert_eq!(collect(server.client().list().limit(20).items()).await, slugs(0..90));
}

#[tokio::test]
async fn members_are_walked_the_same_way() {
    async fn users(items: Items<ListMembers>) -> Vec<String> {
        items.try_collect().await.unwrap().into_iter().map(|row| row.user_id).collect()
    }
    let expected: Vec<_> = (0..250).map(|n| format!("user_{n}")).collect();
    let server = List::members(250).before(1, delete(0)).before(2, delete(0)).start();
    assert_eq!(users(server.client().list_members("production").items().concurrency(2)).await, expected);

    let server = List::members(250).start();
    let client = server.client();
    let mut items = client.list_members("production").items();
    let mut came = Vec::new();
    for _ in 0..120 {
        came.push(items.next().await.unwrap().unwrap().user_id);
    }
    server.change(|rows| drop(rows.drain(..5)));
    came.extend(users(client.list_members("production").items().resume_from(items.resume_point())).await);
    assert_eq!(came, expected);
}
