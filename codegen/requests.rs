//! Turns the client that progenitor generates into a plain type for each operation: its arguments, which build a request
//! and do nothing else.
//!
//! Sending, retrying and reading belong to the thin layer. What a function of progenitor's looks like is known here part
//! by part; where it looks otherwise, generating fails and says in which function, instead of dropping a part of it.

use std::mem;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprMethodCall, FnArg, ImplItem, Item, Stmt, Token};

use super::contract::{Contract, ContractError, Operation};
use super::emit::pascal_case;
use super::json_schema::option_of;

/// Replaces progenitor's client by a type for each operation, which holds its arguments, builds its request, and says what
/// the contract does.
pub fn plain(file: &mut syn::File, contract: &Contract) -> Result<(), ContractError> {
    let mut endpoints = Vec::new();
    for item in mem::take(&mut file.items) {
        match item {
            Item::Impl(item) if item.trait_.is_none() && is_client(&item.self_ty) => {
                for function in item.items {
                    let ImplItem::Fn(function) = function else {
                        return Err(unknown("an item of the client that is no function"));
                    };
                    if function.sig.asyncness.is_some() {
                        endpoints.push(endpoint(function, contract)?);
                    }
                }
            }
            // What the functions needed to send, and what is said in another way below.
            Item::Impl(item) if is_client(&item.self_ty) => {}
            Item::Struct(item) if item.ident == "Client" => {}
            Item::Mod(item) if item.ident == "prelude" => {}
            Item::Use(_) | Item::Const(_) => {}
            Item::Mod(item) if item.ident == "types" => file.items.push(Item::Mod(item)),
            other => return Err(unknown(&format!("the item `{}`", quote!(#other)))),
        }
    }
    file.items.push(syn::parse_quote! {
        /// The operations of the contract with their arguments.
        pub mod endpoints {
            use super::types;
            use crate::endpoint::{Endpoint, RequestBuilder, encode_path};
            use serde_json::Value;
            #(#endpoints)*
        }
    });
    Ok(())
}

fn is_client(ty: &syn::Type) -> bool {
    let ty = quote!(#ty).to_string();
    ty == "Client" || ty == "& Client"
}

fn unknown(what: &str) -> ContractError {
    ContractError::anywhere(format!(
        "progenitor generates {what}, which codegen/requests.rs does not know: was its version changed?"
    ))
}

/// The type of an operation.
fn endpoint(function: syn::ImplItemFn, contract: &Contract) -> Result<TokenStream, ContractError> {
    let id = function.sig.ident.to_string();
    let Some(operation) = contract.operations().find(|op| op.name() == id) else {
        return Err(unknown(&format!("a function {id} without an operation in the contract")));
    };
    let parts = Parts::of(&id, &function)?;
    let name = format_ident!("{}", pascal_case(&id));
    let rules = format_ident!("{}", id.to_uppercase());
    let (method, path) = (operation.method.to_uppercase(), operation.path);
    let (response, doc) = (parts.response, summary(&operation));
    let (url, chain) = (parts.path, parts.chain);
    let fields = parts.arguments.iter().map(|(name, ty)| quote! { pub(crate) #name: #ty });
    let names: Vec<_> = parts.arguments.iter().map(|(name, _)| name).collect();
    let in_path = parts.arguments.iter().filter(|(name, _)| path.contains(&format!("{{{name}}}")));
    let in_path = in_path.map(|(name, _)| {
        let text = name.to_string();
        quote! { (#text, self.#name.as_str()) }
    });
    let in_query = parts.arguments.iter().filter(|(_, ty)| option_of(ty).is_some()).map(|(name, _)| {
        let text = name.to_string();
        quote! { (#text, self.#name.map(Value::from)) }
    });
    let body = match names.iter().any(|name| *name == "body") {
        true => quote! { Some(serde_json::to_value(&self.body)) },
        false => quote! { None },
    };
    Ok(quote! {
        #[doc = #doc]
        #[derive(Clone, Debug)]
        pub struct #name { #(#fields),* }

        impl Endpoint for #name {
            const ID: &'static str = #id;
            const METHOD: &'static str = #method;
            const PATH: &'static str = #path;
            const FIELDS: &'static [crate::rules::Field] = super::rules::#rules;
            type Response = #response;

            fn request(&self, base_url: &::reqwest::Url) -> Result<::reqwest::Request, serde_json::Error> {
                let Self { #(#names),* } = self;
                let path = #url;
                #chain
            }

            fn path_parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
                [#(#in_path),*].into_iter()
            }

            fn query_parameters(&self) -> impl Iterator<Item = (&'static str, Option<Value>)> {
                [#(#in_query),*].into_iter()
            }

            fn body(&self) -> Option<serde_json::Result<Value>> {
                #body
            }
        }
    })
}

fn summary(operation: &Operation<'_>) -> String {
    let summary = operation.value["summary"].as_str().unwrap_or_default();
    format!("{summary}: `{}`.", operation.endpoint())
}

/// What is kept of a function of progenitor's.
struct Parts {
    arguments: Vec<(syn::Ident, syn::Type)>,
    /// What makes the path behind the base URL.
    path: TokenStream,
    /// What builds the request of it.
    chain: TokenStream,
    response: TokenStream,
}

impl Parts {
    fn of(id: &str, function: &syn::ImplItemFn) -> Result<Self, ContractError> {
        let strange = |what: &str| unknown(&format!("{what} in the function {id}"));
        let (mut path, mut chain) = (None, None);
        for statement in &function.block.stmts {
            let Stmt::Local(local) = statement else { continue };
            let init = local.init.as_ref().map(|init| &*init.expr);
            match (binding(&local.pat).as_deref(), init) {
                (Some("url"), Some(Expr::Macro(url))) => path = path_behind_base(url),
                (Some("request"), Some(Expr::Try(request))) => chain = Some(builder(&request.expr, &strange)?),
                // The headers hold the contract's version only, which this API does not ask for.
                (Some("header_map" | "info" | "result" | "response"), _) => {}
                _ => return Err(strange("an unknown statement")),
            }
        }
        let arguments = function.sig.inputs.iter().filter_map(|argument| match argument {
            FnArg::Typed(typed) => Some(owned(typed).ok_or_else(|| strange("an unknown argument"))),
            FnArg::Receiver(_) => None,
        });
        Ok(Self {
            arguments: arguments.collect::<Result<_, _>>()?,
            path: path.ok_or_else(|| strange("no URL"))?,
            chain: chain.ok_or_else(|| strange("no request"))?,
            response: response(&function.sig.output).ok_or_else(|| strange("an unknown result"))?,
        })
    }
}

/// The name that a `let` binds.
fn binding(pattern: &syn::Pat) -> Option<String> {
    match pattern {
        syn::Pat::Ident(name) => Some(name.ident.to_string()),
        _ => None,
    }
}

/// `format!("{}/workspaces/{}", self.baseurl, ..)` without the base URL.
fn path_behind_base(url: &syn::ExprMacro) -> Option<TokenStream> {
    let arguments = url.mac.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated).ok()?;
    let mut arguments = arguments.into_iter();
    let Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(format), .. }) = arguments.next()? else { return None };
    let base = arguments.next()?;
    let format = format.value().strip_prefix("{}")?.to_owned();
    if quote!(#base).to_string() != "self . baseurl" {
        return None;
    }
    Some(quote! { format!(#format, #(#arguments),*) })
}

/// The builder's calls, on our own builder.
fn builder(request: &Expr, strange: &impl Fn(&str) -> ContractError) -> Result<TokenStream, ContractError> {
    let Expr::MethodCall(ExprMethodCall { receiver, method, args, .. }) = request else {
        return Err(strange("an unknown expression"));
    };
    let first = args.first();
    Ok(match method.to_string().as_str() {
        "get" | "post" | "put" | "patch" | "delete" if quote!(#receiver).to_string() == "self . client" => {
            let method = format_ident!("{}", method.to_string().to_uppercase());
            quote! { RequestBuilder::new(base_url, ::reqwest::Method::#method, &path) }
        }
        // The builder asks for JSON by itself.
        "header" if args.len() == 2 && quote!(#first).to_string().ends_with("ACCEPT") => builder(receiver, strange)?,
        "headers" => builder(receiver, strange)?,
        "query" => {
            let before = builder(receiver, strange)?;
            let pair = query_pair(first).ok_or_else(|| strange("an unknown query parameter"))?;
            quote! { #before.query(#pair) }
        }
        "json" => {
            let before = builder(receiver, strange)?;
            let Some(Expr::Reference(body)) = first else { return Err(strange("an unknown body")) };
            let body = &body.expr;
            quote! { #before.json(#body) }
        }
        "build" => {
            let before = builder(receiver, strange)?;
            quote! { #before.build() }
        }
        other => return Err(strange(&format!("a call of `{other}`"))),
    })
}

/// The arguments of `QueryParam::new(name, &value)`.
fn query_pair(parameter: Option<&Expr>) -> Option<TokenStream> {
    let Some(Expr::Reference(reference)) = parameter else { return None };
    let Expr::Call(call) = &*reference.expr else { return None };
    let mut pair = call.args.iter();
    match (pair.next()?, pair.next()?, pair.next()) {
        // The arguments are references to fields already.
        (name, Expr::Reference(value), None) => {
            let value = &value.expr;
            Some(quote! { #name, #value })
        }
        _ => None,
    }
}

/// An argument as a field that owns what progenitor's function borrows.
fn owned(argument: &syn::PatType) -> Option<(syn::Ident, syn::Type)> {
    let syn::Pat::Ident(name) = &*argument.pat else { return None };
    let ty = match &*argument.ty {
        syn::Type::Reference(reference) if quote!(#reference).to_string().ends_with("str") => {
            syn::parse_quote!(::std::string::String)
        }
        syn::Type::Reference(reference) => (*reference.elem).clone(),
        other => other.clone(),
    };
    Some((name.ident.clone(), ty))
}

/// The `T` of `Result<ResponseValue<T>, ..>`.
fn response(output: &syn::ReturnType) -> Option<TokenStream> {
    let syn::ReturnType::Type(_, ty) = output else { return None };
    let value = first_argument(first_argument(ty)?)?;
    Some(quote! { #value })
}

fn first_argument(ty: &syn::Type) -> Option<&syn::Type> {
    let syn::Type::Path(path) = ty else { return None };
    let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
