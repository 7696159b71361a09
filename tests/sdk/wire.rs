//! The same calls send the same requests as the official SDKs do.

use std::collections::BTreeMap;

use crate::common::{KEY, Mock, Recorded, Reply, by_value, query_pairs};
use openrouter_workspaces::{BudgetInterval, Client, ClientBuilder, Error, ProviderSort, ServerTool};
use serde_json::{Value, json};

/// Makes the call of a case, or returns `None` if the case is unknown. The answer does not matter.
async fn call(case: &str, client: &Client, builder: ClientBuilder) -> Option<Result<(), Error>> {
    let monthly = BudgetInterval::Monthly;
    Some(match case {
        "list" => client.list().await.map(drop),
        "list_offset_limit" => client.list().offset(20).limit(10).await.map(drop),
        "list_offset_null" => client.list().limit(1).await.map(drop),
        "create_min" => client.create("P", "p").await.map(drop),
        "create_full" => create_full(client).await,
        "get" => client.get("production").await.map(drop),
        "get_id_with_space" => client.get("a b").await.map(drop),
        "get_id_with_accent" => client.get("é").await.map(drop),
        "update_desc_null" => client.update("production").description(None).await.map(drop),
        "update_desc_absent" => client.update("production").name("N").await.map(drop),
        "update_empty" => client.update("production").await.map(drop),
        "update_all_null" => update_all_null(client).await,
        "delete" => client.delete("production").await.map(drop),
        "delete_confirm" => client.delete("default").confirm_default_workspace_deletion(true).await.map(drop),
        "listMembers" => client.list_members("production").await.map(drop),
        "listMembers_offset_limit" => client.list_members("production").offset(100).limit(100).await.map(drop),
        "bulkAddMembers" => client.bulk_add_members("production", ["user_abc123", "user_def456"]).await.map(drop),
        "bulkRemoveMembers" => client.bulk_remove_members("production", ["user_abc123"]).await.map(drop),
        "listBudgets" => client.list_budgets("production").await.map(drop),
        "getBudget" => client.get_budget("production", monthly).await.map(drop),
        "setBudget" => client.set_budget("production", monthly, 100.0).await.map(drop),
        "setBudget_byok" => {
            let lifetime = BudgetInterval::Lifetime;
            client.set_budget("production", lifetime, 0.1).include_byok_in_budgets(false).await.map(drop)
        }
        "deleteBudget" => client.delete_budget("production", monthly).await.map(drop),
        "globals_ascii_get" => {
            let builder = builder.app_url("https://ex.com").app_title("My App");
            let client = builder.app_categories(["cli-agent", "cloud-agent"]).build().unwrap();
            client.get("production").await.map(drop)
        }
        "bearer_prefixed_key" => {
            builder.api_key("Bearer sk-or-v1-x").build().unwrap().get("production").await.map(drop)
        }
        _ => return None,
    })
}

async fn create_full(client: &Client) -> Result<(), Error> {
    let request = client
        .create("Production", "production")
        .description(None)
        .default_text_model("openai/gpt-4o")
        .default_image_model("openai/dall-e-3")
        .default_provider_sort(ProviderSort::Price)
        .disabled_server_tools([ServerTool::WebSearch, ServerTool::Other("x:custom".to_owned())])
        .io_logging_api_key_ids([1, 2])
        .io_logging_sampling_rate(0.5)
        .is_data_discount_logging_enabled(true)
        .is_observability_broadcast_enabled(false)
        .is_observability_io_logging_enabled(false);
    request.await.map(drop)
}

async fn update_all_null(client: &Client) -> Result<(), Error> {
    let request = client
        .update("production")
        .description(None)
        .default_text_model(None)
        .default_image_model(None)
        .default_provider_sort(None)
        .disabled_server_tools(None)
        .io_logging_api_key_ids(None);
    request.await.map(drop)
}

/// A request, reduced to what it means.
#[derive(Debug, PartialEq)]
struct Meaning {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    headers: BTreeMap<String, String>,
    body: Value,
}

/// A query without the parameters that say what holds without them.
fn query(query: &str) -> Vec<(String, String)> {
    let mut pairs = query_pairs(query);
    pairs.retain(|(name, value)| !matches!((name.as_str(), value.as_str()), ("offset", "0") | ("limit", "50")));
    pairs
}

fn recorded_meaning(request: &Recorded) -> Meaning {
    // The SDKs' user agents were recorded no more than other headers of the transport.
    let headers = request.own_headers().into_iter().filter(|(name, _)| name != "user-agent");
    Meaning {
        method: request.method.clone(),
        path: request.path.clone(),
        query: query(&request.query),
        headers: headers.collect(),
        body: by_value(&request.json()),
    }
}

fn sdk_meaning(request: &Value) -> Meaning {
    let text = |field: &str| request[field].as_str().expect("text").to_owned();
    let headers = request["headers"].as_object().expect("an object").iter();
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.as_str().expect("text").to_owned()));
    Meaning {
        method: text("method"),
        path: text("path"),
        query: query(&text("query")),
        headers: headers.collect(),
        body: by_value(&request["body"]),
    }
}

#[tokio::test]
async fn every_recorded_call_sends_the_same_request() {
    let file: Value = serde_json::from_str(include_str!("../fixtures/wire.json")).unwrap();
    let cases = file["cases"].as_object().unwrap();
    assert!(cases.len() >= 25, "{}", cases.len());
    for (case, recorded) in cases {
        let mock = Mock::always(Reply::json(200, json!({})));
        assert!(mock.url().ends_with("/api/v1"));
        let Some(result) = call(case, &mock.client(), mock.builder().api_key(KEY)).await else {
            panic!("the case {case} has no counterpart here");
        };
        assert!(!matches!(result, Err(Error::InvalidInput(_))), "{case}: {result:?}");
        let ours = recorded_meaning(&mock.only_request());
        assert_eq!(ours, sdk_meaning(&recorded["typescript"]), "{case}, TypeScript");
        let mut python = sdk_meaning(&recorded["python"]);
        if case == "create_full" {
            // The Python SDK drops server tools that it does not know, with all others; we lose nothing.
            assert_eq!(python.body.get("disabled_server_tools"), None);
            python.body["disabled_server_tools"] = ours.body["disabled_server_tools"].clone();
        }
        assert_eq!(ours, python, "{case}, Python");
    }
}

#[tokio::test]
async fn a_case_without_a_counterpart_is_noticed() {
    let mock = Mock::always(Reply::json(200, json!({})));
    assert!(call("unheard_of", &mock.client(), mock.builder()).await.is_none());
}
