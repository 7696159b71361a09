//! What the API answers, as literal JSON.

use serde_json::{Value, json};

/// The id of [`workspace`].
pub const ID: &str = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

/// A workspace with a value for every field.
pub fn workspace() -> Value {
    json!({
        "id": ID,
        "name": "Production",
        "slug": "production",
        "description": "Live traffic",
        "default_text_model": "openai/gpt-4o",
        "default_image_model": "openai/dall-e-3",
        "default_provider_sort": "latency",
        "default_guardrail_id": "9b2f6f0e-5d7c-5f3a-8a55-0d5f8f6e2c11",
        "disabled_server_tools": ["openrouter:bash", "acme:internal_search"],
        "io_logging_sampling_rate": 0.25,
        "io_logging_api_key_ids": [17, 4211],
        "is_observability_io_logging_enabled": true,
        "is_observability_broadcast_enabled": false,
        "is_data_discount_logging_enabled": true,
        "include_byok_in_budgets": false,
        "created_at": "2026-03-02T08:15:00Z",
        "updated_at": "2026-04-11T17:42:09.125Z",
        "created_by": "user_2ab9"
    })
}

/// A workspace with null where null is allowed, and without what may be missing.
pub fn bare_workspace() -> Value {
    json!({
        "id": "16fd2706-8baf-433b-82eb-8c7fada847da",
        "name": "Staging",
        "slug": "staging",
        "description": null,
        "default_text_model": null,
        "default_image_model": null,
        "default_provider_sort": null,
        "default_guardrail_id": "3d813cbb-47fb-52ba-91df-831e1593ac29",
        "io_logging_sampling_rate": 1,
        "io_logging_api_key_ids": null,
        "is_observability_io_logging_enabled": false,
        "is_observability_broadcast_enabled": true,
        "is_data_discount_logging_enabled": false,
        "created_at": "2026-05-20T11:00:00+02:00",
        "updated_at": null,
        "created_by": null
    })
}

pub fn member() -> Value {
    json!({
        "id": "0f8fad5b-d9cb-469f-a165-70867728950e",
        "workspace_id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "user_id": "user_2ab9",
        "role": "admin",
        "created_at": "2026-03-02T08:15:00Z"
    })
}

pub fn budget() -> Value {
    json!({
        "id": "886313e1-3b8a-4372-9b90-0c9aee199e5d",
        "workspace_id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "limit_usd": 100,
        "reset_interval": "monthly",
        "created_at": "2026-03-02T08:21:00Z",
        "updated_at": "2026-03-05T12:00:00Z"
    })
}

/// The n-th row of a long list of workspaces. It was created long ago.
pub fn workspace_row(n: usize) -> Value {
    let mut row = bare_workspace();
    row["id"] = json!(format!("00000000-0000-4000-8000-{n:012}"));
    row["slug"] = json!(format!("w{n}"));
    row["created_at"] = json!("2024-01-15T09:30:00Z");
    row
}

/// The n-th row of a long list of members. It was created long ago.
pub fn member_row(n: usize) -> Value {
    let mut row = member();
    row["id"] = json!(format!("00000000-0000-4000-8000-{n:012}"));
    row["user_id"] = json!(format!("user_{n}"));
    row["created_at"] = json!("2024-01-15T09:30:00Z");
    row
}
