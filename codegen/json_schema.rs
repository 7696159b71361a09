//! JSON Schemas of the generated types, under the crate's feature `schemars`.
//!
//! They are derived from the Rust types, and say besides what those cannot: which fields may be missing, which may be
//! null, and the limits. The feature is an attribute of the generated code, so that its bytes are always the same.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use serde_json::Value;

/// Derives the schema of a type that is written as JSON.
pub fn derive(attrs: &mut Vec<syn::Attribute>) {
    let json =
        attrs.iter().any(|attr| attr.path().is_ident("derive") && quote!(#attr).to_string().contains("Serialize"));
    if json {
        attrs.push(syn::parse_quote! { #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))] });
    }
}

/// Says of a field what its Rust type does not.
///
/// schemars takes every `Option` for a field that may be missing, and that may be null.
pub fn describe(field: &mut syn::Field, schema: &Value, required: bool) {
    let nullable = schema["nullable"] == true;
    let mut hints = Vec::new();
    match (option_of(&field.ty), required, nullable) {
        (Some(inner), true, true) => {
            let with = format!("crate::Nullable<{}>", compact(inner));
            hints.push(quote! { with = #with });
        }
        (Some(inner), false, false) => {
            let with = compact(inner);
            hints.push(quote! { default, with = #with });
        }
        _ => {}
    }
    let limits = limits(schema);
    if !limits.is_empty() {
        hints.push(quote! { extend(#(#limits),*) });
    }
    if !hints.is_empty() {
        field.attrs.push(syn::parse_quote! { #[cfg_attr(feature = "schemars", schemars(#(#hints),*))] });
    }
}

/// The schema of an open enum.
pub fn open_enum(name: &syn::Ident, description: &str, known: &[&str]) -> TokenStream {
    let text = name.to_string();
    quote! {
        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for #name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                #text.into()
            }

            fn schema_id() -> std::borrow::Cow<'static, str> {
                concat!(module_path!(), "::", #text).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                crate::json_schema::open_enum(#description, &[#(#known),*])
            }
        }
    }
}

/// The limits, as JSON Schema 2020-12 writes them.
fn limits(schema: &Value) -> Vec<TokenStream> {
    let mut limits = Vec::new();
    for keyword in ["minLength", "maxLength", "pattern", "minItems", "maxItems"] {
        limits.extend(literal(&schema[keyword]).map(|value| quote! { #keyword = #value }));
    }
    for (inclusive, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        let keyword = if schema[exclusive] == true { exclusive } else { inclusive };
        limits.extend(literal(&schema[inclusive]).map(|value| quote! { #keyword = #value }));
    }
    limits
}

fn literal(value: &Value) -> Option<Literal> {
    match value {
        Value::String(text) => Some(Literal::string(text)),
        Value::Number(number) => match number.as_i64() {
            Some(integer) => Some(Literal::i64_unsuffixed(integer)),
            None => number.as_f64().map(Literal::f64_unsuffixed),
        },
        _ => None,
    }
}

/// The `T` of an `Option<T>`.
pub fn option_of(ty: &syn::Type) -> Option<&syn::Type> {
    let syn::Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

/// A type in one word, as an attribute takes it.
fn compact(ty: &syn::Type) -> String {
    ty.to_token_stream().to_string().replace(' ', "")
}
