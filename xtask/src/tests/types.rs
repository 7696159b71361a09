//! Types, formats, and what belongs to which of them.

use super::{changed, refused};

const ROW: &str = "        added_count:\n          type: integer\n          format: int64\n";
const IN_ROW: &str = "schema BulkAddWorkspaceMembersResponse, property added_count";

/// The contract with other keywords for `added_count`.
fn row(keywords: &str) -> String {
    changed(ROW, &format!("        added_count:\n{keywords}"))
}

#[test]
fn a_missing_type() {
    let yaml = row("          format: int64\n").replace("        added_count:\n", "        added_count: # here\n");
    refused(&yaml, &format!("{IN_ROW}: the schema needs a type: array, boolean, integer, number, object, string"));
}

#[test]
fn an_unknown_type() {
    for (name, hint) in [
        ("float", "but a format; did you mean `number`?"),
        ("int64", "but a format; did you mean `integer`?"),
        ("uuid", "but a format; did you mean `string`?"),
    ] {
        refused(&row(&format!("          type: {name} # here\n")), &format!("{IN_ROW}: `{name}` is no type, {hint}"));
    }
    for (name, hint) in [
        ("interger", "did you mean `integer`?"),
        ("Integer", "did you mean `integer`?"),
        ("decimal", "known are array, boolean, integer, number, object, string"),
        ("[integer, 'null']", "known are array, boolean, integer, number, object, string"),
    ] {
        let told = name.replace("[integer, 'null']", r#"["integer","null"]"#);
        refused(&row(&format!("          type: {name} # here\n")), &format!("{IN_ROW}: `{told}` is no type; {hint}"));
    }
}

#[test]
fn an_unknown_format() {
    for (kind, format, told) in [
        ("string", "uuuid", "no format of string; did you mean `uuid`?"),
        ("string", "datetime", "no format of string; did you mean `date-time`?"),
        ("string", "zebra", "no format of string"),
        ("integer", "int46", "no format of integer; did you mean `int16`?"),
        ("integer", "double", "no format of integer, but of number"),
        ("number", "uuid", "no format of number, but of string"),
        ("boolean", "flag", "no format of boolean"),
    ] {
        let yaml = row(&format!("          type: {kind}\n          format: {format} # here\n"));
        refused(&yaml, &format!("{IN_ROW}: `{format}` is {told}"));
    }
}

#[test]
fn a_keyword_of_another_type() {
    for (kind, keyword, value) in [
        ("integer", "pattern", "'^a'"),
        ("string", "maximum", "7"),
        ("string", "maxItems", "7"),
        ("boolean", "required", "[a]"),
        ("integer", "properties", "{}"),
        ("number", "additionalProperties", "false"),
    ] {
        let yaml = row(&format!("          type: {kind}\n          {keyword}: {value} # here\n"));
        refused(&yaml, &format!("{IN_ROW}: {keyword} says nothing of a value of type {kind}"));
    }
}

#[test]
fn an_array_of_nobody_knows_what() {
    let yaml = row("          type: array\n").replace("        added_count:\n", "        added_count: # here\n");
    refused(&yaml, &format!("{IN_ROW}: an array needs `items`, which says what it holds"));
}

#[test]
fn a_required_name_that_is_no_property() {
    refused(
        &changed("      required: [data, added_count]\n", "      required: [data, added_cuont] # here\n"),
        "schema BulkAddWorkspaceMembersResponse: `added_cuont` is required and no property; did you mean `added_count`?",
    );
    refused(
        &changed("        - io_logging_sampling_rate\n", "        - io_logging_sample_rate # here\n"),
        "schema Workspace: `io_logging_sample_rate` is required and no property; did you mean `io_logging_sampling_rate`?",
    );
    refused(
        &changed("      required: [removed_count]\n", "      required: [zebra] # here\n"),
        "schema BulkRemoveWorkspaceMembersResponse: `zebra` is required and no property; known are removed_count",
    );
}

#[test]
fn a_name_that_is_required_twice() {
    refused(
        &changed("      required: [data, added_count]\n", "      required: [data, data] # here\n"),
        "schema BulkAddWorkspaceMembersResponse: `data` is required twice",
    );
}

const COMPOSED: &str = "    Composed:\n      allOf:\n        - $ref: '#/components/schemas/DeletedResponse'\n        - type: object\n          \
                        required: [deleted, NAME] # here\n          properties:\n            at:\n              type: string\n    Role:\n";

#[test]
fn what_one_part_requires_may_be_a_property_of_another() {
    let good = COMPOSED.replace("NAME", "at");
    crate::codegen::generate(&changed("    Role:\n", &good)).expect("both are properties");
    refused(
        &changed("    Role:\n", &COMPOSED.replace("NAME", "delted")),
        "schema Composed: `delted` is required and no property; did you mean `deleted`?",
    );
}

#[test]
fn a_schema_that_consists_of_itself() {
    refused(
        &changed(
            "    Role:\n",
            "    Loop: # here\n      allOf:\n        - $ref: '#/components/schemas/Loop'\n    Role:\n",
        ),
        "schema Loop: the schema consists of itself",
    );
}
