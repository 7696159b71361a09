//! Requests that break the contract.

use serde_json::json;

use crate::support::{Api, answer};

#[tokio::test]
async fn malformed_json_is_answered_with_400() {
    let api = Api::start().await;
    for body in ["{", "{\"name\": }", "\u{feff}{}", "{} {}", "{\"limit_usd\": 1e999}"] {
        let answer = api.send_raw("/workspaces", "application/json", body).await;
        assert!(answer.refused(400).starts_with("body: malformed JSON"));
    }
}

#[tokio::test]
async fn deeply_nested_json_is_answered_with_400() {
    let api = Api::start().await;
    let body = "[".repeat(100_000);
    api.send_raw("/workspaces", "application/json", body).await.refused(400);
}

#[tokio::test]
async fn a_body_of_another_content_type_is_answered_with_415() {
    let api = Api::start().await;
    let answer = api.send_raw("/workspaces", "text/plain", r#"{"name": "A", "slug": "a"}"#).await;
    answer.refused(415);
}

#[tokio::test]
async fn a_body_without_a_content_type_is_answered_with_415() {
    let api = Api::start().await;
    let request = api.request("POST", "/workspaces").body(r#"{"name": "A", "slug": "a"}"#);
    answer(request.bearer_auth(api.sandbox.key())).await.refused(415);
}

#[tokio::test]
async fn a_content_type_may_have_parameters() {
    let api = Api::start().await;
    let body = r#"{"name": "A", "slug": "a"}"#;
    let answer = api.send_raw("/workspaces", "Application/JSON; charset=utf-8", body).await;
    answer.ok(201);
}

#[tokio::test]
async fn a_missing_body_is_answered_with_400() {
    let api = Api::start().await;
    assert_eq!(api.call("POST", "/workspaces").await.refused(400), "body: a JSON body is required");
}

#[tokio::test]
async fn a_body_over_a_mebibyte_is_answered_with_413() {
    let api = Api::start().await;
    let body = format!(r#"{{"name": "{}"}}"#, "x".repeat(3 * 1024 * 1024));
    api.send_raw("/workspaces", "application/json", body).await.refused(413);
}

#[tokio::test]
async fn a_body_of_a_mebibyte_is_read() {
    let api = Api::start().await;
    let body = " ".repeat(1024 * 1024);
    api.send_raw("/workspaces", "application/json", body).await.refused(400);
}

#[tokio::test]
async fn a_missing_field_is_named() {
    let api = Api::start().await;
    let answer = api.send("POST", "/workspaces", json!({"name": "A"})).await;
    assert_eq!(answer.refused(400), "slug: a required field is missing");
    assert_eq!(answer.body["error"]["metadata"], json!({"field": "slug", "rule": "required"}));
}

#[tokio::test]
async fn a_broken_rule_names_its_field() {
    let api = Api::start().await;
    for (field, value, rule) in [
        ("name", json!(""), "minLength"),
        ("name", json!("x".repeat(101)), "maxLength"),
        ("name", json!(null), "type"),
        ("slug", json!("Prod"), "pattern"),
        ("slug", json!("a--b"), "pattern"),
        ("slug", json!("a\n"), "pattern"),
        ("slug", json!("x".repeat(51)), "maxLength"),
        ("description", json!("x".repeat(501)), "maxLength"),
        ("default_provider_sort", json!(1), "type"),
        ("disabled_server_tools", json!("openrouter:bash"), "type"),
        ("io_logging_sampling_rate", json!(0), "minimum"),
        ("io_logging_sampling_rate", json!(1.5), "maximum"),
        ("io_logging_sampling_rate", json!(null), "type"),
        ("is_observability_io_logging_enabled", json!("yes"), "type"),
    ] {
        let mut body = json!({"name": "A", "slug": "a"});
        body[field] = value;
        let answer = api.send("POST", "/workspaces", body).await;
        let message = answer.refused(400);
        assert!(message.starts_with(&format!("{field}: the value ")), "{message}");
        assert_eq!(answer.body["error"]["metadata"], json!({"field": field, "rule": rule}));
    }
    assert_eq!(api.sandbox.workspaces().len(), 1);
}

#[tokio::test]
async fn an_element_of_a_list_is_named_by_its_position() {
    let api = Api::start().await;
    for ids in [json!([1, 1.5]), json!([1, "2"]), json!([1, 9_223_372_036_854_775_808_u64])] {
        let body = json!({"name": "A", "slug": "a", "io_logging_api_key_ids": ids});
        let answer = api.send("POST", "/workspaces", body).await;
        assert!(answer.refused(400).starts_with("io_logging_api_key_ids.1: "));
    }
}

#[tokio::test]
async fn a_body_that_is_no_object_is_answered_with_400() {
    let api = Api::start().await;
    for body in [json!([]), json!(null), json!("name")] {
        let answer = api.send("POST", "/workspaces", body).await;
        assert!(answer.refused(400).starts_with("body: "));
    }
}

#[tokio::test]
async fn lengths_count_characters_and_not_bytes() {
    let api = Api::start().await;
    let body = json!({"name": "ü".repeat(100), "slug": "a"});
    api.send("POST", "/workspaces", body).await.ok(201);
}

#[tokio::test]
async fn fields_that_the_contract_does_not_know_are_ignored() {
    let api = Api::start().await;
    let body = json!({"name": "A", "slug": "a", "id": "mine", "created_by": "me", "new": 1});
    let body = api.send("POST", "/workspaces", body).await.ok(201);
    assert_eq!(body["data"]["created_by"], "user_1");
    assert!(body["data"].get("new").is_none());
}

#[tokio::test]
async fn values_that_the_contract_does_not_know_are_kept() {
    let api = Api::start().await;
    let body = json!({
        "name": "A",
        "slug": "a",
        "default_provider_sort": "karma",
        "disabled_server_tools": ["acme:internal_search"],
    });
    let body = api.send("POST", "/workspaces", body).await.ok(201);
    assert_eq!(body["data"]["default_provider_sort"], "karma");
    assert_eq!(body["data"]["disabled_server_tools"], json!(["acme:internal_search"]));
}

#[tokio::test]
async fn a_page_outside_of_the_contract_is_answered_with_400() {
    let api = Api::start().await;
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=abc", "limit"),
        ("limit=", "limit"),
        ("limit=1.5", "limit"),
        ("offset=-1", "offset"),
        ("offset=-99999999999999999999", "offset"),
        ("limit=99999999999999999999", "limit"),
        ("offset=0&limit=1&limit=x", "limit"),
    ] {
        for path in ["/workspaces", "/workspaces/default/members"] {
            let answer = api.call("GET", &format!("{path}?{query}")).await;
            assert!(answer.refused(400).starts_with(&format!("{field}: the value ")), "{query}");
        }
    }
}

#[tokio::test]
async fn query_parameters_are_percent_decoded() {
    let api = Api::start().await;
    let answer = api.call("GET", "/workspaces?%6Cimit=%31%30%31").await;
    assert!(answer.refused(400).starts_with("limit: "));
}

#[tokio::test]
async fn a_confirmation_is_a_boolean() {
    let api = Api::start().await;
    let path = "/workspaces/default?confirm_default_workspace_deletion=yes";
    let answer = api.call("DELETE", path).await;
    assert!(answer.refused(400).starts_with("confirm_default_workspace_deletion: "));
}

#[tokio::test]
async fn an_unknown_interval_in_a_path_is_answered_with_400() {
    let api = Api::start().await;
    for method in ["GET", "DELETE"] {
        let answer = api.call(method, "/workspaces/default/budgets/hourly").await;
        assert!(answer.refused(400).starts_with("interval: "));
    }
}

#[tokio::test]
async fn a_request_is_validated_before_its_workspace_is_looked_up() {
    let api = Api::start().await;
    api.send("PATCH", "/workspaces/none", json!({"name": ""})).await.refused(400);
}

#[tokio::test]
async fn a_refusal_names_the_user_of_the_key() {
    let api = Api::start().await;
    let answer = api.call("GET", "/workspaces/none").await;
    answer.refused(404);
    assert_eq!(answer.body["user_id"], "user_1");
}
