//! Parameters that the caller adds to the URLs of a call.

use std::time::Duration;

use crate::common::fixtures::ID;
use crate::common::list::{List, slugs, take};
use crate::common::ops::Op;
use crate::common::{Mock, Reply};
use openrouter_workspaces::{Error, ResumePoint, RetryConfig};

#[tokio::test]
async fn a_server_of_another_age_is_reached_with_its_own_parameter() {
    let mock = Mock::always(Op::Delete.success());
    let client = mock.client();
    client.delete("default").query("confirm_default_settings_deletion", "true").await.unwrap();
    let both = client.delete("default").confirm_default_workspace_deletion(true);
    both.query("confirm_default_settings_deletion", "true").await.unwrap();
    let lines = [
        "DELETE /api/v1/workspaces/default?confirm_default_settings_deletion=true",
        "DELETE /api/v1/workspaces/default?confirm_default_workspace_deletion=true&confirm_default_settings_deletion=true",
    ];
    assert_eq!(mock.lines(), lines);
}

#[tokio::test]
async fn names_and_values_are_escaped_and_may_come_twice() {
    let mock = Mock::always(Op::Get.success());
    let request = mock.client().get("production").query("a b", "1&2=3 é").query("x", "").query("x", "a+b%#?");
    request.await.unwrap();
    let line = "GET /api/v1/workspaces/production?a%20b=1%262%3D3%20%C3%A9&x=&x=a%2Bb%25%23%3F";
    assert_eq!(mock.lines(), [line]);
}

#[tokio::test]
async fn a_parameter_of_the_operation_and_one_without_a_name_are_refused() {
    let mock = Mock::always(Op::List.success());
    let client = mock.client();
    for (result, name) in [
        (client.list().query("limit", "5").await.map(drop), "query limit"),
        (client.list_members("a").query("offset", "5").await.map(drop), "query offset"),
        (
            client.delete("a").query("confirm_default_workspace_deletion", "true").await.map(drop),
            "query confirm_default_workspace_deletion",
        ),
        (client.get("a").query("", "5").await.map(drop), "query "),
    ] {
        let Err(Error::InvalidInput(error)) = result else { panic!("not refused: {name}") };
        assert_eq!(error.field(), name);
    }
    let first = client.list().query("limit", "5").items().next().await;
    assert!(matches!(first, Some(Err(Error::InvalidInput(_)))), "{first:?}");
    mock.assert_nothing_was_sent();
}

#[tokio::test]
async fn every_request_of_a_call_has_it_and_no_other_call() {
    let mock = Mock::script([
        Reply::error(503, "busy"),
        Reply::error(404, "Workspace not found"),
        Op::Get.success(),
        Op::Get.success(),
    ]);
    let client = mock.client();
    let retry = RetryConfig::default().initial_interval(Duration::ZERO);
    client.list_budgets("production").query("v", "1").retry(retry).await.unwrap();
    client.get(ID).await.unwrap();
    let budgets = "GET /api/v1/workspaces/production/budgets?v=1".to_owned();
    let get = "GET /api/v1/workspaces";
    assert_eq!(mock.lines(), [budgets.clone(), budgets, format!("{get}/production?v=1"), format!("{get}/{ID}")]);
}

#[tokio::test]
async fn every_page_of_a_walk_has_it_and_its_resume_point_belongs_to_the_list_with_it() {
    let server = List::workspaces(7).start();
    let client = server.client();
    let mut walk = client.list().query("team", "a b").limit(3).items();
    assert_eq!(take(&mut walk, 4).await, slugs(0..4));
    assert!(server.lines().len() > 1);
    assert!(server.lines().iter().all(|line| line.ends_with("&team=a%20b")), "{:?}", server.lines());

    let point: ResumePoint = serde_json::from_str(&serde_json::to_string(&walk.resume_point()).unwrap()).unwrap();
    let sent = server.lines().len();
    for other in [client.list(), client.list().query("team", "b"), client.list().query("team", "a b").query("x", "")] {
        let refused = other.items().resume_from(point.clone()).next().await;
        assert!(matches!(&refused, Some(Err(Error::InvalidInput(e))) if e.field() == "resume_from"), "{refused:?}");
    }
    assert_eq!(server.lines().len(), sent);
    let rest = client.list().query("team", "a b").limit(3).items().resume_from(point).try_collect().await.unwrap();
    assert_eq!(rest.into_iter().map(|row| row.slug).collect::<Vec<_>>(), slugs(4..7));
}
