//! The contract's own examples, replayed, with every answer held against the contract's own schemas.

use jsonschema::Validator;
use openrouter_sandbox::{Sandbox, ScriptedResponse};
use openrouter_workspaces::CONTRACT;
use serde_json::{Map, Value, json};

use crate::support::{Api, ApiResponse};

fn contract() -> Value {
    serde_norway::from_str(CONTRACT).unwrap()
}

/// Makes OpenAPI's `nullable` understandable to JSON Schema, in all schemas at once.
fn translated(node: Value) -> Value {
    match node {
        Value::Object(fields) => {
            let mut fields: Map<_, _> = fields.into_iter().map(|(k, v)| (k, translated(v))).collect();
            if fields.get("nullable") == Some(&json!(true)) {
                fields["type"] = json!([fields["type"], "null"]);
            }
            Value::Object(fields)
        }
        Value::Array(items) => items.into_iter().map(translated).collect(),
        other => other,
    }
}

fn validator(contract: &Value, name: &str) -> Validator {
    let schema = json!({
        "$ref": format!("#/components/schemas/{name}"),
        "components": translated(contract["components"].clone()),
    });
    jsonschema::draft4::options()
        .should_validate_formats(true)
        .with_format("uuid", |text| uuid::Uuid::try_parse(text).is_ok())
        .build(&schema)
        .unwrap()
}

/// An operation of the contract.
struct Operation {
    id: String,
    method: String,
    /// The path with the examples of its parameters.
    path: String,
    /// The example of a request's body; null where there is none.
    body: Value,
    /// The status of a success, and the name of its schema.
    success: (String, String),
}

/// Every operation of the contract.
fn operations(contract: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in contract["paths"].as_object().unwrap() {
        let path = with_examples(contract, path, item);
        for (method, operation) in item.as_object().unwrap() {
            if let Some(id) = operation["operationId"].as_str() {
                operations.push(Operation {
                    id: id.to_owned(),
                    method: method.to_uppercase(),
                    path: path.clone(),
                    body: operation["requestBody"]["content"]["application/json"]["example"].clone(),
                    success: success(operation),
                });
            }
        }
    }
    let written = CONTRACT.lines().filter(|line| line.trim_start().starts_with("operationId:")).count();
    assert_eq!(operations.len(), written, "an operation was overlooked");
    operations
}

/// A path with the examples that the contract gives for its parameters.
fn with_examples(contract: &Value, path: &str, item: &Value) -> String {
    let mut path = path.to_owned();
    for parameter in item["parameters"].as_array().into_iter().flatten() {
        let parameter = match parameter["$ref"].as_str() {
            Some(reference) => contract.pointer(reference.trim_start_matches('#')).unwrap(),
            None => parameter,
        };
        if parameter["in"] == "path" {
            let name = parameter["name"].as_str().unwrap();
            path = path.replace(&format!("{{{name}}}"), parameter["example"].as_str().unwrap());
        }
    }
    path
}

fn success(operation: &Value) -> (String, String) {
    let mut responses = operation["responses"].as_object().unwrap().iter();
    let (status, response) = responses.find(|(status, _)| status.starts_with('2')).unwrap();
    (status.clone(), name(&response["content"]["application/json"]["schema"]).to_owned())
}

/// The name of the schema that a reference points to.
fn name(reference: &Value) -> &str {
    reference["$ref"].as_str().unwrap().rsplit('/').next().unwrap()
}

/// An account in which every example makes sense.
async fn account() -> Api {
    let builder = Sandbox::builder()
        .organization_members(0)
        .organization_member("user_2ab9", "admin")
        .organization_member("user_77cd", "member")
        .inference_key("sk-or-v1-chat");
    let api = Api::with(builder).await;
    let workspace = json!({"name": "Production", "slug": "production"});
    api.send("POST", "/workspaces", workspace).await.ok(201);
    let budget = json!({"limit_usd": 100});
    api.send("PUT", "/workspaces/production/budgets/monthly", budget).await.ok(200);
    let users = json!({"user_ids": ["user_77cd"]});
    api.send("POST", "/workspaces/production/members/add", users).await.ok(200);
    api
}

/// The example of a request, in an account where nothing has happened yet.
async fn replay(operation: &Operation) -> ApiResponse {
    let api = account().await;
    if operation.id == "create_workspace" {
        api.call("DELETE", "/workspaces/production").await.ok(200);
    }
    match &operation.body {
        Value::Null => api.call(&operation.method, &operation.path).await,
        body => api.send(&operation.method, &operation.path, body.clone()).await,
    }
}

#[tokio::test]
async fn every_example_succeeds_with_an_answer_that_keeps_the_contract() {
    let contract = contract();
    for operation in operations(&contract) {
        let answer = replay(&operation).await;
        let (status, schema) = &operation.success;
        assert_eq!(answer.status.as_str(), status, "{}: {}", operation.id, answer.body);
        if let Err(error) = validator(&contract, schema).validate(&answer.body) {
            panic!("{}: {error} at {}", operation.id, error.instance_path());
        }
    }
}

#[tokio::test]
async fn the_rows_of_a_list_have_every_field_of_their_schema() {
    let contract = contract();
    let schemas = &contract["components"]["schemas"];
    let api = account().await;
    let mut lists = 0;
    for operation in operations(&contract).iter().filter(|operation| operation.method == "GET") {
        let rows = &schemas[&operation.success.1]["properties"]["data"]["items"];
        if rows.is_null() {
            continue;
        }
        lists += 1;
        let body = api.call("GET", &operation.path).await.ok(200);
        for field in schemas[name(rows)]["properties"].as_object().unwrap().keys() {
            // The default workspace may lack some.
            let mut found = body["data"].as_array().unwrap().iter();
            let is_there = found.any(|row| row.get(field).is_some());
            assert!(is_there, "no row of {} has {field}: make one above, or in `account`", operation.id);
        }
    }
    assert!(lists > 0, "the contract has no list");
}

#[tokio::test]
async fn every_error_keeps_the_contract() {
    let api = account().await;
    let errors = validator(&contract(), "ErrorResponse");
    let taken = json!({"name": "A", "slug": "production"});
    let strangers = json!({"user_ids": ["stranger"]});
    let budget = json!({"limit_usd": 1000});
    let answers = [
        (401, crate::support::answer(api.request("GET", "/workspaces")).await),
        (403, crate::support::answer(api.request("GET", "/workspaces").bearer_auth("sk-or-v1-chat")).await),
        (404, api.call("GET", "/workspaces/none").await),
        (404, api.call("GET", "/workspaces/production/budgets/daily").await),
        (404, api.call("GET", "/nowhere").await),
        (405, api.call("PUT", "/workspaces").await),
        (400, api.send("POST", "/workspaces", json!({})).await),
        (409, api.send("POST", "/workspaces", taken).await),
        (400, api.send("POST", "/workspaces/production/members/add", strangers).await),
        (400, api.send("PUT", "/workspaces/production/budgets/daily", budget).await),
        (400, api.call("DELETE", "/workspaces/default").await),
        (413, api.send_raw("/workspaces", "application/json", vec![b' '; 2_000_000]).await),
        (415, api.send_raw("/workspaces", "text/plain", "{}").await),
    ];
    for (status, answer) in answers {
        answer.refused(status);
        if let Err(error) = errors.validate(&answer.body) {
            panic!("{status}: {error} in {}", answer.body);
        }
    }
}

#[tokio::test]
async fn every_operation_refuses_a_missing_key() {
    let api = account().await;
    for operation in operations(&contract()) {
        crate::support::answer(api.request(&operation.method, &operation.path)).await.refused(401);
    }
}

#[tokio::test]
async fn every_operation_can_be_scripted_and_recorded_by_its_name() {
    let api = account().await;
    for operation in operations(&contract()) {
        api.sandbox.script(&operation.id, [ScriptedResponse::error(418, "Teapot")]).unwrap();
        api.call(&operation.method, &operation.path).await.refused(418);
        let journal = api.sandbox.journal();
        assert_eq!(journal.last().unwrap().operation.as_ref(), Some(&operation.id));
    }
}
