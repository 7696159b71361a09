//! What an OpenAPI 3.0 document is made of: which keywords each of its objects has, and what they hold.

use serde_json::Value;

use super::contract::{Contract, ContractError, Place};

/// A kind of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Object {
    Document,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Components,
    PathItem,
    Operation,
    ExternalDocs,
    Parameter,
    Header,
    RequestBody,
    MediaType,
    Encoding,
    Response,
    Example,
    Link,
    Tag,
    Schema,
    Discriminator,
    Xml,
    SecurityScheme,
    OAuthFlows,
    OAuthFlow,
}

/// What a keyword holds.
#[derive(Clone, Copy, Debug)]
pub enum Holds {
    /// Nothing with keywords of its own: a text, a number, an example.
    Plain,
    One(Object),
    List(Object),
    /// Objects by names of one's own.
    Map(Object),
    /// Maps of them, again by names of one's own.
    Maps(Object),
    /// A schema, or whether there may be any.
    SchemaOrFlag,
}

use Holds::{List, Map, Maps, One, Plain, SchemaOrFlag};

impl Object {
    /// The kind in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Document => "an OpenAPI document",
            Self::Info => "info",
            Self::Contact => "a contact",
            Self::License => "a license",
            Self::Server => "a server",
            Self::ServerVariable => "a server variable",
            Self::Components => "components",
            Self::PathItem => "a path",
            Self::Operation => "an operation",
            Self::ExternalDocs => "externalDocs",
            Self::Parameter => "a parameter",
            Self::Header => "a header",
            Self::RequestBody => "a request body",
            Self::MediaType => "a media type",
            Self::Encoding => "an encoding",
            Self::Response => "a response",
            Self::Example => "an example",
            Self::Link => "a link",
            Self::Tag => "a tag",
            Self::Schema => "a schema",
            Self::Discriminator => "a discriminator",
            Self::Xml => "xml",
            Self::SecurityScheme => "a security scheme",
            Self::OAuthFlows => "flows",
            Self::OAuthFlow => "a flow",
        }
    }

    /// The keywords, and what they hold. Those that start with `x-` are anybody's.
    pub fn keywords(self) -> &'static [(&'static str, Holds)] {
        match self {
            Self::Document => &[
                ("openapi", Plain),
                ("info", One(Self::Info)),
                ("servers", List(Self::Server)),
                ("paths", Map(Self::PathItem)),
                ("components", One(Self::Components)),
                ("security", Plain),
                ("tags", List(Self::Tag)),
                ("externalDocs", One(Self::ExternalDocs)),
            ],
            Self::Info => &[
                ("title", Plain),
                ("description", Plain),
                ("termsOfService", Plain),
                ("contact", One(Self::Contact)),
                ("license", One(Self::License)),
                ("version", Plain),
            ],
            Self::Contact => &[("name", Plain), ("url", Plain), ("email", Plain)],
            Self::License => &[("name", Plain), ("url", Plain)],
            Self::Server => &[("url", Plain), ("description", Plain), ("variables", Map(Self::ServerVariable))],
            Self::ServerVariable => &[("enum", Plain), ("default", Plain), ("description", Plain)],
            Self::Components => &[
                ("schemas", Map(Self::Schema)),
                ("responses", Map(Self::Response)),
                ("parameters", Map(Self::Parameter)),
                ("examples", Map(Self::Example)),
                ("requestBodies", Map(Self::RequestBody)),
                ("headers", Map(Self::Header)),
                ("securitySchemes", Map(Self::SecurityScheme)),
                ("links", Map(Self::Link)),
                ("callbacks", Maps(Self::PathItem)),
            ],
            Self::PathItem => &[
                ("summary", Plain),
                ("description", Plain),
                ("get", One(Self::Operation)),
                ("put", One(Self::Operation)),
                ("post", One(Self::Operation)),
                ("delete", One(Self::Operation)),
                ("options", One(Self::Operation)),
                ("head", One(Self::Operation)),
                ("patch", One(Self::Operation)),
                ("trace", One(Self::Operation)),
                ("servers", List(Self::Server)),
                ("parameters", List(Self::Parameter)),
            ],
            Self::Operation => &[
                ("tags", Plain),
                ("summary", Plain),
                ("description", Plain),
                ("externalDocs", One(Self::ExternalDocs)),
                ("operationId", Plain),
                ("parameters", List(Self::Parameter)),
                ("requestBody", One(Self::RequestBody)),
                ("responses", Map(Self::Response)),
                ("callbacks", Maps(Self::PathItem)),
                ("deprecated", Plain),
                ("security", Plain),
                ("servers", List(Self::Server)),
            ],
            Self::ExternalDocs => &[("description", Plain), ("url", Plain)],
            Self::Parameter => &[
                ("name", Plain),
                ("in", Plain),
                ("description", Plain),
                ("required", Plain),
                ("deprecated", Plain),
                ("allowEmptyValue", Plain),
                ("style", Plain),
                ("explode", Plain),
                ("allowReserved", Plain),
                ("schema", One(Self::Schema)),
                ("example", Plain),
                ("examples", Map(Self::Example)),
                ("content", Map(Self::MediaType)),
            ],
            Self::Header => &[
                ("description", Plain),
                ("required", Plain),
                ("deprecated", Plain),
                ("style", Plain),
                ("explode", Plain),
                ("schema", One(Self::Schema)),
                ("example", Plain),
                ("examples", Map(Self::Example)),
                ("content", Map(Self::MediaType)),
            ],
            Self::RequestBody => &[("description", Plain), ("content", Map(Self::MediaType)), ("required", Plain)],
            Self::MediaType => &[
                ("schema", One(Self::Schema)),
                ("example", Plain),
                ("examples", Map(Self::Example)),
                ("encoding", Map(Self::Encoding)),
            ],
            Self::Encoding => &[
                ("contentType", Plain),
                ("headers", Map(Self::Header)),
                ("style", Plain),
                ("explode", Plain),
                ("allowReserved", Plain),
            ],
            Self::Response => &[
                ("description", Plain),
                ("headers", Map(Self::Header)),
                ("content", Map(Self::MediaType)),
                ("links", Map(Self::Link)),
            ],
            Self::Example => &[("summary", Plain), ("description", Plain), ("value", Plain), ("externalValue", Plain)],
            Self::Link => &[
                ("operationRef", Plain),
                ("operationId", Plain),
                ("parameters", Plain),
                ("requestBody", Plain),
                ("description", Plain),
                ("server", One(Self::Server)),
            ],
            Self::Tag => &[("name", Plain), ("description", Plain), ("externalDocs", One(Self::ExternalDocs))],
            Self::Schema => &[
                ("title", Plain),
                ("multipleOf", Plain),
                ("maximum", Plain),
                ("exclusiveMaximum", Plain),
                ("minimum", Plain),
                ("exclusiveMinimum", Plain),
                ("maxLength", Plain),
                ("minLength", Plain),
                ("pattern", Plain),
                ("maxItems", Plain),
                ("minItems", Plain),
                ("uniqueItems", Plain),
                ("maxProperties", Plain),
                ("minProperties", Plain),
                ("required", Plain),
                ("enum", Plain),
                ("type", Plain),
                ("allOf", List(Self::Schema)),
                ("oneOf", List(Self::Schema)),
                ("anyOf", List(Self::Schema)),
                ("not", One(Self::Schema)),
                ("items", One(Self::Schema)),
                ("properties", Map(Self::Schema)),
                ("additionalProperties", SchemaOrFlag),
                ("description", Plain),
                ("format", Plain),
                ("default", Plain),
                ("nullable", Plain),
                ("discriminator", One(Self::Discriminator)),
                ("readOnly", Plain),
                ("writeOnly", Plain),
                ("xml", One(Self::Xml)),
                ("externalDocs", One(Self::ExternalDocs)),
                ("example", Plain),
                ("deprecated", Plain),
                ("x-absent", Plain),
                ("x-always-present", Plain),
                ("x-extensible-enum", Plain),
                ("x-null-means", Plain),
                ("x-pattern-words", Plain),
                ("x-server-default", Plain),
            ],
            Self::Discriminator => &[("propertyName", Plain), ("mapping", Plain)],
            Self::Xml => {
                &[("name", Plain), ("namespace", Plain), ("prefix", Plain), ("attribute", Plain), ("wrapped", Plain)]
            }
            Self::SecurityScheme => &[
                ("type", Plain),
                ("description", Plain),
                ("name", Plain),
                ("in", Plain),
                ("scheme", Plain),
                ("bearerFormat", Plain),
                ("flows", One(Self::OAuthFlows)),
                ("openIdConnectUrl", Plain),
            ],
            Self::OAuthFlows => &[
                ("implicit", One(Self::OAuthFlow)),
                ("password", One(Self::OAuthFlow)),
                ("clientCredentials", One(Self::OAuthFlow)),
                ("authorizationCode", One(Self::OAuthFlow)),
            ],
            Self::OAuthFlow => {
                &[("authorizationUrl", Plain), ("tokenUrl", Plain), ("refreshUrl", Plain), ("scopes", Plain)]
            }
        }
    }
}

/// What is done with each object of a document.
type Visit<'v> = dyn FnMut(Object, &Place, &Value) -> Result<(), ContractError> + 'v;

/// Calls `visit` with every object of a contract that is no reference, an outer one before those inside it.
pub fn each_object(contract: &Contract, visit: &mut Visit<'_>) -> Result<(), ContractError> {
    object(Object::Document, &Place::new(&[]), &contract.root, visit)
}

fn object(kind: Object, place: &Place, value: &Value, visit: &mut Visit<'_>) -> Result<(), ContractError> {
    if value.get("$ref").is_some_and(Value::is_string) {
        return Ok(());
    }
    visit(kind, place, value)?;
    for (keyword, holds) in kind.keywords() {
        if let Some(inner) = value.get(keyword) {
            held(*holds, &place.join(&[keyword]), inner, visit)?;
        }
    }
    Ok(())
}

fn held(holds: Holds, place: &Place, value: &Value, visit: &mut Visit<'_>) -> Result<(), ContractError> {
    match holds {
        Plain => Ok(()),
        SchemaOrFlag if value.is_boolean() => Ok(()),
        SchemaOrFlag => object(Object::Schema, place, value, visit),
        One(kind) => object(kind, place, value, visit),
        List(kind) => {
            let mut items = value.as_array().into_iter().flatten().enumerate();
            items.try_for_each(|(index, item)| object(kind, &place.join(&[&index.to_string()]), item, visit))
        }
        Map(kind) => named(kind, value).try_for_each(|(name, inner)| object(kind, &place.join(&[name]), inner, visit)),
        Maps(kind) => {
            named(kind, value).try_for_each(|(name, inner)| held(Map(kind), &place.join(&[name]), inner, visit))
        }
    }
}

/// The entries of a map; beside paths and statuses, there may be extensions.
fn named(kind: Object, map: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let extensions = [Object::PathItem, Object::Response].contains(&kind);
    map.as_object().into_iter().flatten().filter(move |(name, _)| !(extensions && name.starts_with("x-")))
}
