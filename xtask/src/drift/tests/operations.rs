//! Differences between operations: parameters, bodies, statuses, security, servers, pagination.

use serde_json::{Value, json};

use super::{differences, edit, edited, found, operation};

#[test]
fn an_operation_that_is_gone() {
    edit(
        |root| {
            let item = root["paths"]["/workspaces/{id}"].as_object_mut().expect("the path");
            let put = item.remove("put").expect("the operation");
            item.insert("get".to_owned(), put);
        },
        &[
            "additive GET /workspaces/{id}: operation: ours absent; theirs described",
            "breaking PUT /workspaces/{id}: operation: ours described; theirs absent",
        ],
    );
}

#[test]
fn a_new_path_that_speaks_of_workspaces() {
    edit(
        |root| {
            let get = json!({ "responses": { "200": { "description": "Done" } } });
            let mut tagged = get.clone();
            tagged["tags"] = json!(["Beta Workspaces"]);
            root["paths"]["/workspaces/{id}/keys"] = json!({ "get": get });
            root["paths"]["/org/workspace-templates"] = json!({ "get": get });
            root["paths"]["/teams"] = json!({ "post": tagged });
            root["paths"]["/models"] = json!({ "get": get });
        },
        &[
            "additive GET /org/workspace-templates: operation: ours absent; theirs described",
            "additive GET /workspaces/{id}/keys: operation: ours absent; theirs described",
            "additive POST /teams: operation: ours absent; theirs described",
        ],
    );
}

#[test]
fn a_deprecated_operation() {
    edit(
        |root| operation(root)["deprecated"] = json!(true),
        &["documentation PUT /workspaces/{id}: deprecated: ours no; theirs yes"],
    );
}

#[test]
fn a_parameter_that_is_gone() {
    edit(
        |root| operation(root)["parameters"] = json!([]),
        &[
            "breaking header X-Title: parameter: ours string, optional; theirs absent",
            "breaking query offset: parameter: ours integer, optional; theirs absent",
        ],
    );
}

fn push_parameter(root: &mut Value, parameter: Value) {
    operation(root)["parameters"].as_array_mut().expect("parameters").push(parameter);
}

#[test]
fn a_new_parameter() {
    let parameter = json!({ "name": "sort", "in": "query", "schema": { "type": "string" } });
    edit(
        |root| push_parameter(root, parameter),
        &["additive query sort: parameter: ours absent; theirs string, optional"],
    );
    let parameter = json!({ "name": "org", "in": "query", "required": true, "schema": { "type": "string" } });
    edit(
        |root| push_parameter(root, parameter),
        &["breaking query org: parameter: ours absent; theirs string, required"],
    );
}

#[test]
fn a_parameter_that_moves() {
    edit(
        |root| operation(root)["parameters"][1]["in"] = json!("query"),
        &[
            "breaking header X-Title: parameter: ours string, optional; theirs absent",
            "additive query X-Title: parameter: ours absent; theirs string, optional",
        ],
    );
}

#[test]
fn a_parameter_that_becomes_required_or_deprecated() {
    edit(
        |root| {
            operation(root)["parameters"][0]["required"] = json!(true);
            operation(root)["parameters"][1]["deprecated"] = json!(true);
        },
        &[
            "documentation header X-Title: deprecated: ours no; theirs yes",
            "breaking query offset: required: ours no; theirs yes",
        ],
    );
}

#[test]
fn the_schema_of_a_parameter() {
    edit(
        |root| {
            root["paths"]["/workspaces/{id}"]["parameters"][0]["schema"]["minLength"] = json!(3);
            operation(root)["parameters"][0]["schema"] = json!({ "type": "integer", "minimum": 1, "default": 1 });
        },
        &[
            "breaking path id: minLength: ours none; theirs 3",
            "breaking query offset: default: ours 0; theirs 1",
            "breaking query offset: minimum: ours 0; theirs 1",
        ],
    );
}

#[test]
fn how_a_parameter_is_written() {
    edit(
        |root| operation(root)["parameters"][0]["explode"] = json!(false),
        &["breaking query offset: style: ours form, exploded; theirs form"],
    );
}

#[test]
fn a_request_body() {
    let none = edited(|root| {
        operation(root).as_object_mut().expect("the operation").remove("requestBody");
    });
    let optional = edited(|root| operation(root)["requestBody"]["required"] = json!(false));
    let required = edited(|_| {});
    let line = |class, ours, theirs| format!("{class} request body: body: ours {ours}; theirs {theirs}");
    assert_eq!(differences(&required, &none), [line("breaking", "required", "absent")]);
    assert_eq!(differences(&none, &required), [line("breaking", "absent", "required")]);
    assert_eq!(differences(&none, &optional), [line("additive", "absent", "optional")]);
    assert_eq!(differences(&optional, &required), [line("breaking", "optional", "required")]);
    assert_eq!(differences(&required, &optional), [line("additive", "required", "optional")]);
}

#[test]
fn a_media_type() {
    let other = |root: &mut Value, owner: &[&str]| {
        let owner = owner.iter().fold(operation(root), |value, key| &mut value[*key]);
        let content = owner["content"]["application/json"].clone();
        owner["content"]["application/xml"] = content;
    };
    edit(
        |root| {
            other(root, &["requestBody"]);
            other(root, &["responses", "200"]);
        },
        &[
            "additive request body: content: ours absent; theirs application/xml",
            "breaking response 200: content: ours absent; theirs application/xml",
        ],
    );
    edit(
        |root| operation(root)["responses"]["200"]["content"] = json!({}),
        &["breaking response 200: content: ours application/json; theirs absent"],
    );
}

#[test]
fn a_status() {
    edit(
        |root| {
            let responses = operation(root)["responses"].as_object_mut().expect("responses");
            let done = responses.remove("200").expect("the answer");
            responses.insert("201".to_owned(), done);
            let problem = responses.remove("404").expect("the error");
            responses.insert("429".to_owned(), problem);
        },
        &[
            "breaking response 200: status: ours described; theirs absent",
            "breaking response 201: status: ours absent; theirs described",
            "documentation response 404: status: ours described; theirs absent",
            "additive response 429: status: ours absent; theirs described",
        ],
    );
}

#[test]
fn an_error_schema() {
    let other = edited(|root| {
        root["components"]["schemas"]["Problem"]["properties"]["message"]["type"] = json!("integer");
    });
    let found = found(&edited(|_| {}), &other);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].key.to_string(), "response Problem.message: type: ours string; theirs integer");
    assert!(found[0].uses.iter().eq(["put_thing 404"]), "{:?}", found[0].uses);
}

#[test]
fn security() {
    edit(
        |root| {
            root["components"]["securitySchemes"]["key"] = json!({ "type": "apiKey", "in": "header", "name": "X-Key" });
        },
        &["breaking security: choice: ours http bearer; theirs apiKey in header X-Key"],
    );
    edit(
        |root| operation(root)["security"] = json!([{ "key": [] }, {}]),
        &["additive security: choice: ours http bearer; theirs http bearer or none"],
    );
    edit(|root| root["security"] = json!([]), &["breaking security: choice: ours http bearer; theirs none"]);
}

#[test]
fn servers() {
    edit(
        |root| root["servers"][0]["url"] = json!("https://api.example/v2"),
        &["breaking servers: choice: ours https://api.example/v1; theirs https://api.example/v2"],
    );
}

#[test]
fn pagination() {
    edit(
        |root| {
            operation(root)["x-speakeasy-pagination"] = json!({
                "type": "cursor",
                "inputs": [{ "name": "cursor", "in": "parameters", "type": "cursor" }],
                "outputs": { "results": "$.data", "nextCursor": "$.next" },
            });
        },
        &[
            "additive PUT /workspaces/{id}: pagination: ours none; theirs cursor by cursor with rows in $.data and next in \
           $.next",
        ],
    );
}

#[test]
fn what_several_operations_have_in_common_is_one_difference() {
    let two = |kind: &str| {
        edited(|root| {
            let mut get = operation(root).clone();
            get["operationId"] = json!("get_thing");
            root["paths"]["/workspaces/{id}"]["get"] = get;
            root["components"]["schemas"]["Thing"]["properties"]["f"]["type"] = json!(kind);
        })
    };
    let found = found(&two("string"), &two("integer"));
    let keys: Vec<_> = found.iter().map(|difference| difference.key.to_string()).collect();
    assert_eq!(
        keys,
        ["request Thing.f: type: ours string; theirs integer", "response Thing.f: type: ours string; theirs integer",]
    );
    assert!(found.iter().all(|difference| difference.uses.iter().eq(["get_thing", "put_thing"])));
}

#[test]
fn a_parameter_that_is_given_by_content() {
    let by_content = |root: &mut Value, schema: Value| {
        let parameter = operation(root)["parameters"][1].as_object_mut().expect("the parameter");
        parameter.remove("schema");
        parameter.insert("content".to_owned(), json!({ "application/json": { "schema": schema } }));
    };
    edit(
        |root| by_content(root, json!({ "type": "string" })),
        &["breaking header X-Title: style: ours simple; theirs application/json"],
    );
    let ours = edited(|root| by_content(root, json!({ "type": "string" })));
    let theirs = edited(|root| by_content(root, json!({ "type": "string", "maxLength": 3 })));
    assert_eq!(differences(&ours, &theirs), ["breaking header X-Title: maxLength: ours none; theirs 3"]);
}

#[test]
fn what_a_query_parameter_allows() {
    for keyword in ["allowReserved", "allowEmptyValue"] {
        let allowed = edited(|root| operation(root)["parameters"][0][keyword] = json!(true));
        let plain = edited(|_| {});
        assert_eq!(differences(&plain, &allowed), [format!("additive query offset: {keyword}: ours no; theirs yes")]);
        assert_eq!(differences(&allowed, &plain), [format!("breaking query offset: {keyword}: ours yes; theirs no")]);
        // Elsewhere it means nothing.
        edit(|root| operation(root)["parameters"][1][keyword] = json!(true), &[]);
    }
}

#[test]
fn a_header_of_a_response() {
    let header = |root: &mut Value, status: &str, header: Value| {
        operation(root)["responses"][status]["headers"] = json!({ "Retry-After": header });
    };
    let seconds = json!({ "required": true, "schema": { "type": "integer" } });
    edit(
        |root| header(root, "200", seconds.clone()),
        &["additive response 200 header retry-after: header: ours absent; theirs integer, required"],
    );
    let ours = edited(|root| header(root, "404", seconds.clone()));
    assert_eq!(
        differences(&ours, &edited(|_| {})),
        ["breaking response 404 header retry-after: header: ours integer, required; theirs absent"]
    );
    let theirs = edited(|root| header(root, "404", json!({ "schema": { "type": "string" }, "deprecated": true })));
    assert_eq!(
        differences(&ours, &theirs),
        [
            "documentation response 404 header retry-after: deprecated: ours no; theirs yes",
            "breaking response 404 header retry-after: required: ours yes; theirs no",
            "breaking response 404 header retry-after: type: ours integer; theirs string",
        ]
    );
    assert!(found(&ours, &theirs).iter().all(|difference| difference.uses.iter().eq(["put_thing 404"])));
    let named = edited(|root| {
        root["components"]["headers"] = json!({ "Wait": seconds });
        operation(root)["responses"]["404"]["headers"] =
            json!({ "retry-after": { "$ref": "#/components/headers/Wait" } });
    });
    assert_eq!(differences(&ours, &named), [""; 0]);
}

fn called_back(kind: &str) -> Value {
    json!({ "{$request.body#/url}": { "post": {
        "requestBody": { "content": { "application/json": { "schema": { "type": kind } } } },
        "responses": { "200": { "description": "Heard" } },
    } } })
}

#[test]
fn a_callback() {
    const PLACE: &str = "callback done of PUT /workspaces/{} POST {$request.body#/url}";
    let with = |kind: &str| edited(|root| operation(root)["callbacks"] = json!({ "done": called_back(kind) }));
    assert_eq!(
        differences(&edited(|_| {}), &with("object")),
        [format!("additive {PLACE}: operation: ours absent; theirs described")]
    );
    assert_eq!(
        differences(&with("object"), &edited(|_| {})),
        [format!("breaking {PLACE}: operation: ours described; theirs absent")]
    );
    // What the server sends, the client reads.
    assert_eq!(
        differences(&with("number"), &with("integer")),
        [
            "documentation callback done of PUT /workspaces/{} {$request.body#/url} request body: type: ours number; theirs integer"
        ]
    );
}

#[test]
fn a_webhook_that_speaks_of_workspaces() {
    let hook = |kind: &str| {
        json!({ "post": {
            "requestBody": { "required": true, "content": { "application/json": { "schema": { "type": kind } } } },
            "responses": { "200": { "description": "Heard" } },
        } })
    };
    let with = |name: &str, kind: &str| edited(|root| root["webhooks"] = json!({ name: hook(kind) }));
    assert_eq!(
        differences(&edited(|_| {}), &with("/workspaces/created", "object")),
        ["additive webhook POST /workspaces/created: operation: ours absent; theirs described"]
    );
    assert_eq!(differences(&edited(|_| {}), &with("keyCreated", "object")), [""; 0]);
    assert_eq!(
        differences(&with("workspaceCreated", "integer"), &with("workspaceCreated", "number")),
        ["breaking webhook workspaceCreated request body: type: ours integer; theirs number"]
    );
}

#[test]
fn what_an_input_of_pagination_is() {
    let with = |kind: &str, place: &str| {
        edited(|root| {
            operation(root)["x-speakeasy-pagination"] = json!({
                "type": "offsetLimit",
                "inputs": [{ "name": "offset", "in": place, "type": kind }],
                "outputs": { "results": "$.data" },
            });
        })
    };
    let usual = with("offset", "parameters");
    let line = |theirs: &str| {
        format!(
            "breaking PUT /workspaces/{{id}}: pagination: ours offsetLimit by offset with rows in $.data; theirs offsetLimit by \
             {theirs} with rows in $.data"
        )
    };
    assert_eq!(differences(&usual, &with("page", "parameters")), [line("offset as page")]);
    assert_eq!(differences(&usual, &with("offset", "requestBody")), [line("offset in requestBody")]);
}
