//! What the operations have in common that list something in pages.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::contract::{Contract, Operation, schema_name};
use super::emit::pascal_case;

/// For each operation with an offset and a limit that answers with rows, each with an id, and their number: what a walk needs
/// to know.
pub fn tokens(contract: &Contract) -> TokenStream {
    let lists = contract.operations().filter_map(|operation| list(contract, &operation));
    quote! { #(#lists)* }
}

fn list(contract: &Contract, operation: &Operation<'_>) -> Option<TokenStream> {
    let takes = |name: &str| {
        let mut parameters = operation.parameters().map(|parameter| contract.resolve(parameter));
        parameters.any(|parameter| parameter["in"] == "query" && parameter["name"] == name)
    };
    if !takes("offset") || !takes("limit") {
        return None;
    }
    let body = schema_name(answer(operation)?)?;
    let properties = &contract.schema(body)["properties"];
    properties.get("total_count")?;
    let row = schema_name(&properties["data"]["items"])?;
    if contract.schema(row)["properties"]["id"]["format"] != "uuid" {
        return None;
    }
    let name = format_ident!("{}", pascal_case(&operation.name()));
    let (body, row) = (format_ident!("{body}"), format_ident!("{row}"));
    Some(quote! {
        impl crate::endpoint::ListEndpoint for endpoints::#name {
            fn offset(&self) -> Option<u64> {
                self.offset
            }

            fn offset_mut(&mut self) -> &mut Option<u64> {
                &mut self.offset
            }

            fn limit_mut(&mut self) -> &mut Option<u64> {
                &mut self.limit
            }
        }

        impl crate::endpoint::ListBody for types::#body {
            type Item = types::#row;

            fn into_rows(self) -> (Vec<types::#row>, i64) {
                (self.data, self.total_count)
            }

            fn id(item: &types::#row) -> ::uuid::Uuid {
                item.id
            }
        }
    })
}

/// The schema of a successful answer.
fn answer<'a>(operation: &Operation<'a>) -> Option<&'a Value> {
    let (_, success) = operation.value["responses"].as_object()?.iter().find(|(status, _)| status.starts_with('2'))?;
    success.get("content")?.get("application/json")?.get("schema")
}
