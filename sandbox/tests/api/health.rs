//! Whether the server serves.

use openrouter_sandbox::{Fault, FaultPlan, Sandbox};
use reqwest::Client;
use serde_json::{Value, json};

use crate::support::Api;

#[tokio::test]
async fn health_needs_no_key_meets_no_fault_and_is_not_in_the_journal() {
    let api = Api::with(Sandbox::builder().faults(FaultPlan::default().rate_all(1.0, [Fault::status(503)]))).await;
    api.sandbox.before("list_workspaces", |_, _| panic!("no operation was asked for")).unwrap();
    let url = format!("http://127.0.0.1:{}/healthz", api.sandbox.port());
    let response = api.http.get(url).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.json::<Value>().await.unwrap(), json!({"status": "ok"}));
    assert!(api.sandbox.journal().is_empty());
    assert!(api.sandbox.faults_applied().is_empty());
}

#[tokio::test]
async fn health_is_no_path_of_the_api() {
    let api = Api::start().await;
    api.call("GET", "/healthz").await.refused(404);
    assert_eq!(api.sandbox.journal().len(), 1);
}

#[tokio::test]
async fn health_is_refused_with_everything_else() {
    let api = Api::start().await;
    let url = format!("http://127.0.0.1:{}/healthz", api.sandbox.port());
    api.sandbox.refuse_connections(true).unwrap();
    assert!(Client::new().get(&url).send().await.is_err());
    api.sandbox.refuse_connections(false).unwrap();
    assert!(Client::new().get(&url).send().await.is_ok());
}
