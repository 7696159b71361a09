//! Rules about workspaces.

use serde_json::{Value, json};

use crate::support::Api;

async fn create(api: &Api, slug: &str) -> Value {
    let body = json!({"name": "A", "slug": slug});
    api.send("POST", "/workspaces", body).await.ok(201)["data"].take()
}

#[tokio::test]
async fn a_new_account_has_a_default_workspace() {
    let api = Api::start().await;
    let body = api.call("GET", "/workspaces").await.ok(200);
    assert_eq!(body["total_count"], 1);
    assert_eq!(body["data"][0]["slug"], "default");
    assert_eq!(body["data"][0]["created_by"], Value::Null);
}

#[tokio::test]
async fn a_created_workspace_has_the_defaults() {
    let api = Api::start().await;
    let mut workspace = create(&api, "a").await;
    for generated in ["id", "default_guardrail_id", "created_at"] {
        assert!(workspace[generated].take().is_string());
    }
    let expected = json!({
        "id": null,
        "default_guardrail_id": null,
        "name": "A",
        "slug": "a",
        "description": null,
        "default_text_model": null,
        "default_image_model": null,
        "default_provider_sort": null,
        "disabled_server_tools": null,
        "io_logging_sampling_rate": 1.0,
        "io_logging_api_key_ids": null,
        "is_observability_io_logging_enabled": false,
        "is_observability_broadcast_enabled": false,
        "is_data_discount_logging_enabled": false,
        "include_byok_in_budgets": false,
        "created_at": null,
        "updated_at": null,
        "created_by": "user_1",
    });
    assert_eq!(workspace, expected);
}

#[tokio::test]
async fn a_created_workspace_has_what_was_asked_for() {
    let api = Api::start().await;
    let settings = json!({
        "name": "Production",
        "slug": "production",
        "description": "Live traffic",
        "default_text_model": "openai/gpt-4o",
        "default_image_model": "openai/dall-e-3",
        "default_provider_sort": "latency",
        "disabled_server_tools": ["openrouter:bash"],
        "io_logging_sampling_rate": 0.25,
        "io_logging_api_key_ids": [17, 9_007_199_254_740_993_i64],
        "is_observability_io_logging_enabled": true,
        "is_observability_broadcast_enabled": true,
        "is_data_discount_logging_enabled": true,
    });
    api.send("POST", "/workspaces", settings.clone()).await.ok(201);
    let body = api.call("GET", "/workspaces/production").await.ok(200);
    for (field, value) in settings.as_object().unwrap() {
        assert_eq!(&body["data"][field], value, "{field}");
    }
}

#[tokio::test]
async fn times_are_utc_with_milliseconds() {
    let api = Api::start().await;
    let workspace = create(&api, "a").await;
    let created_at = workspace["created_at"].as_str().unwrap();
    assert_eq!(created_at.len(), "2026-03-02T08:15:00.000Z".len());
    assert!(created_at.ends_with('Z'));
}

#[tokio::test]
async fn a_workspace_has_its_own_default_guardrail() {
    let api = Api::start().await;
    let (a, b) = (create(&api, "a").await, create(&api, "b").await);
    assert_ne!(a["default_guardrail_id"], b["default_guardrail_id"]);
    assert_ne!(a["default_guardrail_id"], a["id"]);
}

#[tokio::test]
async fn a_workspace_is_found_by_id_and_by_slug() {
    let api = Api::start().await;
    let workspace = create(&api, "a").await;
    let id = workspace["id"].as_str().unwrap();
    for reference in [id, &id.to_uppercase(), "a"] {
        let body = api.call("GET", &format!("/workspaces/{reference}")).await.ok(200);
        assert_eq!(body["data"], workspace);
    }
}

#[tokio::test]
async fn a_missing_workspace_is_answered_with_404() {
    let api = Api::start().await;
    for reference in ["none", "7c9e6679-7425-40de-944b-e07fc1f90ae7"] {
        let answer = api.call("GET", &format!("/workspaces/{reference}")).await;
        assert_eq!(answer.refused(404), "Workspace not found");
    }
    api.send("PATCH", "/workspaces/none", json!({})).await.refused(404);
    api.call("DELETE", "/workspaces/none").await.refused(404);
}

#[tokio::test]
async fn a_taken_slug_is_refused_on_create() {
    let api = Api::start().await;
    create(&api, "a").await;
    let answer = api.send("POST", "/workspaces", json!({"name": "B", "slug": "a"})).await;
    assert!(answer.refused(409).starts_with("slug: "));
    assert_eq!(api.sandbox.workspaces().len(), 2);
}

#[tokio::test]
async fn a_taken_slug_is_refused_on_update() {
    let api = Api::start().await;
    create(&api, "a").await;
    let b = create(&api, "b").await;
    let answer = api.send("PATCH", "/workspaces/b", json!({"name": "B", "slug": "a"})).await;
    answer.refused(409);
    assert_eq!(api.call("GET", "/workspaces/b").await.ok(200)["data"], b);
}

#[tokio::test]
async fn a_workspace_may_keep_its_slug() {
    let api = Api::start().await;
    create(&api, "a").await;
    let body = json!({"slug": "a", "name": "B"});
    let body = api.send("PATCH", "/workspaces/a", body).await.ok(200);
    assert_eq!(body["data"]["name"], "B");
}

#[tokio::test]
async fn a_changed_slug_replaces_the_old_one() {
    let api = Api::start().await;
    create(&api, "a").await;
    api.send("PATCH", "/workspaces/a", json!({"slug": "b"})).await.ok(200);
    api.call("GET", "/workspaces/a").await.refused(404);
    api.call("GET", "/workspaces/b").await.ok(200);
    create(&api, "a").await;
}

#[tokio::test]
async fn an_update_changes_what_it_names() {
    let api = Api::start().await;
    let mut workspace = create(&api, "a").await;
    let patch = json!({"description": "Live", "is_observability_broadcast_enabled": true});
    let mut body = api.send("PATCH", "/workspaces/a", patch).await.ok(200);
    assert!(body["data"]["updated_at"].take().as_str() >= workspace["created_at"].as_str());
    workspace["description"] = json!("Live");
    workspace["is_observability_broadcast_enabled"] = json!(true);
    assert_eq!(body["data"], workspace);
}

#[tokio::test]
async fn null_clears_a_field() {
    let api = Api::start().await;
    let settings = json!({
        "description": "Live",
        "default_text_model": "openai/gpt-4o",
        "default_image_model": "openai/dall-e-3",
        "default_provider_sort": "price",
        "disabled_server_tools": ["openrouter:bash"],
        "io_logging_api_key_ids": [1],
    });
    create(&api, "a").await;
    api.send("PATCH", "/workspaces/a", settings.clone()).await.ok(200);
    for field in settings.as_object().unwrap().keys() {
        let body = api.send("PATCH", "/workspaces/a", json!({field: null})).await.ok(200);
        assert_eq!(body["data"][field], Value::Null, "{field}");
    }
}

#[tokio::test]
async fn an_empty_list_of_tools_is_none() {
    let api = Api::start().await;
    let body = json!({"name": "A", "slug": "a", "disabled_server_tools": []});
    let body = api.send("POST", "/workspaces", body).await.ok(201);
    assert_eq!(body["data"]["disabled_server_tools"], Value::Null);
    let set = json!({"disabled_server_tools": ["openrouter:bash"]});
    api.send("PATCH", "/workspaces/a", set).await.ok(200);
    let body = json!({"disabled_server_tools": []});
    let body = api.send("PATCH", "/workspaces/a", body).await.ok(200);
    assert_eq!(body["data"]["disabled_server_tools"], Value::Null);
}

#[tokio::test]
async fn an_empty_update_changes_nothing() {
    let api = Api::start().await;
    let workspace = create(&api, "a").await;
    let body = api.send("PATCH", "/workspaces/a", json!({})).await.ok(200);
    assert_eq!(body["data"], workspace);
}

#[tokio::test]
async fn an_update_cannot_change_what_the_server_sets() {
    let api = Api::start().await;
    let workspace = create(&api, "a").await;
    let patch = json!({"id": "x", "created_at": "x", "created_by": "x", "include_byok_in_budgets": true});
    let body = api.send("PATCH", "/workspaces/a", patch).await.ok(200);
    assert_eq!(body["data"], workspace);
}

#[tokio::test]
async fn a_deleted_workspace_is_gone() {
    let api = Api::start().await;
    let id = create(&api, "a").await["id"].as_str().unwrap().to_owned();
    let body = api.call("DELETE", "/workspaces/a").await.ok(200);
    assert_eq!(body, json!({"deleted": true}));
    api.call("GET", "/workspaces/a").await.refused(404);
    api.call("GET", &format!("/workspaces/{id}")).await.refused(404);
    assert_eq!(api.call("GET", "/workspaces").await.column("slug"), ["default"]);
}

#[tokio::test]
async fn members_and_budgets_go_with_their_workspace() {
    let api = Api::start().await;
    create(&api, "a").await;
    let users = json!({"user_ids": ["user_2"]});
    api.send("POST", "/workspaces/a/members/add", users).await.ok(200);
    api.send("PUT", "/workspaces/a/budgets/daily", json!({"limit_usd": 1})).await.ok(200);
    api.call("DELETE", "/workspaces/a").await.ok(200);
    create(&api, "a").await;
    assert!(api.sandbox.members("a").unwrap().is_empty());
    assert!(api.sandbox.budgets("a").unwrap().is_empty());
}

#[tokio::test]
async fn active_api_keys_block_the_deletion() {
    let api = Api::start().await;
    create(&api, "a").await;
    api.sandbox.add_api_key("a", "user_2").unwrap();
    assert!(api.call("DELETE", "/workspaces/a").await.refused(400).contains("active API keys"));
    api.sandbox.revoke_api_keys("a", "user_2").unwrap();
    api.call("DELETE", "/workspaces/a").await.ok(200);
}

#[tokio::test]
async fn the_default_workspace_needs_a_confirmation() {
    let api = Api::start().await;
    let unconfirmed = "/workspaces/default?confirm_default_workspace_deletion=false";
    for path in ["/workspaces/default", unconfirmed] {
        let answer = api.call("DELETE", path).await;
        assert!(answer.refused(400).contains("confirm_default_workspace_deletion"));
    }
    let confirmed = "/workspaces/default?confirm_default_workspace_deletion=true";
    api.call("DELETE", confirmed).await.ok(200);
    assert!(api.sandbox.workspaces().is_empty());
}

#[tokio::test]
async fn a_renamed_default_workspace_still_needs_a_confirmation() {
    let api = Api::start().await;
    api.send("PATCH", "/workspaces/default", json!({"slug": "main"})).await.ok(200);
    api.call("DELETE", "/workspaces/main").await.refused(400);
    create(&api, "default").await;
    api.call("DELETE", "/workspaces/default").await.ok(200);
}
