//! Refusals to change members, each with the variant that the documentation of the call names, and its message.

use openrouter_sandbox::Sandbox;
use openrouter_workspaces::{Client, Error};

/// A server like the real one, with the workspace `team`, which user_1, user_2 and user_3 belong to.
async fn team() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().scim_member("user_2").in_memory().unwrap();
    let builder = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url());
    let client = builder.http_service(sandbox.service()).build().unwrap();
    client.create("Team", "team").await.unwrap();
    client.bulk_add_members("team", ["user_1", "user_2", "user_3"]).await.unwrap();
    (sandbox, client)
}

#[tokio::test]
async fn members_of_the_default_workspace_cannot_be_changed() {
    let (_, client) = team().await;
    for error in [
        client.bulk_add_members("default", ["user_1"]).await.map(drop).unwrap_err(),
        client.bulk_remove_members("default", ["user_1"]).await.map(drop).unwrap_err(),
    ] {
        let Error::Forbidden(error) = error else { panic!("{error:?}") };
        assert_eq!(error.message(), "Cannot modify members of the default workspace");
    }
}

#[tokio::test]
async fn users_outside_the_organization_are_a_bad_request_and_nobody_is_added() {
    let (sandbox, client) = team().await;
    let error = client.bulk_add_members("team", ["user_4", "nobody"]).await.unwrap_err();
    let Error::BadRequest(error) = error else { panic!("{error:?}") };
    assert_eq!(error.message(), "Some users are not members of the organization");
    assert_eq!(sandbox.members("team").unwrap().len(), 3);
}

#[tokio::test]
async fn members_that_an_identity_provider_manages_are_forbidden_and_nobody_is_removed() {
    let (sandbox, client) = team().await;
    let error = client.bulk_remove_members("team", ["user_1", "user_2"]).await.unwrap_err();
    let Error::Forbidden(error) = error else { panic!("{error:?}") };
    assert!(error.message().contains("user_2"), "{}", error.message());
    assert_eq!(sandbox.members("team").unwrap().len(), 3);
}

#[tokio::test]
async fn members_with_active_keys_are_a_bad_request_and_all_are_named() {
    let (sandbox, client) = team().await;
    sandbox.add_api_key("team", "user_1").unwrap();
    sandbox.add_api_key("team", "user_3").unwrap();
    let error = client.bulk_remove_members("team", ["user_1", "user_3"]).await.unwrap_err();
    let Error::BadRequest(error) = error else { panic!("{error:?}") };
    assert!(error.message().contains("user_1") && error.message().contains("user_3"), "{}", error.message());
    assert_eq!(sandbox.members("team").unwrap().len(), 3);
}

#[tokio::test]
async fn who_is_added_again_is_counted_and_who_is_no_member_is_not() {
    let (_, client) = team().await;
    assert_eq!(client.bulk_add_members("team", ["user_1", "user_4"]).await.unwrap().added_count, 2);
    assert_eq!(client.bulk_remove_members("team", ["user_1", "user_5"]).await.unwrap().removed_count, 1);
}
