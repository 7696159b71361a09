//! Turns the contract into the client's source.
//!
//! build.rs and xtask both compile this module, so that what a build generates and what is checked in are the same bytes.

pub mod contract;
mod emit;
mod examples;
mod fields;
mod fits;
mod grammar;
mod json_schema;
mod lines;
mod lint;
mod lint_bodies;
mod lint_examples;
mod lint_keywords;
mod lint_schemas;
mod lint_security;
mod lists;
mod nearest;
mod prepare;
pub mod requests;
pub mod schema_types;
mod setters;

use std::cell::Cell;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Once;

use progenitor::{GenerationSettings, Generator, InterfaceStyle, TypeImpl, TypePatch};
use quote::quote;
use syn::visit_mut::VisitMut;

use contract::{Contract, ContractError};
use fields::Fields;

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
    let mut file: syn::File = parse(client)?;
    Fields::new(&contract).visit_file_mut(&mut file);
    requests::plain(&mut file, &contract)?;
    let (setters, constructors) = (setters::tokens(&contract, &file), setters::constructors(&contract, &file));
    let (extras, examples, lists) = (emit::tokens(&contract), examples::tokens(&contract), lists::tokens(&contract));
    file.items.extend(parse(quote! { #constructors #lists #examples #extras #setters })?.items);
    Ok(format!(
        "// Generated from openapi/workspaces.yaml. Do not edit: change the contract, then run `cargo xtask regen`.\n\n{}",
        prettyplease::unparse(&file)
    ))
}

fn parse(tokens: proc_macro2::TokenStream) -> Result<syn::File, ContractError> {
    syn::parse2(tokens).map_err(|e| ContractError::anywhere(format!("the generated code does not parse: {e}")))
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
    settings.with_interface(InterfaceStyle::Positional).with_derive("PartialEq");
    for (name, rust_type) in prepare::replacements(contract) {
        let impls = [TypeImpl::Display, TypeImpl::FromStringIrrefutable];
        settings.with_replacement(name, rust_type, impls.into_iter());
    }
    // The contract may grow: a new field must not break who reads a type, or makes one of JSON.
    for name in contract.schemas().keys() {
        settings.with_patch(name, TypePatch::default().with_attr("#[non_exhaustive]"));
    }
    settings
}
