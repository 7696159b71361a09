//! How answers are read where they are not what the contract says: as the rules at its head say, for every field.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::common::property::run;
use crate::schemas::contract::{is_nullable, is_required, properties, resolved, schemas};
use crate::schemas::models;
use crate::schemas::random::instances;
use crate::schemas::requests::is_request;

/// What becomes of a field that is missing, or null.
#[derive(Clone, Debug, PartialEq)]
enum Read {
    Error,
    As(Value),
}

/// What the contract says of a field that is null, and of one that is missing.
fn expected(owner: &Value, name: &str, field: &'static Value) -> [Read; 2] {
    let field = resolved(field);
    if let Some(value) = field.get("x-absent") {
        return [Read::As(value.clone()), Read::As(value.clone())];
    }
    let optional = is_nullable(field) || !is_required(owner, name);
    let none = if optional { Read::As(json!(null)) } else { Read::Error };
    [none.clone(), if field["x-always-present"] == true { Read::Error } else { none }]
}

/// The fields of everything that is read, with what they are a part of.
fn fields() -> impl Iterator<Item = (&'static String, &'static Value, &'static String, &'static Value)> {
    let read = schemas().iter().filter(|(name, _)| !is_request(name));
    read.flat_map(|(owner, schema)| properties(schema).map(move |(name, field)| (owner, schema, name, field)))
}

#[test]
fn every_field_that_is_null_or_missing_is_read_as_the_contract_says() {
    let mut outcomes = BTreeMap::new();
    for (owner, schema, name, field) in fields() {
        let model = models::named(owner);
        let [null, missing] = expected(schema, name, field);
        *outcomes.entry((null != Read::Error, missing != Read::Error)).or_insert(0) += 1;
        run(3, instances(schema, true), |instance| {
            let mut with_null = instance.clone();
            with_null[name] = json!(null);
            let mut without = instance.clone();
            without.as_object_mut().expect("an object").remove(name);
            for (answer, expected) in [(with_null, &null), (without, &missing)] {
                match ((model.round_trip)(&answer.to_string()), expected) {
                    (Ok(read), Read::As(value)) => {
                        let read = &read[name];
                        assert!(
                            read == value || read.as_f64() == value.as_f64() && read.is_number(),
                            "{owner}.{name}: {read}"
                        );
                    }
                    (Err(error), Read::Error) => {
                        let error = error.to_string();
                        assert!(error.contains(name.as_str()) || error.contains("null"), "{owner}.{name}: {error}");
                    }
                    (read, expected) => panic!("{owner}.{name} of {answer}: {read:?} instead of {expected:?}"),
                }
            }
        });
    }
    // Of all three kinds there are some, so that none of them goes untested.
    assert_eq!(outcomes.keys().collect::<Vec<_>>(), [&(false, false), &(true, false), &(true, true)], "{outcomes:?}");
}

#[test]
fn every_time_is_read_in_the_ways_that_servers_write_it() {
    let times = [
        ("2026-03-02T08:15:00Z", "2026-03-02T08:15:00Z"),
        ("2026-03-02t08:15:00z", "2026-03-02T08:15:00Z"),
        ("2026-03-02T08:15:00", "2026-03-02T08:15:00Z"),
        ("2026-03-02 08:15:00", "2026-03-02T08:15:00Z"),
        ("2026-03-02 08:15:00.125", "2026-03-02T08:15:00.125Z"),
        ("2026-03-02 08:15:00.125Z", "2026-03-02T08:15:00.125Z"),
        ("2026-03-02T10:15:00+0200", "2026-03-02T08:15:00Z"),
        ("2026-03-02 10:15:00.5+02:00", "2026-03-02T08:15:00.500Z"),
        ("2026-03-02 08:15:00.123456+00", "2026-03-02T08:15:00.123456Z"),
        ("2026-03-02 08:15:00 UTC", "2026-03-02T08:15:00Z"),
    ];
    let wrong = [
        json!("yesterday"),
        json!(""),
        json!("2026-03-02"),
        json!("08:15:00"),
        json!("2026-03-02T08:15"),
        json!("2026-02-30T08:15:00Z"),
        json!("2026-03-02T25:15:00"),
        json!("1772439300"),
        json!(1_772_439_300),
        json!({"seconds": 1}),
        json!(true),
    ];
    let mut count = 0;
    for (owner, schema, name, _) in fields().filter(|(_, _, _, field)| resolved(field)["format"] == "date-time") {
        let model = models::named(owner);
        run(1, instances(schema, true), |instance| {
            let read = |time: &Value| {
                let mut answer = instance.clone();
                answer[name] = time.clone();
                (model.round_trip)(&answer.to_string())
            };
            for (written, expected) in times {
                let time = read(&json!(written)).unwrap_or_else(|error| panic!("{owner}.{name} {written}: {error}"));
                assert_eq!(time[name], *expected, "{owner}.{name} {written}");
            }
            for time in &wrong {
                assert!(read(time).is_err(), "{owner}.{name} {time}");
            }
        });
        count += 1;
    }
    assert_eq!(count, 5);
}

/// What a field reads as where the API says nothing is true then: what the server sets where a request says nothing.
#[test]
fn what_is_read_for_nothing_is_the_servers_default_and_of_the_fields_type() {
    let requests = &schemas()["CreateWorkspaceRequest"]["properties"];
    let mut count = 0;
    for (name, schema) in schemas() {
        for (field, property) in properties(schema) {
            let Some(absent) = property.get("x-absent") else { continue };
            assert_eq!(name, "Workspace", "{field}: say here why it is true");
            assert_eq!(*absent, requests[field]["x-server-default"], "{field}");
            assert!(!is_nullable(property) && is_required(schema, field), "{field} reads as `None` anyway");
            count += 1;
        }
    }
    assert_eq!(count, 4);
}
