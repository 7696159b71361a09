//! The contract's examples survive the way through the client.

use crate::common::call::call;
use crate::common::contract::{self, resolved};
use crate::common::{Mock, Reply, by_value};
use serde_json::{Map, Value, json};

/// The examples of an operation in the contract.
struct Examples {
    id: String,
    method: String,
    path: String,
    request: Option<Value>,
    success: (u16, Value),
    errors: Vec<(u16, Value)>,
}

fn example(body: &Value) -> Value {
    body["content"]["application/json"].get("example").expect("every body has an example").clone()
}

/// All operations of the contract.
fn operations() -> impl Iterator<Item = Examples> {
    contract::operations().into_iter().map(|(method, path, operation)| {
        let mut success = Vec::new();
        let mut errors = Vec::new();
        for (status, response) in operation["responses"].as_object().expect("responses") {
            let status: u16 = status.parse().expect("a status");
            let entry = (status, example(resolved(response)));
            if status < 300 { success.push(entry) } else { errors.push(entry) }
        }
        assert_eq!(success.len(), 1, "{method} {path}");
        assert!(!errors.is_empty(), "{method} {path}");
        Examples {
            id: operation["operationId"].as_str().expect("an id").to_owned(),
            method: method.to_uppercase(),
            path: format!("/api/v1{path}"),
            request: operation.get("requestBody").map(|body| example(resolved(body))),
            success: success.remove(0),
            errors,
        }
    })
}

/// A time as the instant it stands for: `2026-03-02T08:15:00Z` and `2026-03-02T08:15:00.000Z` are the same.
fn instant(text: &str) -> Option<Value> {
    let time: chrono::DateTime<chrono::Utc> = text.parse().ok()?;
    time.timestamp_nanos_opt().map(Value::from)
}

/// The answer, written so that two of the same meaning are equal.
fn meaning(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            // This field may be missing or null, which says the same.
            let same = |(name, value): &(&String, &Value)| !(*name == "disabled_server_tools" && value.is_null());
            map.iter().filter(same).map(|(name, value)| (name.clone(), meaning(value))).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(meaning).collect(),
        Value::String(text) => instant(text).unwrap_or_else(|| value.clone()),
        other => by_value(other),
    }
}

#[tokio::test]
async fn successes_lose_nothing() {
    for operation in operations() {
        let (status, body) = operation.success;
        let mock = Mock::always(Reply::json(status, body.clone()));
        let result = call(&mock.client(), &operation.id, &operation.request.unwrap_or_default()).await;
        let again = result.unwrap_or_else(|error| panic!("{}: {error}", operation.id));
        assert_eq!(meaning(&again), meaning(&body), "{}", operation.id);
    }
}

#[tokio::test]
async fn requests_are_sent_as_the_example_says() {
    for operation in operations() {
        let (status, body) = operation.success;
        let mock = Mock::always(Reply::json(status, body));
        let request = operation.request.unwrap_or_default();
        call(&mock.client(), &operation.id, &request).await.unwrap();
        let sent = mock.only_request();
        let path = operation.path.replace("{id}", "production").replace("{interval}", "monthly");
        assert_eq!(sent.line(), format!("{} {path}", operation.method), "{}", operation.id);
        assert_eq!(by_value(&sent.json()), by_value(&request), "{}", operation.id);
    }
}

#[tokio::test]
async fn errors_lose_nothing() {
    for operation in operations() {
        for (status, body) in operation.errors {
            let mock = Mock::always(Reply::json(status, body.clone()));
            let request = operation.request.clone().unwrap_or_default();
            let error = call(&mock.client(), &operation.id, &request).await.unwrap_err();
            let api = error.api().unwrap_or_else(|| panic!("{} {status}: {error:?}", operation.id));
            let null_or = |value: Option<&Value>| value.cloned().unwrap_or_default();
            assert_eq!(api.status(), status);
            assert_eq!(json!(api.code()), body["error"]["code"]);
            assert_eq!(json!(api.message()), body["error"]["message"]);
            assert_eq!(json!(api.metadata()), null_or(body["error"].get("metadata")));
            assert_eq!(json!(api.user_id()), null_or(body.get("user_id")));
            assert_eq!(json!(api.openrouter_metadata()), null_or(body.get("openrouter_metadata")));
        }
    }
}
