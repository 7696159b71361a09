//! Two documents of upstream's, compared with each other.

use serde_json::{Value, json};

use super::super::report::Report;
use super::{document, edited, operation};

fn report() -> Report {
    let now = edited(|root| {
        operation(root)["responses"]["429"] = json!({ "description": "Slow down" });
        root["components"]["schemas"]["Thing"]["properties"]["f"]["maxLength"] = json!(9);
    });
    crate::drift::changes(("old", &document(&edited(|_| {}))), ("new", &document(&now))).expect("a report")
}

#[test]
fn the_lines_say_what_was_and_what_is_now_in_the_same_classes() {
    assert_eq!(
        report().text(),
        "old against new (Test 1, OpenAPI 3.0.3)\n\
         breaking       request Thing.f: maxLength: was none; now 9  [put_thing]\n\
         additive       response 429: status: was absent; now described  [put_thing]\n\
         documentation  response Thing.f: maxLength: was none; now 9  [put_thing]\n\
         1 of 1 operations compared: 3 differences (1 breaking, 1 additive, 1 documentation), 0 recorded deviations, 0 stale \
         records\n"
    );
    assert!(!report().is_clean());
}

#[test]
fn json_and_markdown_say_so_too() {
    let value: Value = serde_json::from_str(&report().json()).expect("the report is JSON");
    assert_eq!(
        value["differences"][0],
        json!({
            "class": "breaking", "where": "request Thing.f", "what": "maxLength", "was": "none", "now": "9", "in": ["put_thing"],
        })
    );
    assert!(report().markdown().contains("| where | what | was | now | operations |\n"));
}

#[test]
fn the_same_document_twice_is_clean() {
    let same = document(&edited(|_| {}));
    assert!(crate::drift::changes(("old", &same), ("new", &same)).is_ok_and(|report| report.is_clean()));
}
