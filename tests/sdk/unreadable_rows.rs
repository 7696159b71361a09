//! Walks over lists with rows that cannot be read.

use crate::common::errors::decode;
use crate::common::fixtures::{member_row, workspace_row};
use crate::common::list::{List, ListServer, slugs};
use crate::common::{KEY, Mock, Reply};
use openrouter_workspaces::operation::ListWorkspaces;
use openrouter_workspaces::{Items, ResumePoint};
use serde_json::{Value, json};

/// A list of workspaces, some of which are replaced.
fn list(rows: usize, broken: impl IntoIterator<Item = (usize, Value)>) -> List {
    let mut all: Vec<_> = (0..rows).map(workspace_row).collect();
    for (place, row) in broken {
        all[place] = row;
    }
    List::new(all)
}

/// The row, created at a time that cannot be read.
fn unreadable(n: usize) -> Value {
    let mut row = workspace_row(n);
    row["created_at"] = json!("yesterday");
    row
}

/// The slugs of all rows, and in angle brackets the paths of those that cannot be read.
async fn outcome(mut walk: Items<ListWorkspaces>) -> Vec<String> {
    let mut rows = Vec::new();
    while let Some(row) = walk.next().await {
        rows.push(match row {
            Ok(row) => row.slug,
            Err(error) => format!("<{}>", decode(error).path()),
        });
    }
    rows
}

fn tolerant(server: &ListServer, limit: u64) -> Items<ListWorkspaces> {
    server.client().list().limit(limit).items().past_unreadable()
}

#[tokio::test]
async fn as_a_rule_a_walk_ends_at_the_page_of_the_first() {
    let server = list(40, [(17, unreadable(17))]).start();
    let mut walk = server.client().list().items();
    let error = decode(walk.next().await.unwrap().unwrap_err());
    assert_eq!(error.path(), "data[17].created_at");
    assert!(walk.next().await.is_none());
}

#[tokio::test]
async fn each_comes_in_its_place_as_an_error_with_its_json() {
    let mut no_name = workspace_row(3);
    no_name.as_object_mut().unwrap().remove("name");
    let rows = [workspace_row(0), unreadable(1), workspace_row(2), no_name.clone()];
    let page = Reply::json(200, json!({"data": rows, "total_count": 4})).header("x-request-id", "req-7");
    let mock = Mock::always(page);
    let mut walk = mock.client().list().items().past_unreadable();
    assert_eq!(walk.next().await.unwrap().unwrap().slug, "w0");
    let error = walk.next().await.unwrap().unwrap_err();
    assert_eq!((error.status(), error.request_id(), error.attempts()), (Some(200), Some("req-7"), 1));
    assert!(error.to_string().starts_with("list GET /workspaces: cannot read the answer"), "{error}");
    assert!(error.to_string().contains("data[1].created_at"), "{error}");
    let error = decode(error);
    assert_eq!(error.body(), unreadable(1).to_string().as_bytes());
    assert_eq!(error.headers()["x-request-id"], "req-7");
    assert_eq!(walk.next().await.unwrap().unwrap().slug, "w2");
    let error = decode(walk.next().await.unwrap().unwrap_err());
    assert_eq!((error.path(), error.body()), ("data[3]", no_name.to_string().as_bytes()));
    assert!(error.to_string().contains("missing field `name`"), "{error}");
    assert!(walk.next().await.is_none());
    assert_eq!(mock.requests().len(), 1);
}

#[tokio::test]
async fn every_row_comes_exactly_once_wherever_the_unreadable_ones_are() {
    for limit in [1, 2, 3, 7, 100] {
        for concurrency in [1, 5] {
            for broken in [vec![0], vec![11], vec![5, 6], vec![2, 3, 4, 8, 9], (0..12).collect()] {
                let rows = broken.iter().map(|n| (*n, unreadable(*n)));
                let server = list(12, rows).start();
                let rows = outcome(tolerant(&server, limit).concurrency(concurrency)).await;
                let kinds = |n| if broken.contains(&n) { None } else { Some(format!("w{n}")) };
                let seen: Vec<_> = rows.iter().map(|row| (!row.starts_with('<')).then(|| row.clone())).collect();
                assert_eq!(seen, (0..12).map(kinds).collect::<Vec<_>>(), "limit {limit}, broken {broken:?}: {rows:?}");
            }
        }
    }
}

#[tokio::test]
async fn rows_without_an_id_are_known_by_what_they_say() {
    let strange = [json!({"id": 7}), json!("text"), json!(null), json!([1]), json!({"id": "not-a-uuid", "name": "x"})];
    let places = [1, 3, 4, 7, 9];
    for limit in [2, 3, 100] {
        let server = list(10, places.into_iter().zip(strange.clone())).start();
        let rows = outcome(tolerant(&server, limit)).await;
        assert_eq!(rows.len(), 10, "limit {limit}: {rows:?}");
        let readable: Vec<_> = rows.iter().filter(|row| !row.starts_with('<')).cloned().collect();
        assert_eq!(readable, slugs([0, 2, 5, 6, 8]), "limit {limit}");
    }
}

#[tokio::test]
async fn rows_that_are_the_same_to_the_letter_come_once() {
    let server = list(10, [(2, json!({})), (6, json!({}))]).start();
    let rows = outcome(tolerant(&server, 4)).await;
    assert_eq!(rows.iter().filter(|row| row.starts_with('<')).count(), 1, "{rows:?}");
    assert_eq!(rows.iter().filter(|row| row.starts_with('w')).count(), 8, "{rows:?}");
}

#[tokio::test]
async fn rows_stay_complete_while_others_delete_and_create() {
    let broken = [3, 4, 8, 13].map(|n| (n, unreadable(n)));
    let list = list(20, broken).before(1, |rows| drop(rows.remove(0))).before(3, |rows| drop(rows.drain(1..3)));
    let server = list.before(4, |rows| rows.insert(0, workspace_row(99))).start();
    let rows = outcome(tolerant(&server, 4)).await;
    let expected: Vec<_> = (0..20).filter(|n| ![3, 4, 8, 13].contains(n)).collect();
    let mut readable: Vec<_> = rows.iter().filter(|row| !row.starts_with('<') && *row != "w99").cloned().collect();
    readable.sort();
    let mut expected = slugs(expected);
    expected.sort();
    assert_eq!(readable, expected);
    assert_eq!(rows.iter().filter(|row| row.starts_with('<')).count(), 4, "{rows:?}");
}

#[tokio::test]
async fn a_walk_is_resumed_before_and_behind_them() {
    for stop in 0..9 {
        let server = list(9, [(2, unreadable(2)), (3, json!({"no": "id"})), (8, unreadable(8))]).start();
        let mut walk = tolerant(&server, 4);
        let mut rows = Vec::new();
        for _ in 0..stop {
            rows.push(walk.next().await.unwrap().is_ok());
        }
        let point: ResumePoint = serde_json::from_str(&serde_json::to_string(&walk.resume_point()).unwrap()).unwrap();
        let mut rest = tolerant(&server, 4).resume_from(point);
        while let Some(row) = rest.next().await {
            rows.push(row.is_ok());
        }
        assert_eq!(rows, [true, true, false, false, true, true, true, true, false], "stopped at {stop}");
    }
}

#[tokio::test]
async fn a_page_without_a_list_of_rows_ends_the_walk() {
    for body in [json!({"data": 1, "total_count": 1}), json!({"data": [unreadable(0)]}), json!([]), json!({})] {
        let mock = Mock::always(Reply::json(200, body.clone()));
        let mut walk = mock.client().list().items().past_unreadable();
        let error = decode(walk.next().await.unwrap().unwrap_err());
        assert_eq!(error.body(), body.to_string().as_bytes());
        assert!(walk.next().await.is_none());
        assert_eq!(mock.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_page_that_takes_too_much_memory_is_not_read_by_the_row() {
    let mock = Mock::always(Reply::json(200, json!({"data": vec![1; 150], "total_count": 150})));
    let client = mock.builder().max_body_bytes(1200).build().unwrap();
    let mut walk = client.list().items().past_unreadable();
    let error = decode(walk.next().await.unwrap().unwrap_err());
    assert!(error.path() == "." && error.to_string().contains("more values than fit"), "{error}");
    assert!(walk.next().await.is_none());
}

#[tokio::test]
async fn the_key_is_hidden_in_a_row_and_members_are_walked_as_well() {
    let mut row = member_row(1);
    row["role"] = json!({"of": KEY});
    let mock = Mock::always(Reply::json(200, json!({"data": [member_row(0), row], "total_count": 2})));
    let mut walk = mock.client().list_members("production").items().past_unreadable();
    assert_eq!(walk.next().await.unwrap().unwrap().user_id, "user_0");
    let error = decode(walk.next().await.unwrap().unwrap_err());
    assert_eq!(error.path(), "data[1].role");
    let shown = format!("{error} {error:?} {}", String::from_utf8_lossy(error.body()));
    assert!(!shown.contains(KEY) && shown.contains("[hidden]"), "{shown}");
}

#[tokio::test]
async fn collecting_ends_at_the_first() {
    let server = list(5, [(2, unreadable(2))]).start();
    let error = tolerant(&server, 100).try_collect().await.unwrap_err();
    assert_eq!(decode(error).path(), "data[2].created_at");
}
