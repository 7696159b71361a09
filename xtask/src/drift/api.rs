//! The operations of a document that matter here, with everything they refer to looked up.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::document::Document;
use super::reading::shape;
use crate::codegen::contract::METHODS;

/// A method and a path, whose parameters have no names: `GET /workspaces/{}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Endpoint {
    path: String,
    method: &'static str,
}

/// Where a parameter stands, and its name. One in the path is known by its position, for its name is never sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ParameterKey {
    pub place: String,
    pub name: String,
}

/// Schemas by the media type that they belong to.
pub type Content = BTreeMap<String, Value>;

#[derive(Debug)]
pub struct Parameter {
    /// The name as it is written.
    pub name: String,
    pub required: bool,
    pub deprecated: bool,
    /// How lists are written into it, such as `form, exploded`.
    pub style: String,
    pub schema: Value,
}

#[derive(Debug)]
pub struct Body {
    pub required: bool,
    pub content: Content,
}

#[derive(Debug)]
pub struct Operation {
    /// The `operationId`, or the endpoint where it has none.
    pub name: String,
    /// The method and the path as it is written.
    pub endpoint: String,
    pub deprecated: bool,
    pub parameters: BTreeMap<ParameterKey, Parameter>,
    pub body: Option<Body>,
    /// By status, such as `200`, `4XX` or `default`.
    pub responses: BTreeMap<String, Content>,
    /// The ways to authenticate, any of which will do.
    pub security: BTreeSet<String>,
    /// The URLs under which it is found.
    pub servers: BTreeSet<String>,
    /// How its rows are paged through, if they are.
    pub pagination: Option<String>,
}

/// The operations that belong to the Workspaces API, by what an HTTP client sees of them.
pub struct Api<'a> {
    pub document: &'a Document,
    pub operations: BTreeMap<Endpoint, Operation>,
}

impl<'a> Api<'a> {
    /// The operations of a document whose path or tag speaks of workspaces.
    pub fn of(document: &'a Document) -> Result<Self, String> {
        let mut operations = BTreeMap::new();
        for (path, item) in document.root["paths"].as_object().into_iter().flatten() {
            let item = document.resolve(item)?;
            for method in METHODS {
                let Some(value) = item.get(method) else { continue };
                if !is_of_workspaces(path, value) {
                    continue;
                }
                let endpoint = Endpoint { path: without_names(path), method };
                let name = format!("{} {path}", method.to_uppercase());
                let operation = Reader { document, path, item, value }.operation(&name);
                let operation = operation.map_err(|e| format!("{name}: {e}"))?;
                if operations.insert(endpoint, operation).is_some() {
                    return Err(format!("{name}: the document has this endpoint twice"));
                }
            }
        }
        if operations.is_empty() {
            return Err("has no operation of the Workspaces API; is it the right document, and all of it?".to_owned());
        }
        Ok(Self { document, operations })
    }
}

fn is_of_workspaces(path: &str, operation: &Value) -> bool {
    let tags = operation["tags"].as_array().into_iter().flatten().filter_map(Value::as_str);
    [path].into_iter().chain(tags).any(|text| text.to_lowercase().contains("workspace"))
}

/// The names of a path's parameters, in their order.
fn names_in(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

fn without_names(path: &str) -> String {
    names_in(path).into_iter().fold(path.to_owned(), |path, name| path.replacen(&format!("{{{name}}}"), "{}", 1))
}

struct Reader<'a> {
    document: &'a Document,
    path: &'a str,
    item: &'a Value,
    value: &'a Value,
}

impl Reader<'_> {
    fn operation(&self, endpoint: &str) -> Result<Operation, String> {
        let parameters = self.parameters()?;
        let responses = self.responses()?;
        let pagination = match self.value.get("x-speakeasy-pagination") {
            Some(told) => Some(told_pagination(told)),
            None => self.seen_pagination(&parameters, &responses)?,
        };
        Ok(Operation {
            name: self.value["operationId"].as_str().unwrap_or(endpoint).to_owned(),
            endpoint: endpoint.to_owned(),
            deprecated: self.value["deprecated"] == true,
            body: self.body()?,
            security: self.security()?,
            servers: self.servers(),
            parameters,
            responses,
            pagination,
        })
    }

    /// The parameters of the path and of the operation, which overrides them.
    fn parameters(&self) -> Result<BTreeMap<ParameterKey, Parameter>, String> {
        let positions = names_in(self.path);
        let mut parameters = BTreeMap::new();
        let lists = [self.item, self.value].map(|owner| owner["parameters"].as_array());
        for value in lists.into_iter().flatten().flatten() {
            let value = self.document.resolve(value)?;
            let [Some(place), Some(name)] = [&value["in"], &value["name"]].map(Value::as_str) else {
                return Err("a parameter has no `name` or no `in`".to_owned());
            };
            let known = match place {
                "path" => match positions.iter().position(|n| *n == name) {
                    Some(position) => position.to_string(),
                    None => return Err(format!("the path has no parameter `{name}`")),
                },
                "header" => name.to_lowercase(),
                _ => name.to_owned(),
            };
            // OpenAPI says to ignore these where they are listed as parameters.
            if place == "header" && ["accept", "content-type", "authorization"].contains(&known.as_str()) {
                continue;
            }
            let content = value["content"].as_object().and_then(|content| content.values().next());
            let schema = content.map_or(&value["schema"], |media| &media["schema"]);
            let parameter = Parameter {
                name: name.to_owned(),
                required: value["required"] == true,
                deprecated: value["deprecated"] == true,
                style: style(place, value),
                schema: schema.clone(),
            };
            parameters.insert(ParameterKey { place: place.to_owned(), name: known }, parameter);
        }
        Ok(parameters)
    }

    fn body(&self) -> Result<Option<Body>, String> {
        let Some(body) = self.value.get("requestBody") else { return Ok(None) };
        let body = self.document.resolve(body)?;
        Ok(Some(Body { required: body["required"] == true, content: content(body) }))
    }

    fn responses(&self) -> Result<BTreeMap<String, Content>, String> {
        let responses = self.value["responses"].as_object().filter(|responses| !responses.is_empty());
        let Some(responses) = responses else {
            return Err("has no responses; is the document cut off?".to_owned());
        };
        let statuses = responses.iter().filter(|(status, _)| !status.starts_with("x-"));
        statuses.map(|(status, value)| Ok((status.clone(), content(self.document.resolve(value)?)))).collect()
    }

    fn security(&self) -> Result<BTreeSet<String>, String> {
        let listed = self.value.get("security").unwrap_or(&self.document.root["security"]);
        let mut ways = BTreeSet::new();
        for way in listed.as_array().into_iter().flatten().filter_map(Value::as_object) {
            let schemes = way.iter().map(|(name, scopes)| self.scheme(name, scopes));
            let schemes: BTreeSet<_> = schemes.collect::<Result<_, _>>()?;
            ways.insert(if schemes.is_empty() { "none".to_owned() } else { joined(&schemes, " and ") });
        }
        if ways.is_empty() {
            ways.insert("none".to_owned());
        }
        Ok(ways)
    }

    /// What a security scheme sends, whatever it is called.
    fn scheme(&self, name: &str, scopes: &Value) -> Result<String, String> {
        let scheme = &self.document.root["components"]["securitySchemes"][name];
        let scheme = self.document.resolve(scheme)?;
        let text = |key: &str| scheme[key].as_str().unwrap_or_default();
        let mut words = match text("type") {
            "" => return Err(format!("the security scheme `{name}` is not described; is the document cut off?")),
            "http" => format!("http {}", text("scheme").to_lowercase()),
            "apiKey" => format!("apiKey in {} {}", text("in"), text("name")),
            other => other.to_owned(),
        };
        for scope in scopes.as_array().into_iter().flatten().filter_map(Value::as_str) {
            words = format!("{words} {scope}");
        }
        Ok(words)
    }

    fn servers(&self) -> BTreeSet<String> {
        let nearest = [self.value, self.item, &self.document.root].into_iter().find_map(|owner| owner.get("servers"));
        let servers = nearest.and_then(Value::as_array).into_iter().flatten();
        servers.filter_map(|server| Some(server["url"].as_str()?.trim_end_matches('/').to_owned())).collect()
    }

    /// Pagination as parameters and answer show it, where no extension tells.
    fn seen_pagination(
        &self,
        parameters: &BTreeMap<ParameterKey, Parameter>,
        responses: &BTreeMap<String, Content>,
    ) -> Result<Option<String>, String> {
        let takes = |name: &str| parameters.contains_key(&ParameterKey { place: "query".into(), name: name.into() });
        let Some(schema) = responses.get("200").and_then(|content| content.get("application/json")) else {
            return Ok(None);
        };
        let answer = shape(self.document, schema)?;
        let Some(rows) = answer.fields.get("data").filter(|_| takes("offset") && takes("limit")) else {
            return Ok(None);
        };
        let rows = shape(self.document, &rows.schema)?;
        Ok(rows.items.map(|_| "offsetLimit by limit, offset with rows in $.data".to_owned()))
    }
}

/// Pagination as the extension of the official SDKs' generator tells it.
fn told_pagination(told: &Value) -> String {
    let inputs = told["inputs"].as_array().into_iter().flatten();
    let names: BTreeSet<_> = inputs.filter_map(|input| input["name"].as_str().map(str::to_owned)).collect();
    let kind = told["type"].as_str().unwrap_or("unknown");
    let rows = told["outputs"]["results"].as_str().unwrap_or("$");
    let mut text = format!("{kind} by {} with rows in {rows}", joined(&names, ", "));
    if let Some(next) = told["outputs"]["nextCursor"].as_str() {
        text += &format!(" and next in {next}");
    }
    text
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

/// Texts in one.
pub fn joined<'a>(texts: impl IntoIterator<Item = &'a String>, separator: &str) -> String {
    texts.into_iter().map(String::as_str).collect::<Vec<_>>().join(separator)
}
