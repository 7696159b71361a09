//! Random changes to the document like upstream's: every one is reported, at its place and at no other.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::changes_to_operations::{Expected, TO_OPERATIONS, to_operation};
use super::upstream::{ALL, Random, UPSTREAM, Use, reported, seeds};

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

static SCHEMAS: LazyLock<Vec<(&String, &BTreeSet<Use>)>> = LazyLock::new(|| ALL.schemas.iter().collect());

/// A change of this kind, by chance; `None` where what was chosen cannot be changed so.
fn change(kind: &'static str, random: &mut Random) -> Option<Change> {
    let word = format!("zebra{}", random.below(1000));
    if !TO_SCHEMAS.contains(&kind) {
        let call = random.one_of(&ALL.calls);
        let mut upstream = UPSTREAM.clone();
        let (places, what) = to_operation(&mut upstream, call, kind, &word, random)?;
        let told = format!("{kind}: {}", call.endpoint);
        return Some(Change { upstream, places: places.into_iter().collect(), what, told });
    }
    let (pointer, uses) = *random.one_of(&SCHEMAS);
    let mut schema = UPSTREAM.pointer(pointer)?.clone();
    let (below, what) = to_schema(&mut schema, pointer, uses, kind, &word, random)?;
    let places = uses.iter().map(|Use { place, inside, .. }| if below.is_empty() { place } else { inside });
    let places = places.map(|place| format!("{place}{below}")).collect();
    let mut upstream = UPSTREAM.clone();
    *upstream.pointer_mut(pointer)? = schema;
    Some(Change { upstream, places, what, told: format!("{kind}: {pointer}") })
}

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

/// How many changes of these seeds were missed, and how many were reported at a wrong place, too.
fn check(seeds: std::ops::Range<u64>) {
    let (mut missed, mut astray) = (Vec::new(), Vec::new());
    let kinds: Vec<_> = TO_SCHEMAS.into_iter().chain(TO_OPERATIONS).collect();
    for seed in seeds {
        let mut random = Random(seed);
        // Each kind in its turn, for some can be made in few places only.
        let kind = kinds[seed as usize % kinds.len()];
        let change = std::iter::repeat_with(|| change(kind, &mut random)).take(10_000).flatten().next();
        let Change { upstream, places, what, told } = change.unwrap_or_else(|| panic!("{kind} can be done nowhere"));
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
fn of_random_changes_none_is_missed_or_reported_elsewhere() {
    check(seeds(200));
}
