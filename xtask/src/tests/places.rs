//! The line that an error names: the right one, whatever stands around it.

use super::refused;

/// A contract with one schema, `Role`, which has a closed enum, below whatever is put in front of it.
fn schemas(text: &str) -> String {
    format!(
        "openapi: 3.0.3\nservers:\n  - url: https://example.com\npaths:\n  /a:\n    get:\n      operationId: a\n      \
         responses: {{}}\ncomponents:\n  schemas:\n{text}"
    )
}

#[track_caller]
fn closed_enum(text: &str) {
    refused(
        &schemas(text),
        "schema Role: a closed enum would refuse values added later; use a named schema of type string with \
         x-extensible-enum",
    );
}

#[test]
fn a_deeper_key_of_the_same_name_does_not_count() {
    closed_enum(
        "    A:\n      type: object\n      properties:\n        Role:\n          type: string\n          description: |-\n            \
         enum: x\n    Role:\n      type: string\n      enum: [a] # here\n",
    );
}

#[test]
fn comments_and_texts_do_not_count() {
    closed_enum(
        "# Role:\n#    enum: x\n    # Role:\n    A:\n      type: object\n      description: |-\n        Role:\n          enum: x\n\n    \
         Roles:\n      type: object\n    Role:\n      # enum: x\n\n      type: string\n      enum: [a] # here\n",
    );
}

#[test]
fn keys_may_be_quoted() {
    closed_enum("    \"Role\":\n      'type': string\n      'enum': [a] # here\n");
    closed_enum("    'Role' :\n      \"enum\" :  # here\n        - a\n");
}

#[test]
fn indentation_may_be_any() {
    closed_enum("   A:\n         type: object\n   Role:\n     enum: # here\n     - a\n");
}

#[test]
fn in_flow_style_the_line_around_counts() {
    closed_enum("    Role: {type: string, enum: [a]} # here\n");
}

#[test]
fn a_list_may_stand_below_the_column_of_its_key() {
    for (dash, more) in [("      - ", "        "), ("        -  ", "           ")] {
        closed_enum(&format!(
            "    Role:\n      allOf:\n{dash}type: string\n{more}x-enum: 1\n{dash}enum: [a] # here\n{more}type: string\n"
        ));
    }
}

#[test]
fn an_item_may_start_below_its_dash() {
    closed_enum("    Role:\n      allOf:\n        -\n          type: string\n        -\n          enum: [a] # here\n");
}
