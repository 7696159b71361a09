//! Calls by what they send: a request body as JSON becomes the call of the public API that sends it.

use openrouter_workspaces::{BudgetInterval, Client, Error, ProviderSort, Response, ServerTool, WorkspaceBudget};
use serde_json::{Value, json};

fn text<'a>(body: &'a Value, field: &str) -> &'a str {
    body[field].as_str().unwrap_or_else(|| panic!("{field} is text"))
}

fn list<T>(value: &Value, read: impl Fn(&Value) -> T) -> Vec<T> {
    value.as_array().expect("a list").iter().map(read).collect()
}

/// A budget, and what the answer says beside it, as the API sends them.
fn with_flag(answer: Response<WorkspaceBudget>) -> Value {
    let mut body = json!({"data": answer.data});
    if let Some(include) = answer.include_byok_in_budgets() {
        body["include_byok_in_budgets"] = json!(include);
    }
    body
}

/// Calls a setter of the request for every field of the JSON; a field that is unknown here is a failure.
macro_rules! settings {
    ($request:expr, $fields:expr, $own:pat) => {{
        let mut request = $request;
        for (field, value) in $fields {
            let words = value.as_str().map(str::to_owned);
            request = match field.as_str() {
                $own => request,
                "description" => request.description(words),
                "default_text_model" => request.default_text_model(words),
                "default_image_model" => request.default_image_model(words),
                "default_provider_sort" => request.default_provider_sort(
                    words.map(|sort| serde_json::from_value::<ProviderSort>(json!(sort)).expect("text")),
                ),
                "disabled_server_tools" if value.is_null() => request.disabled_server_tools(None),
                "disabled_server_tools" => request.disabled_server_tools(list(value, |tool| {
                    serde_json::from_value::<ServerTool>(tool.clone()).expect("text")
                })),
                "io_logging_sampling_rate" => request.io_logging_sampling_rate(value.as_f64().expect("a number")),
                "io_logging_api_key_ids" if value.is_null() => request.io_logging_api_key_ids(None),
                "io_logging_api_key_ids" => {
                    request.io_logging_api_key_ids(list(value, |id| id.as_i64().expect("an integer")))
                }
                "is_observability_io_logging_enabled" => request.is_observability_io_logging_enabled(value == true),
                "is_observability_broadcast_enabled" => request.is_observability_broadcast_enabled(value == true),
                "is_data_discount_logging_enabled" => request.is_data_discount_logging_enabled(value == true),
                unknown => panic!("the body sets {unknown}, which the tests do not know"),
            };
        }
        request
    }};
}

/// Makes the call whose request body is this JSON, and writes the result down as JSON again.
pub async fn call(client: &Client, id: &str, request: &Value) -> Result<Value, Error> {
    let workspace = "production";
    let interval = BudgetInterval::Monthly;
    let fields = request.as_object().cloned().unwrap_or_default();
    let users = || list(&request["user_ids"], |user| user.as_str().expect("text").to_owned());
    Ok(match id {
        "list_workspaces" => {
            let page = client.list().await?;
            json!({"data": page.data, "total_count": page.total_count})
        }
        "create_workspace" => {
            let create = client.create(text(request, "name"), text(request, "slug"));
            json!({"data": settings!(create, &fields, "name" | "slug").await?})
        }
        "get_workspace" => json!({"data": client.get(workspace).await?}),
        "update_workspace" => {
            let mut update = client.update(workspace);
            if fields.contains_key("name") {
                update = update.name(text(request, "name"));
            }
            if fields.contains_key("slug") {
                update = update.slug(text(request, "slug"));
            }
            json!({"data": settings!(update, &fields, "name" | "slug").await?})
        }
        "delete_workspace" => json!(client.delete(workspace).await?),
        "list_workspace_members" => {
            let page = client.list_members(workspace).await?;
            json!({"data": page.data, "total_count": page.total_count})
        }
        "bulk_add_workspace_members" => json!(client.bulk_add_members(workspace, users()).await?),
        "bulk_remove_workspace_members" => json!(client.bulk_remove_members(workspace, users()).await?),
        "list_workspace_budgets" => json!(client.list_budgets(workspace).await?),
        "get_workspace_budget" => with_flag(client.get_budget(workspace, interval).send_with_meta().await?),
        "upsert_workspace_budget" => {
            let mut set = client.set_budget(workspace, interval, request["limit_usd"].as_f64().expect("a number"));
            if let Some(include) = fields.get("include_byok_in_budgets") {
                set = set.include_byok_in_budgets(include == true);
            }
            with_flag(set.send_with_meta().await?)
        }
        "delete_workspace_budget" => json!(client.delete_budget(workspace, interval).await?),
        unknown => panic!("the operation {unknown} has no counterpart in the tests"),
    })
}
