//! Random JSON that a schema of the contract allows.

use chrono::{DateTime, FixedOffset, SecondsFormat};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Number, Value};
use uuid::Uuid;

use crate::schemas::contract::{is_nullable, is_required, properties, resolved};

/// Instances of a schema. Objects have a few properties that the contract does not know, if it is so wished.
pub fn instances(schema: &'static Value, unknown: bool) -> BoxedStrategy<Value> {
    let schema = resolved(schema);
    let instance = match schema["type"].as_str().expect("a type") {
        "string" => strings(schema).prop_map(Value::String).boxed(),
        "boolean" => any::<bool>().prop_map(Value::Bool).boxed(),
        "integer" => prop_oneof![any::<i64>(), 0..1000_i64].prop_map(Value::from).boxed(),
        "number" => numbers(schema).prop_map(Value::Number).boxed(),
        "array" => {
            let limit = |keyword: &str, otherwise| schema[keyword].as_u64().map_or(otherwise, |limit| limit as usize);
            let count = limit("minItems", 0)..=limit("maxItems", 4).min(4);
            prop::collection::vec(instances(&schema["items"], unknown), count).prop_map(Value::Array).boxed()
        }
        "object" => objects(schema, unknown).prop_map(Value::Object).boxed(),
        other => panic!("instances of type {other} are unknown"),
    };
    match is_nullable(schema) {
        true => prop_oneof![1 => Just(Value::Null), 3 => instance].boxed(),
        false => instance,
    }
}

fn objects(schema: &'static Value, unknown: bool) -> BoxedStrategy<Map<String, Value>> {
    let properties: Vec<_> = properties(schema).collect();
    let mut object = match (unknown, properties.is_empty()) {
        // What the contract says nothing about is a part of the API too.
        (_, true) => prop::collection::btree_map("[ -~]{0,6}", anything(), 0..4).boxed(),
        (true, false) => prop::collection::btree_map("x_[a-z]{1,6}", anything(), 0..3).boxed(),
        (false, false) => Just(Default::default()).boxed(),
    };
    for (name, property) in properties {
        let value = instances(property, unknown);
        let value = match is_required(schema, name) {
            true => value.prop_map(Some).boxed(),
            false => prop::option::of(value).boxed(),
        };
        let with_value = move |(mut object, value): (std::collections::BTreeMap<_, _>, Option<Value>)| {
            object.extend(value.map(|value| (name.clone(), value)));
            object
        };
        object = (object, value).prop_map(with_value).boxed();
    }
    object.prop_map(|object| object.into_iter().collect()).boxed()
}

/// Any JSON.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::String),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            prop::collection::btree_map(".{0,4}", inner, 0..3).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn strings(schema: &'static Value) -> BoxedStrategy<String> {
    let limit = |keyword: &str, otherwise| schema[keyword].as_u64().map_or(otherwise, |limit| limit as usize);
    let (least, most) = (limit("minLength", 0), limit("maxLength", 30));
    if let Some(known) = schema["x-extensible-enum"].as_array() {
        let known: Vec<_> = known.iter().map(|value| value.as_str().expect("text").to_owned()).collect();
        return prop_oneof![3 => select(known), 1 => "[a-z:_]{1,12}", 1 => ".{0,12}"].boxed();
    }
    match (schema["format"].as_str(), schema["pattern"].as_str()) {
        (Some("uuid"), None) => any::<u128>().prop_map(|bits| Uuid::from_u128(bits).to_string()).boxed(),
        (Some("date-time"), None) => times().boxed(),
        (None, Some(pattern)) => {
            // All strings are made by the pattern, so that it needs no anchors.
            let strings = pattern.trim_start_matches('^').trim_end_matches('$');
            let strings = proptest::string::string_regex(strings).expect("a pattern");
            strings.prop_filter("the length", move |text| (least..=most).contains(&text.chars().count())).boxed()
        }
        (None, None) => {
            let characters = |count| prop::collection::vec(any::<char>(), count).prop_map(String::from_iter);
            prop_oneof![8 => characters(least..=most.min(30)), 1 => characters(most..=most)].boxed()
        }
        other => panic!("strings of {other:?} are unknown"),
    }
}

/// Instants of three centuries, written in all the ways of RFC 3339.
fn times() -> impl Strategy<Value = String> {
    let seconds = -2_000_000_000_i64..7_000_000_000;
    let fraction = prop_oneof![Just(0), 0..1_000_000_000_u32, (0..1000_u32).prop_map(|ms| ms * 1_000_000)];
    let offset = prop_oneof![Just(0), -14 * 60..14 * 60];
    (seconds, fraction, offset, any::<bool>()).prop_map(|(seconds, fraction, minutes, z)| {
        let time = DateTime::from_timestamp(seconds, fraction).expect("a time");
        let offset = FixedOffset::east_opt(minutes * 60).expect("an offset");
        time.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::AutoSi, z)
    })
}

/// Numbers as floats, and as integers where the limits have some between them.
fn numbers(schema: &'static Value) -> BoxedStrategy<Number> {
    let limit = |keyword: &str, otherwise| schema[keyword].as_f64().unwrap_or(otherwise);
    let (least, most) = (limit("minimum", f64::MIN), limit("maximum", f64::MAX));
    let exclusive = schema["exclusiveMinimum"] == true;
    let allowed = move |number: &f64| (least..=most).contains(number) && !(exclusive && *number == least);
    let floats = prop_oneof![least..=most, least.max(-1e3)..=most.min(1e3)].prop_filter("the limits", allowed);
    let (lowest, highest) = (least.max(-1e6).ceil() as i64, most.min(1e6).floor() as i64);
    let integers = (lowest..=highest).prop_filter("the limits", move |number| allowed(&(*number as f64)));
    let floats = floats.prop_map(|number| Number::from_f64(number).expect("a finite number"));
    prop_oneof![3 => floats, 1 => integers.prop_map(Number::from)].boxed()
}
