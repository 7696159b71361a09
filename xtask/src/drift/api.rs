//! The operations of a document that matter here, with everything they refer to looked up.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::Document;
use super::operation::Operation;
use super::operation_reader::{OperationReader, without_names};
use crate::codegen::contract::METHODS;

/// A method and a path, whose parameters have no names: `GET /workspaces/{}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Endpoint {
    /// What the server calls, where it is not the client that does: `webhook`, or `callback` with the one who asked.
    pub incoming: Option<String>,
    pub path: String,
    pub method: &'static str,
}

/// The operations that belong to the Workspaces API, by what an HTTP client sees of them.
pub struct Api<'a> {
    pub document: &'a Document,
    pub operations: BTreeMap<Endpoint, Operation>,
    /// Why a path cannot be read, by the path without names.
    pub unreadable: BTreeMap<String, String>,
}

impl<'a> Api<'a> {
    /// The operations of a document whose path, name or tag speaks of workspaces.
    pub fn of(document: &'a Document) -> Result<Self, String> {
        let mut api = Self { document, operations: BTreeMap::new(), unreadable: BTreeMap::new() };
        for (path, item) in document.root["paths"].as_object().into_iter().flatten() {
            api.path(None, path, item)?;
        }
        if api.operations.is_empty() && api.unreadable.is_empty() {
            return Err("has no operation of the Workspaces API; is it the right document, and all of it?".to_owned());
        }
        for (name, item) in document.root["webhooks"].as_object().into_iter().flatten() {
            api.path(Some("webhook"), name, item)?;
        }
        Ok(api)
    }

    /// Adds the operations of a path.
    fn path(&mut self, incoming: Option<&str>, path: &str, item: &Value) -> Result<(), String> {
        let item = match self.document.merged(item) {
            Ok(item) => item,
            Err(why) => {
                if speaks_of_workspaces(path) || incoming.is_some_and(speaks_of_workspaces) {
                    self.unreadable.insert(without_names(path), why);
                }
                return Ok(());
            }
        };
        for method in METHODS {
            let Some(value) = item.get(method) else { continue };
            let tags = value["tags"].as_array().into_iter().flatten().filter_map(Value::as_str);
            if ![path, incoming.unwrap_or_default()].into_iter().chain(tags).any(speaks_of_workspaces) {
                continue;
            }
            let endpoint = Endpoint { incoming: incoming.map(str::to_owned), path: without_names(path), method };
            let called = format!("{} {path}", method.to_uppercase());
            let (called, prefix) = match incoming {
                Some(kind) => (format!("{kind} {called}"), format!("{kind} {path} ")),
                None => (called, String::new()),
            };
            let reader = OperationReader { document: self.document, path, item: &item, value };
            let operation = reader.operation(&called, prefix).map_err(|why| format!("{called}: {why}"))?;
            match self.operations.get_mut(&endpoint) {
                Some(first) => first.twice = true,
                None => _ = self.operations.insert(endpoint, operation),
            }
            for (name, callback) in value["callbacks"].as_object().into_iter().flatten() {
                self.callback(&format!("callback {name} of {}", without_names(&called)), callback)?;
            }
        }
        Ok(())
    }

    /// Adds what the server calls because of a call.
    fn callback(&mut self, kind: &str, callback: &Value) -> Result<(), String> {
        match self.document.merged(callback) {
            Ok(paths) => {
                let mut paths = paths.as_object().into_iter().flatten().filter(|(path, _)| !path.starts_with("x-"));
                paths.try_for_each(|(path, item)| self.path(Some(kind), path, item))
            }
            Err(why) => {
                self.unreadable.insert(kind.to_owned(), why);
                Ok(())
            }
        }
    }
}

fn speaks_of_workspaces(text: &str) -> bool {
    text.to_lowercase().contains("workspace")
}
