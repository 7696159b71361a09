//! The schemas derived from the Rust types and the contract's are the same.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::schemas::contract::{is_nullable, properties, schemas};
use crate::schemas::form::Form;
use crate::schemas::models;
use crate::schemas::requests::is_request;

fn form_in_contract(name: &str) -> Form {
    Form::of_contract(&schemas()[name]).unwrap_or_else(|why| panic!("{name}: {why}"))
}

/// The names of the models.
fn names() -> BTreeSet<&'static str> {
    models::all().iter().map(|model| model.name).collect()
}

#[test]
fn every_schema_of_the_contract_has_a_model_and_every_model_a_schema() {
    let in_contract: BTreeSet<_> = schemas().iter().filter(|(_, s)| !is_nullable(s)).map(|(n, _)| n.as_str()).collect();
    assert_eq!(names(), in_contract);
}

/// A named schema that can be null is no type of its own: it is the `Option` around another. It is compared wherever a
/// field refers to it.
#[test]
fn every_nullable_schema_is_a_field_of_a_model() {
    let fields = schemas().values().flat_map(properties);
    let used: BTreeSet<_> = fields.filter_map(|(_, field)| field["$ref"].as_str()?.rsplit('/').next()).collect();
    let nullable: Vec<_> = schemas().iter().filter(|(_, schema)| is_nullable(schema)).map(|(name, _)| name).collect();
    assert_eq!(nullable.len(), 6, "{nullable:?}");
    for name in nullable {
        assert!(used.contains(name.as_str()), "{name}");
    }
}

/// A type that is generated, but missing in [`models`], would be compared with nothing.
#[test]
fn every_generated_type_with_a_schema_is_a_model() {
    let code = include_str!("../../../openapi/client.rs");
    let after = |start: &'static str| code.split(start).skip(1).filter_map(|rest| rest.split([' ', '(', ';']).next());
    let derived = "#[cfg_attr(feature = \"schemars\", derive(::schemars::JsonSchema))]\n    pub ";
    let structs = code.split(derived).skip(1).filter_map(|rest| rest.split_whitespace().nth(1));
    let generated: BTreeSet<_> = structs.chain(after("impl schemars::JsonSchema for ")).collect();
    assert_eq!(names(), generated);
}

/// What is read and what is written have the same schema, although reading is more lenient than it says: a required
/// field that is null in the contract may be missing, and an optional one that is not may be null.
#[test]
fn derived_schemas_say_what_the_contract_says() {
    for model in models::all() {
        // The contract does not say what the API makes of fields that it does not know.
        let expected = Form { closed: is_request(model.name), ..form_in_contract(model.name) };
        for derived in &model.derived {
            assert_eq!(derived["title"], model.name);
            let form = Form::of_derived(derived).unwrap_or_else(|why| panic!("{}: {why}", model.name));
            assert_eq!(form, expected, "{}", model.name);
        }
    }
}

/// The comparison misses nothing: whatever is changed in a derived schema, it is no longer the contract's.
#[test]
fn a_derived_schema_with_any_change_is_another() {
    let mut count = 0;
    for model in models::all() {
        let [derived, _] = &model.derived;
        let form = Form::of_derived(derived);
        for place in places(derived, "") {
            // Names of the types, what stands for any other value of an enum, and what fields describe in their own words.
            let silent = ["/$schema", "/title"].contains(&place.as_str())
                || place.ends_with("/anyOf/1/description")
                || (place.starts_with("/$defs/") && place.matches('/').count() == 3 && place.ends_with("/description"));
            if !silent {
                let mut changed = derived.clone();
                change(changed.pointer_mut(&place).expect("a place"));
                assert!(Form::of_derived(&changed) != form, "{} {place}", model.name);
                count += 1;
            }
        }
    }
    assert!(count > 700, "{count}");
}

/// Pointers to everything in a schema that can be changed: texts, numbers, flags, and lists.
fn places(schema: &Value, at: &str) -> Vec<String> {
    let mut found = match schema {
        Value::Object(map) => {
            let inner = |(key, value): (&String, _)| {
                places(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")))
            };
            return map.iter().flat_map(inner).collect();
        }
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(n, item)| places(item, &format!("{at}/{n}"))).collect()
        }
        _ => Vec::new(),
    };
    found.push(at.to_owned());
    found
}

fn change(value: &mut Value) {
    match value {
        Value::String(text) => text.push('x'),
        Value::Number(number) => *value = json!(number.as_f64().expect("a number") + 1.0),
        Value::Bool(flag) => *flag = !*flag,
        Value::Array(items) => drop(items.pop()),
        _ => *value = json!("x"),
    }
}
