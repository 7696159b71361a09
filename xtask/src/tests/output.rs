//! What is generated from good contracts.

use super::{CONTRACT, changed};
use crate::codegen;

#[test]
fn the_same_contract_gives_the_same_bytes() {
    let once = codegen::generate(CONTRACT).expect("the contract is good");
    assert_eq!(once, codegen::generate(CONTRACT).expect("it still is"));
}

#[test]
fn the_order_of_the_schemas_does_not_matter() {
    let role = "    Role:\n      type: string\n      description: What a member may do in a workspace.\n      \
                x-extensible-enum: [admin, member]\n";
    let moved = changed(role, "").replace("  schemas:\n", &format!("  schemas:\n{role}"));
    assert!(moved != CONTRACT);
    assert!(codegen::generate(&moved).ok() == codegen::generate(CONTRACT).ok());
}

#[test]
fn what_a_walk_needs_is_generated_for_lists_in_pages() {
    let lists =
        |yaml: &str| codegen::generate(yaml).expect("it is good").matches("ListEndpoint for endpoints::").count();
    assert_eq!(lists(CONTRACT), 2);
    let id = "          type: string\n          format: uuid\n          description: The membership's id.\n";
    assert_eq!(lists(&changed(id, &id.replace("          format: uuid\n", ""))), 1, "rows without an id");
}

#[test]
fn a_path_may_have_a_summary() {
    let yaml = changed("  /workspaces:\n", "  /workspaces:\n    summary: All of them\n    x-stable: true\n");
    assert!(codegen::generate(&yaml).ok() == codegen::generate(CONTRACT).ok());
}

#[test]
fn a_property_may_have_the_name_of_a_keyword() {
    let field = "        pattern:\n          type: string\n          description: A pattern.\n        example:\n          $ref: \
                 '#/components/schemas/Role'\n        default:\n          type: string\n        enum:\n          type: string\n";
    let yaml = changed(
        "        user_id:\n          type: string\n          nullable: true\n",
        &format!("{field}        user_id:\n          type: string\n          nullable: true\n"),
    );
    let client = codegen::generate(&yaml).expect("these are good names");
    for field in ["pattern", "default", "enum_"] {
        assert!(client.contains(&format!("pub {field}: ::std::option::Option<::std::string::String>")), "no {field}");
    }
}

#[test]
fn a_json_schema_has_every_limit_also_of_a_property_with_the_name_of_a_keyword() {
    let field = "        type:\n          type: number\n          format: double\n          minimum: -1.5\n          maximum: 7\n          \
                 exclusiveMaximum: true\n";
    let limit = "        limit_usd:\n          type: number\n          format: double\n          minimum: 0\n";
    let client = codegen::generate(&changed(limit, &format!("{field}{limit}"))).expect("the limits are good");
    let words: String = client.split_whitespace().collect();
    let hints = r#"schemars(default,with="f64",extend("minimum"=-1.5,"exclusiveMaximum"=7))"#;
    assert!(words.contains(&format!(r#"#[cfg_attr(feature="schemars",{hints})]pubtype_:"#)), "no such schema");
}

#[test]
fn a_nullable_list_may_have_items_of_any_named_type() {
    let yaml = changed(
        "    NullableApiKeyIds:\n",
        "    NullableMembers:\n      type: array\n      nullable: true\n      items:\n        $ref: \
         '#/components/schemas/WorkspaceMember'\n    NullableApiKeyIds:\n",
    );
    let yaml = yaml.replace(
        "        removed_count:\n          type: integer\n",
        "        members:\n          $ref: '#/components/schemas/NullableMembers'\n        removed_count:\n          type: integer\n",
    );
    let client = codegen::generate(&yaml).expect("the list is good");
    assert!(client.contains("::std::vec::Vec<crate::generated::types::WorkspaceMember>"), "no such list");
}

#[test]
fn what_progenitor_refuses_is_one_line() {
    let yaml = changed("    Role:\n", "    Odd:\n      not:\n        $ref: '#/components/schemas/Role'\n    Role:\n");
    super::refused(
        &yaml,
        "progenitor gave up on this contract: not yet implemented: unhandled not schema Object( SchemaObject { metadata: \
         None, instance_type: None, format: None, enum_values: None, const_value: None, subschemas: None, number: None, \
         string: None, array: None, object: None, reference: Some( \"#/components/schemas/Role\", ), extensions: {}, }, )",
    );
}
