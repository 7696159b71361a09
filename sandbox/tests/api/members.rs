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
    assert_eq!(second["added_count"], 2, "one for each user named, new or not");
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
async fn strangers_are_named_and_nobody_is_added() {
    let api = start().await;
    let answer = add(&api, &["user_a", "user_2", "user_b"]).await;
    assert_eq!(answer.refused(400), "Some users are not members of the organization");
    assert_eq!(answer.body["error"]["metadata"]["user_ids"], json!(["user_a", "user_b"]));
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
async fn members_with_active_keys_are_all_named_and_nobody_is_removed() {
    let api = start().await;
    let users = ["user_2", "user_3", "user_4"];
    add(&api, &users).await.ok(200);
    api.sandbox.add_api_key("workspace-1", "user_2").unwrap();
    api.sandbox.add_api_key("workspace-1", "user_4").unwrap();
    let answer = remove(&api, &users).await;
    let message = answer.refused(400);
    assert!(message.ends_with("active API keys in this workspace: user_2, user_4"), "{message}");
    assert_eq!(answer.body["error"]["metadata"]["user_ids"], json!(["user_2", "user_4"]));
    assert_eq!(api.sandbox.members("workspace-1").unwrap().len(), 3);
    api.sandbox.revoke_api_keys("workspace-1", "user_2").unwrap();
    api.sandbox.revoke_api_keys("workspace-1", "user_4").unwrap();
    assert_eq!(remove(&api, &users).await.ok(200)["removed_count"], 3);
}

#[tokio::test]
async fn members_that_an_identity_provider_manages_are_all_named_and_nobody_is_removed() {
    let builder = Sandbox::builder().scim_member("user_2").scim_member("user_scim").scim_member("user_5");
    let api = Api::with(builder.seed_workspaces(1)).await;
    let users = ["user_scim", "user_3", "user_2"];
    assert_eq!(add(&api, &users).await.column("role"), ["member"; 3]);
    // Who is no member is not concerned, and the identity provider comes before the keys.
    api.sandbox.add_api_key("workspace-1", "user_3").unwrap();
    let answer = remove(&api, &["user_scim", "user_3", "user_2", "user_5"]).await;
    let message = answer.refused(403);
    assert!(message.ends_with("managed by SCIM: user_scim, user_2"), "{message}");
    assert_eq!(answer.body["error"]["metadata"]["user_ids"], json!(["user_scim", "user_2"]));
    assert_eq!(api.sandbox.members("workspace-1").unwrap().len(), 3);
}

#[tokio::test]
async fn an_identity_provider_can_begin_and_end_to_manage_a_user() {
    let api = start().await;
    add(&api, &["user_2"]).await.ok(200);
    api.sandbox.account().set_scim_managed("user_2", true).unwrap();
    remove(&api, &["user_2"]).await.refused(403);
    api.sandbox.account().set_scim_managed("user_2", false).unwrap();
    assert_eq!(remove(&api, &["user_2"]).await.ok(200)["removed_count"], 1);
    let error = api.sandbox.account().set_scim_managed("user_none", true).unwrap_err();
    assert_eq!(error.to_string(), "the sandbox has no user user_none");
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
        assert_eq!(answer.refused(403), "Cannot modify members of the default workspace");
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
