//! The contract as a document: reading it, walking it, and saying where in it something is wrong.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::lines;

/// Where the contract is, seen from the root of the package.
pub const PATH: &str = "openapi/workspaces.yaml";

/// The HTTP methods an operation can have.
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

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
        f.write_str(PATH)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        // Messages of progenitor and of its dependencies may have several lines.
        let words: Vec<_> = self.message.split_whitespace().collect();
        write!(f, ": {}", words.join(" "))
    }
}

impl std::error::Error for ContractError {}

/// Where in the contract something stands: the keys and indices that lead to it.
#[derive(Clone, Debug)]
pub struct Place(Vec<String>);

impl Place {
    pub fn new(keys: &[&str]) -> Self {
        Self(keys.iter().map(|key| (*key).to_owned()).collect())
    }

    /// The place of a named schema.
    pub fn schema(name: &str) -> Self {
        Self::new(&["components", "schemas", name])
    }

    pub fn join(&self, keys: &[&str]) -> Self {
        let mut place = self.clone();
        place.0.extend(keys.iter().map(|key| (*key).to_owned()));
        place
    }

    pub fn keys(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }
}

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
            None => self.endpoint(),
        }
    }

    /// The operation's method and path.
    pub fn endpoint(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    pub fn place(&self) -> Place {
        Place::new(&["paths", self.path, self.method])
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
        let yaml: serde_norway::Value = serde_norway::from_str(text).map_err(|e| not_yaml(text, &e))?;
        let root = serde_json::to_value(yaml)
            .map_err(|e| ContractError::anywhere(format!("cannot be written as JSON: {e}")))?;
        let contract = Self { text: text.to_owned(), root: sorted(root) };
        let version = match (&contract.root, &contract.root["openapi"]) {
            (Value::Null, _) => return Err(ContractError::anywhere("the contract is empty")),
            (Value::Object(_), Value::String(version)) => version.clone(),
            (Value::Object(_), Value::Null) => {
                return Err(ContractError::anywhere("`openapi` is missing: this is no OpenAPI document"));
            }
            (Value::Object(_), other) => other.to_string(),
            _ => return Err(ContractError::anywhere("the contract is not a mapping")),
        };
        if !version.starts_with("3.0.") {
            return Err(contract.error(
                &Place::new(&["openapi"]),
                format!("progenitor reads 3.0.x only, not {version}; write the contract as 3.0.3"),
            ));
        }
        Ok(contract)
    }

    /// An error at a place of the contract, whose message starts with what the place belongs to.
    pub fn error(&self, place: &Place, message: impl fmt::Display) -> ContractError {
        ContractError { line: self.line_of(place), message: format!("{}: {message}", self.owner(place)) }
    }

    /// The line of a place, or of the nearest one around it.
    pub fn line_of(&self, place: &Place) -> Option<usize> {
        lines::line_of(&self.text, &place.0)
    }

    /// What a place belongs to, in words.
    fn owner(&self, place: &Place) -> String {
        let keys = place.keys();
        match keys.as_slice() {
            ["components", "schemas", name, "properties", field, ..] => {
                format!("schema {name}, property {field}")
            }
            ["components", kind, name, ..] => format!("{} {name}", kind.trim_end_matches('s')),
            ["paths", path, method, inner @ ..] if METHODS.contains(method) => {
                let mut operations = self.operations();
                let operation = operations.find(|op| op.path == *path && op.method == *method);
                let name = operation.map(|op| op.name()).unwrap_or_default();
                match inner {
                    ["requestBody", ..] => format!("operation {name}, request body"),
                    ["responses", status, ..] => format!("operation {name}, response {status}"),
                    _ => format!("operation {name}"),
                }
            }
            ["paths", path, ..] => format!("path {path}"),
            other => other.join("."),
        }
    }

    /// The named schemas.
    pub fn schemas(&self) -> &Map<String, Value> {
        static EMPTY: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
        self.root["components"]["schemas"].as_object().unwrap_or(&EMPTY)
    }

    /// A named schema; null where there is none.
    pub fn schema(&self, name: &str) -> &Value {
        &self.root["components"]["schemas"][name]
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

    /// Whether a schema is the body of a request.
    pub fn is_request(&self, name: &str) -> bool {
        self.operations().any(|op| body_schema(op.value).and_then(schema_name) == Some(name))
    }

    /// The names of a schema and of all that it is made of.
    pub fn made_of<'a>(&'a self, name: &'a str) -> BTreeSet<&'a str> {
        fn collect<'a>(contract: &'a Contract, value: &'a Value, names: &mut BTreeSet<&'a str>) {
            if let Some(name) = schema_name(value)
                && names.insert(name)
            {
                collect(contract, contract.schema(name), names);
            }
            match value {
                Value::Object(map) => map.values().for_each(|v| collect(contract, v, names)),
                Value::Array(items) => items.iter().for_each(|v| collect(contract, v, names)),
                _ => {}
            }
        }
        let mut names = BTreeSet::from([name]);
        collect(self, self.schema(name), &mut names);
        names
    }
}

fn not_yaml(text: &str, error: &serde_norway::Error) -> ContractError {
    let location = error.location();
    let message = error.to_string();
    let key = message.split_once("duplicate entry with key \"").and_then(|(_, rest)| rest.split_once('"'));
    if let (Some((key, _)), Some(start)) = (key, &location) {
        // The parser tells where the mapping starts.
        let line = lines::line_of_double(text, key, start.line(), start.column());
        return ContractError {
            line: line.or(Some(start.line())),
            message: format!("the key `{key}` stands twice in one mapping"),
        };
    }
    let position = location.as_ref().map(|l| format!(" at line {} column {}", l.line(), l.column()));
    ContractError {
        line: location.map(|l| l.line()),
        message: format!("not valid YAML: {}", message.replacen(&position.unwrap_or_default(), "", 1)),
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

/// Calls `visit` with a schema and every schema inside it, but with none that it refers to.
pub fn each_schema(
    place: &Place,
    schema: &Value,
    visit: &mut dyn FnMut(&Place, &Value) -> Result<(), ContractError>,
) -> Result<(), ContractError> {
    visit(place, schema)?;
    for key in ["items", "additionalProperties", "not"] {
        if let Some(inner) = schema.get(key) {
            each_schema(&place.join(&[key]), inner, visit)?;
        }
    }
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        each_schema(&place.join(&["properties", name]), inner, visit)?;
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        for (index, inner) in schema[key].as_array().into_iter().flatten().enumerate() {
            each_schema(&place.join(&[key, &index.to_string()]), inner, visit)?;
        }
    }
    Ok(())
}
