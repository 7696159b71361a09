//! Validation: requests are held against the contract.

use std::collections::HashMap;
use std::num::IntErrorKind;

use axum::body::Bytes;
use axum::extract::RawPathParams;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::profile::ServerProfile;
use crate::spec::contract::{Location, Operation, Parameter};
use crate::spec::refusal::Refusal;
use crate::spec::schema::Schema;

/// A request that keeps the rules of the contract.
#[derive(Debug)]
pub(crate) struct ValidatedRequest {
    /// The user whose key was used.
    pub(crate) user_id: String,
    parameters: HashMap<String, Value>,
    body: Value,
}

impl ValidatedRequest {
    /// Checks a request against its operation.
    pub(crate) fn new(
        operation: &Operation,
        user_id: &str,
        path: &RawPathParams,
        parts: &Parts,
        body: &Bytes,
        server: &ServerProfile,
    ) -> Result<Self, Refusal> {
        let mut parameters = HashMap::new();
        for parameter in &operation.parameters {
            let name = server.parameter(&parameter.name);
            let text = raw_parameter(parameter.location, name, path, parts);
            if let Some(value) = check_parameter(parameter, name, text)? {
                parameters.insert(parameter.name.clone(), value);
            }
        }
        let body = match &operation.body {
            Some(schema) => check_body(schema, &parts.headers, body, server)?,
            None => Value::Null,
        };
        Ok(Self { user_id: user_id.to_owned(), parameters, body })
    }

    /// The workspace that the path names, by its id or its slug.
    pub(crate) fn workspace(&self) -> Result<String, Refusal> {
        self.parameter("id")
    }

    /// A parameter, which is null where the request leaves it out and the contract has no default.
    pub(crate) fn parameter<T: DeserializeOwned>(&self, name: &str) -> Result<T, Refusal> {
        let value = self.parameters.get(name).cloned().unwrap_or_default();
        serde_json::from_value(value).map_err(|error| Refusal::bad_request(format!("{name}: {error}")))
    }

    /// The body.
    pub(crate) fn body<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        T::deserialize(&self.body).map_err(|error| Refusal::bad_request(format!("body: {error}")))
    }

    /// The fields that the body names, with their values.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.body.as_object().into_iter().flatten()
    }
}

/// The parameter as text. Of one that is repeated, the last counts.
fn raw_parameter(location: Location, name: &str, path: &RawPathParams, parts: &Parts) -> Option<String> {
    match location {
        Location::Path => path.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned()),
        Location::Query => form_urlencoded::parse(parts.uri.query()?.as_bytes())
            .filter(|(key, _)| key == name)
            .last()
            .map(|(_, value)| value.into_owned()),
        Location::Header => parts.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
    }
}

fn check_parameter(parameter: &Parameter, name: &str, text: Option<String>) -> Result<Option<Value>, Refusal> {
    let Some(text) = text else {
        return match parameter.required {
            true => Err(Refusal::bad_request(format!("{name}: a required parameter is missing"))),
            false => Ok(parameter.default.clone()),
        };
    };
    let value = typed(&parameter.kind, text);
    parameter.schema.check(name, &value)?;
    Ok(Some(value))
}

/// Reads text as the type that the contract asks for. Text that cannot be read stays text, which breaks the schema's
/// rule about types.
fn typed(kind: &str, text: String) -> Value {
    let read = match kind {
        "integer" => integer(&text).map(Value::from),
        "number" => text.parse::<f64>().ok().map(Value::from),
        "boolean" => text.parse::<bool>().ok().map(Value::from),
        _ => None,
    };
    read.unwrap_or(Value::String(text))
}

/// An integer, or the nearest that there is: one that is too large is still an integer.
fn integer(text: &str) -> Option<i64> {
    match text.parse::<i64>() {
        Ok(integer) => Some(integer),
        Err(error) => match error.kind() {
            IntErrorKind::PosOverflow => Some(i64::MAX),
            IntErrorKind::NegOverflow => Some(i64::MIN),
            _ => None,
        },
    }
}

fn check_body(schema: &Schema, headers: &HeaderMap, body: &Bytes, server: &ServerProfile) -> Result<Value, Refusal> {
    if body.is_empty() {
        return Err(Refusal::bad_request("body: a JSON body is required"));
    }
    if !is_json(headers) {
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "content-type: a body must be sent as application/json",
        ));
    }
    let mut value: Value =
        serde_json::from_slice(body).map_err(|error| Refusal::bad_request(format!("body: malformed JSON: {error}")))?;
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|name, _| server.knows_field(name));
    }
    schema.check("", &value)?;
    Ok(value)
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}
