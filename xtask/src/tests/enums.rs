//! Enums: all open, all named, with values that Rust has names for.

use super::{changed, refused};

const CLOSED: &str =
    "a closed enum would refuse values added later; use a named schema of type string with x-extensible-enum";
const ROLE: &str = "      x-extensible-enum: [admin, member]\n";

#[test]
fn a_closed_enum_that_is_a_named_schema() {
    refused(&changed(ROLE, "      enum: [admin, member] # here\n"), &format!("schema Role: {CLOSED}"));
}

#[test]
fn a_closed_enum_in_a_property() {
    refused(
        &changed(
            "          $ref: '#/components/schemas/Role'",
            "          type: string\n          enum: [admin] # here",
        ),
        &format!("schema WorkspaceMember, property role: {CLOSED}"),
    );
}

#[test]
fn a_closed_enum_in_array_items() {
    refused(
        &changed(
            "          description: The ids of the users.\n          items:\n            type: string\n",
            "          description: The ids of the users.\n          items:\n            type: string\n            enum: \
             [a] # here\n",
        ),
        &format!("schema BulkRemoveWorkspaceMembersRequest, property user_ids: {CLOSED}"),
    );
}

#[test]
fn a_closed_enum_inside_all_of() {
    refused(
        &changed(
            "          $ref: '#/components/schemas/Role'",
            "          allOf:\n            - $ref: '#/components/schemas/Role'\n            - type: string\n              enum: \
             [admin] # here",
        ),
        &format!("schema WorkspaceMember, property role: {CLOSED}"),
    );
}

#[test]
fn a_closed_enum_in_a_named_parameter() {
    refused(
        &changed(
            "        $ref: '#/components/schemas/BudgetInterval'",
            "        type: string\n        enum: [daily] # here",
        ),
        &format!("parameter Interval: {CLOSED}"),
    );
}

#[test]
fn a_closed_enum_in_a_parameter_of_an_operation() {
    refused(
        &changed(
            "          schema:\n            type: boolean\n          example: true",
            "          schema:\n            type: boolean\n            enum: [true] # here\n          example: true",
        ),
        &format!("operation delete_workspace: {CLOSED}"),
    );
}

#[test]
fn an_inline_open_enum() {
    refused(
        &changed(
            "          $ref: '#/components/schemas/Role'",
            "          type: string\n          x-extensible-enum: [admin] # here",
        ),
        "schema WorkspaceMember, property role: an x-extensible-enum has to be a named schema of type string",
    );
}

#[test]
fn an_open_enum_that_is_no_string() {
    refused(
        &changed(
            "      type: string\n      description: What a member may do in a workspace.\n      x-extensible-enum: ",
            "      type: integer\n      description: What a member may do in a workspace.\n      x-extensible-enum: # here\n        ",
        ),
        "schema Role: an x-extensible-enum has to be a named schema of type string",
    );
}

#[test]
fn an_open_enum_without_strings() {
    for values in ["[]", "[1, 2]", "[admin, null]", "admin", "null", "{admin: member}"] {
        refused(
            &changed(ROLE, &format!("      x-extensible-enum: {values} # here\n")),
            "schema Role: an x-extensible-enum has to be a list of strings",
        );
    }
}

#[test]
fn a_value_that_cannot_name_a_variant() {
    for value in ["3d", "", "---", "self", "Self", "日本", "acme:", "openrouter:7"] {
        let to = format!("      x-extensible-enum:\n        - admin\n        - '{value}' # here\n");
        refused(
            &changed(ROLE, &to),
            &format!("schema Role: the value `{value}` cannot name a Rust variant; left out, it reads as Other"),
        );
    }
}

#[test]
fn values_of_one_variant() {
    for (first, second, name) in [
        ("web_search", "web-search", "WebSearch"),
        ("openrouter:bash", "acme:bash", "Bash"),
        ("admin", "admin", "Admin"),
    ] {
        let to = format!("      x-extensible-enum:\n        - {first}\n        - {second} # here\n");
        refused(
            &changed(ROLE, &to),
            &format!("schema Role: `{second}` would be the variant {name}, like {first}; left out, it reads as Other"),
        );
    }
}

#[test]
fn a_value_that_is_the_variant_of_unknown_values() {
    refused(
        &changed(ROLE, "      x-extensible-enum: [admin, other] # here\n"),
        "schema Role: `other` would be the variant Other, like any value that is unknown; left out, it reads as Other",
    );
}

#[test]
fn keywords_in_lowercase_are_good_values() {
    let yaml = changed(ROLE, "      x-extensible-enum: [type, match, fn, none, some, string, ok, 'true']\n");
    let client = crate::codegen::generate(&yaml).expect("these become variants");
    assert!(client.contains("Match,\n        ///`fn`\n        Fn,\n"), "no such variants");
}

#[test]
fn a_nullable_enum_with_other_values() {
    let from = "null leaves it to OpenRouter.\n      x-extensible-enum: [price, throughput, latency, exacto]";
    let to = "null leaves it to OpenRouter.\n      x-extensible-enum: [price, throughput, latency] # here";
    refused(
        &changed(from, to),
        "schema NullableProviderSort: a nullable enum has to be named Nullable<Name>, and to have the values of the \
         schema <Name>",
    );
}

#[test]
fn a_nullable_enum_without_a_plain_one() {
    refused(
        &changed(ROLE, "      nullable: true\n      x-extensible-enum: [admin, member] # here\n"),
        "schema Role: a nullable enum has to be named Nullable<Name>, and to have the values of the schema <Name>",
    );
}

#[test]
fn a_schema_name_that_rust_could_not_have() {
    for name in ["role", "Work-Role", "3Role", "Self", "String", "APIRole", "Work_Role"] {
        refused(
            &changed("    Role:\n", &format!("    {name}: # here\n"))
                .replace("'#/components/schemas/Role'", &format!("'#/components/schemas/{name}'")),
            &format!("schema {name}: the name has to be UpperCamelCase, as in ApiKey, and none that Rust uses"),
        );
    }
}
