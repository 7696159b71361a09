//! What calls send is what the contract and the derived schemas allow, and is what they were asked to send.

use openrouter_workspaces::Error;
use serde_json::{Value, json};

use crate::common::call::call;
use crate::common::property::{Seen, run};
use crate::schemas::contract::{is_nullable, properties, resolved, schemas, validator};
use crate::schemas::instances::known;
use crate::schemas::random::instances;
use crate::schemas::{broken, models};

/// The operations that have a request body, with the name of its schema.
const OPERATIONS: [(&str, &str); 5] = [
    ("create_workspace", "CreateWorkspaceRequest"),
    ("update_workspace", "UpdateWorkspaceRequest"),
    ("bulk_add_workspace_members", "BulkAddWorkspaceMembersRequest"),
    ("bulk_remove_workspace_members", "BulkRemoveWorkspaceMembersRequest"),
    ("upsert_workspace_budget", "UpsertWorkspaceBudgetRequest"),
];

/// Whether a schema is the body of a request. The types of those are strict: a field that they do not know would not be
/// sent, so that it is refused when it is read.
pub fn is_request(name: &str) -> bool {
    OPERATIONS.iter().any(|(_, schema)| *schema == name)
}

/// The body that a call sent; `None` if the call was refused.
fn sent<T: std::fmt::Debug>(seen: &Seen, call: impl Future<Output = Result<T, Error>>) -> Option<Value> {
    let request = seen.sent(call)?;
    let end = request.windows(4).position(|end| end == b"\r\n\r\n").expect("a head");
    Some(serde_json::from_slice(&request[end + 4..]).expect("JSON"))
}

#[test]
fn bodies_are_valid_and_say_what_was_asked_for() {
    let seen = Seen::new();
    let client = seen.client();
    for (operation, name) in OPERATIONS {
        let schema = &schemas()[name];
        let (contract, derived) = (validator(name), models::named(name).validators());
        run(40, instances(schema, false), |body| {
            let sent = sent(&seen, call(&client, operation, body));
            let sent = sent.unwrap_or_else(|| panic!("{operation} {body} is refused"));
            assert_eq!(known(schema, &sent), known(schema, &read(body)), "{operation}");
            assert!(contract.is_valid(&sent), "{operation}: {sent}");
            assert!(derived.iter().all(|schema| schema.is_valid(&sent)), "{operation}: {sent}");
        });
    }
}

#[test]
fn bodies_given_as_a_whole_are_sent_as_a_whole() {
    let seen = Seen::new();
    let client = seen.client();
    let schema = &schemas()["CreateWorkspaceRequest"];
    run(40, instances(schema, false), |body| {
        let sent = sent(&seen, client.create_from(read(body)).into_future()).expect("a request");
        assert_eq!(known(schema, &sent), known(schema, &read(body)));
    });
    let schema = &schemas()["UpdateWorkspaceRequest"];
    run(40, instances(schema, false), |body| {
        let sent = sent(&seen, client.update_from("production", read(body)).into_future()).expect("a request");
        assert_eq!(known(schema, &sent), known(schema, &read(body)));
    });
}

#[test]
fn a_field_that_is_unknown_or_misspelt_is_refused_by_its_name() {
    for (_, name) in OPERATIONS {
        let model = models::named(name);
        let mut body = full_body(name);
        (model.round_trip)(&body.to_string()).expect("a body");
        body["descripton"] = json!("Live traffic");
        let error = (model.round_trip)(&body.to_string()).expect_err("a body with another field");
        assert!(error.to_string().starts_with("unknown field `descripton`, expected "), "{name}: {error}");
        assert!(model.validators().iter().all(|schema| !schema.is_valid(&body)), "{name}");
    }
}

/// A field that was dropped would be left as it is, where null asks for it to be cleared.
#[test]
fn null_is_refused_where_a_field_cannot_be_null() {
    let mut refused = 0;
    for (_, name) in OPERATIONS {
        let (schema, model) = (&schemas()[name], models::named(name));
        for (field, property) in properties(schema) {
            let mut body = full_body(name);
            body[field] = json!(null);
            let read = (model.round_trip)(&body.to_string());
            match is_nullable(resolved(property)) {
                true => assert_eq!(read.expect("a body")[field], json!(null), "{name}.{field}"),
                false => {
                    let error = read.expect_err("a body with null");
                    assert!(error.to_string().starts_with("invalid type: null, expected "), "{name}.{field}: {error}");
                    refused += 1;
                }
            }
        }
    }
    assert_eq!(refused, 16);
}

/// What the schemas forbid and the types can hold, the calls refuse.
#[test]
fn bodies_that_break_a_limit_are_not_sent() {
    let seen = Seen::new();
    let client = seen.client();
    let mut refused = 0;
    for (operation, name) in OPERATIONS {
        let schema = &schemas()[name];
        let full = full_body(name);
        let is_limit = |place: &str| [" too ", " of another form"].iter().any(|limit| place.contains(limit));
        for (place, body) in broken::variants(schema, &full).into_iter().filter(|(place, _)| is_limit(place)) {
            assert_eq!(sent(&seen, call(&client, operation, &body)), None, "{operation}{place}");
            refused += 1;
        }
    }
    assert_eq!(refused, 21);
}

/// A body with a value for everything that has a limit.
fn full_body(name: &str) -> Value {
    match name {
        "CreateWorkspaceRequest" | "UpdateWorkspaceRequest" => {
            json!({"name": "P", "slug": "p", "description": "d", "io_logging_sampling_rate": 1})
        }
        "UpsertWorkspaceBudgetRequest" => json!({"limit_usd": 1}),
        _ => json!({"user_ids": ["user_a"]}),
    }
}

/// Not the JSON itself: a number may change in its last digit when it is read.
fn read<T: serde::de::DeserializeOwned>(body: &Value) -> T {
    serde_json::from_str(&body.to_string()).expect("a body")
}
