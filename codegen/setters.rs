//! Setters for the optional fields of request bodies, so that a new setting of the contract needs no line of Rust.
//!
//! They are macros, for the requests that they belong to are above the generated code: it is imported, and imports nothing.
//! Beside them is a macro for documentation, which names all of them.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use serde_json::Value;

use super::contract::{Contract, Operation, body_schema, schema_name};
use super::fields::json_name;
use super::json_schema::option_of;

/// For each operation with a body, a macro that expands to the setters of `Request`, and one that lists them.
pub fn tokens(contract: &Contract, file: &syn::File) -> TokenStream {
    let macros = contract.operations().filter_map(|operation| {
        let body = schema_name(body_schema(operation.value)?)?;
        let (names, setters): (Vec<_>, Vec<_>) = fields(file, body)?
            .into_iter()
            .filter_map(|field| Some((field.ident.as_ref()?.to_string(), setter(contract, body, field)?)))
            .unzip();
        let list = list_macro(&operation, &names);
        (!setters.is_empty()).then(|| [setters_macro(&operation, &setters), list])
    });
    let macros = macros.flatten();
    quote! { #(#macros)* }
}

/// A constructor for a body that has required fields, which takes those and leaves the others out.
pub fn constructors(contract: &Contract, file: &syn::File) -> TokenStream {
    let bodies =
        contract.operations().filter_map(|operation| schema_name(body_schema(operation.value)?).map(str::to_owned));
    let constructors = bodies.filter_map(|body| {
        let name = format_ident!("{body}");
        let (optional, required): (Vec<_>, Vec<_>) =
            fields(file, &body)?.into_iter().partition(|field| option_of(&field.ty).is_some());
        let optional = optional.into_iter().map(|field| &field.ident);
        let names: Vec<_> = required.iter().map(|field| &field.ident).collect();
        let (types, values): (Vec<_>, Vec<_>) = required.iter().map(|field| argument(field)).unzip();
        (!names.is_empty()).then(|| {
            quote! {
                impl types::#name {
                    /// A body with its required fields, and no others.
                    pub fn new(#(#names: #types),*) -> Self {
                        Self { #(#names: #values,)* #(#optional: None,)* }
                    }
                }
            }
        })
    });
    let constructors: Vec<_> = constructors.collect();
    quote! { #(#constructors)* }
}

/// What a constructor takes for a field, and how that becomes its value.
fn argument(field: &syn::Field) -> (TokenStream, TokenStream) {
    let (name, ty) = (&field.ident, &field.ty);
    let text = ty.to_token_stream().to_string().replace(' ', "");
    match text.as_str() {
        "::std::string::String" => (quote!(impl Into<#ty>), quote!(#name.into())),
        "::std::vec::Vec<::std::string::String>" => (
            quote!(impl IntoIterator<Item = impl Into<::std::string::String>>),
            quote!(#name.into_iter().map(Into::into).collect()),
        ),
        _ => (quote!(#ty), quote!(#name)),
    }
}

fn setters_macro(operation: &Operation<'_>, setters: &[TokenStream]) -> TokenStream {
    let name = format_ident!("{}_setters", operation.name());
    let doc = format!("The setters of `{}`, for the impl block of its request.", operation.name());
    quote! {
        #[doc = #doc]
        macro_rules! #name { () => { #(#setters)* } }
        pub(crate) use #name;
    }
}

/// The names of the setters, each a link to where it stands on the page that is given.
fn list_macro(operation: &Operation<'_>, names: &[String]) -> TokenStream {
    let name = format_ident!("{}_settings", operation.name());
    let doc = format!("The settings of `{}` as documentation, with links to the setters on a page.", operation.name());
    let links = names.iter().enumerate().map(|(index, name)| {
        let (before, after) = (format!("[`{name}`]("), format!("#method.{name})"));
        let comma = if index == 0 { "" } else { ", " };
        quote! { #comma, #before, $page, #after }
    });
    quote! {
        #[doc = #doc]
        macro_rules! #name { ($page:literal) => { concat!(#(#links),*) } }
        pub(crate) use #name;
    }
}

/// The fields of a generated type.
fn fields<'a>(file: &'a syn::File, name: &str) -> Option<Vec<&'a syn::Field>> {
    let mut modules = file.items.iter().filter_map(|item| match item {
        syn::Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
        _ => None,
    });
    modules.next()?.1.iter().find_map(|item| match item {
        syn::Item::Struct(item) if item.ident == name => Some(item.fields.iter().collect()),
        _ => None,
    })
}

/// The setter of an optional field; `None` for one that every request has.
fn setter(contract: &Contract, body: &str, field: &syn::Field) -> Option<TokenStream> {
    let name = field.ident.as_ref()?;
    let inner = option_of(&field.ty)?;
    let schema = &contract.schema(body)["properties"][json_name(field)];
    let doc = doc(contract.resolve(schema));
    let open = inner.to_token_stream().to_string().contains("generated :: enums");
    if open {
        return Some(enum_setter(name, inner, &doc));
    }
    let (argument, value) = match option_of(inner) {
        Some(inner) => (quote! { impl Into<crate::nullable::Nullable<#inner>> }, quote! { value.into().into_option() }),
        None if inner.to_token_stream().to_string().ends_with("String") => {
            (quote! { impl Into<#inner> }, quote! { value.into() })
        }
        None => (quote! { #inner }, quote! { value }),
    };
    Some(quote! {
        #[doc = #doc]
        pub fn #name(mut self, value: #argument) -> Self {
            self.operation.body.#name = Some(#value);
            self
        }
    })
}

/// The setter of a field of enums, which may be given as text: what is then unknown is refused.
fn enum_setter(name: &syn::Ident, inner: &syn::Type, doc: &str) -> TokenStream {
    let text = name.to_string();
    let (ty, value) = match option_of(inner) {
        Some(inner) => (quote! { crate::nullable::Nullable<#inner> }, quote! { value.into_option() }),
        None => (quote! { #inner }, quote! { value }),
    };
    quote! {
        #[doc = #doc]
        #[doc = ""]
        #[doc = "Text that is no known value is refused when the request is sent; any other value is given as `Other`."]
        pub fn #name(self, value: impl TryInto<#ty, Error: Into<crate::UnknownValue>>) -> Self {
            self.given(#text, value.try_into(), |operation, value| operation.body.#name = Some(#value))
        }
    }
}

/// What the contract says of a field, in Rust's words.
fn doc(schema: &Value) -> String {
    let mut doc = schema["description"].as_str().unwrap_or_default().replace("null", "`None`");
    for (least, most, of) in [("minLength", "maxLength", " characters"), ("minimum", "maximum", "")] {
        match (schema.get(least), schema.get(most)) {
            (Some(least), Some(most)) => doc += &format!(" {least} to {most}{of}."),
            (None, Some(most)) => doc += &format!(" At most {most}{of}."),
            (Some(least), None) => doc += &format!(" At least {least}{of}."),
            (None, None) => {}
        }
    }
    if let Some(pattern) = schema["pattern"].as_str() {
        doc += &format!(" It matches `{pattern}`.");
    }
    doc
}
