//! The contract's own examples, replayed, with every answer held against the contract's own schemas.

use jsonschema::Validator;
use openrouter_sandbox::{Sandbox, ScriptedResponse};
use openrouter_workspaces::CONTRACT;
use serde_json::{Map, Value, json};

use crate::support::{Answer, Api};

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

/// The method, path and operation of every operation.
fn operations(contract: &Value) -> Vec<(String, String, Value)> {
    let mut operations = Vec::new();
    for (path, item) in contract["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if operation.get("operationId").is_some() {
                operations.push((method.to_uppercase(), path.clone(), operation.clone()));
            }
        }
    }
    assert_eq!(operations.len(), 12);
    operations
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
async fn replay(method: &str, path: &str, operation: &Value) -> Answer {
    let api = account().await;
    let path = path.replace("{id}", "production").replace("{interval}", "monthly");
    let example = &operation["requestBody"]["content"]["application/json"]["example"];
    match example {
        Value::Null => api.call(method, &path).await,
        example => {
            if operation["operationId"] == "create_workspace" {
                api.call("DELETE", "/workspaces/production").await.ok(200);
            }
            api.send(method, &path, example.clone()).await
        }
    }
}

#[tokio::test]
async fn every_example_succeeds_with_an_answer_that_keeps_the_contract() {
    let contract = contract();
    for (method, path, operation) in operations(&contract) {
        let answer = replay(&method, &path, &operation).await;
        let (status, response) =
            operation["responses"].as_object().unwrap().iter().find(|(status, _)| status.starts_with('2')).unwrap();
        assert_eq!(answer.status.as_str(), status, "{method} {path}: {}", answer.body);
        let schema = response["content"]["application/json"]["schema"]["$ref"].as_str().unwrap();
        let schema = schema.rsplit('/').next().unwrap();
        if let Err(error) = validator(&contract, schema).validate(&answer.body) {
            panic!("{method} {path}: {error} at {}", error.instance_path());
        }
    }
}

#[tokio::test]
async fn an_answer_has_every_field_of_its_schema() {
    let contract = contract();
    let api = account().await;
    for (path, schema) in [
        ("/workspaces", "Workspace"),
        ("/workspaces/production/members", "WorkspaceMember"),
        ("/workspaces/production/budgets", "WorkspaceBudget"),
    ] {
        let body = api.call("GET", path).await.ok(200);
        let schema = &contract["components"]["schemas"][schema];
        for field in schema["properties"].as_object().unwrap().keys() {
            assert!(body["data"][0].get(field).is_some(), "{field} of {path}");
        }
    }
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
    for (method, path, _) in operations(&contract()) {
        let path = path.replace("{id}", "production").replace("{interval}", "monthly");
        crate::support::answer(api.request(&method, &path)).await.refused(401);
    }
}

#[tokio::test]
async fn every_operation_can_be_scripted_and_recorded_by_its_name() {
    let api = account().await;
    for (method, path, operation) in operations(&contract()) {
        let name = operation["operationId"].as_str().unwrap();
        api.sandbox.script(name, [ScriptedResponse::error(418, "Teapot")]).unwrap();
        let path = path.replace("{id}", "production").replace("{interval}", "monthly");
        api.call(&method, &path).await.refused(418);
        let journal = api.sandbox.journal();
        assert_eq!(journal.last().unwrap().operation.as_deref(), Some(name));
    }
}
