//! Reads an operation. What cannot be read is kept with the reason, for it may be the only thing that is wrong.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::document::Document;
use super::operation::{Body, Content, Operation, Parameter, ParameterKey, Part, Response};
use super::pagination;
use super::text::joined;

pub struct OperationReader<'a> {
    pub document: &'a Document,
    pub path: &'a str,
    pub item: &'a Value,
    pub value: &'a Value,
}

/// The names of a path's parameters, in their order.
fn names_in(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

/// A path whose parameters have no names.
pub fn without_names(path: &str) -> String {
    names_in(path).into_iter().fold(path.to_owned(), |path, name| path.replacen(&format!("{{{name}}}"), "{}", 1))
}

impl OperationReader<'_> {
    pub fn operation(&self, endpoint: &str, prefix: String) -> Result<Operation, String> {
        let (parameters, unreadable) = self.parameters();
        let responses = self.responses()?;
        let pagination = match self.value.get("x-speakeasy-pagination") {
            Some(told) => Some(pagination::told(told)),
            None => pagination::seen(self.document, &parameters, &responses),
        };
        Ok(Operation {
            name: self.value["operationId"].as_str().unwrap_or(endpoint).to_owned(),
            endpoint: endpoint.to_owned(),
            prefix,
            deprecated: self.value["deprecated"] == true,
            body: self.body(),
            security: self.security(),
            servers: self.servers(),
            parameters,
            unreadable,
            responses,
            pagination,
            twice: false,
        })
    }

    /// The parameters of the path and of the operation, which overrides them; and why others cannot be read.
    fn parameters(&self) -> (BTreeMap<ParameterKey, Parameter>, BTreeSet<String>) {
        let (mut parameters, mut unreadable) = (BTreeMap::new(), BTreeSet::new());
        let lists = [self.item, self.value].map(|owner| owner["parameters"].as_array());
        for value in lists.into_iter().flatten().flatten() {
            match self.document.resolve(value).and_then(|value| self.parameter(value)) {
                // OpenAPI says to ignore these where they are listed as parameters.
                Ok((key, _)) if key.place == "header" && IGNORED.contains(&key.name.as_str()) => {}
                Ok((key, parameter)) => _ = parameters.insert(key, parameter),
                Err(why) => _ = unreadable.insert(why),
            }
        }
        (parameters, unreadable)
    }

    fn parameter(&self, value: &Value) -> Result<(ParameterKey, Parameter), String> {
        let [Some(place), Some(name)] = [&value["in"], &value["name"]].map(Value::as_str) else {
            return Err("a parameter has no `name` or no `in`".to_owned());
        };
        let known = match place {
            "path" => match names_in(self.path).iter().position(|n| *n == name) {
                Some(position) => position.to_string(),
                None => return Err(format!("the path has no parameter `{name}`")),
            },
            "header" => name.to_lowercase(),
            _ => name.to_owned(),
        };
        Ok((ParameterKey { place: place.to_owned(), name: known }, parameter(place, name, value)))
    }

    fn body(&self) -> Option<Part<Body>> {
        let body = self.document.resolve(self.value.get("requestBody")?);
        Some(body.map(|body| Body { required: body["required"] == true, content: content(body) }))
    }

    fn responses(&self) -> Result<BTreeMap<String, Part<Response>>, String> {
        let responses = self.value["responses"].as_object().filter(|responses| !responses.is_empty());
        let Some(responses) = responses else {
            return Err("has no responses; is the document cut off?".to_owned());
        };
        let statuses = responses.iter().filter(|(status, _)| !status.starts_with("x-"));
        Ok(statuses.map(|(status, value)| (status.clone(), self.response(value))).collect())
    }

    fn response(&self, value: &Value) -> Part<Response> {
        let response = self.document.resolve(value)?;
        let headers = response["headers"].as_object().into_iter().flatten();
        // OpenAPI says to ignore it here.
        let headers = headers.filter(|(name, _)| !name.eq_ignore_ascii_case("content-type")).map(|(name, value)| {
            (name.to_lowercase(), self.document.resolve(value).map(|value| parameter("header", name, value)))
        });
        Ok(Response { headers: headers.collect(), content: content(response) })
    }

    fn security(&self) -> BTreeSet<String> {
        let listed = self.value.get("security").unwrap_or(&self.document.root["security"]);
        let mut ways = BTreeSet::new();
        for way in listed.as_array().into_iter().flatten().filter_map(Value::as_object) {
            let schemes: BTreeSet<_> = way.iter().map(|(name, scopes)| self.scheme(name, scopes)).collect();
            ways.insert(if schemes.is_empty() { "none".to_owned() } else { joined(&schemes, " and ") });
        }
        if ways.is_empty() {
            ways.insert("none".to_owned());
        }
        ways
    }

    /// What a security scheme sends, whatever it is called.
    fn scheme(&self, name: &str, scopes: &Value) -> String {
        let scheme = match self.document.resolve(&self.document.root["components"]["securitySchemes"][name]) {
            Ok(scheme) => scheme,
            Err(why) => return why,
        };
        let text = |key: &str| scheme[key].as_str().unwrap_or_default();
        let mut words = match text("type") {
            "" => format!("`{name}`, which is not described"),
            "http" => format!("http {}", text("scheme").to_lowercase()),
            "apiKey" => format!("apiKey in {} {}", text("in"), text("name")),
            other => other.to_owned(),
        };
        for scope in scopes.as_array().into_iter().flatten().filter_map(Value::as_str) {
            words = format!("{words} {scope}");
        }
        words
    }

    fn servers(&self) -> BTreeSet<String> {
        let nearest = [self.value, self.item, &self.document.root].into_iter().find_map(|owner| owner.get("servers"));
        let servers = nearest.and_then(Value::as_array).into_iter().flatten();
        servers.filter_map(|server| Some(server["url"].as_str()?.trim_end_matches('/').to_owned())).collect()
    }
}

/// Headers that are no parameters.
const IGNORED: [&str; 3] = ["accept", "content-type", "authorization"];

fn parameter(place: &str, name: &str, value: &Value) -> Parameter {
    let by_content = content(value);
    let style = if by_content.is_empty() { style(place, value) } else { joined(by_content.keys(), " or ") };
    Parameter {
        name: name.to_owned(),
        required: value["required"] == true,
        deprecated: value["deprecated"] == true,
        style,
        allow_reserved: place == "query" && value["allowReserved"] == true,
        allow_empty: place == "query" && value["allowEmptyValue"] == true,
        schema: by_content.into_values().next().unwrap_or_else(|| value["schema"].clone()),
    }
}

fn style(place: &str, parameter: &Value) -> String {
    let usual = if place == "query" || place == "cookie" { "form" } else { "simple" };
    let style = parameter["style"].as_str().unwrap_or(usual);
    let explode = parameter["explode"].as_bool().unwrap_or(style == "form");
    format!("{style}{}", if explode { ", exploded" } else { "" })
}

fn content(owner: &Value) -> Content {
    let media = owner["content"].as_object().into_iter().flatten();
    let bare = |name: &str| name.split(';').next().unwrap_or(name).trim().to_lowercase();
    media.map(|(name, value)| (bare(name), value["schema"].clone())).collect()
}
