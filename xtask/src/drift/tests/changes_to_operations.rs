//! Random changes to operations, their parameters, and what is beside them.

use serde_json::{Value, json};

use super::upstream::{Call, Random, UPSTREAM, resolved};

/// Where and what has to be reported; `None` where the change cannot be made.
pub type Expected<T> = Option<(T, &'static [&'static str])>;

/// What can be done to an operation.
pub const TO_OPERATIONS: [&str; 28] = [
    "gone",
    "new",
    "deprecated operation",
    "security",
    "scheme",
    "server",
    "page type",
    "page input",
    "page input type",
    "page rows",
    "no parameter",
    "new parameter",
    "required parameter",
    "style",
    "allowReserved",
    "allowEmptyValue",
    "deprecated parameter",
    "content parameter",
    "broken parameter",
    "no body",
    "optional body",
    "broken body",
    "another media type",
    "no status",
    "new status",
    "broken status",
    "header",
    "callback, webhook or path",
];

/// Changes an operation. Returns where what is to be reported.
pub fn to_operation(
    upstream: &mut Value,
    call: &Call,
    kind: &'static str,
    word: &str,
    random: &mut Random,
) -> Expected<Vec<String>> {
    let (path, method) = call.pointer.rsplit_once('/')?;
    let operation = upstream.pointer_mut(&call.pointer).expect("an operation");
    let statuses: Vec<String> = operation["responses"].as_object()?.keys().cloned().collect();
    let status = random.one_of(&statuses);
    let response = vec![format!("response {status}")];
    let called = vec![call.endpoint.clone()];
    let nowhere = json!({ "$ref": format!("#/components/{word}") });
    match kind {
        "gone" => {
            upstream.pointer_mut(path)?.as_object_mut()?.remove(method);
            Some((called, &["operation"]))
        }
        "new" => {
            let new = json!({ "responses": { "200": { "description": "Done." } } });
            let name = path.trim_start_matches("/paths/").replace("~1", "/");
            upstream.pointer_mut(path)?["trace"] = new;
            Some((vec![format!("TRACE {name}")], &["operation"]))
        }
        "deprecated operation" => {
            operation["deprecated"] = json!(true);
            Some((called, &["deprecated"]))
        }
        "security" => {
            operation["security"] = json!([{}]);
            Some((vec!["security".to_owned()], &["choice"]))
        }
        "scheme" => {
            upstream["components"]["securitySchemes"]["bearer"]["scheme"] = json!(word);
            Some((vec!["security".to_owned()], &["choice"]))
        }
        "server" => {
            operation["servers"] = json!([{ "url": format!("https://{word}.example") }]);
            Some((vec!["servers".to_owned()], &["choice"]))
        }
        "page type" => {
            *operation.pointer_mut("/x-speakeasy-pagination/type")? = json!(word);
            Some((called, &["pagination"]))
        }
        "page input" => {
            *operation.pointer_mut("/x-speakeasy-pagination/inputs/0/name")? = json!(word);
            Some((called, &["pagination"]))
        }
        "page input type" => {
            *operation.pointer_mut("/x-speakeasy-pagination/inputs/1/type")? = json!(word);
            Some((called, &["pagination"]))
        }
        "page rows" => {
            *operation.pointer_mut("/x-speakeasy-pagination/outputs/results")? = json!(word);
            Some((called, &["pagination"]))
        }
        "new parameter" => {
            let place = random.one_of(&["query", "header", "cookie"]);
            let parameter = json!({ "name": word, "in": place, "schema": { "type": "string" } });
            let object = operation.as_object_mut()?;
            object.entry("parameters").or_insert_with(|| json!([])).as_array_mut()?.push(parameter);
            Some((vec![format!("{place} {word}")], &["parameter"]))
        }
        "no body" => {
            operation.as_object_mut()?.remove("requestBody")?;
            Some((vec!["request body".to_owned()], &["body"]))
        }
        "optional body" => {
            operation.get_mut("requestBody")?["required"] = json!(false);
            Some((vec!["request body".to_owned()], &["body"]))
        }
        "broken body" => {
            *operation.get_mut("requestBody")? = nowhere;
            Some((vec!["request body".to_owned()], &["reference"]))
        }
        "another media type" => {
            operation["responses"][status]["content"]["application/xml"] = json!({});
            Some((response, &["content"]))
        }
        "no status" => {
            operation["responses"].as_object_mut()?.remove(status);
            Some((response, &["status"]))
        }
        "new status" => {
            operation["responses"]["418"] = json!({ "description": "A teapot." });
            Some((vec!["response 418".to_owned()], &["status"]))
        }
        "broken status" => {
            operation["responses"][status] = nowhere;
            Some((response, &["reference"]))
        }
        "header" => {
            operation["responses"][status]["headers"][word] = json!({ "schema": { "type": "string" } });
            Some((vec![format!("response {status} header {word}")], &["header"]))
        }
        "callback, webhook or path" => elsewhere(upstream, call, path, word, random),
        _ => to_parameter(upstream, call, kind, word, random),
    }
}

/// Changes what is beside the operations.
fn elsewhere(upstream: &mut Value, call: &Call, path: &str, word: &str, random: &mut Random) -> Expected<Vec<String>> {
    let new = json!({ "post": { "responses": { "200": { "description": "Heard." } } } });
    match random.below(3) {
        0 => {
            let operation = upstream.pointer_mut(&call.pointer)?;
            operation["callbacks"][word]["{$request.body#/url}"] = new;
            let endpoint = call.pointer.trim_start_matches("/paths/").replace("~1", "/");
            let (path, method) = endpoint.rsplit_once('/')?;
            let path = path.replace("{id}", "{}").replace("{workspace_ref}", "{}").replace("{interval}", "{}");
            let asked = format!("{} {path}", method.to_uppercase());
            let place = format!("callback {word} of {asked} POST {{$request.body#/url}}");
            Some((vec![place], &["operation"]))
        }
        1 => {
            upstream["webhooks"][format!("/workspaces/{word}")] = new;
            Some((vec![format!("webhook POST /workspaces/{word}")], &["operation"]))
        }
        _ => {
            *upstream.pointer_mut(path)? = json!({ "$ref": format!("#/components/pathItems/{word}") });
            let path = path.trim_start_matches("/paths/").replace("~1", "/");
            let path = path.replace("{id}", "{}").replace("{workspace_ref}", "{}").replace("{interval}", "{}");
            Some((vec![path], &["path"]))
        }
    }
}

/// Changes a parameter of an operation, or one that all have.
fn to_parameter(
    upstream: &mut Value,
    call: &Call,
    kind: &'static str,
    word: &str,
    random: &mut Random,
) -> Expected<Vec<String>> {
    let only_in_queries = ["allowReserved", "allowEmptyValue"].contains(&kind);
    let all: Vec<_> =
        call.parameters.iter().filter(|(_, place)| !only_in_queries || place.starts_with("query ")).collect();
    let (pointer, place) = all.get(random.below(all.len().max(1)))?;
    let (list, index) = pointer.rsplit_once('/')?;
    let places = vec![place.clone()];
    match kind {
        "no parameter" => {
            upstream.pointer_mut(list)?.as_array_mut()?.remove(index.parse().ok()?);
            return Some((places, &["parameter"]));
        }
        "broken parameter" => {
            *upstream.pointer_mut(pointer)? = json!({ "$ref": format!("#/components/parameters/{word}") });
            return Some((vec!["parameters".to_owned()], &["parameters"]));
        }
        _ => {}
    }
    let parameter = upstream.pointer_mut(&resolved(&UPSTREAM, pointer))?;
    match kind {
        "required parameter" => {
            parameter["required"] = json!(parameter["required"] != true);
            Some((places, &["required"]))
        }
        "style" => {
            parameter["style"] = json!(word);
            Some((places, &["style"]))
        }
        "allowReserved" | "allowEmptyValue" => {
            parameter[kind] = json!(true);
            Some((places, if kind == "allowReserved" { &["allowReserved"] } else { &["allowEmptyValue"] }))
        }
        "deprecated parameter" => {
            parameter["deprecated"] = json!(true);
            Some((places, &["deprecated"]))
        }
        "content parameter" => {
            let schema = parameter.as_object_mut()?.remove("schema")?;
            parameter["content"] = json!({ "application/json": { "schema": schema } });
            Some((places, &["style"]))
        }
        other => unreachable!("{other}"),
    }
}
