//! What the generated code says of an operation and its arguments, and what it builds requests with.

use std::fmt::{self, Display};

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Method};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Request, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::rules::Field;

/// An operation as the contract describes it, with its arguments. Implemented by generated code only.
pub trait Endpoint: Clone + fmt::Debug + Send + Sync + 'static {
    /// The operation's id in the contract.
    const ID: &'static str;
    /// The HTTP method.
    const METHOD: &'static str;
    /// The path's template, as in `/workspaces/{id}`.
    const PATH: &'static str;
    /// The limits of its parameters and of its body.
    const FIELDS: &'static [Field];
    /// The body of a successful answer.
    type Response: DeserializeOwned + Send + 'static;

    /// The request, without a key.
    fn request(&self, base_url: &Url) -> Result<Request, serde_json::Error>;
    /// The arguments that are segments of the path.
    fn path_parameters(&self) -> impl Iterator<Item = (&'static str, &str)>;
    /// The arguments that are in the query.
    fn query_parameters(&self) -> impl Iterator<Item = (&'static str, Option<Value>)>;
    /// The body as JSON.
    fn body(&self) -> Option<serde_json::Result<Value>>;
}

/// An operation that answers with a page of a list. Implemented by generated code only.
pub trait ListEndpoint: Endpoint<Response: ListBody> + Unpin {
    /// How many rows to skip.
    fn offset(&self) -> Option<u64>;
    /// How many rows to skip, to be changed.
    fn offset_mut(&mut self) -> &mut Option<u64>;
    /// How many rows to answer with at most, to be changed.
    fn limit_mut(&mut self) -> &mut Option<u64>;
}

/// The body of a page of a list. Implemented by generated code only.
pub trait ListBody {
    /// A row.
    type Item: DeserializeOwned + Send + Unpin + 'static;

    /// The rows, and how many there are on all pages.
    fn into_rows(self) -> (Vec<Self::Item>, i64);
    /// What tells a row from all others.
    fn id(item: &Self::Item) -> Uuid;
}

/// What cannot stand in a segment of a path as it is.
const RESERVED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// Escapes what would end a segment of a path, or would not be allowed in it.
pub(crate) fn encode_path(segment: &str) -> impl Display {
    utf8_percent_encode(segment, RESERVED)
}

/// What stands for itself in a query, wherever it stands.
const PLAIN_IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Adds parameters to a URL.
pub(crate) fn add_query(url: &mut Url, parameters: &[(String, String)]) {
    for (name, value) in parameters {
        let [name, value] = [name, value].map(|text| utf8_percent_encode(text, PLAIN_IN_QUERY));
        let before = url.query().map(|query| format!("{query}&")).unwrap_or_default();
        url.set_query(Some(&format!("{before}{name}={value}")));
    }
}

/// Builds a request below a base URL.
pub(crate) struct RequestBuilder(Result<Request, serde_json::Error>);

impl RequestBuilder {
    pub(crate) fn new(base_url: &Url, method: Method, path: &str) -> Self {
        let mut url = base_url.clone();
        let base = base_url.path().trim_end_matches('/');
        url.set_path(&[base, path].concat());
        let mut request = Request::new(method, url);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        Self(Ok(request))
    }

    /// A query parameter, unless it is left out.
    pub(crate) fn query(mut self, name: &str, value: &Option<impl Display>) -> Self {
        if let (Ok(request), Some(value)) = (&mut self.0, value) {
            request.url_mut().query_pairs_mut().append_pair(name, &value.to_string());
        }
        self
    }

    pub(crate) fn json(self, body: &impl Serialize) -> Self {
        Self(self.0.and_then(|mut request| {
            *request.body_mut() = Some(serde_json::to_vec(body)?.into());
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Ok(request)
        }))
    }

    pub(crate) fn build(self) -> Result<Request, serde_json::Error> {
        self.0
    }
}
