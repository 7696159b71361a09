//! The same thing written differently is no drift.

use serde_json::json;

use super::{edited, operation, same, thing};

/// Asserts that two schemas say the same, in 3.0 and in 3.1, whichever of them is ours.
#[track_caller]
fn alike(one: &str, other: &str) {
    same(&thing("3.0.3", one), &thing("3.1.0", other));
}

#[test]
fn null_in_3_0_and_3_1() {
    alike("{type: string, nullable: true}", "{type: [string, 'null']}");
    alike("{type: string, nullable: true}", "{anyOf: [{type: string}, {type: 'null'}]}");
    alike("{type: string, nullable: true}", "{oneOf: [{type: 'null'}, {type: string}]}");
    alike(
        "{type: string, nullable: true, maxLength: 9}",
        "{anyOf: [{$ref: '#/components/schemas/Level'}, {type: 'null'}]}",
    );
    alike("{type: string, nullable: false}", "{type: string}");
}

#[test]
fn null_around_a_reference_in_3_0() {
    let whole = "{allOf: [{$ref: '#/components/schemas/Level'}], nullable: true}";
    alike(whole, "{type: [string, 'null'], maxLength: 9}");
}

#[test]
fn null_in_enums() {
    alike("{type: string, nullable: true, enum: [a, b]}", "{type: [string, 'null'], enum: [b, a, null]}");
    alike("{type: string, nullable: true, enum: [a, b, null]}", "{enum: [b, a, null]}");
    alike(
        "{type: string, nullable: true, x-extensible-enum: [a]}",
        "{type: [string, 'null'], enum: [a, null], x-speakeasy-unknown-values: allow}",
    );
}

#[test]
fn exclusive_limits_in_3_0_and_3_1() {
    alike("{type: number, minimum: 0, exclusiveMinimum: true}", "{type: number, exclusiveMinimum: 0}");
    alike("{type: number, maximum: 1.0, exclusiveMaximum: false}", "{type: number, maximum: 1}");
    alike("{type: integer, minimum: 1}", "{type: integer, exclusiveMinimum: 0}");
    alike("{type: integer, minimum: 5}", "{type: integer, minimum: 5, exclusiveMinimum: 0}");
}

#[test]
fn limits_that_allow_everything() {
    alike("{type: string, minLength: 0}", "{type: string}");
    alike("{type: array, minItems: 0, uniqueItems: false}", "{type: array}");
}

#[test]
fn notations_of_open_enums() {
    let ours = "{type: string, x-extensible-enum: [a, b]}";
    alike(ours, "{type: string, enum: [b, a], x-speakeasy-unknown-values: allow}");
    alike(ours, "{anyOf: [{type: string, enum: [a, b]}, {type: string}]}");
    alike(ours, "{oneOf: [{const: a}, {const: b}, {type: string}]}");
}

#[test]
fn notations_of_closed_enums() {
    alike("{type: string, enum: [a]}", "{const: a}");
    alike("{type: string, enum: [a, b]}", "{oneOf: [{const: a, title: A}, {const: b}]}");
    alike("{type: boolean}", "{type: boolean, enum: [true, false]}");
}

#[test]
fn several_types() {
    same(&thing("3.1.0", "{type: [string, integer]}"), &thing("3.0.3", "{oneOf: [{type: integer}, {type: string}]}"));
}

#[test]
fn inline_and_named_schemas() {
    alike("{$ref: '#/components/schemas/Level'}", "{type: string, maxLength: 9}");
}

#[test]
fn an_object_that_is_inline_on_one_side() {
    let inline = edited(|root| {
        let schema = root["components"]["schemas"]["Thing"].clone();
        operation(root)["requestBody"]["content"]["application/json"]["schema"] = schema;
    });
    same(&edited(|_| {}), &inline);
}

#[test]
fn all_of_around_a_reference() {
    alike("{$ref: '#/components/schemas/Level'}", "{allOf: [{$ref: '#/components/schemas/Level'}]}");
    alike(
        "{$ref: '#/components/schemas/Level'}",
        "{allOf: [{$ref: '#/components/schemas/Level'}, {description: The level}]}",
    );
    alike("{type: string, maxLength: 5}", "{allOf: [{$ref: '#/components/schemas/Level'}, {maxLength: 5}]}");
    alike(
        "{type: object, required: [x], properties: {x: {type: string, maxLength: 2}, y: {type: integer}}}",
        "{allOf: [{type: object, properties: {x: {type: string}}}, {properties: {x: {maxLength: 2}, y: {type: integer}}, \
         required: [x]}]}",
    );
}

#[test]
fn what_stands_beside_a_reference_counts_in_3_1_only() {
    same(
        &thing("3.1.0", "{$ref: '#/components/schemas/Level', maxLength: 5}"),
        &thing("3.1.0", "{type: string, maxLength: 5}"),
    );
    same(
        &thing("3.0.3", "{$ref: '#/components/schemas/Level', maxLength: 5}"),
        &thing("3.0.3", "{type: string, maxLength: 9}"),
    );
}

#[test]
fn types_that_go_without_saying() {
    alike("{type: object, properties: {x: {type: string}}}", "{properties: {x: {type: string}}}");
    alike("{type: array, items: {type: string}}", "{items: {type: string}}");
    alike("{type: object, additionalProperties: true}", "{type: object, additionalProperties: {}}");
    alike("{type: object, additionalProperties: true}", "{type: object}");
}

#[test]
fn descriptions_examples_and_names() {
    alike("{type: string, description: One, example: a}", "{type: string, description: Two, examples: [b], title: F}");
    same(
        &edited(|_| {}),
        &edited(|root| {
            operation(root)["operationId"] = json!("setThing");
            operation(root)["summary"] = json!("Sets it");
            operation(root)["responses"]["200"]["description"] = json!("All well");
            root["info"]["title"] = json!("Another");
        }),
    );
}

#[test]
fn names_of_path_parameters() {
    let renamed = edited(|root| {
        let paths = root["paths"].as_object_mut().expect("paths");
        let mut item = paths.remove("/workspaces/{id}").expect("the path");
        item["parameters"][0]["name"] = json!("workspace_ref");
        paths.insert("/workspaces/{workspace_ref}".to_owned(), item);
    });
    same(&edited(|_| {}), &renamed);
}

#[test]
fn parameters_of_the_path_or_of_the_operation_and_of_components() {
    let moved = edited(|root| {
        let id = root["paths"]["/workspaces/{id}"]["parameters"].take();
        let parameters = operation(root)["parameters"].as_array_mut().expect("parameters");
        parameters.insert(0, id[0].clone());
        parameters.reverse();
        let first = parameters[0].take();
        parameters[0] = json!({ "$ref": "#/components/parameters/Title" });
        root["components"]["parameters"] = json!({ "Title": first });
    });
    same(&edited(|_| {}), &moved);
}

#[test]
fn the_case_of_header_names_and_headers_that_are_no_parameters() {
    let other = edited(|root| {
        let parameters = operation(root)["parameters"].as_array_mut().expect("parameters");
        parameters[1]["name"] = json!("x-title");
        parameters.push(json!({ "name": "Authorization", "in": "header", "schema": { "type": "string" } }));
    });
    assert_eq!(super::differences(&edited(|_| {}), &other), [""; 0]);
}

#[test]
fn styles_that_are_the_usual_ones() {
    same(
        &edited(|_| {}),
        &edited(|root| {
            operation(root)["parameters"][0]["style"] = json!("form");
            operation(root)["parameters"][0]["explode"] = json!(true);
            operation(root)["parameters"][1]["required"] = json!(false);
        }),
    );
}

#[test]
fn one_shared_error_schema_or_one_for_each_status() {
    let ours = edited(|root| {
        let answer = operation(root)["responses"]["404"].take();
        root["components"]["responses"] = json!({ "Problem": answer });
        operation(root)["responses"]["404"] = json!({ "$ref": "#/components/responses/Problem" });
        operation(root)["responses"]["500"] = json!({ "$ref": "#/components/responses/Problem" });
    });
    let theirs = edited(|root| {
        let problem = root["components"]["schemas"]["Problem"].take();
        for (status, name) in [("404", "NotFoundResponse"), ("500", "InternalServerResponse")] {
            root["components"]["schemas"][name] = problem.clone();
            let content = super::body(&format!("#/components/schemas/{name}"));
            operation(root)["responses"][status] = json!({ "description": "Problem", "content": content });
        }
    });
    same(&ours, &theirs);
}

#[test]
fn names_of_security_schemes_and_where_they_are_demanded() {
    let other = edited(|root| {
        root["components"]["securitySchemes"] = json!({ "bearer": { "type": "http", "scheme": "Bearer" } });
        operation(root)["security"] = json!([{ "bearer": [] }]);
        root["security"] = json!([]);
    });
    same(&edited(|_| {}), &other);
}

#[test]
fn media_types_with_parameters() {
    let other = edited(|root| {
        let content = operation(root)["requestBody"]["content"]["application/json"].take();
        operation(root)["requestBody"]["content"] = json!({ "application/json; charset=utf-8": content });
    });
    same(&edited(|_| {}), &other);
}

#[test]
fn pagination_that_is_told_or_seen() {
    let page = json!({
        "type": "object",
        "properties": { "data": { "type": "array", "items": { "type": "string" } } },
    });
    let seen = edited(|root| {
        let parameters = operation(root)["parameters"].as_array_mut().expect("parameters");
        parameters.push(json!({ "name": "limit", "in": "query", "schema": { "type": "integer" } }));
        operation(root)["responses"]["200"]["content"]["application/json"]["schema"] = page;
    });
    let mut told = seen.clone();
    operation(&mut told)["x-speakeasy-pagination"] = json!({
        "type": "offsetLimit",
        "inputs": [
            { "name": "offset", "in": "parameters", "type": "offset" },
            { "name": "limit", "in": "parameters", "type": "limit" },
        ],
        "outputs": { "results": "$.data" },
    });
    same(&seen, &told);
}

#[test]
fn the_order_of_keys_and_the_notation() {
    let json = super::document(&edited(|_| {}));
    let yaml = "
paths:
  /workspaces/{id}:
    put:
      responses:
        404: {content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}, description: Not found}
        200: {content: {application/json: {schema: &thing {$ref: '#/components/schemas/Thing'}}}, description: Done}
      requestBody: {content: {application/json: {schema: *thing}}, required: true}
      parameters:
        - {in: header, name: X-Title, schema: {type: string}}
        - {in: query, schema: {default: 0, type: integer, minimum: 0}, name: offset}
      operationId: put_thing
    parameters:
      - {schema: {type: string}, required: true, in: path, name: id}
components:
  schemas:
    Problem: {properties: {message: {type: string}}, type: object}
    Thing: {properties: {g: {type: string}, f: {type: string}}, type: object, required: [g]}
  securitySchemes:
    key: {scheme: bearer, type: http}
security:
  - key: []
servers:
  - url: https://api.example/v1/
info: {version: '1', title: Test}
openapi: 3.0.3
";
    let yaml = super::Document::parse(yaml.as_bytes()).expect("the YAML is OpenAPI");
    let report = crate::drift::report(("ours", &json), ("theirs", &yaml), ("none", "")).expect("they can be compared");
    assert!(report.is_clean(), "{}", report.text());
}

#[test]
fn numbers_that_are_written_with_a_point() {
    alike("{type: integer, default: 50}", "{type: integer, default: 50.0}");
    alike("{type: integer, enum: [1, 2]}", "{type: integer, enum: [1.0, 2.0]}");
    alike("{type: integer, enum: [1]}", "{const: 1.0}");
    alike("{type: object, default: {a: [1, 2.5]}}", "{type: object, default: {a: [1.0, 2.5]}}");
    alike("{type: array, minItems: 1, multipleOf: 2}", "{type: array, minItems: 1.0, multipleOf: 2.0}");
}

#[test]
fn bounds_of_integers() {
    alike("{type: integer, minimum: 1, maximum: 9}", "{type: integer, minimum: 0.5, maximum: 9.5, multipleOf: 1}");
    alike("{type: integer, minimum: 1}", "{type: integer, exclusiveMinimum: 0.5}");
}

#[test]
fn two_of_a_kind_in_another_order() {
    for keyword in ["pattern", "format"] {
        alike(
            &format!("{{allOf: [{{type: string, {keyword}: a}}, {{{keyword}: b}}]}}"),
            &format!("{{allOf: [{{{keyword}: b}}, {{type: string, {keyword}: a}}]}}"),
        );
    }
    alike(
        "{allOf: [{type: string, not: {const: a}}, {not: {const: b}}]}",
        "{allOf: [{type: string, not: {const: b}}, {not: {enum: [a]}}, {not: {const: a}}]}",
    );
}

#[test]
fn what_is_excluded_by_name_or_in_place() {
    alike(
        "{type: string, not: {$ref: '#/components/schemas/Level'}}",
        "{type: string, not: {type: string, maxLength: 9}}",
    );
}
