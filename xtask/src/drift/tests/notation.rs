//! Random changes to the document like upstream's that mean nothing: none is reported.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::super::references::normalize;
use super::upstream::{ALL, Call, Random, UPSTREAM, reported, seeds};

/// What can be written differently in a schema.
const IN_SCHEMAS: [&str; 19] = [
    "all of one",
    "any of one",
    "one of one",
    "null apart",
    "numbers",
    "exclusive",
    "order of values",
    "values apart",
    "order of required",
    "limits of nothing",
    "anything besides",
    "words",
    "extension",
    "constant",
    "by name",
    "by percent",
    "by anchor",
    "by id",
    "part of a part",
];

/// What can be written differently elsewhere.
const ELSEWHERE: [&str; 20] = [
    "operation id",
    "tags",
    "order of parameters",
    "parameters of the operation",
    "usual style",
    "said to be optional",
    "case of headers",
    "no parameters",
    "media type",
    "security",
    "slash",
    "inline parameter",
    "response by name",
    "body by name",
    "path by name",
    "names in the path",
    "inline schema",
    "order of pagination",
    "seen pagination",
    "the rest",
];

static SCHEMAS: LazyLock<Vec<&String>> = LazyLock::new(|| ALL.schemas.keys().collect());

/// Makes one change by chance; `false` where what was chosen cannot be done there.
fn change(root: &mut Value, random: &mut Random, told: &mut Vec<String>) -> bool {
    let name = format!("n{}", random.below(100_000));
    let (kind, pointer) = if random.below(2) == 0 {
        let pointer = *random.one_of(&SCHEMAS);
        let kind = *random.one_of(&IN_SCHEMAS);
        // An earlier change may have moved it.
        let found = root.pointer(pointer).is_some_and(|schema| schema.get("type").is_some());
        if !found || !in_schema(root, pointer, kind, &name).unwrap_or(false) {
            return false;
        }
        (kind, pointer.clone())
    } else {
        let call = random.one_of(&ALL.calls);
        let kind = *random.one_of(&ELSEWHERE);
        if !elsewhere(root, call, kind, &name, random).unwrap_or(false) {
            return false;
        }
        (kind, call.endpoint.clone())
    };
    told.push(format!("{kind}: {pointer}"));
    true
}

/// Makes a schema a component, and leaves a reference to it.
fn moved(root: &mut Value, pointer: &str, name: &str, add: (&str, Value), reference: String) -> Option<bool> {
    // What has parts that are referred to cannot move without them.
    root.pointer(pointer).filter(|schema| schema.get("$defs").is_none())?;
    let mut schema = root.pointer_mut(pointer)?.take();
    if !add.0.is_empty() {
        schema[add.0] = add.1;
    }
    root["components"]["schemas"][name] = schema;
    *root.pointer_mut(pointer)? = json!({ "$ref": reference });
    Some(true)
}

fn in_schema(root: &mut Value, pointer: &str, kind: &str, name: &str) -> Option<bool> {
    let schema = root.pointer_mut(pointer)?;
    let types: Vec<Value> = schema["type"].as_array().cloned().unwrap_or_else(|| vec![schema["type"].clone()]);
    match kind {
        "all of one" => *schema = json!({ "allOf": [schema.take()] }),
        "any of one" => *schema = json!({ "anyOf": [schema.take()] }),
        "one of one" => *schema = json!({ "oneOf": [schema.take()] }),
        "null apart" => {
            types.iter().find(|name| **name == "null")?;
            let rest: Vec<_> = types.into_iter().filter(|name| *name != "null").collect();
            schema["type"] = if rest.len() == 1 { rest[0].clone() } else { rest.into() };
            if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
                values.retain(|value| !value.is_null());
            }
            *schema = json!({ "anyOf": [schema.take(), { "type": "null" }] });
        }
        "numbers" => {
            let object = schema.as_object_mut()?;
            let numbers = ["default", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"];
            let keys: Vec<_> = numbers.into_iter().filter(|key| object.get(*key).is_some_and(Value::is_i64)).collect();
            for key in &keys {
                object[*key] = json!(object[*key].as_f64()?);
            }
            return Some(!keys.is_empty());
        }
        "exclusive" => {
            types.iter().find(|name| **name == "integer")?;
            let least = schema.as_object_mut()?.remove("minimum")?;
            schema["exclusiveMinimum"] = json!(least.as_i64()? - 1);
        }
        "order of values" => schema.get_mut("enum")?.as_array_mut()?.reverse(),
        "values apart" => {
            schema.get("x-speakeasy-unknown-values")?;
            let values = schema.as_object_mut()?.remove("enum")?;
            let known = values.as_array()?.iter().map(|value| json!({ "const": value }));
            let mut parts: Vec<Value> = known.collect();
            parts.push(json!({ "type": "string" }));
            (types == ["string"]).then_some(())?;
            schema["oneOf"] = parts.into();
        }
        "order of required" => schema.get_mut("required")?.as_array_mut()?.reverse(),
        "limits of nothing" => {
            for (keyword, nothing) in
                [("minLength", json!(0)), ("uniqueItems", json!(false)), ("deprecated", json!(false))]
            {
                schema.as_object_mut()?.entry(keyword).or_insert(nothing);
            }
        }
        "anything besides" => {
            schema["type"].as_str().filter(|name| *name == "object")?;
            schema["additionalProperties"] = json!(true);
        }
        "words" => {
            schema["title"] = json!("A title");
            schema["$comment"] = json!("Of no concern.");
            schema["description"] = json!(format!("{} Indeed.", schema["description"].as_str().unwrap_or_default()));
        }
        "extension" => schema["x-note"] = json!({ "$ref": "#/of/no/concern" }),
        "constant" => {
            let value = schema.as_object_mut()?.remove("const")?;
            schema["enum"] = json!([value]);
        }
        "by name" => return moved(root, pointer, name, ("", json!(0)), format!("#/components/schemas/{name}")),
        "by percent" => {
            let reference = format!("#/components/schemas/a%20%7B{name}%7D");
            return moved(root, pointer, &format!("a {{{name}}}"), ("", json!(0)), reference);
        }
        "by anchor" => return moved(root, pointer, name, ("$anchor", json!(name)), format!("#{name}")),
        "by id" => {
            // What it refers to starts at the root, which a part with an address of its own has no way to name.
            (!schema.to_string().contains("$ref")).then_some(())?;
            let id = format!("https://api.example/schemas/{name}");
            return moved(root, pointer, name, ("$id", json!(id)), id.clone());
        }
        "part of a part" => {
            schema.get("$defs").is_none().then_some(())?;
            let own = schema.take();
            *schema = json!({ "$ref": format!("#/components/schemas/{name}/$defs/inner") });
            root["components"]["schemas"][name] = json!({ "$defs": { "inner": own } });
        }
        other => unreachable!("{other}"),
    }
    Some(true)
}

fn elsewhere(root: &mut Value, call: &Call, kind: &str, name: &str, random: &mut Random) -> Option<bool> {
    let (path, _) = call.pointer.rsplit_once('/')?;
    let operation = root.pointer_mut(&call.pointer)?;
    match kind {
        "operation id" => {
            operation["operationId"] = json!(name);
            operation["summary"] = json!("Something else");
            operation["externalDocs"] = json!({ "url": "https://docs.example" });
        }
        "tags" => operation["tags"] = json!([name]),
        "order of parameters" => operation.get_mut("parameters")?.as_array_mut()?.reverse(),
        "parameters of the operation" => {
            let list = root.pointer_mut(path)?.as_object_mut()?.remove("parameters")?;
            for method in ["get", "put", "post", "patch", "delete"] {
                if let Some(operation) = root.pointer_mut(&format!("{path}/{method}")).and_then(Value::as_object_mut) {
                    let own = operation.entry("parameters").or_insert_with(|| json!([])).as_array_mut()?;
                    own.extend(list.as_array()?.iter().cloned());
                }
            }
        }
        "usual style" => {
            for parameter in operation.get_mut("parameters")?.as_array_mut()? {
                if parameter["in"] == "query" {
                    parameter["style"] = json!("form");
                    parameter["explode"] = json!(true);
                    parameter["allowReserved"] = json!(false);
                }
            }
        }
        "said to be optional" => {
            for parameter in operation.get_mut("parameters")?.as_array_mut()? {
                if parameter.get("in").is_some() && parameter["required"] != true {
                    parameter["required"] = json!(false);
                }
            }
        }
        "case of headers" => {
            let parameter = root.pointer_mut("/components/parameters/AppTitle/name")?;
            *parameter = json!(parameter.as_str()?.to_lowercase());
        }
        "no parameters" => {
            let object = operation.as_object_mut()?;
            let list = object.entry("parameters").or_insert_with(|| json!([])).as_array_mut()?;
            list.push(json!({ "name": "Accept", "in": "header", "schema": { "type": "string" } }));
            list.push(json!({ "name": "authorization", "in": "header", "required": true, "schema": {} }));
        }
        "media type" => {
            let responses = operation["responses"].as_object_mut()?;
            for response in responses.values_mut() {
                let media = response.get_mut("content")?.as_object_mut()?.remove("application/json")?;
                response["content"]["Application/JSON; charset=utf-8"] = media;
                response["headers"] = json!({ "Content-Type": { "schema": { "type": "string" } } });
            }
        }
        "security" => {
            operation["security"] = json!([{ "key": [] }]);
            root["components"]["securitySchemes"]["key"] = json!({ "type": "http", "scheme": "Bearer" });
        }
        "slash" => operation["servers"] = json!([{ "url": "https://openrouter.ai/api/v1/", "description": "Ours" }]),
        "inline parameter" => {
            let all = root["components"]["parameters"].clone();
            for parameter in root.pointer_mut(path)?.get_mut("parameters")?.as_array_mut()? {
                let name = parameter["$ref"].as_str()?.rsplit('/').next()?.to_owned();
                *parameter = all[&name].clone();
            }
        }
        "response by name" => {
            let statuses: Vec<_> = operation["responses"].as_object()?.keys().cloned().collect();
            let response = &mut operation["responses"][random.one_of(&statuses)];
            let own = response.take();
            *response = json!({ "$ref": format!("#/components/responses/{name}") });
            root["components"]["responses"][name] = own;
        }
        "body by name" => {
            let own = operation.get_mut("requestBody")?.take();
            operation["requestBody"] = json!({ "$ref": format!("#/components/requestBodies/{name}") });
            root["components"]["requestBodies"][name] = own;
        }
        "path by name" => {
            let own = root.pointer_mut(path)?.take();
            *root.pointer_mut(path)? =
                json!({ "$ref": format!("#/components/pathItems/{name}"), "summary": "Elsewhere" });
            root["components"]["pathItems"][name] = own;
        }
        "names in the path" => {
            let key = path.trim_start_matches("/paths/").replace("~1", "/");
            let from = if key.contains("{id}") { "id" } else { "workspace_ref" };
            if !key.contains(&format!("{{{from}}}")) {
                return None;
            }
            let item = root["paths"].as_object_mut()?.remove(&key)?;
            let text = item.to_string().replace(&format!("\"name\":\"{from}\""), &format!("\"name\":\"{name}\""));
            let key = key.replace(&format!("{{{from}}}"), &format!("{{{name}}}"));
            root["paths"][key] = serde_json::from_str(&text).ok()?;
        }
        "inline schema" => {
            let schemas = root["components"]["schemas"].clone();
            let responses = root.pointer_mut(&call.pointer)?["responses"].as_object_mut()?;
            for response in responses.values_mut() {
                let schema = response.pointer_mut("/content/application~1json/schema")?;
                let name = schema["$ref"].as_str()?.rsplit('/').next()?.to_owned();
                *schema = schemas[&name].clone();
            }
        }
        "order of pagination" => operation.pointer_mut("/x-speakeasy-pagination/inputs")?.as_array_mut()?.reverse(),
        "seen pagination" => _ = operation.as_object_mut()?.remove("x-speakeasy-pagination")?,
        "the rest" => {
            let lost = json!({ "$ref": format!("#/components/schemas/{name}") });
            let broken = json!({ "get": {
                "responses": { "200": { "$ref": "gone.yaml#/Gone" } },
                "parameters": [lost, { "$ref": "#nowhere" }],
                "requestBody": lost,
            }});
            root["paths"][format!("/{name}")] = broken;
            root["paths"][format!("/{name}/other")] = lost.clone();
            root["components"]["schemas"]["Unused"] = json!({ "$id": "::", "allOf": [lost], "type": 42 });
            root["webhooks"][name] = lost.clone();
            root.pointer_mut(&call.pointer)?["x-other"] = lost.clone();
            root.pointer_mut(&call.pointer)?["responses"].as_object_mut()?.values_mut().for_each(|response| {
                response["links"] = json!({ "next": lost });
                if let Some(media) = response.pointer_mut("/content/application~1json") {
                    media["example"] = lost.clone();
                }
            });
        }
        other => unreachable!("{other}"),
    }
    Some(true)
}

/// Reports what is reported of the documents with these seeds, with one to three changes each.
fn check(seeds: std::ops::Range<u64>) {
    let mut alarms = Vec::new();
    for seed in seeds {
        let mut random = Random(seed);
        let (mut told, wanted) = (Vec::new(), 1 + random.below(3));
        let mut root = UPSTREAM.clone();
        while told.len() < wanted {
            let mut next = root.clone();
            // What cannot be done may have been done by half.
            if change(&mut next, &mut random, &mut told) {
                root = next;
            }
        }
        normalize(&mut root, true);
        let lines = reported(root);
        if !lines.is_empty() {
            alarms.push(format!("seed {seed}, {told:?}: {lines:?}"));
        }
    }
    assert!(alarms.is_empty(), "{} false alarms: {alarms:#?}", alarms.len());
}

#[test]
fn of_random_changes_without_meaning_none_is_reported() {
    check(seeds(100));
}
