//! Contracts that are no OpenAPI documents, or not as a whole.

use super::{changed, refused};

#[test]
fn an_empty_contract() {
    refused("", "the contract is empty");
    refused("# Nothing but a comment.\n", "the contract is empty");
}

#[test]
fn a_contract_that_is_no_mapping() {
    refused("- openapi: 3.0.3\n", "the contract is not a mapping");
    refused("openapi 3.0.3\n", "the contract is not a mapping");
}

#[test]
fn a_key_that_json_cannot_have() {
    refused("[openapi]: 3.0.3\n", "cannot be written as JSON: key must be a string");
}

#[test]
fn bad_yaml() {
    refused(
        &changed("  title: OpenRouter Workspaces API", "  title: OpenRouter: Workspaces API # here"),
        "not valid YAML: mapping values are not allowed in this context",
    );
}

#[test]
fn several_documents() {
    refused(
        "openapi: 3.0.3\n---\nopenapi: 3.0.3\n",
        "not valid YAML: deserializing from YAML containing more than one document is not supported",
    );
}

#[test]
fn a_doubled_key() {
    refused(
        &changed("    Role:\n", "    WorkspaceBudget: # here\n      type: object\n    Role:\n"),
        "the key `WorkspaceBudget` stands twice in one mapping",
    );
}

#[test]
fn a_doubled_path() {
    refused(
        &changed("  /workspaces/{id}/members:\n", "  '/workspaces': # here\n"),
        "the key `/workspaces` stands twice in one mapping",
    );
}

#[test]
fn a_doubled_key_in_an_item() {
    refused("a:\n  - b: 1\n    b: 2 # here\n  - b: 3\n", "the key `b` stands twice in one mapping");
}

#[test]
fn a_doubled_key_in_flow_style() {
    refused(
        &changed("      x-extensible-enum: [admin, member]", "      x-a: {a: 1, a: 2} # here"),
        "the key `a` stands twice in one mapping",
    );
}

#[test]
fn openapi_3_1() {
    refused(
        &changed("openapi: 3.0.3", "openapi: 3.1.0 # here"),
        "openapi: progenitor reads 3.0.x only, not 3.1.0; write the contract as 3.0.3",
    );
}

#[test]
fn a_version_that_is_a_number() {
    refused(
        &changed("openapi: 3.0.3", "openapi: 3.0 # here"),
        "openapi: progenitor reads 3.0.x only, not 3.0; write the contract as 3.0.3",
    );
}

#[test]
fn no_openapi_key() {
    refused(&changed("openapi: 3.0.3\n", ""), "`openapi` is missing: this is no OpenAPI document");
}

#[test]
fn no_server() {
    refused(
        "openapi: 3.0.3\nservers: [] # here\npaths: {}\n",
        "servers: the first one needs a url, which does not end in a slash",
    );
}

#[test]
fn a_server_that_would_double_the_slash() {
    refused(
        &changed("servers:\n  - url: https://openrouter.ai/api/v1", "servers: # here\n  - url: https://openrouter.ai/"),
        "servers: the first one needs a url, which does not end in a slash",
    );
}

#[test]
fn no_operations() {
    let head = "openapi: 3.0.3\nservers:\n  - url: https://example.com\n";
    refused(&format!("{head}paths: {{}} # here\n"), "paths: the contract has no operations");
    refused(&format!("{head}paths: # here\n  /a:\n    parameters: []\n"), "paths: the contract has no operations");
    refused(head, "paths: the contract has no operations");
}

#[test]
fn a_document_without_info() {
    let head = super::CONTRACT.find("info:\n").expect("the contract has an info");
    let end = super::CONTRACT.find("servers:\n").expect("the contract has servers");
    let yaml = [&super::CONTRACT[..head], &super::CONTRACT[end..]].concat();
    refused(&yaml, "not a valid OpenAPI 3.0 document: missing field `info`");
}

#[test]
fn a_schema_that_is_none() {
    refused(
        &changed("    Role:\n", "    Odd: # here\n      type: object\n      required: data\n    Role:\n"),
        "schema Odd: is not OpenAPI 3.0: invalid type: string \"data\", expected a sequence",
    );
}

#[test]
fn a_reference_to_another_file() {
    refused(
        &changed(
            "          $ref: '#/components/schemas/ErrorDetail'",
            "          $ref: errors.yaml#/ErrorDetail # here",
        ),
        "schema ErrorResponse, property error: $ref errors.yaml#/ErrorDetail leads to another file; the contract has \
         to be in one",
    );
}

#[test]
fn an_unresolved_reference_in_a_schema() {
    refused(
        &changed("          $ref: '#/components/schemas/Role'", "          $ref: '#/components/schemas/Rol' # here"),
        "schema WorkspaceMember, property role: $ref #/components/schemas/Rol leads nowhere",
    );
}

#[test]
fn an_unresolved_reference_in_a_parameter_of_an_operation() {
    refused(
        &changed(
            "        - $ref: '#/components/parameters/Limit'\n      responses:\n        '200':\n          description: A page \
             of members.",
            "        - $ref: '#/components/parameters/Limits' # here\n      responses:\n        '200':\n          \
             description: A page of members.",
        ),
        "operation list_workspace_members: $ref #/components/parameters/Limits leads nowhere",
    );
}

#[test]
fn an_unresolved_reference_in_a_parameter_of_a_path() {
    refused(
        &changed(
            "      - $ref: '#/components/parameters/Interval'",
            "      - $ref: '#/components/parameters/Period' # here",
        ),
        "path /workspaces/{id}/budgets/{interval}: $ref #/components/parameters/Period leads nowhere",
    );
}

#[test]
fn an_unresolved_reference_in_the_schema_of_a_parameter() {
    refused(
        &changed(
            "        $ref: '#/components/schemas/BudgetInterval'",
            "        $ref: '#/components/schemas/Interval' # here",
        ),
        "parameter Interval: $ref #/components/schemas/Interval leads nowhere",
    );
}

#[test]
fn an_unresolved_reference_in_a_request_body() {
    refused(
        &changed(
            "              $ref: '#/components/schemas/UpsertWorkspaceBudgetRequest'",
            "              $ref: '#/components/schemas/SetWorkspaceBudgetRequest' # here",
        ),
        "operation upsert_workspace_budget, request body: $ref #/components/schemas/SetWorkspaceBudgetRequest leads \
         nowhere",
    );
}

#[test]
fn an_unresolved_reference_in_a_response() {
    refused(
        &changed(
            "                $ref: '#/components/schemas/ListWorkspaceBudgetsResponse'",
            "                $ref: '#/components/schemas/ListBudgetsResponse' # here",
        ),
        "operation list_workspace_budgets, response 200: $ref #/components/schemas/ListBudgetsResponse leads nowhere",
    );
}

#[test]
fn a_reference_into_a_schema() {
    refused(
        &changed(
            "          $ref: '#/components/schemas/ErrorDetail'",
            "          $ref: '#/components/schemas/Workspace/properties/name' # here",
        ),
        "schema ErrorResponse, property error: $ref #/components/schemas/Workspace/properties/name leads into something; \
         make what it needs a component with a name",
    );
}

#[test]
fn a_reference_to_a_reference() {
    refused(
        &changed(
            "          $ref: '#/components/schemas/ErrorDetail'\n",
            "          $ref: '#/components/schemas/Detail' # here\n",
        )
        .replace(
            "    ErrorDetail:\n",
            "    Detail:\n      $ref: '#/components/schemas/ErrorDetail'\n    ErrorDetail:\n",
        ),
        "schema ErrorResponse, property error: $ref #/components/schemas/Detail leads to another $ref; name what that \
         one leads to",
    );
}

#[test]
fn a_reference_with_keys_that_would_be_ignored() {
    refused(
        &changed(
            "          $ref: '#/components/schemas/ErrorDetail'\n",
            "          $ref: '#/components/schemas/ErrorDetail' # here\n          nullable: true\n",
        ),
        "schema ErrorResponse, property error: $ref #/components/schemas/ErrorDetail has keys beside it, which OpenAPI \
         3.0 ignores",
    );
}
