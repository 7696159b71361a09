//! Operations: their ids, their paths, their parameters.

use super::{changed, refused};

#[test]
fn a_missing_operation_id() {
    refused(
        &changed("    get:\n      operationId: get_workspace_budget\n", "    get: # here\n"),
        "operation GET /workspaces/{id}/budgets/{interval}: needs an operationId, in snake_case",
    );
}

#[test]
fn a_doubled_operation_id() {
    let line = super::CONTRACT.lines().position(|line| line.ends_with("operationId: get_workspace"));
    let line = line.expect("the contract has this operation") + 1;
    refused(
        &changed("operationId: get_workspace_budget", "operationId: get_workspace # here"),
        &format!(
            "operation get_workspace: GET /workspaces/{{id}}/budgets/{{interval}} has the operationId of GET \
             /workspaces/{{id}} (line {line})"
        ),
    );
}

#[test]
fn an_operation_id_that_is_not_snake_case() {
    for id in ["getWorkspaceBudget", "get-budget", "get__budget", "_get_budget", "get_budget_", "2_budgets", "''"] {
        refused(
            &changed("operationId: get_workspace_budget", &format!("operationId: {id} # here")),
            &format!(
                "operation {}: the operationId of GET /workspaces/{{id}}/budgets/{{interval}} is not snake_case",
                id.trim_matches('\'')
            ),
        );
    }
}

#[test]
fn a_path_without_one_of_its_parameters() {
    refused(
        &changed(
            "  /workspaces/{id}/members:\n    parameters:\n      - $ref: '#/components/parameters/WorkspaceRef'\n",
            "  /workspaces/{id}/members:\n    parameters:\n",
        )
        .replace(
            "    get:\n      operationId: list_workspace_members",
            "    get: # here\n      operationId: list_workspace_members",
        ),
        "operation list_workspace_members: `id` has to be in the path and a parameter with in: path",
    );
}

#[test]
fn a_parameter_that_is_not_in_its_path() {
    refused(
        &changed("  /workspaces/{id}/members:\n", "  /members:\n").replace(
            "    get:\n      operationId: list_workspace_members",
            "    get: # here\n      operationId: list_workspace_members",
        ),
        "operation list_workspace_members: `id` has to be in the path and a parameter with in: path",
    );
}

#[test]
fn a_parameter_without_a_schema() {
    refused(
        &changed("    HttpReferer:\n      name: HTTP-Referer\n", "    HttpReferer: # here\n"),
        "parameter HttpReferer: is not OpenAPI 3.0: missing field `name`",
    );
}

#[test]
fn a_header_that_cannot_name_a_constant() {
    for name in ["HTTP Referer", "3-Referer", "''"] {
        refused(
            &changed("      name: HTTP-Referer", &format!("      name: {name} # here")),
            &format!(
                "parameter HttpReferer: the header name `{}` is not of letters, digits and hyphens, starting with a letter",
                name.trim_matches('\'')
            ),
        );
    }
}

#[test]
fn two_headers_of_one_name() {
    refused(
        &changed("      name: X-OpenRouter-Title", "      name: http-referer # here"),
        "parameter XOpenRouterTitle: has the header name of parameter HttpReferer",
    );
}
