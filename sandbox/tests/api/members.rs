//! Rules about members.

use openrouter_sandbox::Sandbox;
use serde_json::json;

use crate::support::{Api, ApiResponse};

async fn start() -> Api {
    let builder = Sandbox::builder().organization_member("user_ada", "admin");
    Api::with(builder.seed_workspaces(1)).await
}

async fn add(api: &Api, users: &[&str]) -> ApiResponse {
    let path = "/workspaces/workspace-1/members/add";
    api.send("POST", path, json!({"user_ids": users})).await
}

async fn remove(api: &Api, users: &[&str]) -> ApiResponse {
    let path = "/workspaces/workspace-1/members/remove";
    api.send("POST", path, json!({"user_ids": users})).await
}

#[tokio::test]
async fn a_new_workspace_has_no_members() {
    let api = start().await;
    let body = api.call("GET", "/workspaces/workspace-1/members").await.ok(200);
    assert_eq!(body, json!({"data": [], "total_count": 0}));
}

#[tokio::test]
async fn added_members_have_their_role_in_the_organization() {
    let api = start().await;
    let answer = add(&api, &["user_2", "user_ada"]).await;
    assert_eq!(answer.column("user_id"), ["user_2", "user_ada"]);
    assert_eq!(answer.column("role"), ["member", "admin"]);
    assert_eq!(answer.body["added_count"], 2);
}

#[tokio::test]
async fn added_members_are_listed() {
    let api = start().await;
    let added = add(&api, &["user_3", "user_2"]).await.ok(200);
    let listed = api.call("GET", "/workspaces/workspace-1/members").await.ok(200);
    assert_eq!(listed["data"], added["data"]);
    assert_eq!(listed["total_count"], 2);
    assert_eq!(listed["data"], json!(api.sandbox.members("workspace-1").unwrap()));
}

#[tokio::test]
async fn a_membership_names_its_workspace() {
    let api = start().await;
    let answer = add(&api, &["user_2"]).await;
    assert_eq!(answer.body["data"][0]["workspace_id"], api.sandbox.workspaces()[1]["id"]);
}

#[tokio::test]
async fn adding_a_member_again_changes_nothing() {
    let api = start().await;
    let first = add(&api, &["user_2"]).await.ok(200);
    let second = add(&api, &["user_2", "user_3"]).await.ok(200);
    assert_eq!(second["added_count"], 1);
    assert_eq!(second["data"][0], first["data"][0]);
    assert_eq!(second["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_user_who_is_named_twice_is_added_once() {
    let api = start().await;
    let answer = add(&api, &["user_2", "user_3", "user_2"]).await;
    assert_eq!(answer.column("user_id"), ["user_2", "user_3"]);
    assert_eq!(answer.body["added_count"], 2);
}

#[tokio::test]
async fn a_stranger_is_named_and_nobody_is_added() {
    let api = start().await;
    let answer = add(&api, &["user_2", "user_stranger"]).await;
    assert!(answer.refused(400).contains("user_stranger"));
    assert!(api.sandbox.members("workspace-1").unwrap().is_empty());
}

#[tokio::test]
async fn one_to_a_hundred_users_can_be_added_and_removed() {
    let api = Api::with(Sandbox::builder().organization_members(101).seed_workspaces(1)).await;
    let users: Vec<String> = (1..=101).map(|n| format!("user_{n}")).collect();
    let users: Vec<&str> = users.iter().map(String::as_str).collect();
    for wrong in [&users[..0], &users[..]] {
        assert!(add(&api, wrong).await.refused(400).starts_with("user_ids: "));
        assert!(remove(&api, wrong).await.refused(400).starts_with("user_ids: "));
    }
    assert_eq!(add(&api, &users[..100]).await.ok(200)["added_count"], 100);
    assert_eq!(remove(&api, &users[1..]).await.ok(200)["removed_count"], 99);
}

#[tokio::test]
async fn members_are_listed_in_pages() {
    let api = Api::with(Sandbox::builder().organization_members(60).seed_workspaces(1)).await;
    let users: Vec<String> = (1..=60).map(|n| format!("user_{n}")).collect();
    let users: Vec<&str> = users.iter().map(String::as_str).collect();
    add(&api, &users).await.ok(200);
    let first = api.call("GET", "/workspaces/workspace-1/members").await;
    let second = api.call("GET", "/workspaces/workspace-1/members?offset=50").await;
    assert_eq!(first.column("user_id"), users[..50]);
    assert_eq!(second.column("user_id"), users[50..]);
    assert_eq!(second.body["total_count"], 60);
}

#[tokio::test]
async fn removed_members_are_counted() {
    let api = start().await;
    add(&api, &["user_2", "user_3", "user_4"]).await.ok(200);
    let body = remove(&api, &["user_3", "user_3", "user_5", "user_stranger"]).await.ok(200);
    assert_eq!(body, json!({"removed_count": 1}));
    let listed = api.call("GET", "/workspaces/workspace-1/members").await;
    assert_eq!(listed.column("user_id"), ["user_2", "user_4"]);
}

#[tokio::test]
async fn removing_again_removes_nobody() {
    let api = start().await;
    add(&api, &["user_2"]).await.ok(200);
    assert_eq!(remove(&api, &["user_2"]).await.ok(200)["removed_count"], 1);
    assert_eq!(remove(&api, &["user_2"]).await.ok(200)["removed_count"], 0);
}

#[tokio::test]
async fn a_member_with_active_keys_stays_and_so_do_the_others() {
    let api = start().await;
    add(&api, &["user_2", "user_3"]).await.ok(200);
    api.sandbox.add_api_key("workspace-1", "user_3").unwrap();
    assert!(remove(&api, &["user_2", "user_3"]).await.refused(400).contains("user_3"));
    assert_eq!(api.sandbox.members("workspace-1").unwrap().len(), 2);
    api.sandbox.revoke_api_keys("workspace-1", "user_3").unwrap();
    assert_eq!(remove(&api, &["user_2", "user_3"]).await.ok(200)["removed_count"], 2);
}

#[tokio::test]
async fn active_keys_in_another_workspace_do_not_matter() {
    let api = start().await;
    add(&api, &["user_2"]).await.ok(200);
    api.sandbox.add_api_key("default", "user_2").unwrap();
    assert_eq!(remove(&api, &["user_2"]).await.ok(200)["removed_count"], 1);
}

#[tokio::test]
async fn the_default_workspace_lists_the_whole_organization() {
    let api = start().await;
    let answer = api.call("GET", "/workspaces/default/members?limit=3&offset=3").await;
    assert_eq!(answer.column("user_id"), ["user_4", "user_5", "user_ada"]);
    assert_eq!(answer.body["total_count"], 6);
}

#[tokio::test]
async fn a_membership_of_the_default_workspace_is_always_the_same() {
    let api = start().await;
    let first = api.call("GET", "/workspaces/default/members").await.ok(200);
    let second = api.call("GET", "/workspaces/default/members").await.ok(200);
    assert_eq!(first, second);
}

#[tokio::test]
async fn nobody_is_added_to_the_default_workspace_or_removed_from_it() {
    let api = start().await;
    for action in ["add", "remove"] {
        let path = format!("/workspaces/default/members/{action}");
        let answer = api.send("POST", &path, json!({"user_ids": ["user_2"]})).await;
        assert!(answer.refused(400).contains("default workspace"));
    }
}

#[tokio::test]
async fn members_of_a_missing_workspace_are_answered_with_404() {
    let api = start().await;
    api.call("GET", "/workspaces/none/members").await.refused(404);
    for action in ["add", "remove"] {
        let path = format!("/workspaces/none/members/{action}");
        api.send("POST", &path, json!({"user_ids": ["user_2"]})).await.refused(404);
    }
}
