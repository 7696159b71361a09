//! The three ways to write a report.

use serde_json::{Value, json};

use super::super::report::Report;
use super::{compared, edited, operation};

const DEVIATIONS: &str = "
- what: default
  ours: '0'
  theirs: none
  where: [query offset]
  reason: It is meant.
- what: maxLength
  ours: none
  theirs: '9'
  where: [request Thing.f]
  reason: It was meant.
";

fn report() -> Report {
    let theirs = edited(|root| {
        let offset = &mut operation(root)["parameters"][0]["schema"];
        offset.as_object_mut().expect("the schema").remove("default");
        operation(root)["responses"]["429"] = json!({ "description": "Slow down" });
        let f = &mut root["components"]["schemas"]["Thing"]["properties"]["f"];
        *f = json!({ "type": "string", "pattern": "^a|`b`$" });
        root["info"]["title"] = json!("An <API> @ours");
    });
    compared(&edited(|_| {}), &theirs, DEVIATIONS).expect("a report")
}

#[test]
fn text() {
    assert_eq!(
        report().text(),
        "ours against theirs (An <API> @ours 1, OpenAPI 3.0.3)\n\
         breaking       request Thing.f: pattern: ours none; theirs ^a|`b`$  [put_thing]\n\
         additive       response 429: status: ours absent; theirs described  [put_thing]\n\
         documentation  response Thing.f: pattern: ours none; theirs ^a|`b`$  [put_thing]\n\
         stale          request Thing.f: maxLength: ours none; theirs 9  [recorded in openapi/deviations.yaml, and no \
         longer so]\n\
         1 of 1 operations compared: 3 differences (1 breaking, 1 additive, 1 documentation), 1 recorded deviation, 1 stale \
         record\n"
    );
}

#[test]
fn json() {
    let value: Value = serde_json::from_str(&report().json()).expect("the report is JSON");
    let pattern = |place: &str, class: &str| {
        json!({
            "class": class, "where": place, "what": "pattern", "ours": "none", "theirs": "^a|`b`$", "in": ["put_thing"],
        })
    };
    assert_eq!(
        value,
        json!({
            "contract": "ours",
            "upstream": "theirs",
            "title": "An <API> @ours 1, OpenAPI 3.0.3",
            "compared": 1,
            "differences": [
                pattern("request Thing.f", "breaking"),
                {
                    "class": "additive", "where": "response 429", "what": "status", "ours": "absent",
                    "theirs": "described", "in": ["put_thing"],
                },
                pattern("response Thing.f", "documentation"),
            ],
            "recorded": [{
                "class": "documentation", "where": "query offset", "what": "default", "ours": "0", "theirs": "none",
                "in": ["put_thing"], "reason": "It is meant.",
            }],
            "stale": [{ "where": "request Thing.f", "what": "maxLength", "ours": "none", "theirs": "9", "why": "and no longer so" }],
        })
    );
}

#[test]
fn markdown() {
    assert_eq!(
        report().markdown(),
        r#"# Drift from upstream

`ours` against `theirs` (An \<API\> \@ours 1, OpenAPI 3.0.3).

1 of 1 operations compared: 3 differences (1 breaking, 1 additive, 1 documentation), 1 recorded deviation, 1 stale record.

## Breaking for our users

| where | what | ours | theirs | operations |
|---|---|---|---|---|
| `request Thing.f` | `pattern` | `none` | `^a\|'b'$` | put\_thing |

## New upstream

| where | what | ours | theirs | operations |
|---|---|---|---|---|
| `response 429` | `status` | `absent` | `described` | put\_thing |

## Documentation only

| where | what | ours | theirs | operations |
|---|---|---|---|---|
| `response Thing.f` | `pattern` | `none` | `^a\|'b'$` | put\_thing |

## Recorded, and no longer so

Remove from `openapi/deviations.yaml`, or correct there:

- request Thing.f: maxLength: ours none; theirs 9 (and no longer so)

CONTRIBUTING.md, "When upstream changes", says how to go on.
"#
    );
}

#[test]
fn many_operations_are_counted_and_all_of_them_are_called_so() {
    let with = |kind: &str| {
        edited(|root| {
            for name in ["a", "b", "c", "d", "e", "f", "g"] {
                let mut put = operation(root).clone();
                put["operationId"] = json!(format!("put_{name}"));
                root["paths"][format!("/workspaces/{name}")] = json!({ "put": put });
            }
            let paths = root["paths"].as_object_mut().expect("paths");
            paths.remove("/workspaces/{id}");
            root["components"]["schemas"]["Thing"]["properties"]["f"]["type"] = json!(kind);
            root["components"]["schemas"]["Problem"]["properties"]["message"]["type"] = json!(kind);
        })
    };
    let report = compared(&with("string"), &with("integer"), "").expect("a report");
    let text = report.text();
    assert!(text.contains("response Thing.f: type: ours string; theirs integer  [all operations]\n"), "{text}");
    let some = "[put_a 404, put_b 404, put_c 404, put_d 404, put_e 404, put_f 404, and 1 more]\n";
    assert!(text.contains(some), "{text}");
}
