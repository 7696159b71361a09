//! Examples that break the schema that they are examples of.

use super::{CONTRACT, changed, refused};
use crate::codegen;

const MEMBERS: &str = "operation list_workspace_members, response 200: the example breaks its schema: ";

/// The contract with another text in the example of a page of members.
fn members(from: &str, to: &str) -> String {
    let start = CONTRACT.find("operationId: list_workspace_members").expect("the operation");
    let end = CONTRACT.find("operationId: bulk_add_workspace_members").expect("the next one");
    let (before, rest) = CONTRACT.split_at(start);
    let (operation, after) = rest.split_at(end - start);
    assert!(operation.contains(from), "{from}");
    [before, &operation.replacen(from, to, 1), after].concat()
}

#[test]
fn a_value_of_an_example() {
    for (from, to, told) in [
        ("id: 0f8fad5b-d9cb-469f-a165-70867728950e", "id: 17 # here", "data.0.id: 17 is no string"),
        ("id: 0f8fad5b-d9cb-469f-a165-70867728950e", "id: 0f8fad5b # here", "data.0.id: \"0f8fad5b\" is no uuid"),
        ("role: admin", "role: null # here", "data.0.role: null is no string"),
        (
            "created_at: '2026-03-02T08:15:00Z'",
            "created_at: '2026-03-02 08:15' # here",
            "data.0.created_at: \"2026-03-02 08:15\" is no date-time",
        ),
        (
            "created_at: '2026-03-02T08:15:00Z'",
            "created_at: '2026-13-02T08:15:00Z' # here",
            "data.0.created_at: \"2026-13-02T08:15:00Z\" is no date-time",
        ),
        ("total_count: 2", "total_count: 2.5 # here", "total_count: 2.5 is no integer"),
        ("total_count: 2", "total_count: 9223372036854775808 # here", "total_count: 9223372036854775808 is no int64"),
    ] {
        refused(&members(from, to), &format!("{MEMBERS}{told}"));
    }
}

#[test]
fn a_field_that_an_example_lacks_or_misspells() {
    refused(
        &members("                    role: member\n", "                    rolle: member # here\n"),
        &format!("{MEMBERS}data.1.rolle: `rolle` is no field of it; did you mean `role`?"),
    );
    refused(
        &members(
            "                  - id: e02fa0e4-01ad-490e-9f3b-2c4b5a6d7e8f\n                    workspace_id: \
             7c9e6679-7425-40de-944b-e07fc1f90ae7\n",
            "                  - id: e02fa0e4-01ad-490e-9f3b-2c4b5a6d7e8f # here\n",
        ),
        &format!("{MEMBERS}data.1: lacks `workspace_id`, which is required"),
    );
}

#[test]
fn an_example_of_a_request() {
    const CREATE: &str = "operation create_workspace, request body: the example breaks its schema: ";
    for (from, to, told) in [
        (
            "              name: Production\n              slug: production\n",
            "              name: Production\n              slug: Production # here\n",
            "slug: \"Production\" does not match ^[a-z0-9]+(?:-[a-z0-9]+)*$",
        ),
        (
            "              name: Production\n              slug: production\n",
            "              name: '' # here\n              slug: production\n",
            "name: has 0 characters, fewer than 1",
        ),
        (
            "              name: Production\n              slug: production\n",
            "              name: Production\n              slug: production\n              is_observability_broadcast_enable: true # here\n",
            "is_observability_broadcast_enable: `is_observability_broadcast_enable` is no field of it; did you mean `is_observability_broadcast_enabled`?",
        ),
    ] {
        refused(&changed(from, to), &format!("{CREATE}{told}"));
    }
    refused(
        &changed("              user_ids: [user_77cd]\n", "              user_ids: [] # here\n"),
        "operation bulk_remove_workspace_members, request body: the example breaks its schema: user_ids: has 0 items, fewer \
         than 1",
    );
    refused(
        &changed(
            "              limit_usd: 49.95\n              include",
            "              limit_usd: 0 # here\n              include",
        ),
        "operation upsert_workspace_budget, request body: the example breaks its schema: limit_usd: 0 is not more than 0",
    );
}

#[test]
fn an_example_of_a_shared_response() {
    refused(
        &changed("              code: 404\n", "              code: '404' # here\n"),
        "response NotFound: the example breaks its schema: error.code: \"404\" is no integer",
    );
}

#[test]
fn an_example_of_a_parameter() {
    refused(
        &changed("      example: 50\n", "      example: 101 # here\n"),
        "parameter Limit: the example breaks its schema: 101 is more than 100",
    );
    refused(
        &changed("      example: 50\n", "      examples:\n        most:\n          value: 101 # here\n"),
        "parameter Limit: the example breaks its schema: 101 is more than 100",
    );
}

#[test]
fn an_example_of_a_field() {
    let from = "          description: The membership's id.\n";
    refused(
        &changed(from, &format!("{from}          example: none # here\n")),
        "schema WorkspaceMember, property id: the example breaks its schema: \"none\" is no uuid",
    );
}

#[test]
fn an_example_of_something_composed() {
    let composed = |example: &str| {
        changed(
            "    Role:\n",
            &format!(
                "    Composed:\n      allOf:\n        - $ref: '#/components/schemas/DeletedResponse'\n        - type: object\n          \
                 properties:\n            at:\n              anyOf:\n                - type: integer\n                - type: string\n      \
                 example: {example} # here\n    Role:\n"
            ),
        )
    };
    codegen::generate(&composed("{deleted: true, at: '1'}")).expect("the example is good");
    for (example, told) in [
        ("{deleted: 1, at: 1}", "deleted: 1 is no boolean"),
        ("{deleted: true, at: []}", "at: fits none of anyOf; the first because [] is no integer"),
        ("{deleted: true, ta: 1}", "ta: `ta` is no field of it; did you mean `at`?"),
    ] {
        refused(&composed(example), &format!("schema Composed: the example breaks its schema: {told}"));
    }
}

#[test]
fn values_that_an_open_enum_does_not_list_are_good_examples() {
    codegen::generate(&members("role: admin", "role: guest")).expect("the enum is open");
}
