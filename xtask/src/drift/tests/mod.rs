//! Small documents that differ in one thing, or in nothing but the notation.

#[path = "../../../../tests/common/cases.rs"]
mod cases;
mod changes;
mod changes_to_operations;
mod composed;
mod deviations;
mod documents;
mod equalities;
mod notation;
mod operations;
mod references;
mod reports;
mod schemas;
mod since;
mod upstream;

use serde_json::{Value, json};

use super::difference::Difference;
use super::document::Document;
use super::report::Report;

/// A document with one operation, which sends and answers a `Thing` with a field `f`.
fn thing(version: &str, f: &str) -> Value {
    let f: Value = serde_norway::from_str(f).expect("the schema is YAML");
    json!({
        "openapi": version,
        "info": { "title": "Test", "version": "1" },
        "servers": [{ "url": "https://api.example/v1" }],
        "security": [{ "key": [] }],
        "paths": {
            "/workspaces/{id}": {
                "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
                "put": {
                    "operationId": "put_thing",
                    "parameters": [
                        { "name": "offset", "in": "query", "schema": { "type": "integer", "minimum": 0, "default": 0 } },
                        { "name": "X-Title", "in": "header", "schema": { "type": "string" } },
                    ],
                    "requestBody": { "required": true, "content": body("#/components/schemas/Thing") },
                    "responses": {
                        "200": { "description": "Done", "content": body("#/components/schemas/Thing") },
                        "404": { "description": "Not found", "content": body("#/components/schemas/Problem") },
                    },
                },
            },
        },
        "components": {
            "securitySchemes": { "key": { "type": "http", "scheme": "bearer" } },
            "schemas": {
                "Thing": { "type": "object", "required": ["g"], "properties": { "f": f, "g": { "type": "string" } } },
                "Problem": { "type": "object", "properties": { "message": { "type": "string" } } },
                "Level": { "type": "string", "maxLength": 9 },
            },
        },
    })
}

fn body(reference: &str) -> Value {
    json!({ "application/json": { "schema": { "$ref": reference } } })
}

fn document(root: &Value) -> Document {
    Document::parse(root.to_string().as_bytes()).expect("the document is OpenAPI")
}

/// What is reported of two documents with these deviations recorded.
fn compared(ours: &Value, theirs: &Value, deviations: &str) -> Result<Report, String> {
    super::report(("ours", &document(ours)), ("theirs", &document(theirs)), ("deviations", deviations))
}

/// Why a document cannot be compared with the usual one.
#[track_caller]
fn refusal(theirs: &Value) -> String {
    compared(&edited(|_| {}), theirs, "").map(|_| ()).expect_err("there is nothing to compare")
}

/// What is found between two documents when nothing is recorded.
#[track_caller]
fn found(ours: &Value, theirs: &Value) -> Vec<Difference> {
    let sorted = compared(ours, theirs, "").expect("the documents can be compared").sorted;
    assert!(sorted.stale.is_empty() && sorted.recorded.is_empty());
    sorted.unexpected
}

/// The differences between two documents, a line each.
#[track_caller]
fn differences(ours: &Value, theirs: &Value) -> Vec<String> {
    found(ours, theirs).iter().map(|difference| format!("{} {}", difference.class, difference.key)).collect()
}

/// Asserts what is reported when our contract (3.0) has one schema for `f`, and theirs (3.1) another.
#[track_caller]
fn field(ours: &str, theirs: &str, expected: &[&str]) {
    assert_eq!(differences(&thing("3.0.3", ours), &thing("3.1.0", theirs)), expected);
}

/// Asserts that two documents say the same, whichever of them is ours.
#[track_caller]
fn same(ours: &Value, theirs: &Value) {
    assert_eq!(differences(ours, theirs), [""; 0]);
    assert_eq!(differences(theirs, ours), [""; 0]);
}

/// A document with an edit.
fn edited(edit: impl FnOnce(&mut Value)) -> Value {
    let mut root = thing("3.0.3", "{type: string}");
    edit(&mut root);
    root
}

/// Asserts what is reported when theirs is edited.
#[track_caller]
fn edit(edit: impl FnOnce(&mut Value), expected: &[&str]) {
    assert_eq!(differences(&edited(|_| {}), &edited(edit)), expected);
}

/// The one operation of the document.
fn operation(root: &mut Value) -> &mut Value {
    &mut root["paths"]["/workspaces/{id}"]["put"]
}
