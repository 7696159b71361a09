//! Differences between schemas, in a request and in a response.

use super::{differences, edited, field, thing};

#[test]
fn another_type() {
    field(
        "{type: string}",
        "{type: boolean}",
        &[
            "breaking request Thing.f: type: ours string; theirs boolean",
            "breaking response Thing.f: type: ours string; theirs boolean",
        ],
    );
}

#[test]
fn a_wider_type_breaks_who_reads_it() {
    field(
        "{type: integer}",
        "{type: number}",
        &[
            "additive request Thing.f: type: ours integer; theirs number",
            "breaking response Thing.f: type: ours integer; theirs number",
        ],
    );
    field(
        "{type: string}",
        "{}",
        &[
            "additive request Thing.f: nullable: ours no; theirs yes",
            "additive request Thing.f: type: ours string; theirs any",
            "breaking response Thing.f: nullable: ours no; theirs yes",
            "breaking response Thing.f: type: ours string; theirs any",
        ],
    );
}

#[test]
fn a_narrower_type_breaks_who_sends_it() {
    field(
        "{type: number}",
        "{type: integer}",
        &[
            "breaking request Thing.f: type: ours number; theirs integer",
            "documentation response Thing.f: type: ours number; theirs integer",
        ],
    );
    field(
        "{type: string}",
        "{type: [string, integer]}",
        &[
            "additive request Thing.f: type: ours string; theirs integer or string",
            "breaking response Thing.f: type: ours string; theirs integer or string",
        ],
    );
}

#[test]
fn a_format() {
    field(
        "{type: string}",
        "{type: string, format: uuid}",
        &[
            "breaking request Thing.f: format: ours none; theirs uuid",
            "documentation response Thing.f: format: ours none; theirs uuid",
        ],
    );
    field(
        "{type: string, format: date-time}",
        "{type: string}",
        &[
            "additive request Thing.f: format: ours date-time; theirs none",
            "breaking response Thing.f: format: ours date-time; theirs none",
        ],
    );
    field(
        "{type: string, format: date-time}",
        "{type: string, format: date}",
        &[
            "breaking request Thing.f: format: ours date-time; theirs date",
            "breaking response Thing.f: format: ours date-time; theirs date",
        ],
    );
}

#[test]
fn null() {
    field(
        "{type: string}",
        "{type: [string, 'null']}",
        &[
            "additive request Thing.f: nullable: ours no; theirs yes",
            "breaking response Thing.f: nullable: ours no; theirs yes",
        ],
    );
    field(
        "{type: string, nullable: true}",
        "{type: string}",
        &[
            "breaking request Thing.f: nullable: ours yes; theirs no",
            "documentation response Thing.f: nullable: ours yes; theirs no",
        ],
    );
    // A closed enum lists all that may come.
    field(
        "{type: string, nullable: true, enum: [a, null]}",
        "{type: [string, 'null'], enum: [a]}",
        &[
            "breaking request Thing.f: nullable: ours yes; theirs no",
            "documentation response Thing.f: nullable: ours yes; theirs no",
        ],
    );
}

#[test]
fn limits() {
    for (keyword, kind) in [("maxLength", "string"), ("maximum", "number"), ("maxItems", "array")] {
        field(
            &format!("{{type: {kind}, {keyword}: 5}}"),
            &format!("{{type: {kind}, {keyword}: 6}}"),
            &[
                &format!("additive request Thing.f: {keyword}: ours 5; theirs 6"),
                &format!("breaking response Thing.f: {keyword}: ours 5; theirs 6"),
            ],
        );
    }
    for (keyword, kind) in [("minLength", "string"), ("minimum", "number"), ("minItems", "array")] {
        field(
            &format!("{{type: {kind}, {keyword}: 5}}"),
            &format!("{{type: {kind}, {keyword}: 6}}"),
            &[
                &format!("breaking request Thing.f: {keyword}: ours 5; theirs 6"),
                &format!("documentation response Thing.f: {keyword}: ours 5; theirs 6"),
            ],
        );
    }
    field(
        "{type: number, minimum: 0, exclusiveMinimum: true}",
        "{type: number, minimum: 0}",
        &[
            "additive request Thing.f: exclusiveMinimum: ours 0; theirs none",
            "breaking request Thing.f: minimum: ours none; theirs 0",
            "breaking response Thing.f: exclusiveMinimum: ours 0; theirs none",
            "documentation response Thing.f: minimum: ours none; theirs 0",
        ],
    );
}

#[test]
fn a_limit_that_is_neither_tighter_nor_looser() {
    for (keyword, ours, theirs) in [("pattern", "^a$", "^b$"), ("multipleOf", "2", "3")] {
        field(
            &format!("{{type: [string, number], {keyword}: {ours}}}"),
            &format!("{{type: [string, number], {keyword}: {theirs}}}"),
            &[
                &format!("breaking request Thing.f: {keyword}: ours {ours}; theirs {theirs}"),
                &format!("documentation response Thing.f: {keyword}: ours {ours}; theirs {theirs}"),
            ],
        );
    }
    field(
        "{type: array, items: {type: string}}",
        "{type: array, items: {type: string}, uniqueItems: true}",
        &[
            "breaking request Thing.f: uniqueItems: ours none; theirs yes",
            "documentation response Thing.f: uniqueItems: ours none; theirs yes",
        ],
    );
}

#[test]
fn a_value_of_an_enum() {
    field(
        "{type: string, x-extensible-enum: [a, b]}",
        "{type: string, enum: [b, c], x-speakeasy-unknown-values: allow}",
        &[
            "breaking request Thing.f: enum value: ours a; theirs absent",
            "additive request Thing.f: enum value: ours absent; theirs c",
            "documentation response Thing.f: enum value: ours a; theirs absent",
            "additive response Thing.f: enum value: ours absent; theirs c",
        ],
    );
    field(
        "{type: string, enum: [a]}",
        "{type: string, enum: [a, b]}",
        &[
            "additive request Thing.f: enum value: ours absent; theirs b",
            "breaking response Thing.f: enum value: ours absent; theirs b",
        ],
    );
}

#[test]
fn an_enum_that_is_open_or_closed() {
    field(
        "{type: string, x-extensible-enum: [a]}",
        "{type: string, enum: [a]}",
        &[
            "documentation request Thing.f: enum: ours open; theirs closed",
            "documentation response Thing.f: enum: ours open; theirs closed",
        ],
    );
    field(
        "{type: string, enum: [a]}",
        "{type: string, enum: [a], x-speakeasy-unknown-values: allow}",
        &[
            "additive request Thing.f: enum: ours closed; theirs open",
            "breaking response Thing.f: enum: ours closed; theirs open",
        ],
    );
}

#[test]
fn an_enum_that_is_no_enum_on_the_other_side() {
    field(
        "{type: string}",
        "{type: string, enum: [b, a]}",
        &[
            "breaking request Thing.f: enum: ours none; theirs closed: a, b",
            "documentation response Thing.f: enum: ours none; theirs closed: a, b",
        ],
    );
    field(
        "{type: string, x-extensible-enum: [a]}",
        "{type: string}",
        &[
            "documentation request Thing.f: enum: ours open: a; theirs none",
            "documentation response Thing.f: enum: ours open: a; theirs none",
        ],
    );
}

#[test]
fn a_default() {
    field(
        "{type: integer, default: 50}",
        "{type: integer, default: 20}",
        &[
            "breaking request Thing.f: default: ours 50; theirs 20",
            "breaking response Thing.f: default: ours 50; theirs 20",
        ],
    );
    field(
        "{type: integer}",
        "{type: integer, default: 20}",
        &[
            "documentation request Thing.f: default: ours none; theirs 20",
            "documentation response Thing.f: default: ours none; theirs 20",
        ],
    );
}

#[test]
fn what_an_array_holds() {
    field(
        "{type: array, items: {type: array, items: {type: string}}}",
        "{type: array, items: {type: array, items: {type: string, maxLength: 3}}}",
        &[
            "breaking request Thing.f[][]: maxLength: ours none; theirs 3",
            "documentation response Thing.f[][]: maxLength: ours none; theirs 3",
        ],
    );
}

#[test]
fn an_inner_field() {
    field(
        "{type: object, properties: {x: {type: string}, y: {type: string}}}",
        "{type: object, properties: {y: {type: integer}}}",
        &[
            "breaking request Thing.f.x: field: ours string, optional; theirs absent",
            "breaking request Thing.f.y: type: ours string; theirs integer",
            "breaking response Thing.f.x: field: ours string, optional; theirs absent",
            "breaking response Thing.f.y: type: ours string; theirs integer",
        ],
    );
}

#[test]
fn a_new_field() {
    let new = |f| {
        let mut root = thing("3.1.0", "{type: string}");
        root["components"]["schemas"]["Thing"]["properties"]["n"] =
            serde_norway::from_str(f).expect("the schema is YAML");
        root
    };
    assert_eq!(
        differences(&edited(|_| {}), &new("{type: [array, 'null'], items: {type: string, format: uuid}}")),
        [
            "additive request Thing.n: field: ours absent; theirs array of string (uuid) or null, optional",
            "additive response Thing.n: field: ours absent; theirs array of string (uuid) or null, optional",
        ]
    );
    let mut required = new("{type: string}");
    required["components"]["schemas"]["Thing"]["required"] = serde_json::json!(["g", "n"]);
    assert_eq!(
        differences(&edited(|_| {}), &required),
        [
            "breaking request Thing.n: field: ours absent; theirs string, required",
            "additive response Thing.n: field: ours absent; theirs string, required",
        ]
    );
}

#[test]
fn a_field_that_is_required_on_one_side() {
    let required = edited(|root| root["components"]["schemas"]["Thing"]["required"] = serde_json::json!(["f", "g"]));
    let optional = edited(|_| {});
    assert_eq!(
        differences(&optional, &required),
        [
            "breaking request Thing.f: required: ours no; theirs yes",
            "documentation response Thing.f: required: ours no; theirs yes",
        ]
    );
    assert_eq!(
        differences(&required, &optional),
        [
            "additive request Thing.f: required: ours yes; theirs no",
            "breaking response Thing.f: required: ours yes; theirs no",
        ]
    );
}

#[test]
fn a_field_that_travels_one_way_only() {
    field(
        "{type: string}",
        "{type: string, readOnly: true}",
        &["breaking request Thing.f: field: ours string, optional; theirs absent"],
    );
    field(
        "{type: string}",
        "{type: string, writeOnly: true}",
        &["breaking response Thing.f: field: ours string, optional; theirs absent"],
    );
}

#[test]
fn a_deprecated_field() {
    field(
        "{type: string}",
        "{type: string, deprecated: true}",
        &[
            "documentation request Thing.f: deprecated: ours no; theirs yes",
            "documentation response Thing.f: deprecated: ours no; theirs yes",
        ],
    );
}

#[test]
fn fields_without_a_name() {
    field(
        "{type: object}",
        "{type: object, additionalProperties: false}",
        &[
            "breaking request Thing.f.*: additionalProperties: ours allowed; theirs refused",
            "documentation response Thing.f.*: additionalProperties: ours allowed; theirs refused",
        ],
    );
    field(
        "{type: object, additionalProperties: {type: string}}",
        "{type: object, additionalProperties: {type: integer}}",
        &[
            "breaking request Thing.f.*: type: ours string; theirs integer",
            "breaking response Thing.f.*: type: ours string; theirs integer",
        ],
    );
}

#[test]
fn schemas_that_contain_themselves_are_compared_once() {
    let tree = |leaf: &str| {
        let mut root = thing("3.1.0", "{$ref: '#/components/schemas/Tree'}");
        root["components"]["schemas"]["Tree"] = serde_json::json!({
            "type": "object",
            "properties": {
                "leaf": { "type": leaf },
                "branches": { "type": "array", "items": { "$ref": "#/components/schemas/Tree" } },
            },
        });
        root
    };
    assert_eq!(
        differences(&tree("string"), &tree("integer")),
        [
            "breaking request Tree.leaf: type: ours string; theirs integer",
            "breaking response Tree.leaf: type: ours string; theirs integer",
        ]
    );
}

#[test]
fn an_array_that_holds_itself() {
    let nested = |root: &mut serde_json::Value| {
        let nested = serde_json::json!({ "type": "array", "items": { "$ref": "#/components/schemas/Nested" } });
        root["components"]["schemas"]["Nested"] = nested;
        let reference = serde_json::json!({ "$ref": "#/components/schemas/Nested" });
        root["components"]["schemas"]["Thing"]["properties"]["n"] = reference;
    };
    let both = edited(nested);
    assert_eq!(differences(&both, &both), [""; 0]);
    let outline = "array of array of array of array, optional";
    assert_eq!(
        differences(&edited(|_| {}), &both),
        [
            format!("additive request Thing.n: field: ours absent; theirs {outline}"),
            format!("additive response Thing.n: field: ours absent; theirs {outline}"),
        ]
    );
}
