//! References: the ways to write them, and those that lead nowhere.

use serde_json::{Value, json};

use super::super::document::Document;
use super::{differences, edit, edited, operation, refusal, same, thing};

/// A document of 3.1, whose field `f` is this, with an edit.
fn with(f: &str, edit: impl FnOnce(&mut Value)) -> Value {
    let mut root = thing("3.1.0", f);
    edit(&mut root);
    root
}

#[test]
fn a_reference_in_an_example_or_an_extension_is_none() {
    let nowhere = || json!({ "$ref": "#/nowhere" });
    let other = edited(|root| {
        operation(root)["responses"]["200"]["content"]["application/json"]["example"] = nowhere();
        operation(root)["responses"]["200"]["content"]["application/json"]["examples"] = json!({ "a": nowhere() });
        operation(root)["x-note"] = nowhere();
        root["x-notes"] = json!([nowhere(), { "$ref": "notes.md" }]);
        let f = &mut root["components"]["schemas"]["Thing"]["properties"]["f"];
        f["example"] = nowhere();
        f["x-note"] = nowhere();
    });
    same(&edited(|_| {}), &other);
}

#[test]
fn a_reference_among_data_is_compared_as_data() {
    let default = "{type: object, default: {$ref: '#/nowhere'}}";
    same(&thing("3.0.3", default), &thing("3.1.0", default));
}

#[test]
fn broken_references_elsewhere_are_of_no_concern() {
    let other = edited(|root| {
        root["paths"]["/things"] = json!({ "$ref": "#/components/pathItems/Gone" });
        root["paths"]["/other"] = json!({ "get": { "responses": { "200": { "$ref": "other.yaml#/Gone" } } } });
        root["components"]["schemas"]["Elsewhere"] = json!({
            "$id": "https://api.example/elsewhere",
            "$ref": "#nowhere",
            "properties": { "a": { "$ref": "#/$defs/gone" }, "b": { "$ref": "#/components/schemas/%zz" } },
        });
        root["components"]["schemas"]["Circle"] = json!({ "$ref": "#/components/schemas/Circle" });
        root["webhooks"] = json!({ "other": { "$ref": "#/gone" } });
    });
    same(&edited(|_| {}), &other);
}

#[test]
fn a_part_by_defs() {
    let theirs = with("{$ref: '#/components/schemas/Level/$defs/inner'}", |root| {
        root["components"]["schemas"]["Level"]["$defs"] = json!({ "inner": { "type": "string", "maxLength": 9 } });
    });
    same(&thing("3.1.0", "{type: string, maxLength: 9}"), &theirs);
}

#[test]
fn a_part_by_anchor() {
    let theirs = with("{$ref: '#level'}", |root| {
        root["components"]["schemas"]["Level"]["$anchor"] = json!("level");
    });
    same(&thing("3.1.0", "{type: string, maxLength: 9}"), &theirs);
}

#[test]
fn a_part_by_id_and_what_starts_there() {
    for reference in [
        "https://api.example/schemas/level",
        "https://api.example/schemas/level#",
        "https://api.example/schemas/level#/$defs/inner",
        "https://api.example/schemas/level#inner",
    ] {
        let theirs = with(&format!("{{$ref: '{reference}'}}"), |root| {
            root["components"]["schemas"]["Level"] = json!({
                "$id": "https://api.example/schemas/level",
                "$ref": "#/$defs/inner",
                "$defs": { "inner": { "$anchor": "inner", "type": "string", "maxLength": 9 } },
            });
        });
        same(&thing("3.1.0", "{type: string, maxLength: 9}"), &theirs);
    }
}

#[test]
fn an_address_seen_from_another() {
    for (reference, id) in [
        ("level", "https://api.example/schemas/level"),
        ("/level", "https://api.example/level"),
        ("urn:level", "urn:level"),
    ] {
        let theirs = with("{$ref: '#/components/schemas/Outer'}", |root| {
            root["components"]["schemas"]["Outer"] =
                json!({ "$id": "https://api.example/schemas/outer", "allOf": [{ "$ref": reference }] });
            root["components"]["schemas"]["Level"]["$id"] = json!(id);
        });
        same(&thing("3.1.0", "{type: string, maxLength: 9}"), &theirs);
    }
}

#[test]
fn a_percent_encoded_reference() {
    for (name, reference) in
        [("A B", "A%20B"), ("{a}", "%7Ba%7d"), ("A/B", "A~1B"), ("Ä", "%C3%84"), ("A%20B", "A%20B")]
    {
        for version in ["3.0.3", "3.1.0"] {
            let mut theirs = thing(version, &format!("{{$ref: '#/components/schemas/{reference}'}}"));
            theirs["components"]["schemas"][name] = json!({ "type": "string", "maxLength": 9 });
            same(&thing("3.1.0", "{type: string, maxLength: 9}"), &theirs);
        }
    }
}

#[test]
fn names_of_ones_own_are_no_keywords() {
    let with_names = |version: &str| {
        let mut root = thing(version, "{$ref: '#/components/schemas/default'}");
        root["components"]["schemas"]["default"] = json!({
            "type": "object",
            "properties": { "example": { "$ref": "#/components/schemas/Le%76el" }, "$id": { "type": "string" } },
        });
        operation(&mut root)["responses"]["default"] = json!({ "$ref": "#/components/responses/A%20B" });
        root["components"]["responses"]["A B"] = json!({ "description": "Problem" });
        root
    };
    same(&with_names("3.0.3"), &with_names("3.1.0"));
    assert_eq!(
        differences(
            &thing("3.0.3", "{type: object, properties: {example: {type: string, maxLength: 8}}}"),
            &with_names("3.1.0")
        )
        .iter()
        .filter(|line| line.contains("maxLength"))
        .count(),
        2
    );
}

#[test]
fn a_broken_reference_to_a_schema_is_one_line_for_each_way() {
    for (reference, why) in [
        (
            "#/components/schemas/Gone",
            "the reference #/components/schemas/Gone leads nowhere; is the document cut off?",
        ),
        ("other.yaml#/A", "the reference other.yaml#/A leads out of the document; bundle it into one file"),
        ("#gone", "the reference #gone leads nowhere; is the document cut off?"),
    ] {
        let theirs = thing("3.1.0", &format!("{{$ref: '{reference}'}}"));
        assert_eq!(
            differences(&thing("3.0.3", "{type: string}"), &theirs),
            [
                format!("breaking request Thing.f: schema: ours string; theirs {why}"),
                format!("breaking response Thing.f: schema: ours string; theirs {why}"),
            ]
        );
    }
}

#[test]
fn a_broken_reference_inside_a_choice_or_an_all_of_is_told_for_the_whole() {
    const WHY: &str = "the reference #/gone leads nowhere; is the document cut off?";
    for f in
        ["{allOf: [{type: string}, {$ref: '#/gone'}]}", "{oneOf: [{type: string, format: uuid}, {$ref: '#/gone'}]}"]
    {
        assert_eq!(
            differences(&thing("3.0.3", "{type: string}"), &thing("3.1.0", f)),
            [
                format!("breaking request Thing.f: schema: ours string; theirs {WHY}"),
                format!("breaking response Thing.f: schema: ours string; theirs {WHY}"),
            ]
        );
    }
}

#[test]
fn a_broken_reference_to_anything_else_is_one_line() {
    let nowhere = |what: &str| json!({ "$ref": format!("#/components/{what}/Gone") });
    let why = |what: &str| format!("the reference #/components/{what}/Gone leads nowhere; is the document cut off?");
    edit(
        |root| operation(root)["responses"]["404"] = nowhere("responses"),
        &[&format!("breaking response 404: reference: ours described; theirs {}", why("responses"))],
    );
    edit(
        |root| operation(root)["requestBody"] = nowhere("requestBodies"),
        &[&format!("breaking request body: reference: ours described; theirs {}", why("requestBodies"))],
    );
    // It stands for the one that is missed.
    edit(
        |root| operation(root)["parameters"][1] = nowhere("parameters"),
        &[&format!("breaking parameters: parameters: ours header X-Title; theirs {}", why("parameters"))],
    );
    edit(
        |root| root["paths"]["/workspaces/{id}"] = nowhere("pathItems"),
        &[&format!("breaking /workspaces/{{}}: path: ours PUT /workspaces/{{id}}; theirs {}", why("pathItems"))],
    );
    edit(
        |root| root["components"]["securitySchemes"]["key"] = nowhere("securitySchemes"),
        &[&format!("breaking security: choice: ours http bearer; theirs {}", why("securitySchemes"))],
    );
    edit(
        |root| operation(root)["security"] = json!([{ "other": [] }]),
        &["breaking security: choice: ours http bearer; theirs `other`, which is not described"],
    );
}

#[test]
fn a_path_may_have_more_beside_its_reference() {
    let other = edited(|root| {
        let own = root["paths"]["/workspaces/{id}"].take();
        let parameters = own["parameters"].clone();
        root["components"]["pathItems"] = json!({ "Thing": { "put": own["put"] } });
        root["paths"]["/workspaces/{id}"] = json!({ "$ref": "#/components/pathItems/Thing", "parameters": parameters });
    });
    same(&edited(|_| {}), &other);
}

#[test]
fn a_schema_that_consists_of_itself_is_a_line() {
    let theirs = with("{$ref: '#/components/schemas/Loop'}", |root| {
        root["components"]["schemas"]["Loop"] = json!({ "allOf": [{ "$ref": "#/components/schemas/Loop" }] });
    });
    const WHY: &str = "the schema #/components/schemas/Loop consists of itself";
    assert_eq!(
        differences(&thing("3.0.3", "{type: string}"), &theirs),
        [
            format!("breaking request Thing.f: schema: ours string; theirs {WHY}"),
            format!("breaking response Thing.f: schema: ours string; theirs {WHY}"),
        ]
    );
}

#[test]
fn a_schema_that_is_none_is_a_line() {
    for (f, why) in
        [("text", r#""text" is no schema"#), ("{type: 42}", "42 is no type"), ("{type: [string, {}]}", "{} is no type")]
    {
        let lines = differences(&thing("3.0.3", "{type: string}"), &thing("3.1.0", f));
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert_eq!(lines[0], format!("breaking request Thing.f: schema: ours string; theirs {why}"));
    }
}

#[test]
fn the_same_broken_reference_on_both_sides_is_no_difference() {
    let broken = thing("3.1.0", "{$ref: '#/components/schemas/Gone'}");
    same(&broken, &broken);
}

#[test]
fn an_endpoint_that_is_described_twice_is_a_line() {
    edit(
        |root| {
            root["paths"]["/workspaces/{ref}"] = {
                let mut item = root["paths"]["/workspaces/{id}"].clone();
                item["parameters"][0]["name"] = json!("ref");
                item
            }
        },
        &["breaking PUT /workspaces/{id}: described twice: ours no; theirs yes"],
    );
}

#[test]
fn a_document_with_nothing_but_a_broken_path_is_compared_and_one_without_workspaces_is_not() {
    let mut theirs = edited(|_| {});
    theirs["paths"] = json!({ "/teams": { "$ref": "#/gone" } });
    assert!(refusal(&theirs).contains("has no operation of the Workspaces API"));
    let bytes = edited(|root| root["x-a"] = json!({ "$ref": "#/gone" })).to_string();
    assert!(Document::parse(bytes.as_bytes()).is_ok());
}
