//! Turns the contract into the client's source.
//!
//! build.rs and xtask both compile this module, so that what a build generates and what is checked in are the same bytes.

pub mod contract;
mod emit;
mod lines;
mod lint;
mod lint_bodies;
mod prepare;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Once;

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl, TypePatch};
use quote::quote;
use syn::visit_mut::VisitMut;

use contract::{Contract, ContractError};

pub use contract::PATH;

/// Generates the client module from the contract of the package at `root`.
pub fn generate_in(root: &Path) -> Result<String, ContractError> {
    let yaml = fs::read_to_string(root.join(PATH));
    generate(&yaml.map_err(|e| ContractError::anywhere(format!("cannot be read: {e}")))?)
}

/// Generates the client module from the text of the contract.
pub fn generate(yaml: &str) -> Result<String, ContractError> {
    let contract = Contract::parse(yaml)?;
    lint::check(&contract)?;
    let spec = prepare::openapi(&contract)?;
    let client = progenitor_tokens(&contract, &spec)?;
    let extras = emit::tokens(&contract);
    let mut file: syn::File = syn::parse2(quote! { #client #extras })
        .map_err(|e| ContractError::anywhere(format!("the generated code does not parse: {e}")))?;
    Fields::new(&contract).visit_file_mut(&mut file);
    Ok(format!(
        "// Generated from openapi/workspaces.yaml. Do not edit: change the contract, then run `cargo xtask regen`.\n\n{}",
        prettyplease::unparse(&file)
    ))
}

/// Runs progenitor, and turns its panics, which name nothing, into an error.
fn progenitor_tokens(
    contract: &Contract,
    spec: &openapiv3::OpenAPI,
) -> Result<proc_macro2::TokenStream, ContractError> {
    let settings = settings(contract);
    let outcome = quietly(|| Generator::new(&settings).generate_tokens(spec));
    match outcome {
        Ok(Ok(tokens)) => Ok(tokens),
        Ok(Err(error)) => {
            Err(ContractError::anywhere(format!("progenitor cannot generate a client from this contract: {error}")))
        }
        Err(panic) => {
            let what = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("no message");
            Err(ContractError::anywhere(format!("progenitor gave up on this contract: {what}")))
        }
    }
}

/// Catches a panic without the message and backtrace that the panic hook would print.
fn quietly<T>(run: impl FnOnce() -> T) -> std::thread::Result<T> {
    thread_local!(static QUIET: Cell<bool> = const { Cell::new(false) });
    static HOOK: Once = Once::new();
    // The hook belongs to all threads: the others keep the one they have.
    HOOK.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                others(info);
            }
        }));
    });
    QUIET.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(run));
    QUIET.set(false);
    outcome
}

/// Everything that progenitor is told.
fn settings(contract: &Contract) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote! { crate::transport::Call })
        .with_derive("PartialEq");
    for (name, rust_type) in prepare::replacements(contract) {
        let impls = [TypeImpl::Display, TypeImpl::FromStringIrrefutable];
        settings.with_replacement(name, rust_type, impls.into_iter());
    }
    // What the API answers may grow: its types are read, not constructed.
    let requests: BTreeSet<_> = contract.request_schemas();
    for name in contract.schemas().keys().filter(|n| !requests.contains(*n)) {
        settings.with_patch(name, TypePatch::default().with_attr("#[non_exhaustive]"));
    }
    settings
}

/// What progenitor leaves undone at the fields of structs.
///
/// - A field that is a `$ref` has no documentation: it gets the one of what it refers to.
/// - An optional nullable field reads null as "left out": it gets a reader that keeps "cleared".
/// - A required nullable field fails when it is missing: it reads as `None`, so that no answer is lost over it.
struct Fields<'a> {
    contract: &'a Contract,
    schema: String,
}

impl<'a> Fields<'a> {
    fn new(contract: &'a Contract) -> Self {
        Self { contract, schema: String::new() }
    }
}

impl VisitMut for Fields<'_> {
    fn visit_item_struct_mut(&mut self, item: &mut syn::ItemStruct) {
        self.schema = item.ident.to_string();
        syn::visit_mut::visit_item_struct_mut(self, item);
    }

    fn visit_field_mut(&mut self, field: &mut syn::Field) {
        let ty = &field.ty;
        let ty = quote!(#ty).to_string().replace(' ', "");
        if ty.starts_with("::std::option::Option<::std::option::Option<") {
            field.attrs.push(syn::parse_quote! {
                #[serde(default, deserialize_with = "crate::nullable::present")]
            });
        }
        field.attrs.retain(|attr| {
            let attr = quote!(#attr).to_string();
            !attr.contains("::std::option::Option::deserialize")
        });
        if !field.attrs.iter().any(|attr| attr.path().is_ident("doc")) {
            let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            let schemas = self.contract.schemas();
            let schema = schemas.get(&self.schema).map(|s| &s["properties"][&name]);
            let text = schema.and_then(|s| self.contract.resolve(s)["description"].as_str());
            if let Some(text) = text {
                field.attrs.push(syn::parse_quote! { #[doc = #text] });
            }
        }
    }
}
