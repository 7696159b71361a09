//! Points from which walks go on, as JSON, and for which lists they are.

use openrouter_workspaces::{Client, Error, ResumePoint};
use serde_json::{Value, json};

use crate::promises::service::Memory;
use crate::promises::table::{Table, rest, take};

async fn point_behind(client: &Client, rows: usize) -> Value {
    let mut items = client.list().limit(10).items();
    take(&mut items, rows).await;
    serde_json::to_value(items.resume_point()).unwrap()
}

fn read(point: &Value) -> ResumePoint {
    serde_json::from_value(point.clone()).unwrap()
}

/// The rule that a refused point breaks.
fn rule(error: Error) -> String {
    match error {
        Error::InvalidInput(error) if error.field() == "resume_from" => error.rule().to_owned(),
        other => panic!("not about the point: {other:?}"),
    }
}

/// Asserts that a walk fails at once, and sends nothing.
async fn assert_refused(service: &Memory, client: &Client, point: &Value, because: &str) {
    let before = service.count();
    let mut items = client.list().items().concurrency(4).resume_from(read(point));
    let error = items.next().await.expect("an error").unwrap_err();
    assert_eq!((error.attempts(), error.call().operation()), (0, "list"));
    assert_eq!(rule(error), because);
    assert!(items.next().await.is_none());
    let mut pages = client.list().pages().resume_from(read(point));
    assert_eq!(rule(pages.next().await.expect("an error").unwrap_err()), because);
    assert!(pages.next().await.is_none());
    assert_eq!(service.count(), before, "nothing is sent");
}

#[tokio::test]
async fn a_point_survives_json_and_says_its_version_and_its_list() {
    let client = Table::new(25).serve().client();
    let point = point_behind(&client, 2).await;
    let expected = json!({
        "version": 1,
        "list": "https://openrouter.ai/api/v1/workspaces",
        "cursor": 2,
        "floor": 0,
        "seen": ["00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000001"]
    });
    assert_eq!(point, expected);
    assert_eq!(serde_json::to_value(read(&point)).unwrap(), point);
    assert_eq!(rest(client.list().items().resume_from(read(&point))).await.unwrap(), Vec::from_iter(2..25));
}

#[tokio::test]
async fn a_point_of_another_version_is_refused() {
    let service = Table::new(25).serve();
    let client = service.client();
    let mut point = point_behind(&client, 5).await;
    for version in [0, 2, u32::MAX] {
        point["version"] = json!(version);
        assert_refused(&service, &client, &point, &format!("must have version 1, has {version}")).await;
    }
}

#[tokio::test]
async fn a_point_of_another_list_is_refused() {
    let service = Table::new(25).serve();
    let client = service.client();
    let workspaces = "https://openrouter.ai/api/v1/workspaces";
    let members = |workspace: &str| client.list_members(workspace).items().resume_point();
    for (other, list) in [
        (members("production"), "https://openrouter.ai/api/v1/workspaces/production/members"),
        (members("staging"), "https://openrouter.ai/api/v1/workspaces/staging/members"),
    ] {
        let point = serde_json::to_value(other).unwrap();
        let because = format!("must be a point of the list {workspaces}, is one of {list}");
        assert_refused(&service, &client, &point, &because).await;
    }
    // Another server.
    let elsewhere = service.builder().base_url("https://eu.openrouter.ai/api/v1").build().unwrap();
    let point = point_behind(&elsewhere, 5).await;
    let because =
        format!("must be a point of the list {workspaces}, is one of https://eu.openrouter.ai/api/v1/workspaces");
    assert_refused(&service, &client, &point, &because).await;

    // Members of another workspace.
    let before = service.count();
    let mut items = client.list_members("staging").items().resume_from(members("production"));
    let because = rule(items.next().await.expect("an error").unwrap_err());
    assert!(because.contains("/staging/members, is one of") && because.ends_with("/production/members"), "{because}");
    let mut items = client.list_members("production").items().resume_from(read(&point));
    assert!(rule(items.next().await.expect("an error").unwrap_err()).contains("/production/members"));
    assert_eq!(service.count(), before, "nothing is sent");
}

#[tokio::test]
async fn another_page_size_and_another_offset_are_no_other_list() {
    let client = Table::new(40).serve().client();
    let mut items = client.list().offset(5).limit(10).items();
    assert_eq!(take(&mut items, 3).await, [5, 6, 7]);
    for request in [client.list(), client.list().limit(1), client.list().offset(30).limit(7)] {
        let rest = rest(request.items().resume_from(items.resume_point())).await.unwrap();
        assert_eq!(rest, Vec::from_iter(8..40));
    }
}

#[test]
fn what_is_no_point_cannot_be_read() {
    for text in [
        "{}",
        r#"{"version": 1, "list": "", "cursor": 0, "floor": 0}"#,
        r#"{"version": 1, "list": "", "cursor": -1, "floor": 0, "seen": []}"#,
        r#"{"version": 1, "list": "", "cursor": 0, "floor": 0, "seen": ["x"]}"#,
        r#"{"version": 1, "list": "", "cursor": 0, "floor": 0, "seen": [], "page": 2}"#,
    ] {
        assert!(serde_json::from_str::<ResumePoint>(text).is_err(), "{text}");
    }
}
