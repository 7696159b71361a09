//! What progenitor leaves undone at the types that it generates.

use quote::quote;
use serde_json::Value;
use syn::visit_mut::VisitMut;

use super::contract::Contract;
use super::emit::absent_names;
use super::json_schema::{self, option_of};

/// Completes the generated types.
///
/// - A field that is a `$ref` has no documentation: it gets the one of what it refers to.
/// - An optional nullable field reads null as "left out": it gets a reader that keeps "cleared". So does an optional field of
///   a request that cannot be null, and refuses it by that reader: it would not be sent.
/// - A required nullable field fails when it is missing: it reads as `None`, so that no answer is lost over it.
/// - A request drops the fields that it does not know when it is read: it gets to refuse them, for one that is misspelt
///   would not be sent.
/// - A response is read as the rules at the head of the contract say: times in more forms than one, and null or nothing where
///   the contract says what that means.
/// - None has a JSON Schema.
pub struct Fields<'a> {
    contract: &'a Contract,
    schema: String,
}

impl<'a> Fields<'a> {
    pub fn new(contract: &'a Contract) -> Self {
        Self { contract, schema: String::new() }
    }
}

impl VisitMut for Fields<'_> {
    fn visit_item_struct_mut(&mut self, item: &mut syn::ItemStruct) {
        self.schema = item.ident.to_string();
        if self.contract.is_request(&self.schema) {
            item.attrs.push(syn::parse_quote! { #[serde(deny_unknown_fields)] });
        }
        json_schema::derive(&mut item.attrs);
        syn::visit_mut::visit_item_struct_mut(self, item);
    }

    fn visit_item_enum_mut(&mut self, item: &mut syn::ItemEnum) {
        self.schema = item.ident.to_string();
        json_schema::derive(&mut item.attrs);
        syn::visit_mut::visit_item_enum_mut(self, item);
    }

    fn visit_field_mut(&mut self, field: &mut syn::Field) {
        let owner = self.contract.schema(&self.schema);
        let name = json_name(field);
        let schema = self.contract.resolve(&owner["properties"][&name]);
        let is_request = self.contract.is_request(&self.schema);
        let inner = option_of(&field.ty);
        let keeps_null = inner.and_then(option_of).is_some();
        if keeps_null || (is_request && inner.is_some() && schema["nullable"] != true) {
            field.attrs.push(syn::parse_quote! {
                #[serde(default, deserialize_with = "crate::nullable::present")]
            });
        }
        field.attrs.retain(|attr| {
            let attr = quote!(#attr).to_string();
            !attr.contains("::std::option::Option::deserialize")
        });
        if !field.attrs.iter().any(|attr| attr.path().is_ident("doc"))
            && let Some(text) = schema["description"].as_str()
        {
            field.attrs.push(syn::parse_quote! { #[doc = #text] });
        }
        let required = owner["required"].as_array().is_some_and(|names| names.iter().any(|n| n == name.as_str()));
        json_schema::describe(field, schema, required);
        if !is_request {
            self.read_tolerantly(field, &name, schema);
        }
    }
}

impl Fields<'_> {
    /// Gives the field of a response the reader that the rules ask for. What may be missing for a reader may not in the
    /// schema, which says what is promised.
    fn read_tolerantly(&self, field: &mut syn::Field, name: &str, schema: &Value) {
        let reader = if schema.get("x-absent").is_some() {
            let (default, reader) = absent_names(&self.schema, name);
            let path = |name: syn::Ident| format!("crate::generated::absent::{name}");
            let (default, reader) = (path(default), path(reader));
            quote! { default = #default, deserialize_with = #reader }
        } else if schema["x-always-present"] == true {
            quote! { deserialize_with = "::std::option::Option::deserialize" }
        } else if schema["format"] != "date-time" {
            return;
        } else if option_of(&field.ty).is_some() {
            quote! { default, deserialize_with = "crate::tolerant::optional_time" }
        } else {
            quote! { deserialize_with = "crate::tolerant::time" }
        };
        if reader.to_string().starts_with("default") {
            field.attrs.push(syn::parse_quote! { #[cfg_attr(feature = "schemars", schemars(!default))] });
        }
        field.attrs.push(syn::parse_quote! { #[serde(#reader)] });
    }
}

/// The name of a field in JSON: Rust's keywords have another one in Rust.
pub fn json_name(field: &syn::Field) -> String {
    let renamed = field.attrs.iter().filter(|attr| attr.path().is_ident("serde")).find_map(|attr| {
        let pairs = attr.parse_args_with(syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated);
        pairs.ok()?.into_iter().find_map(|pair| match pair {
            syn::Meta::NameValue(syn::MetaNameValue {
                path,
                value: syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(name), .. }),
                ..
            }) if path.is_ident("rename") => Some(name.value()),
            _ => None,
        })
    });
    renamed.unwrap_or_else(|| field.ident.as_ref().map(ToString::to_string).unwrap_or_default())
}
