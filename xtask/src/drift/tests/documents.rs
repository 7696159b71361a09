//! What cannot be compared is refused with the reason, never taken for drift.

use super::super::document::Document;
use super::{edited, operation, refusal, thing};
use serde_json::json;

#[track_caller]
fn refused(bytes: &[u8], message: &str) {
    let error = Document::parse(bytes).expect_err("the document should be refused");
    assert!(error.starts_with(message), "{error}");
}

#[test]
fn nothing_at_all() {
    refused(b"", "is empty");
    refused(b" \n", "is empty");
}

#[test]
fn bytes_that_are_no_text() {
    refused(&[0x1f, 0x8b, 0x08, 0xff], "is no text in UTF-8; is it compressed?");
}

#[test]
fn documents_of_another_kind() {
    refused(b"<!doctype html><title>Not found</title>", "is no OpenAPI document: it is no mapping");
    refused(b"- a\n- b\n", "is no OpenAPI document: it is no mapping");
    refused(br#"{"name": "x", "version": "1"}"#, "has no `openapi`: this is no OpenAPI document, or not all of it");
    refused(br#"{"swagger": "2.0"}"#, "is Swagger \"2.0\"; this reads OpenAPI 3.0 and 3.1");
    refused(br#"{"openapi": "4.0.0"}"#, "is OpenAPI 4.0.0; this reads 3.0 and 3.1");
    refused(b"openapi: 3.1\n", "is OpenAPI 3.1; this reads 3.0 and 3.1");
}

#[test]
fn broken_notation() {
    refused(br#"{"openapi": "3.1.0",, }"#, "is not valid JSON: ");
    refused(b"openapi: 3.1.0\npaths: [\n", "is not valid YAML: ");
    refused(b"openapi: 3.1.0\nopenapi: 3.1.0\n", "is not valid YAML: ");
}

#[test]
fn json_that_is_cut_off_anywhere() {
    let whole = thing("3.1.0", "{type: string}").to_string();
    for end in 1..whole.len() {
        refused(&whole.as_bytes()[..end], "is cut off: the JSON ends too early: ");
    }
}

#[test]
fn yaml_that_is_cut_off_lacks_something() {
    let whole = serde_norway::to_string(&thing("3.1.0", "{type: string}")).expect("YAML");
    let lines: Vec<_> = whole.lines().collect();
    // `servers` comes last in this order.
    assert_eq!(lines.last(), Some(&"- url: https://api.example/v1"));
    for end in 1..lines.len() {
        let part = lines[..end].join("\n");
        let error = Document::parse(part.as_bytes()).expect_err("the document should be refused");
        assert!(error.contains("cut off") || error.starts_with("has no `openapi`"), "after {end} lines: {error}");
    }
}

#[test]
fn operations_without_answers_and_documents_without_workspaces() {
    assert_eq!(
        refusal(&edited(|root| operation(root)["responses"] = json!({}))),
        "theirs: PUT /workspaces/{id}: has no responses; is the document cut off?"
    );
    assert_eq!(
        refusal(&edited(|root| {
            let paths = root["paths"].as_object_mut().expect("paths");
            let item = paths.remove("/workspaces/{id}").expect("the path");
            paths.insert("/teams/{id}".to_owned(), item);
        })),
        "theirs: has no operation of the Workspaces API; is it the right document, and all of it?"
    );
}

#[test]
fn a_byte_order_mark_is_no_obstacle() {
    let text = format!("\u{feff}{}", thing("3.1.0", "{type: string}"));
    assert!(Document::parse(text.as_bytes()).is_ok());
}
