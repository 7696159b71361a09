//! The bodies of requests and responses.

use super::{changed, refused};

const CONTENT: &str = "needs application/json and no other content, with a schema that is a $ref to a named one";

#[test]
fn mixed_success_types() {
    refused(
        &changed(
            "      responses:\n        '201':\n",
            "      responses:\n        '200':\n          description: It existed.\n          content:\n            \
             application/json:\n              schema:\n                $ref: '#/components/schemas/DeletedResponse'\n              \
             example: {deleted: true}\n        '201': # here\n",
        ),
        "operation create_workspace, response 201: is a WorkspaceResponse, and response 200 a DeletedResponse; all \
         successful responses need one type",
    );
}

#[test]
fn mixed_error_types() {
    let from = "    Forbidden:\n      description: The key is no management key, or may not do this.\n      content:\n        \
                application/json:\n          schema:\n            $ref: '#/components/schemas/ErrorResponse'";
    let yaml = changed(from, &from.replace("ErrorResponse", "ErrorDetail"));
    // The first operation in the order of the paths: '401' is an ErrorResponse, '403' no longer is.
    let yaml = yaml.replacen("        '403':\n", "        '403': # here\n", 1);
    refused(
        &yaml,
        "operation list_workspaces, response 403: is a ErrorDetail, and response 401 a ErrorResponse; all error responses \
         need one type",
    );
}

#[test]
fn no_successful_response() {
    refused(
        &changed(
            "        '201':\n          description: The workspace as it was created.",
            "        '302':\n          description: Elsewhere.",
        )
        .replace("$ref: '#/components/schemas/WorkspaceResponse'", "$ref: '#/components/schemas/ErrorResponse'")
        .replace(
            "    post:\n      operationId: create_workspace",
            "    post: # here\n      operationId: create_workspace",
        ),
        "operation create_workspace: has no successful response",
    );
}

#[test]
fn a_response_that_is_not_json() {
    let from =
        "        '200':\n          description: The budgets.\n          content:\n            application/json:\n";
    for media in ["text/plain", "application/json; charset=utf-8", "'*/*'"] {
        let to = format!(
            "        '200': # here\n          description: The budgets.\n          content:\n            {media}:\n"
        );
        refused(&changed(from, &to), &format!("operation list_workspace_budgets, response 200: {CONTENT}"));
    }
}

#[test]
fn a_response_that_may_be_something_else() {
    let from = "        '200':\n          description: The budgets.\n          content:\n";
    let to =
        "        '200': # here\n          description: The budgets.\n          content:\n            text/csv: {}\n";
    refused(&changed(from, to), &format!("operation list_workspace_budgets, response 200: {CONTENT}"));
}

#[test]
fn a_response_without_a_body() {
    let from = "        '200':\n          description: The budgets.\n";
    let to = "        '204': # here\n          description: No budgets.\n        '200':\n          description: The budgets.\n";
    refused(&changed(from, to), &format!("operation list_workspace_budgets, response 204: {CONTENT}"));
}

#[test]
fn an_inline_request_body() {
    refused(
        &changed(
            "      requestBody:\n        required: true\n        content:\n          application/json:\n            schema:\n              \
             $ref: '#/components/schemas/UpsertWorkspaceBudgetRequest'\n",
            "      requestBody: # here\n        required: true\n        content:\n          application/json:\n            \
             schema:\n              type: object\n",
        ),
        &format!("operation upsert_workspace_budget, request body: {CONTENT}"),
    );
}

#[test]
fn a_request_body_without_fields() {
    refused(
        &changed(
            "    BulkAddWorkspaceMembersRequest:\n      type: object\n",
            "    BulkAddWorkspaceMembersRequest: # here\n      allOf:\n        - $ref: '#/components/schemas/DeletedResponse'\n",
        ),
        "schema BulkAddWorkspaceMembersRequest: a request body has to be of type object, with properties",
    );
}

#[test]
fn a_request_without_an_example() {
    let from = "      requestBody:\n        required: true\n        content:\n          application/json:\n            schema:\n              \
                $ref: '#/components/schemas/BulkAddWorkspaceMembersRequest'\n            example:\n              user_ids: \
                [user_2ab9, user_77cd]\n";
    let to = "      requestBody: # here\n        required: true\n        content:\n          application/json:\n            schema:\n              \
              $ref: '#/components/schemas/BulkAddWorkspaceMembersRequest'\n";
    refused(
        &changed(from, to),
        "operation bulk_add_workspace_members, request body: needs an example, which the tests replay",
    );
}

#[test]
fn a_response_without_an_example() {
    refused(
        &changed("              example:\n                removed_count: 1\n", "").replace(
            "        '200':\n          description: How many members were removed.",
            "        '200': # here\n          description: How many members were removed.",
        ),
        "operation bulk_remove_workspace_members, response 200: needs an example, which the tests replay",
    );
}

#[test]
fn a_shared_response_without_an_example() {
    let from =
        "          example:\n            error:\n              code: 404\n              message: Workspace not found\n";
    let yaml = changed(from, "");
    let (before, after) = yaml.split_at(yaml.find("operationId: get_workspace\n").expect("the contract has it"));
    let yaml = [before, &after.replacen("        '404':\n", "        '404': # here\n", 1)].concat();
    refused(&yaml, "operation get_workspace, response 404: needs an example, which the tests replay");
}

const LIMIT_USD: &str = "          minimum: 0\n          exclusiveMinimum: true\n";

#[test]
fn a_field_that_could_never_be_cleared() {
    let to = "        # A key of the same name stands in other schemas.\n        include_byok_in_budgets: # here\n          nullable: true\n";
    refused(
        &changed(
            &format!(
                "{LIMIT_USD}          description: The limit in US dollars, for each interval.\n        include_byok_in_budgets:\n"
            ),
            &format!("{LIMIT_USD}          description: The limit in US dollars, for each interval.\n{to}"),
        ),
        "schema UpsertWorkspaceBudgetRequest, property include_byok_in_budgets: null could never be sent; make it a $ref to \
         a named schema with nullable: true",
    );
}

#[test]
fn a_field_that_would_always_be_sent() {
    refused(
        &changed(LIMIT_USD, &format!("{LIMIT_USD}          default: 5 # here\n")),
        "schema UpsertWorkspaceBudgetRequest, property limit_usd: with a default, a request that leaves it out would send \
         it",
    );
}

#[test]
fn a_named_field_that_would_always_be_sent() {
    refused(
        &changed("      maxLength: 500\n", "      maxLength: 500\n      default: Live # here\n"),
        "schema NullableDescription: with a default, a request that leaves it out would send it",
    );
}

#[test]
fn limits_that_nothing_would_check() {
    refused(
        &changed(LIMIT_USD, &format!("{LIMIT_USD}          multipleOf: 5 # here\n")),
        "schema UpsertWorkspaceBudgetRequest, property limit_usd: multipleOf would not be checked here; only the limits of \
         a body's own fields are",
    );
    refused(
        &changed(
            "          description: The ids of the users.\n          items:\n",
            "          description: The ids of the users.\n          items:\n            minLength: 1 # here\n",
        ),
        "schema BulkRemoveWorkspaceMembersRequest, property user_ids: minLength would not be checked here; only the limits \
         of a body's own fields are",
    );
}

#[test]
fn a_limit_on_a_response() {
    refused(
        &changed(
            "          description: The name used in URLs, unique in the account.\n",
            "          description: The name used in URLs, unique in the account.\n          maxLength: 50 # here\n",
        ),
        "schema Workspace, property slug: maxLength could refuse a response it is part of; keep limits on requests",
    );
}

#[test]
fn a_limit_on_a_schema_that_a_response_refers_to() {
    refused(
        &changed(
            "      description: What a member may do in a workspace.\n",
            "      description: What a member may do in a workspace.\n      pattern: '^[a-z]+$' # here\n",
        ),
        "schema Role: pattern could refuse a response it is part of; keep limits on requests",
    );
}

#[test]
fn a_limit_on_an_error() {
    refused(
        &changed(
            "          description: The HTTP status, once more.\n",
            "          description: The HTTP status, once more.\n          minimum: 400 # here\n",
        ),
        "schema ErrorDetail, property code: minimum could refuse a response it is part of; keep limits on requests",
    );
}
