//! Examples of the generated types, for the tests of those who use them: those of the contract, so that none is written
//! twice.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::contract::{Contract, schema_name};

/// A function `example` for each type of which the contract has an example, by itself or as a part of another one's.
pub fn tokens(contract: &Contract) -> TokenStream {
    let mut examples = BTreeMap::new();
    collect(contract, &contract.root, &mut examples);
    let structs = examples.into_iter().filter(|(name, _)| contract.schema(name)["type"] == "object");
    let functions = structs.map(|(name, example)| {
        let (name, json) = (format_ident!("{name}"), example.to_string());
        quote! {
            #[cfg(feature = "test-util")]
            #[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
            impl types::#name {
                /// The example of the contract, for tests: change the fields that a test is about. Every call gives the
                /// same.
                pub fn example() -> Self {
                    crate::test_util::read(#json)
                }
            }
        }
    });
    quote! { #(#functions)* }
}

/// The first example of each schema that has one.
fn collect<'a>(contract: &'a Contract, value: &'a Value, examples: &mut BTreeMap<&'a str, &'a Value>) {
    match value {
        Value::Object(map) => {
            if let (Some(schema), Some(example)) = (map.get("schema"), map.get("example")) {
                take(contract, schema, example, examples);
            }
            map.values().for_each(|value| collect(contract, value, examples));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(contract, value, examples)),
        _ => {}
    }
}

/// Takes an example of a schema apart.
fn take<'a>(
    contract: &'a Contract,
    schema: &'a Value,
    example: &'a Value,
    examples: &mut BTreeMap<&'a str, &'a Value>,
) {
    if example.is_null() {
        return;
    }
    if let Some(name) = schema_name(schema) {
        examples.entry(name).or_insert(example);
    }
    let schema = contract.resolve(schema);
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        take(contract, property, &example[name], examples);
    }
    if let Some(first) = example.get(0) {
        take(contract, &schema["items"], first, examples);
    }
}
