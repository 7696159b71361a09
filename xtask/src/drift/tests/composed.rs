//! Differences between schemas that are made of others, or that restrict what no other keyword does.

use super::{differences, field, thing};

#[test]
fn a_choice_of_schemas() {
    let uuid = r#"{"format":"uuid","type":"string"}"#;
    let date = r#"{"format":"date","type":"string"}"#;
    field(
        "{oneOf: [{type: string, format: uuid}, {type: integer, minimum: 1}]}",
        "{oneOf: [{type: integer, minimum: 1}, {type: string, format: date}]}",
        &[
            &format!("additive request Thing.f: alternative: ours absent; theirs {date}"),
            &format!("breaking request Thing.f: alternative: ours {uuid}; theirs absent"),
            &format!("breaking response Thing.f: alternative: ours absent; theirs {date}"),
            &format!("documentation response Thing.f: alternative: ours {uuid}; theirs absent"),
        ],
    );
}

#[test]
fn a_keyword_that_is_compared_as_it_is_written() {
    field(
        "{type: string}",
        "{type: string, not: {const: a}}",
        &[
            r#"breaking request Thing.f: not: ours none; theirs {"const":"a"}"#,
            r#"breaking response Thing.f: not: ours none; theirs {"const":"a"}"#,
        ],
    );
}

#[test]
fn what_is_both_a_text_and_an_object_breaks_both_ways() {
    field(
        "{type: string}",
        "{allOf: [{type: object}, {type: string}]}",
        &[
            "breaking request Thing.f: type: ours string; theirs nothing fits",
            "breaking response Thing.f: type: ours string; theirs nothing fits",
        ],
    );
    field(
        "{type: string, maxLength: 9}",
        "{allOf: [{$ref: '#/components/schemas/Level'}, {minLength: 10}]}",
        &[
            "breaking request Thing.f: minLength: ours none; theirs 10",
            "breaking response Thing.f: minLength: ours none; theirs 10",
        ],
    );
    field(
        "{type: string, enum: [a]}",
        "{allOf: [{type: string, enum: [a]}, {type: string, enum: [b]}]}",
        &[
            "breaking request Thing.f: enum value: ours a; theirs absent",
            "breaking response Thing.f: enum value: ours a; theirs absent",
        ],
    );
}

#[test]
fn two_of_a_kind_by_all_of() {
    field(
        "{type: string, pattern: ^a}",
        "{allOf: [{type: string, pattern: b$}, {pattern: ^a}]}",
        &[
            "breaking request Thing.f: pattern: ours ^a; theirs ^a and b$",
            "documentation response Thing.f: pattern: ours ^a; theirs ^a and b$",
        ],
    );
    field(
        "{type: string, format: uuid}",
        "{allOf: [{type: string, format: uuid}, {format: email}]}",
        &[
            "breaking request Thing.f: format: ours uuid; theirs email and uuid",
            "documentation response Thing.f: format: ours uuid; theirs email and uuid",
        ],
    );
    field(
        "{type: integer, multipleOf: 2}",
        "{allOf: [{type: integer, multipleOf: 2}, {multipleOf: 3}]}",
        &[
            "breaking request Thing.f: multipleOf: ours 2; theirs 2 and 3",
            "documentation response Thing.f: multipleOf: ours 2; theirs 2 and 3",
        ],
    );
    field(
        "{type: string, not: {const: a}}",
        "{allOf: [{type: string, not: {const: a}}, {not: {const: b}}]}",
        &[
            r#"breaking request Thing.f: not: ours {"const":"a"}; theirs {"const":"a"} and {"const":"b"}"#,
            r#"breaking response Thing.f: not: ours {"const":"a"}; theirs {"const":"a"} and {"const":"b"}"#,
        ],
    );
}

#[test]
fn keywords_that_mean_something_only_together() {
    let with = |then: &str| format!("{{type: string, if: {{minLength: 3}}, then: {{pattern: {then}}}}}");
    let told = |then: &str| format!(r#"{{"if":{{"minLength":3}},"then":{{"pattern":"{then}"}}}}"#);
    let line = |side: &str| format!("breaking {side} Thing.f: if: ours {}; theirs {}", told("a"), told("b"));
    field(&with("a"), &with("b"), &[&line("request"), &line("response")]);
}

#[test]
fn a_default_of_a_choice() {
    let choice =
        |default: &str| format!("{{oneOf: [{{type: string, format: uuid}}, {{type: integer, default: {default}}}]}}");
    let lines = differences(&thing("3.0.3", &choice("1")), &thing("3.1.0", &choice("2")));
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert!(lines.iter().all(|line| line.contains(" Thing.f: alternative: ")), "{lines:?}");
}
