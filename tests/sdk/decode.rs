//! Successful answers that cannot be read.

use crate::common::errors::decode;
use crate::common::fixtures::{budget, member, workspace, workspace_row};
use crate::common::raw::{Behaviour, RawServer};
use crate::common::{KEY, Mock, Reply};
use openrouter_workspaces::{BudgetInterval, Client, DecodeError, Error, RetryConfig};
use serde_json::{Value, json};

async fn get_from(reply: Reply) -> Box<DecodeError> {
    let mock = Mock::always(reply);
    decode(mock.client().get("production").await.unwrap_err())
}

#[tokio::test]
async fn the_path_of_a_wrong_value_in_a_single_row_is_named() {
    for (field, wrong) in [
        ("created_at", json!("yesterday")),
        ("id", json!("not-a-uuid")),
        ("io_logging_sampling_rate", json!("1")),
        ("is_observability_io_logging_enabled", json!("no")),
        ("slug", Value::Null),
        ("updated_at", json!(12)),
        ("slug", json!(["a"])),
    ] {
        let mut row = workspace();
        row[field] = wrong;
        let body = json!({"data": row});
        let error = get_from(Reply::json(200, body.clone()).header("x-request-id", "req-1")).await;
        assert_eq!(error.path(), format!("data.{field}"));
        assert_eq!((error.status(), error.request_id(), error.call().attempts()), (200, Some("req-1"), 1));
        assert_eq!(error.body(), body.to_string().as_bytes());
        assert_eq!(error.headers()["content-type"], "application/json");
        assert!(error.to_string().contains(field) && error.to_string().contains("req-1"), "{error}");
    }
}

#[tokio::test]
async fn the_path_of_a_wrong_value_in_a_list_is_named() {
    let mut rows: Vec<_> = (0..3).map(workspace_row).collect();
    rows[1]["created_at"] = json!("yesterday");
    let mock = Mock::always(Reply::json(200, json!({"data": rows, "total_count": 3})));
    let error = decode(mock.client().list().await.unwrap_err());
    assert_eq!(error.path(), "data[1].created_at");
}

#[tokio::test]
async fn the_path_is_named_for_members_and_budgets_too() {
    let mut wrong = member();
    wrong["role"] = json!(1);
    let mock = Mock::always(Reply::json(200, json!({"data": [wrong], "added_count": 1})));
    let error = decode(mock.client().bulk_add_members("production", ["a"]).await.unwrap_err());
    assert_eq!(error.path(), "data[0].role");

    let mut wrong = budget();
    wrong["limit_usd"] = json!("100");
    let mock = Mock::always(Reply::json(200, json!({"data": wrong})));
    let error = decode(mock.client().get_budget("production", BudgetInterval::Daily).await.unwrap_err());
    assert_eq!(error.path(), "data.limit_usd");
}

#[tokio::test]
async fn a_missing_field_is_named() {
    for field in ["id", "name", "created_at", "slug"] {
        let mut row = workspace();
        row.as_object_mut().unwrap().remove(field);
        let error = get_from(Reply::json(200, json!({"data": row}))).await;
        assert!(error.path().starts_with("data"), "{}", error.path());
        assert!(error.to_string().contains(field), "{error}");
    }
}

#[tokio::test]
async fn a_workspace_without_a_default_guardrail_is_read_by_every_call_that_answers_one() {
    let mut row = workspace();
    row["default_guardrail_id"] = json!(null);
    let mock = Mock::script([
        Reply::json(200, json!({"data": row})),
        Reply::json(200, json!({"data": row})),
        Reply::json(201, json!({"data": row})),
        Reply::json(200, json!({"data": [row], "total_count": 1})),
    ]);
    let client = mock.client();
    assert_eq!(client.get("production").await.unwrap().default_guardrail_id, None);
    assert_eq!(client.update("production").name("A").await.unwrap().default_guardrail_id, None);
    assert_eq!(client.create("Production", "production").await.unwrap().default_guardrail_id, None);
    assert_eq!(client.list().await.unwrap().data[0].default_guardrail_id, None);
    assert_eq!(mock.requests().len(), 4);
}

#[tokio::test]
async fn a_body_that_is_not_json_keeps_status_id_and_itself() {
    for body in ["", "{", "{\"data\": ", "null", "{\"deleted\": true} trailing"] {
        let mock = Mock::always(Reply::new(200, "text/html", body).header("cf-ray", "8f0a-FRA"));
        let error = mock.client().delete("production").await.unwrap_err();
        assert_eq!((error.status(), error.request_id()), (Some(200), Some("8f0a-FRA")), "{body}");
        assert!(!error.is_retryable());
        let error = decode(error);
        assert_eq!(error.body(), body.as_bytes());
        assert_eq!(error.path(), ".", "{body}");
    }
}

#[tokio::test]
async fn a_page_is_not_of_this_api_and_the_url_is_named() {
    let pages = ["<html>login</html>", "\n <!DOCTYPE html><title>Sign in</title>", "\u{feff}<!DOCTYPE html><p>Sign in"];
    for body in pages {
        let mock = Mock::always(Reply::new(200, "text/html", body).header("cf-ray", "8f0a-FRA"));
        let error = mock.client().get("production").await.unwrap_err();
        assert_eq!((error.status(), error.request_id()), (Some(200), Some("8f0a-FRA")), "{body}");
        assert!(!error.is_retryable());
        let Error::WrongEndpoint(wrong) = &error else { panic!("{error:?}") };
        assert_eq!(wrong.url(), format!("{}/workspaces/production", mock.url()));
        assert_eq!(wrong.answer().body(), body.as_bytes());
        assert!(error.to_string().contains("is the base URL right?"), "{error}");
    }
}

#[tokio::test]
async fn a_byte_order_mark_is_no_part_of_what_an_answer_says() {
    let with_mark = |status, body: Value| Reply::new(status, "application/json", format!("\u{feff}{body}"));
    let mock = Mock::script([
        with_mark(200, json!({"data": workspace()})),
        with_mark(404, json!({"error": {"code": 404, "message": "Workspace not found"}})),
    ]);
    let client = mock.client();
    assert_eq!(client.get("production").await.unwrap().slug, "production");
    let error = client.get("production").await.unwrap_err();
    assert!(matches!(&error, Error::NotFound(e) if e.message() == "Workspace not found"), "{error}");

    let mut row = workspace();
    row["slug"] = json!(7);
    let body = json!({"data": row});
    let error = get_from(with_mark(200, body.clone())).await;
    assert_eq!((error.path(), error.body()), ("data.slug", format!("\u{feff}{body}").as_bytes()));
}

#[tokio::test]
async fn invalid_utf_8_is_no_json() {
    let error = get_from(Reply::new(200, "application/json", *b"{\"data\": {\"slug\": \"\xff\"}}")).await;
    assert_eq!(error.body(), b"{\"data\": {\"slug\": \"\xff\"}}");
    assert_eq!(error.path(), "data.slug");
    assert!(error.to_string().contains("invalid utf-8"), "{error}");
    // What is wrong before that is what is told.
    let error = get_from(Reply::new(200, "application/json", *b"{\"data\": {\"slug\": 5, \"name\": \"\xff\"}}")).await;
    assert_eq!(error.path(), "data.slug");
    assert!(error.to_string().contains("invalid type: integer `5`"), "{error}");
}

#[tokio::test]
async fn no_content_is_no_answer() {
    let error = get_from(Reply::empty(204).header("x-request-id", "req-2")).await;
    assert_eq!((error.status(), error.request_id(), error.body()), (204, Some("req-2"), &b""[..]));
}

#[tokio::test]
async fn a_body_over_the_cap_is_refused_and_one_at_the_cap_is_read() {
    let body = json!({"deleted": true}).to_string();
    for (cap, fits) in [(body.len(), true), (body.len() - 1, false), (0, false)] {
        let reply = Reply::new(200, "application/json", body.clone()).header("x-request-id", "req-3");
        let mock = Mock::always(reply);
        let client = mock.builder().max_body_bytes(cap).build().unwrap();
        let result = client.delete("production").await;
        if fits {
            assert!(result.unwrap().deleted);
            continue;
        }
        let error = decode(result.unwrap_err());
        assert_eq!((error.status(), error.request_id(), error.call().attempts()), (200, Some("req-3"), 1));
        assert!(error.to_string().contains(&format!("larger than {cap} bytes")), "{error}");
    }
}

#[cfg(feature = "gzip")]
#[tokio::test]
async fn the_cap_holds_for_the_body_after_decompression() {
    // 100,000 spaces, compressed by gzip.
    let bomb = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed, 0xc1, 0x31, 0x01, 0x00, 0x00, 0x00, 0xc2,
        0xa0, 0x2a, 0xeb, 0x9f, 0xd2, 0x1a, 0x1e, 0x40, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xaf, 0x06, 0x2d,
        0xf0, 0x79, 0xca, 0xa0, 0x86, 0x01, 0x00,
    ];
    assert!(bomb.len() < 1000);
    let mock = Mock::always(Reply::new(200, "application/json", bomb).header("content-encoding", "gzip"));
    let client = mock.builder().max_body_bytes(1000).build().unwrap();
    let error = decode(client.get("production").await.unwrap_err());
    assert!(error.to_string().contains("larger than 1000 bytes"), "{error}");
}

#[tokio::test]
async fn an_endless_body_is_cut_off_at_the_cap() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n".to_vec();
    let server = RawServer::start([Behaviour::Drip(head, std::time::Duration::ZERO)]);
    let builder = Client::builder().api_key(KEY).base_url(server.url()).retry(RetryConfig::none());
    let client = builder.max_body_bytes(500).build().unwrap();
    let error = decode(client.get("production").await.unwrap_err());
    assert!(error.to_string().contains("larger than 500 bytes"), "{error}");
}

#[tokio::test]
async fn a_decode_error_after_a_retry_counts_the_attempts() {
    let mock = Mock::script([Reply::error(503, "busy"), Reply::json(200, json!({"data": 1}))]);
    let retry = RetryConfig::default().initial_interval(std::time::Duration::ZERO);
    let error = decode(mock.client().get("production").retry(retry).await.unwrap_err());
    assert_eq!((error.call().attempts(), error.path()), (2, "data"));
}
