//! The contract, read: which operations there are, where, and what their requests must look like.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::{Method, StatusCode};
use openrouter_workspaces::CONTRACT;
use serde::Deserialize;
use serde_json::Value;

use crate::errors::UnknownName;
use crate::spec::schema::Schema;

static PARSED: LazyLock<Result<Contract, String>> = LazyLock::new(|| Contract::parse(CONTRACT));

/// The contract's operations.
#[derive(Debug)]
pub(crate) struct Contract {
    /// The path of the API's URL, which every operation's path begins with.
    pub(crate) base_path: String,
    pub(crate) operations: Vec<Operation>,
}

/// One operation of the contract.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: Method,
    /// The path with its parameters in braces, which is how both OpenAPI and axum write it.
    pub(crate) path: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Schema>,
    /// The status of a success.
    pub(crate) success: StatusCode,
}

impl Operation {
    /// The value of a parameter that a request leaves out.
    pub(crate) fn default(&self, parameter: &str) -> Option<&Value> {
        self.parameters.iter().find(|known| known.name == parameter)?.default.as_ref()
    }
}

/// A parameter in an operation's path, query or headers.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) location: Location,
    pub(crate) required: bool,
    pub(crate) kind: String,
    pub(crate) default: Option<Value>,
    pub(crate) schema: Schema,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Location {
    Path,
    Query,
    Header,
}

impl Contract {
    /// The contract, which is read once.
    pub(crate) fn get() -> Result<&'static Self, &'static str> {
        PARSED.as_ref().map_err(String::as_str)
    }

    /// Reads an OpenAPI document.
    pub(crate) fn parse(yaml: &str) -> Result<Self, String> {
        let mut document: Value = serde_norway::from_str(yaml).map_err(|error| error.to_string())?;
        let root = document.clone();
        resolve(&mut document, &root)?;
        let document: Document = serde_json::from_value(document).map_err(|error| error.to_string())?;

        let server = document.servers.first().ok_or("no server")?;
        let (_, address) = server.url.split_once("://").ok_or("a relative server")?;
        let base_path = address.find('/').map_or("", |slash| &address[slash..]).trim_end_matches('/');

        let mut operations = Vec::new();
        for (path, item) in document.paths {
            for (method, operation) in item.operations {
                let id = operation.operation_id.clone();
                let path = format!("{base_path}{path}");
                operations.push(
                    compile(path, &method, &item.parameters, operation).map_err(|error| format!("{id}: {error}"))?,
                );
            }
        }
        Ok(Self { base_path: base_path.to_owned(), operations })
    }

    /// Checks that there is an operation with this `operationId`.
    pub(crate) fn check(&self, operation_id: &str) -> Result<(), UnknownName> {
        match self.operations.iter().any(|known| known.id == operation_id) {
            true => Ok(()),
            false => Err(UnknownName::new("operation", operation_id)),
        }
    }

    /// Whether this operation answers with a page of a list.
    pub(crate) fn pages(&self, operation_id: &str) -> bool {
        let mut known = self.operations.iter().filter(|operation| operation.id == operation_id);
        known.any(|operation| operation.parameters.iter().any(|parameter| parameter.name == "offset"))
    }

    /// The operation with this method on this path of the contract.
    pub(crate) fn operation(&self, method: &Method, path: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.method == method && operation.path == path)
    }
}

#[derive(Deserialize)]
struct Document {
    servers: Vec<ServerObject>,
    paths: BTreeMap<String, PathItem>,
}

#[derive(Deserialize)]
struct ServerObject {
    url: String,
}

#[derive(Deserialize)]
struct PathItem {
    #[serde(default)]
    parameters: Vec<ParameterObject>,
    #[serde(flatten)]
    operations: BTreeMap<String, OperationObject>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OperationObject {
    operation_id: String,
    #[serde(default)]
    parameters: Vec<ParameterObject>,
    request_body: Option<BodyObject>,
    responses: BTreeMap<String, Value>,
}

#[derive(Clone, Deserialize)]
struct ParameterObject {
    name: String,
    #[serde(rename = "in")]
    location: Location,
    #[serde(default)]
    required: bool,
    schema: Value,
}

#[derive(Deserialize)]
struct BodyObject {
    content: BTreeMap<String, MediaType>,
}

#[derive(Deserialize)]
struct MediaType {
    schema: Value,
}

/// Replaces every `$ref` by what it points to. The contract has no recursive schemas.
fn resolve(node: &mut Value, root: &Value) -> Result<(), String> {
    if let Some(reference) = node.get("$ref").and_then(Value::as_str) {
        *node = reference
            .strip_prefix('#')
            .and_then(|pointer| root.pointer(pointer))
            .ok_or_else(|| format!("{reference} points to nothing"))?
            .clone();
        return resolve(node, root);
    }
    match node {
        Value::Object(fields) => fields.values_mut().try_for_each(|value| resolve(value, root)),
        Value::Array(items) => items.iter_mut().try_for_each(|value| resolve(value, root)),
        _ => Ok(()),
    }
}

fn compile(
    path: String,
    method: &str,
    of_path: &[ParameterObject],
    operation: OperationObject,
) -> Result<Operation, String> {
    let parameters =
        of_path.iter().cloned().chain(operation.parameters).map(compile_parameter).collect::<Result<_, _>>()?;
    let body = operation
        .request_body
        .map(|body| {
            let media_type = body.content.get("application/json").ok_or("no JSON body")?;
            Schema::compile(&media_type.schema)
        })
        .transpose()?;
    let success = operation
        .responses
        .keys()
        .filter_map(|status| status.parse().ok())
        .find(StatusCode::is_success)
        .ok_or("no successful response")?;
    Ok(Operation {
        id: operation.operation_id,
        method: Method::from_bytes(method.to_uppercase().as_bytes()).map_err(|error| error.to_string())?,
        path,
        parameters,
        body,
        success,
    })
}

fn compile_parameter(mut parameter: ParameterObject) -> Result<Parameter, String> {
    // Where a body may carry a value that the contract does not know yet, a path names a resource: there is none.
    if parameter.location == Location::Path
        && let Some(known) = parameter.schema.get("x-extensible-enum").cloned()
    {
        parameter.schema["enum"] = known;
    }
    Ok(Parameter {
        kind: parameter.schema["type"].as_str().unwrap_or_default().to_owned(),
        default: parameter.schema.get("default").cloned(),
        schema: Schema::compile(&parameter.schema)?,
        name: parameter.name,
        location: parameter.location,
        required: parameter.required,
    })
}
