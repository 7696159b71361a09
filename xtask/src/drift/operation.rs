//! What an operation consists of, with everything that it refers to looked up.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Where a parameter stands, and its name. One in the path is known by its position, for its name is never sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ParameterKey {
    pub place: String,
    pub name: String,
}

/// Schemas by the media type that they belong to.
pub type Content = BTreeMap<String, Value>;

/// A part of an operation, or why it cannot be read.
pub type Part<T> = Result<T, String>;

/// A parameter of a request, or a header of a response.
#[derive(Debug)]
pub struct Parameter {
    /// The name as it is written.
    pub name: String,
    pub required: bool,
    pub deprecated: bool,
    /// How it is written, such as `form, exploded` for a list, or as `application/json`.
    pub style: String,
    /// Whether characters that mean something in a URL may be sent as they are.
    pub allow_reserved: bool,
    /// Whether it may be sent without a value.
    pub allow_empty: bool,
    pub schema: Value,
}

#[derive(Debug)]
pub struct Body {
    pub required: bool,
    pub content: Content,
}

#[derive(Debug)]
pub struct Response {
    /// By name, in lowercase.
    pub headers: BTreeMap<String, Part<Parameter>>,
    pub content: Content,
}

#[derive(Debug)]
pub struct Operation {
    /// The `operationId`, or the endpoint where it has none.
    pub name: String,
    /// The method and the path as it is written.
    pub endpoint: String,
    /// What its places start with: nothing, unless it is the server that calls.
    pub prefix: String,
    pub deprecated: bool,
    pub parameters: BTreeMap<ParameterKey, Parameter>,
    /// Why some of its parameters cannot be read, so that nobody knows which they are.
    pub unreadable: BTreeSet<String>,
    pub body: Option<Part<Body>>,
    /// By status, such as `200`, `4XX` or `default`.
    pub responses: BTreeMap<String, Part<Response>>,
    /// The ways to authenticate, any of which will do.
    pub security: BTreeSet<String>,
    /// The URLs under which it is found.
    pub servers: BTreeSet<String>,
    /// How its rows are paged through, if they are.
    pub pagination: Option<String>,
    /// Whether the document has the endpoint twice, of which this is the first.
    pub twice: bool,
}
