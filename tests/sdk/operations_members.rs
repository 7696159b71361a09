//! The operations on members: what is sent, and what is made of the answer.

use crate::common::fixtures::member;
use crate::common::{Mock, Reply};
use chrono::{DateTime, Utc};
use openrouter_workspaces::{Role, WorkspaceMember};
use serde_json::{Value, json};

fn assert_is_the_admin(member: &WorkspaceMember) {
    assert_eq!(member.id.to_string(), "0f8fad5b-d9cb-469f-a165-70867728950e");
    assert_eq!(member.workspace_id.to_string(), "7c9e6679-7425-40de-944b-e07fc1f90ae7");
    assert_eq!(member.user_id, "user_2ab9");
    assert_eq!(member.role, Role::Admin);
    assert_eq!(member.created_at, Some("2026-03-02T08:15:00Z".parse::<DateTime<Utc>>().unwrap()));
}

#[tokio::test]
async fn list_members_returns_a_page_with_known_and_unknown_roles() {
    let mut auditor = member();
    auditor["role"] = json!("auditor");
    let mut plain = member();
    plain["role"] = json!("member");
    let body = json!({"data": [member(), plain, auditor], "total_count": 5});
    let mock = Mock::always(Reply::json(200, body));
    let page = mock.client().list_members("production").await.unwrap();
    mock.only_request().assert("GET /api/v1/workspaces/production/members", Value::Null);
    assert_eq!((page.data.len(), page.total_count, page.next_offset()), (3, 5, Some(3)));
    assert_is_the_admin(&page.data[0]);
    assert_eq!(page.data[1].role, Role::Member);
    assert_eq!(page.data[2].role, Role::Other("auditor".to_owned()));
}

#[tokio::test]
async fn list_members_sends_offset_and_limit() {
    let mock = Mock::always(Reply::json(200, json!({"data": [], "total_count": 100})));
    let page = mock.client().list_members("production").limit(100).offset(100).await.unwrap();
    let request = mock.only_request();
    assert_eq!(request.path, "/api/v1/workspaces/production/members");
    assert_eq!(request.query_pairs(), [("limit".into(), "100".into()), ("offset".into(), "100".into())]);
    assert_eq!((page.data.len(), page.offset, page.next_offset()), (0, 100, None));
}

#[tokio::test]
async fn bulk_add_members_sends_the_users_and_returns_the_memberships() {
    let mock = Mock::always(Reply::json(200, json!({"data": [member()], "added_count": 1})));
    let added = mock.client().bulk_add_members("production", ["user_2ab9", "user_77cd"]).await.unwrap();
    let body = json!({"user_ids": ["user_2ab9", "user_77cd"]});
    mock.only_request().assert("POST /api/v1/workspaces/production/members/add", body);
    assert_eq!((added.data.len(), added.added_count), (1, 1));
    assert_is_the_admin(&added.data[0]);
}

#[tokio::test]
async fn bulk_remove_members_sends_the_users_and_returns_how_many_were_removed() {
    let mock = Mock::always(Reply::json(200, json!({"removed_count": 2})));
    let users = vec!["user_2ab9".to_owned(), "user_77cd".to_owned()];
    let removed = mock.client().bulk_remove_members("production", users).await.unwrap();
    let body = json!({"user_ids": ["user_2ab9", "user_77cd"]});
    mock.only_request().assert("POST /api/v1/workspaces/production/members/remove", body);
    assert_eq!(removed.removed_count, 2);
}
