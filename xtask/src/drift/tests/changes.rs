//! Random changes to the document like upstream's: every one is reported, at its place and at no other.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::upstream::{ALL, Call, Random, UPSTREAM, Use, reported};

/// A change, and where it has to be reported.
struct Change {
    upstream: Value,
    places: BTreeSet<String>,
    /// What is reported there: one of these.
    what: &'static [&'static str],
    told: String,
}

/// What can be done to a schema.
const TO_SCHEMAS: [&str; 27] = [
    "type",
    "nullable",
    "format",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "multipleOf",
    "pattern",
    "uniqueItems",
    "new value",
    "lost value",
    "closed",
    "no enum",
    "default",
    "deprecated",
    "new field",
    "lost field",
    "required",
    "additional",
    "no items",
    "not",
    "read only",
    "broken",
    "impossible",
];

/// What can be done to an operation.
const TO_OPERATIONS: [&str; 28] = [
    "gone",
    "new",
    "deprecated",
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

static SCHEMAS: LazyLock<Vec<(&String, &BTreeSet<Use>)>> = LazyLock::new(|| ALL.schemas.iter().collect());

/// A change by chance; `None` where what was chosen cannot be done there.
fn change(random: &mut Random) -> Option<Change> {
    let mut upstream = UPSTREAM.clone();
    let word = format!("zebra{}", random.below(1000));
    let (places, what, told) = if random.below(10) < 7 {
        let (pointer, uses) = *random.one_of(&SCHEMAS);
        let kind = *random.one_of(&TO_SCHEMAS);
        let schema = upstream.pointer_mut(pointer).expect("a schema");
        let (below, what) = to_schema(schema, pointer, uses, kind, &word, random)?;
        let places = uses.iter().map(|Use { place, inside, .. }| if below.is_empty() { place } else { inside });
        let places = places.map(|place| format!("{place}{below}")).collect();
        (places, what, format!("{kind}: {pointer}"))
    } else {
        let call = random.one_of(&ALL.calls);
        let kind = *random.one_of(&TO_OPERATIONS);
        let (places, what) = to_operation(&mut upstream, call, kind, &word, random)?;
        (places.into_iter().collect(), what, format!("{kind}: {}", call.endpoint))
    };
    Some(Change { upstream, places, what, told })
}

type Expected<T> = Option<(T, &'static [&'static str])>;

/// Changes a schema. Returns what follows its own place, and what is to be reported there.
fn to_schema(
    schema: &mut Value,
    pointer: &str,
    uses: &BTreeSet<Use>,
    kind: &'static str,
    word: &str,
    random: &mut Random,
) -> Expected<String> {
    const LIMITS: [&str; 7] = ["minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "multipleOf"];
    let mut types: Vec<Value> = match &schema["type"] {
        Value::Array(names) => names.clone(),
        name => vec![name.clone()],
    };
    let object = schema.as_object_mut()?;
    let fields: Vec<String> =
        object.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys).cloned().collect();
    let here = |what: &'static [&'static str]| Some((String::new(), what));
    if let Some(limit) = LIMITS.into_iter().find(|limit| *limit == kind) {
        let number = json!(2 + random.below(60));
        let number = if object.get(limit) == Some(&number) { json!(62) } else { number };
        object.insert(limit.to_owned(), number);
        return here(match limit {
            "minLength" => &["minLength"],
            "maxLength" => &["maxLength"],
            "minItems" => &["minItems"],
            "maxItems" => &["maxItems"],
            "minimum" => &["minimum"],
            "maximum" => &["maximum"],
            _ => &["multipleOf"],
        });
    }
    match kind {
        "type" => {
            let others: Vec<_> = ["string", "integer", "number", "boolean", "object", "array"]
                .into_iter()
                .filter(|name| types[0] != *name)
                .collect();
            types[0] = json!(random.one_of(&others));
            object.insert("type".to_owned(), types.into());
            here(&["type"])
        }
        "nullable" => {
            // Beside null, or where only one value is allowed, the type says nothing of null. The offset of the other list
            // still deviates as recorded.
            let offset = uses.iter().any(|used| used.place == "query offset");
            if pointer.contains("/anyOf/") || object.contains_key("const") || offset {
                return None;
            }
            let others: Vec<_> = types.iter().filter(|name| **name != "null").cloned().collect();
            if others.len() == types.len() {
                types.push(json!("null"));
            } else {
                types = others;
            }
            object.insert("type".to_owned(), types.into());
            here(&["nullable"])
        }
        "format" => {
            object.insert("format".to_owned(), json!(word));
            here(&["format"])
        }
        "pattern" => {
            object.insert("pattern".to_owned(), json!(word));
            here(&["pattern"])
        }
        "uniqueItems" => {
            object.insert("uniqueItems".to_owned(), json!(true));
            here(&["uniqueItems"])
        }
        "new value" => {
            object.get_mut("enum")?.as_array_mut()?.push(json!(word));
            here(&["enum value", "enum"])
        }
        "lost value" => {
            let values = object.get_mut("enum")?.as_array_mut()?;
            let named: Vec<_> = (0..values.len()).filter(|index| !values[*index].is_null()).collect();
            values.remove(*random.one_of(&named));
            here(&["enum value", "enum"])
        }
        "closed" => {
            object.remove("x-speakeasy-unknown-values")?;
            here(&["enum", "nullable"])
        }
        // Where another of upstream's schemas still deviates as recorded, one less is nothing to act on.
        "no enum" if object.contains_key("const") => None,
        "no enum" => {
            object.remove("enum")?;
            here(&["enum"])
        }
        "default" => {
            object.insert("default".to_owned(), json!(word));
            here(&["default"])
        }
        "deprecated" => {
            object.insert("deprecated".to_owned(), json!(true));
            here(&["deprecated"])
        }
        "new field" => {
            let fields = object.get_mut("properties")?.as_object_mut()?;
            fields.insert(word.to_owned(), json!({ "type": "string" }));
            Some((format!(".{word}"), &["field"]))
        }
        "lost field" => {
            let field = fields.get(random.below(fields.len().max(1)))?;
            object.get_mut("properties")?.as_object_mut()?.remove(field);
            if let Some(required) = object.get_mut("required").and_then(Value::as_array_mut) {
                required.retain(|name| name != field);
            }
            Some((format!(".{field}"), &["field"]))
        }
        "required" => {
            let field = fields.get(random.below(fields.len().max(1)))?;
            let required = object.entry("required").or_insert_with(|| json!([])).as_array_mut()?;
            let count = required.len();
            required.retain(|name| name != field);
            if required.len() == count {
                required.push(json!(field));
            }
            Some((format!(".{field}"), &["required"]))
        }
        "additional" => {
            types.iter().find(|name| **name == "object")?;
            object.insert("additionalProperties".to_owned(), json!(false));
            Some((".*".to_owned(), &["additionalProperties"]))
        }
        "no items" => {
            object.remove("items")?;
            Some(("[]".to_owned(), &["type"]))
        }
        "not" => {
            object.insert("not".to_owned(), json!({ "const": word }));
            here(&["not"])
        }
        "read only" => {
            // A field that the server alone sets is none of a request.
            let field = uses.iter().all(|used| used.request && used.place.contains('.') && !used.place.ends_with("[]"));
            object.insert("readOnly".to_owned(), field.then_some(json!(true))?);
            here(&["field"])
        }
        "broken" => {
            *schema = json!({ "$ref": format!("#/components/schemas/{word}") });
            here(&["schema"])
        }
        "impossible" => {
            let other = if types[0] == "object" { "string" } else { "object" };
            let own = schema.take();
            // What null there was would still fit.
            *schema = json!({ "allOf": [own, { "type": other }] });
            here(&["type"])
        }
        other => unreachable!("{other}"),
    }
}

/// Changes an operation. Returns where what is to be reported.
fn to_operation(
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
        "deprecated" => {
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
    let (pointer, place) = random.one_of(&call.parameters);
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
    let parameter = upstream.pointer_mut(&super::upstream::resolved(&UPSTREAM, pointer))?;
    let query = parameter["in"] == "query";
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
            parameter[kind] = query.then_some(json!(true))?;
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

/// How many changes of these seeds were missed, and how many were reported at a wrong place, too.
fn check(seeds: std::ops::Range<u64>) {
    let (mut missed, mut astray) = (Vec::new(), Vec::new());
    for seed in seeds {
        let mut random = Random(seed);
        let change = std::iter::repeat_with(|| change(&mut random)).take(100).flatten().next();
        let Change { upstream, places, what, told } = change.expect("one of a hundred can be done");
        let lines = reported(upstream);
        for place in &places {
            if !lines.iter().any(|(at, kind)| at == place && what.contains(&kind.as_str())) {
                missed.push(format!("seed {seed}, {told}: nothing at {place}; but {lines:?}"));
            }
        }
        for (at, kind) in lines {
            // Rows that are no list cannot be paged through.
            if !places.contains(&at) && kind != "pagination" {
                astray.push(format!("seed {seed}, {told}: {kind} at {at}"));
            }
        }
    }
    let counts = (missed.len(), astray.len());
    assert_eq!(counts, (0, 0), "missed: {missed:#?}, astray: {astray:#?}");
}

#[test]
fn of_2000_changes_none_is_missed_or_reported_elsewhere_first_half() {
    check(0..1000);
}

#[test]
fn of_2000_changes_none_is_missed_or_reported_elsewhere_second_half() {
    check(1000..2000);
}
