//! Limits that nothing can keep to, or that would never be checked; and defaults outside them.

use super::{changed, refused};
use crate::codegen;

const NAME: &str = "      description: A workspace to create.\n      required: [name, slug]\n      properties:\n        name:\n          type: \
                    string\n          minLength: 1\n          maxLength: 100\n";
const IN_NAME: &str = "schema CreateWorkspaceRequest, property name";

/// The contract with other keywords for the name of a workspace to create.
fn name(keywords: &str) -> String {
    let (head, _) = NAME.split_once("          type").expect("a type");
    changed(NAME, &format!("{head}{keywords}"))
}

const LIMIT: &str = "        type: integer\n        minimum: 1\n        maximum: 100\n        default: 50\n";

/// The contract with other keywords for the parameter `limit`.
fn limit(keywords: &str) -> String {
    changed(LIMIT, keywords).replace("      example: 50\n", "")
}

#[test]
fn contradictory_lengths() {
    refused(
        &name("          type: string\n          minLength: 9\n          maxLength: 5 # here\n"),
        &format!("{IN_NAME}: minLength is 9 and maxLength 5, so that nothing could keep to both"),
    );
    refused(
        &changed(
            "          maxItems: 100\n          description: The ids of the users.\n",
            "          maxItems: 0 # here\n",
        ),
        "schema BulkRemoveWorkspaceMembersRequest, property user_ids: minItems is 1 and maxItems 0, so that nothing could \
         keep to both",
    );
}

#[test]
fn lengths_that_are_none() {
    for value in ["-1", "1.5", "many", "true"] {
        refused(
            &name(&format!("          type: string\n          maxLength: {value} # here\n")),
            &format!("{IN_NAME}: maxLength has to be a whole number, and not below 0"),
        );
    }
}

#[test]
fn contradictory_bounds() {
    for (keywords, told) in [
        ("type: integer\n        minimum: 7\n        maximum: 5 # here\n", "minimum is 7 and maximum 5"),
        (
            "type: number\n        minimum: 5\n        exclusiveMinimum: true\n        maximum: 5 # here\n",
            "minimum is 5 (exclusive) and maximum 5",
        ),
        (
            "type: integer\n        minimum: 5\n        exclusiveMinimum: true\n        maximum: 6 # here\n        exclusiveMaximum: true\n",
            "minimum is 5 (exclusive) and maximum 6 (exclusive)",
        ),
        ("type: integer\n        minimum: 5.2\n        maximum: 5.8 # here\n", "minimum is 5.2 and maximum 5.8"),
    ] {
        refused(
            &limit(&format!("        {keywords}")),
            &format!("parameter Limit: {told}, so that nothing could keep to both"),
        );
    }
}

#[test]
fn bounds_that_are_none() {
    for (keywords, told) in [
        ("type: integer\n        minimum: one # here\n", "minimum has to be a number"),
        ("type: integer\n        multipleOf: 0 # here\n", "multipleOf has to be more than 0"),
        (
            "type: integer\n        exclusiveMinimum: 0 # here\n",
            "exclusiveMinimum is true or false in OpenAPI 3.0; the number is minimum's",
        ),
        ("type: integer\n        exclusiveMaximum: true # here\n", "exclusiveMaximum says nothing without maximum"),
    ] {
        refused(&limit(&format!("        {keywords}")), &format!("parameter Limit: {told}"));
    }
}

#[test]
fn a_pattern_that_the_client_cannot_compile() {
    for (pattern, why) in [
        ("^(?=a)b", "look-around is not supported"),
        ("[a-", "unclosed character class"),
        (r"(a)\\1", "backreferences are not supported"),
        (r"\\p{L}+", "Unicode property"),
    ] {
        let pattern = pattern.replace("\\\\", "\\");
        let yaml = name(&format!("          type: string\n          pattern: '{pattern}' # here\n"));
        let line = yaml.lines().position(|line| line.ends_with("# here")).expect("a marked line") + 1;
        let error = codegen::generate(&yaml).expect_err("the pattern should be refused").to_string();
        let start = format!("openapi/workspaces.yaml:{line}: {IN_NAME}: the client cannot compile the pattern: ");
        assert!(error.starts_with(&start), "{error}");
        assert!(error.len() > start.len(), "no reason for {pattern} ({why})");
    }
    refused(
        &name("          type: string\n          pattern: 7 # here\n"),
        &format!("{IN_NAME}: a pattern has to be a text"),
    );
}

#[test]
fn a_default_outside_its_limits() {
    for (default, told) in [
        ("0", "0 is less than 1"),
        ("101", "101 is more than 100"),
        ("50.5", "50.5 is no integer"),
        ("'50'", "\"50\" is no integer"),
        ("null", "null is no integer"),
    ] {
        refused(
            &limit(&LIMIT.replace("default: 50\n", &format!("default: {default} # here\n"))),
            &format!("parameter Limit: the default breaks its schema: {told}"),
        );
    }
}

#[test]
fn a_default_of_the_server_outside_its_limits() {
    refused(
        &changed("          x-server-default: 1\n", "          x-server-default: 2 # here\n"),
        "schema CreateWorkspaceRequest, property io_logging_sampling_rate: the x-server-default breaks its schema: 2 is \
         more than 1",
    );
}

#[test]
fn a_value_of_what_is_absent_that_its_schema_does_not_allow() {
    refused(
        &changed("          x-absent: 1\n", "          x-absent: '1' # here\n"),
        "schema Workspace, property io_logging_sampling_rate: the x-absent breaks its schema: \"1\" is no number",
    );
}

#[test]
fn a_value_of_what_is_absent_that_is_not_required() {
    let optional = changed("        - io_logging_sampling_rate\n", "");
    refused(
        &optional.replace("          x-absent: 1\n", "          x-absent: 1 # here\n"),
        "schema Workspace, property io_logging_sampling_rate: with x-absent, `io_logging_sampling_rate` always has a value: \
         put it in the list of what is required",
    );
}
