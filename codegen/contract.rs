//! The contract as a document: reading it, walking it, and saying where in it something is wrong.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Map, Value};

/// The HTTP methods an operation can have.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// What is wrong with the contract, in one line.
#[derive(Debug)]
pub struct ContractError {
    line: Option<usize>,
    message: String,
}

impl ContractError {
    /// An error that belongs to no line.
    pub fn anywhere(message: impl Into<String>) -> Self {
        Self { line: None, message: message.into() }
    }
}

impl fmt::Display for ContractError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("openapi/workspaces.yaml")?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for ContractError {}

/// A parsed contract.
pub struct Contract {
    text: String,
    pub root: Value,
}

/// An operation of the contract.
pub struct Operation<'a> {
    pub path: &'a str,
    pub method: &'a str,
    pub item: &'a Map<String, Value>,
    pub value: &'a Value,
}

impl Operation<'_> {
    /// The operation's id, or its method and path where it has none.
    pub fn name(&self) -> String {
        match self.value["operationId"].as_str() {
            Some(id) => id.to_owned(),
            None => format!("{} {}", self.method.to_uppercase(), self.path),
        }
    }

    /// The parameters of the path and of the operation.
    pub fn parameters(&self) -> impl Iterator<Item = &Value> {
        [self.item.get("parameters"), self.value.get("parameters")]
            .into_iter()
            .flatten()
            .filter_map(Value::as_array)
            .flatten()
    }
}

impl Contract {
    /// Reads YAML, and makes sure that it is an OpenAPI 3.0 document.
    pub fn parse(text: &str) -> Result<Self, ContractError> {
        let yaml: serde_norway::Value = serde_norway::from_str(text).map_err(|e| ContractError {
            line: e.location().map(|l| l.line()),
            message: format!("not valid YAML: {e}"),
        })?;
        let root = serde_json::to_value(yaml)
            .map_err(|e| ContractError::anywhere(format!("not a JSON-like document: {e}")))?;
        let contract = Self { text: text.to_owned(), root: sorted(root) };
        let version = match &contract.root["openapi"] {
            Value::String(version) => version.clone(),
            Value::Null => {
                return Err(ContractError::anywhere("`openapi` is missing: this is no OpenAPI document"));
            }
            other => other.to_string(),
        };
        if !version.starts_with("3.0.") {
            return Err(contract.error(
                &["openapi"],
                format!("openapi is {version}, and progenitor reads 3.0.x only; write the document as 3.0.3"),
            ));
        }
        Ok(contract)
    }

    /// An error at a place of the document.
    pub fn error(&self, path: &[&str], message: impl Into<String>) -> ContractError {
        ContractError { line: self.line_of(path), message: message.into() }
    }

    /// The named schemas.
    pub fn schemas(&self) -> &Map<String, Value> {
        static EMPTY: std::sync::OnceLock<Map<String, Value>> = std::sync::OnceLock::new();
        self.root["components"]["schemas"].as_object().unwrap_or_else(|| EMPTY.get_or_init(Map::new))
    }

    /// All operations, in the order of the document's keys.
    pub fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        let paths = self.root["paths"].as_object().into_iter().flatten();
        paths.flat_map(|(path, item)| {
            let item = item.as_object();
            item.into_iter().flat_map(move |item| {
                METHODS
                    .into_iter()
                    .filter_map(move |method| item.get(method).map(|value| Operation { path, method, item, value }))
            })
        })
    }

    /// The value a `$ref` points to, or the value itself where it is none.
    pub fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str().and_then(|r| r.strip_prefix('#')) {
            Some(pointer) => self.root.pointer(pointer).unwrap_or(value),
            None => value,
        }
    }

    /// The names of the schemas that are request bodies.
    pub fn request_schemas(&self) -> BTreeSet<String> {
        self.operations().filter_map(|op| schema_name(body_schema(op.value)?).map(str::to_owned)).collect()
    }

    /// The line of a place, found by the indentation of its keys; the line of the nearest place above it otherwise.
    fn line_of(&self, path: &[&str]) -> Option<usize> {
        let mut found = None;
        let mut lines = self.text.lines().enumerate();
        let mut outer: isize = -1;
        for key in path {
            let plain = format!("{key}:");
            let quoted = [format!("'{key}':"), format!("\"{key}\":")];
            let hit = lines.find(|(_, line)| {
                let rest = line.trim_start();
                let indent = (line.len() - rest.len()) as isize;
                indent > outer && (rest.starts_with(&plain) || quoted.iter().any(|q| rest.starts_with(q)))
            });
            let Some((number, line)) = hit else { break };
            outer = (line.len() - line.trim_start().len()) as isize;
            found = Some(number + 1);
        }
        found
    }

    /// The line on which a text stands first.
    pub fn error_at_text(&self, needle: &str, message: impl Into<String>) -> ContractError {
        let line = self.text.lines().position(|line| line.contains(needle)).map(|n| n + 1);
        ContractError { line, message: message.into() }
    }
}

/// The value with all keys in alphabetical order, so that the order of the generated code does not depend on which
/// features of serde_json another crate turns on.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.into_iter().collect();
            entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            entries.into_iter().map(|(key, inner)| (key, sorted(inner))).collect()
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}

/// The name of the schema that a `$ref` points to.
pub fn schema_name(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix("#/components/schemas/")
}

/// The JSON schema of an operation's request body.
pub fn body_schema(operation: &Value) -> Option<&Value> {
    operation.get("requestBody")?.get("content")?.get("application/json")?.get("schema")
}
