//! Any one change to any schema of the contract is reported, and at its place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::super::api::Api;
use super::super::compare::compare;
use super::super::document::Document;
use crate::codegen::contract::METHODS;

static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    Document::parse(include_bytes!("../../../../openapi/workspaces.yaml")).expect("the contract is OpenAPI")
});
static CONTRACT: LazyLock<&Value> = LazyLock::new(|| &DOCUMENT.root);
static OURS: LazyLock<Api<'_>> = LazyLock::new(|| Api::of(&DOCUMENT).expect("operations"));

/// A place at which a schema is used, and the one at which its fields are.
type Use = (String, String);

/// Every schema that an operation uses, by JSON pointer, with its uses.
static USES: LazyLock<BTreeMap<String, BTreeSet<Use>>> = LazyLock::new(|| {
    let mut uses = BTreeMap::new();
    for (path, item) in CONTRACT["paths"].as_object().expect("paths") {
        let path = path.replace('/', "~1");
        for method in METHODS.into_iter().filter(|method| item.get(*method).is_some()) {
            for owner in [format!("/paths/{path}"), format!("/paths/{path}/{method}")] {
                let count = at(&owner)["parameters"].as_array().map_or(0, Vec::len);
                for index in 0..count {
                    let parameter = resolved(&format!("{owner}/parameters/{index}"));
                    let [place, name] = ["in", "name"].map(|key| at(&parameter)[key].as_str().expect("a text"));
                    use_schema(&mut uses, &format!("{parameter}/schema"), "request", &format!("{place} {name}"));
                }
            }
            let operation = format!("/paths/{path}/{method}");
            let media = "content/application~1json/schema";
            if item[method].get("requestBody").is_some() {
                use_schema(&mut uses, &format!("{operation}/requestBody/{media}"), "request", "request body");
            }
            for status in item[method]["responses"].as_object().expect("responses").keys() {
                let response = resolved(&format!("{operation}/responses/{status}"));
                use_schema(&mut uses, &format!("{response}/{media}"), "response", &format!("response {status}"));
            }
        }
    }
    uses
});

fn at(pointer: &str) -> &'static Value {
    CONTRACT.pointer(pointer).expect("the pointer leads somewhere")
}

/// Where a pointer leads when references are followed.
fn resolved(pointer: &str) -> String {
    match at(pointer)["$ref"].as_str() {
        Some(reference) => resolved(reference.trim_start_matches('#')),
        None => pointer.to_owned(),
    }
}

fn use_schema(uses: &mut BTreeMap<String, BTreeSet<Use>>, pointer: &str, side: &str, place: &str) {
    let pointer = resolved(pointer);
    let schema = at(&pointer);
    let name = pointer.strip_prefix("/components/schemas/").filter(|name| !name.contains('/'));
    let named = name.filter(|_| schema.get("properties").is_some());
    let inside = named.map_or_else(|| place.to_owned(), |name| format!("{side} {name}"));
    uses.entry(pointer.clone()).or_default().insert((place.to_owned(), inside.clone()));
    for name in schema["properties"].as_object().into_iter().flat_map(Map::keys) {
        use_schema(uses, &format!("{pointer}/properties/{name}"), side, &format!("{inside}.{name}"));
    }
    if schema.get("items").is_some() {
        use_schema(uses, &format!("{pointer}/items"), side, &format!("{place}[]"));
    }
}

/// A change to one schema.
#[derive(Clone, Debug)]
enum Mutation {
    Type(&'static str),
    Nullable,
    Format,
    Limit(&'static str),
    Pattern,
    ExclusiveMinimum,
    UniqueItems,
    NewValue,
    LostValue(usize),
    Closed,
    NoEnum,
    Default,
    Deprecated,
    NewField,
    LostField(String),
    Required(String),
    Additional,
    NoItems,
}

/// The changes that can be made to a schema.
fn mutations(schema: &Value) -> Vec<Mutation> {
    use Mutation::*;
    let kind = schema["type"].as_str().expect("every schema of the contract has a type");
    let mut mutations = vec![Nullable, Format, Default, Deprecated, Pattern, UniqueItems];
    let types = ["string", "integer", "number", "boolean", "object", "array"];
    mutations.extend(types.into_iter().filter(|other| *other != kind).map(Type));
    let limits = ["minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "multipleOf"];
    mutations.extend(limits.map(Limit));
    if schema.get("minimum").is_some() && kind == "number" {
        mutations.push(ExclusiveMinimum);
    }
    if let Some(values) = schema["x-extensible-enum"].as_array() {
        mutations.extend((0..values.len()).map(LostValue));
        mutations.extend([NewValue, Closed, NoEnum]);
    }
    if kind == "object" {
        mutations.extend([NewField, Additional]);
        let fields = schema["properties"].as_object().into_iter().flat_map(Map::keys);
        mutations.extend(fields.flat_map(|field| [LostField(field.clone()), Required(field.clone())]));
    }
    if schema.get("items").is_some() {
        mutations.push(NoItems);
    }
    mutations
}

/// Makes the change. Returns what follows the schema's own place, and what has to be reported there.
fn mutate(schema: &mut Value, mutation: &Mutation, number: u32, word: &str) -> (String, &'static str) {
    let object = schema.as_object_mut().expect("a schema");
    let exclusive = object.contains_key("exclusiveMinimum");
    let here = String::new;
    match mutation {
        Mutation::Type(name) => {
            set(object, "type", json!(name));
            (here(), "type")
        }
        Mutation::Nullable => {
            toggle(object, "nullable");
            (here(), "nullable")
        }
        Mutation::Format => {
            set(object, "format", json!(word));
            (here(), "format")
        }
        Mutation::Limit("minimum") if exclusive => {
            set(object, "minimum", json!(number));
            (here(), "exclusiveMinimum")
        }
        Mutation::Limit(keyword) => {
            let was = set(object, keyword, json!(number));
            // The number that is there already is no change.
            if was.is_some_and(|was| was == json!(number)) {
                set(object, keyword, json!(number + 1));
            }
            (here(), keyword)
        }
        Mutation::Pattern => {
            set(object, "pattern", json!(word));
            (here(), "pattern")
        }
        Mutation::ExclusiveMinimum => {
            toggle(object, "exclusiveMinimum");
            (here(), "exclusiveMinimum")
        }
        Mutation::UniqueItems => {
            set(object, "uniqueItems", json!(true));
            (here(), "uniqueItems")
        }
        Mutation::NewValue => {
            schema["x-extensible-enum"].as_array_mut().expect("values").push(json!(word));
            (here(), "enum value")
        }
        Mutation::LostValue(index) => {
            schema["x-extensible-enum"].as_array_mut().expect("values").remove(*index);
            (here(), "enum value")
        }
        Mutation::Closed => {
            let values = object.remove("x-extensible-enum").expect("values");
            object.insert("enum".to_owned(), values);
            (here(), "enum")
        }
        Mutation::NoEnum => {
            object.remove("x-extensible-enum");
            (here(), "enum")
        }
        Mutation::Default => {
            set(object, "default", json!(word));
            (here(), "default")
        }
        Mutation::Deprecated => {
            set(object, "deprecated", json!(true));
            (here(), "deprecated")
        }
        Mutation::NewField => {
            let fields = object.entry("properties").or_insert_with(|| json!({}));
            fields[word] = json!({ "type": "string" });
            (format!(".{word}"), "field")
        }
        Mutation::LostField(field) => {
            object["properties"].as_object_mut().expect("properties").remove(field);
            if let Some(required) = object.get_mut("required").and_then(Value::as_array_mut) {
                required.retain(|name| name != field);
            }
            (format!(".{field}"), "field")
        }
        Mutation::Required(field) => {
            let required = object.entry("required").or_insert_with(|| json!([]));
            let required = required.as_array_mut().expect("a list");
            let count = required.len();
            required.retain(|name| name != field);
            if required.len() == count {
                required.push(json!(field));
            }
            (format!(".{field}"), "required")
        }
        Mutation::Additional => {
            set(object, "additionalProperties", json!(false));
            (".*".to_owned(), "additionalProperties")
        }
        Mutation::NoItems => {
            object.remove("items");
            ("[]".to_owned(), "type")
        }
    }
}

fn set(schema: &mut Map<String, Value>, key: &str, value: Value) -> Option<Value> {
    schema.insert(key.to_owned(), value)
}

fn toggle(schema: &mut Map<String, Value>, flag: &str) {
    let was = schema.get(flag) == Some(&json!(true));
    set(schema, flag, json!(!was));
}

/// Every change that can be made, with the schema that it is made to.
static MUTATIONS: LazyLock<Vec<(&str, Mutation)>> = LazyLock::new(|| {
    let mutations = USES.keys().flat_map(|pointer| mutations(at(pointer)).into_iter().map(move |m| (pointer, m)));
    mutations.map(|(pointer, mutation)| (pointer.as_str(), mutation)).collect()
});

/// Makes one change, and checks that it is reported at every place that uses the schema, and nowhere else.
fn check(pointer: &str, mutation: &Mutation, number: u32, word: &str) {
    let mut theirs = Document { root: DOCUMENT.root.clone(), siblings_count: false };
    let schema = theirs.root.pointer_mut(pointer).expect("a schema");
    let (below, what) = mutate(schema, mutation, number, word);
    let theirs = Api::of(&theirs).expect("operations");
    let found = compare(&OURS, &theirs).differences;
    let reported: BTreeSet<_> = found.iter().filter(|d| d.key.what == what).map(|d| d.key.place.clone()).collect();
    let places = USES[pointer].iter().map(|(place, inside)| if below.is_empty() { place } else { inside });
    let expected: BTreeSet<_> = places.map(|place| format!("{place}{below}")).collect();
    assert_eq!(reported, expected, "{pointer}, {mutation:?}");
    for difference in found {
        let place = &difference.key.place;
        // Rows that are gone cannot be paged through; an array of anything has items of another nullability, too.
        let follows = difference.key.what == "pagination" || expected.contains(place);
        assert!(follows, "{pointer}, {mutation:?}: also {}", difference.key);
    }
}

#[test]
fn every_change_to_a_schema_is_reported_at_its_place() {
    for (pointer, mutation) in MUTATIONS.iter() {
        check(pointer, mutation, 7, "zebra");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_change_to_a_schema_is_reported_at_its_place(
        (pointer, mutation) in proptest::sample::select(&**MUTATIONS),
        number in 2_u32..,
        word in "z[a-z]{1,8}",
    ) {
        check(pointer, &mutation, number - 1, &word);
    }
}

#[test]
fn every_schema_of_the_contract_is_used_but_for_those_that_only_name_rust_types() {
    let all = CONTRACT["components"]["schemas"].as_object().expect("schemas").keys();
    let unused: Vec<_> = all.filter(|name| !USES.contains_key(&format!("/components/schemas/{name}"))).collect();
    assert_eq!(unused, ["ProviderSort", "ResetInterval"]);
}
