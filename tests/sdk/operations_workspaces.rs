//! The operations on workspaces: what is sent, and what is made of the answer.

use crate::common::fixtures::{bare_workspace, workspace};
use crate::common::{Mock, Recorded, Reply};
use chrono::{DateTime, Utc};
use openrouter_workspaces::body::UpdateWorkspaceRequest;
use openrouter_workspaces::{Nullable, ProviderSort, ServerTool, Workspace};
use serde_json::{Value, json};
use uuid::Uuid;

fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("a timestamp")
}

fn uuid(text: &str) -> Uuid {
    text.parse().expect("a UUID")
}

fn assert_is_production(workspace: &Workspace) {
    assert_eq!(workspace.id, uuid("7c9e6679-7425-40de-944b-e07fc1f90ae7"));
    assert_eq!(workspace.name, "Production");
    assert_eq!(workspace.slug, "production");
    assert_eq!(workspace.description.as_deref(), Some("Live traffic"));
    assert_eq!(workspace.default_text_model.as_deref(), Some("openai/gpt-4o"));
    assert_eq!(workspace.default_image_model.as_deref(), Some("openai/dall-e-3"));
    assert_eq!(workspace.default_provider_sort, Some(ProviderSort::Latency));
    assert_eq!(workspace.default_guardrail_id, Some(uuid("9b2f6f0e-5d7c-5f3a-8a55-0d5f8f6e2c11")));
    let tools = vec![ServerTool::Bash, ServerTool::Other("acme:internal_search".to_owned())];
    assert_eq!(workspace.disabled_server_tools, Some(tools));
    assert_eq!(workspace.io_logging_sampling_rate, 0.25);
    assert_eq!(workspace.io_logging_api_key_ids, Some(vec![17, 4211]));
    assert!(workspace.is_observability_io_logging_enabled);
    assert!(!workspace.is_observability_broadcast_enabled);
    assert!(workspace.is_data_discount_logging_enabled);
    assert_eq!(workspace.include_byok_in_budgets, Some(false));
    assert_eq!(workspace.created_at, time("2026-03-02T08:15:00Z"));
    assert_eq!(workspace.updated_at, Some(time("2026-04-11T17:42:09.125Z")));
    assert_eq!(workspace.created_by.as_deref(), Some("user_2ab9"));
}

fn assert_is_bare(workspace: &Workspace) {
    assert_eq!(workspace.id, uuid("16fd2706-8baf-433b-82eb-8c7fada847da"));
    assert_eq!(workspace.name, "Staging");
    assert_eq!(workspace.slug, "staging");
    assert_eq!(workspace.description, None);
    assert_eq!(workspace.default_text_model, None);
    assert_eq!(workspace.default_image_model, None);
    assert_eq!(workspace.default_provider_sort, None);
    assert_eq!(workspace.default_guardrail_id, Some(uuid("3d813cbb-47fb-52ba-91df-831e1593ac29")));
    assert_eq!(workspace.disabled_server_tools, None);
    assert_eq!(workspace.io_logging_sampling_rate, 1.0);
    assert_eq!(workspace.io_logging_api_key_ids, None);
    assert!(!workspace.is_observability_io_logging_enabled);
    assert!(workspace.is_observability_broadcast_enabled);
    assert!(!workspace.is_data_discount_logging_enabled);
    assert_eq!(workspace.include_byok_in_budgets, None);
    assert_eq!(workspace.created_at, time("2026-05-20T09:00:00Z"), "times are in UTC, whatever the server's zone");
    assert_eq!(workspace.updated_at, None);
    assert_eq!(workspace.created_by, None);
}

fn one(status: u16) -> Mock {
    Mock::always(Reply::json(status, json!({"data": workspace()})))
}

#[tokio::test]
async fn list_sends_no_query_by_default_and_returns_a_page() {
    let mock = Mock::always(Reply::json(200, json!({"data": [workspace(), bare_workspace()], "total_count": 7})));
    let page = mock.client().list().await.unwrap();
    mock.only_request().assert("GET /api/v1/workspaces", Value::Null);
    assert_eq!((page.data.len(), page.total_count, page.offset), (2, 7, 0));
    assert_is_production(&page.data[0]);
    assert_is_bare(&page.data[1]);
    assert_eq!(page.next_offset(), Some(2));
}

#[tokio::test]
async fn list_sends_offset_and_limit() {
    let mock = Mock::always(Reply::json(200, json!({"data": [workspace()], "total_count": 21})));
    let page = mock.client().list().offset(20).limit(10).await.unwrap();
    let request = mock.only_request();
    assert_eq!(request.path, "/api/v1/workspaces");
    assert_eq!(request.query_pairs(), [("limit".into(), "10".into()), ("offset".into(), "20".into())]);
    assert_eq!(page.offset, 20);
    assert_eq!(page.next_offset(), None, "it is the last page");
}

#[tokio::test]
async fn create_sends_name_and_slug_alone_by_default() {
    let mock = one(201);
    let created = mock.client().create("P", "p").await.unwrap();
    mock.only_request().assert("POST /api/v1/workspaces", json!({"name": "P", "slug": "p"}));
    assert_is_production(&created);
}

#[tokio::test]
async fn create_sends_every_setting() {
    let mock = one(201);
    let request = mock
        .client()
        .create("Production", "production")
        .description("Live traffic")
        .default_text_model("openai/gpt-4o")
        .default_image_model(None)
        .default_provider_sort(ProviderSort::Price)
        .disabled_server_tools([ServerTool::WebSearch, ServerTool::Other("x:custom".to_owned())])
        .io_logging_sampling_rate(0.5)
        .io_logging_api_key_ids([1, 2])
        .is_observability_io_logging_enabled(true)
        .is_observability_broadcast_enabled(false)
        .is_data_discount_logging_enabled(true);
    request.await.unwrap();
    let body = json!({
        "name": "Production",
        "slug": "production",
        "description": "Live traffic",
        "default_text_model": "openai/gpt-4o",
        "default_image_model": null,
        "default_provider_sort": "price",
        "disabled_server_tools": ["openrouter:web_search", "x:custom"],
        "io_logging_sampling_rate": 0.5,
        "io_logging_api_key_ids": [1, 2],
        "is_observability_io_logging_enabled": true,
        "is_observability_broadcast_enabled": false,
        "is_data_discount_logging_enabled": true
    });
    mock.only_request().assert("POST /api/v1/workspaces", body);
}

#[tokio::test]
async fn get_returns_the_workspace_by_slug_and_by_id() {
    for id in ["production", "7c9e6679-7425-40de-944b-e07fc1f90ae7"] {
        let mock = one(200);
        assert_is_production(&mock.client().get(id).await.unwrap());
        mock.only_request().assert(&format!("GET /api/v1/workspaces/{id}"), Value::Null);
    }
}

#[tokio::test]
async fn get_reads_nulls_and_missing_fields_as_none() {
    let mock = Mock::always(Reply::json(200, json!({"data": bare_workspace()})));
    assert_is_bare(&mock.client().get("staging").await.unwrap());
}

#[tokio::test]
async fn values_that_are_not_known_are_kept_and_fields_that_are_not_known_do_no_harm() {
    let mut row = workspace();
    row["default_provider_sort"] = json!("greenest");
    row["invented_tomorrow"] = json!({"a": 1});
    let mock = Mock::always(Reply::json(200, json!({"data": row, "also_new": []})));
    let workspace = mock.client().get("production").await.unwrap();
    assert_eq!(workspace.default_provider_sort, Some(ProviderSort::Other("greenest".to_owned())));
}

#[tokio::test]
async fn update_without_settings_sends_an_empty_object() {
    let mock = one(200);
    assert_is_production(&mock.client().update("production").await.unwrap());
    mock.only_request().assert("PATCH /api/v1/workspaces/production", json!({}));
}

#[tokio::test]
async fn update_sends_the_settings_that_are_named() {
    let mock = one(200);
    let request = mock
        .client()
        .update("production")
        .name("Prod")
        .slug("prod")
        .description("Live")
        .default_text_model("m/text")
        .default_image_model("m/image")
        .default_provider_sort(ProviderSort::Exacto)
        .disabled_server_tools([ServerTool::Shell])
        .io_logging_sampling_rate(0.0001)
        .io_logging_api_key_ids([5])
        .is_observability_io_logging_enabled(false)
        .is_observability_broadcast_enabled(true)
        .is_data_discount_logging_enabled(false);
    request.await.unwrap();
    let body = json!({
        "name": "Prod",
        "slug": "prod",
        "description": "Live",
        "default_text_model": "m/text",
        "default_image_model": "m/image",
        "default_provider_sort": "exacto",
        "disabled_server_tools": ["openrouter:shell"],
        "io_logging_sampling_rate": 0.0001,
        "io_logging_api_key_ids": [5],
        "is_observability_io_logging_enabled": false,
        "is_observability_broadcast_enabled": true,
        "is_data_discount_logging_enabled": false
    });
    mock.only_request().assert("PATCH /api/v1/workspaces/production", body);
}

#[tokio::test]
async fn update_clears_each_nullable_setting_with_null_and_leaves_the_others_out() {
    let mock = one(200);
    let update = mock.client().update("production");
    let cases = [
        ("description", update.clone().description(None)),
        ("default_text_model", update.clone().default_text_model(None)),
        ("default_image_model", update.clone().default_image_model(None)),
        ("default_provider_sort", update.clone().default_provider_sort(None)),
        ("disabled_server_tools", update.clone().disabled_server_tools(None)),
        ("io_logging_api_key_ids", update.io_logging_api_key_ids(None)),
    ];
    let fields: Vec<_> = cases.iter().map(|(field, _)| *field).collect();
    for (_, request) in cases {
        request.await.unwrap();
    }
    let bodies: Vec<_> = mock.requests().iter().map(Recorded::json).collect();
    let expected: Vec<_> = fields.iter().map(|field| json!({ *field: null })).collect();
    assert_eq!(bodies, expected);
}

#[tokio::test]
async fn update_sends_each_nullable_setting_from_an_option_and_an_empty_list_as_such() {
    let mock = one(200);
    let update = mock.client().update("production");
    update.clone().description(Some("D".to_owned())).await.unwrap();
    update.clone().default_provider_sort(Some(ProviderSort::Other("new".to_owned()))).await.unwrap();
    update.clone().disabled_server_tools(Vec::<ServerTool>::new()).await.unwrap();
    update.clone().io_logging_api_key_ids(Some(vec![9])).await.unwrap();
    update.description(Nullable::from("E")).await.unwrap();
    let bodies: Vec<_> = mock.requests().iter().map(Recorded::json).collect();
    let expected = [
        json!({"description": "D"}),
        json!({"default_provider_sort": "new"}),
        json!({"disabled_server_tools": []}),
        json!({"io_logging_api_key_ids": [9]}),
        json!({"description": "E"}),
    ];
    assert_eq!(bodies, expected);
}

#[tokio::test]
async fn delete_sends_no_query_by_default() {
    let mock = Mock::always(Reply::json(200, json!({"deleted": true})));
    assert!(mock.client().delete("production").await.unwrap().deleted);
    mock.only_request().assert("DELETE /api/v1/workspaces/production", Value::Null);
}

#[tokio::test]
async fn delete_of_the_default_workspace_can_be_confirmed() {
    let mock = Mock::always(Reply::json(200, json!({"deleted": true})));
    mock.client().delete("default").confirm_default_workspace_deletion(true).await.unwrap();
    let line = "DELETE /api/v1/workspaces/default?confirm_default_workspace_deletion=true";
    mock.only_request().assert(line, Value::Null);
}

#[test]
fn fields_differ_where_their_values_say_something_else() {
    let there = |field: &str, value: Value| {
        let mut workspace = serde_json::to_value(Workspace::example()).unwrap();
        workspace[field] = value;
        serde_json::from_value::<Workspace>(workspace).unwrap()
    };
    for (field, wanted, has, is_same) in [
        ("disabled_server_tools", json!([]), Value::Null, true),
        ("disabled_server_tools", json!(["openrouter:bash"]), Value::Null, false),
        ("io_logging_api_key_ids", Value::Null, json!([]), false),
        ("io_logging_api_key_ids", json!([2, 1]), json!([1, 2]), true),
        ("io_logging_sampling_rate", json!(1), json!(1.0), true),
    ] {
        let body: UpdateWorkspaceRequest = serde_json::from_value(json!({ field: wanted })).unwrap();
        let differing = body.differing_fields(&there(field, has));
        assert_eq!(differing.is_empty(), is_same, "{field}: {differing:?}");
    }
}
