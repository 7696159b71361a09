//! Where a request goes out.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use reqwest::{Request, Response};

use crate::api_key::BoxError;

/// What [`HttpService::call`] returns.
pub type HttpFuture<'a> = Pin<Box<dyn Future<Output = Result<Response, HttpError>> + Send + 'a>>;

/// Sends single HTTP requests. [`reqwest::Client`] does by default; anything else can, such as a middleware around it, or
/// a test that answers from memory. Given to [`ClientBuilder::http_service`](crate::ClientBuilder::http_service).
///
/// It is called once for each attempt, with the whole request, key included. Retries, deadlines, limits on the size of
/// bodies and hiding the key stay with this crate. It must not follow redirects, and must not retry by itself: a
/// request that is sent twice here may be applied twice. Dropping the future must stop the request.
///
/// A middleware that adds a header:
///
/// ```
/// use openrouter_workspaces::reqwest::{self, header::HeaderValue};
/// use openrouter_workspaces::{Client, Error, HttpFuture, HttpService};
///
/// struct Traced<S>(S);
///
/// impl<S: HttpService> HttpService for Traced<S> {
///     fn call(&self, mut request: reqwest::Request) -> HttpFuture<'_> {
///         request.headers_mut().insert("x-team", HeaderValue::from_static("platform"));
///         self.0.call(request)
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let http = reqwest::Client::builder()
///     .redirect(reqwest::redirect::Policy::none())
///     .retry(reqwest::retry::never())
///     .build()?;
/// let client = Client::builder().api_key("sk-or-v1-...").http_service(Traced(http)).build()?;
/// # Ok(())
/// # }
/// ```
///
/// A service that answers from memory, without a network:
///
/// ```
/// use openrouter_workspaces::{Client, HttpFuture, HttpService, reqwest};
///
/// struct Memory;
///
/// impl HttpService for Memory {
///     fn call(&self, request: reqwest::Request) -> HttpFuture<'_> {
///         assert_eq!(request.url().path(), "/api/v1/workspaces/production/members/remove");
///         Box::pin(async { Ok(http::Response::new(r#"{"removed_count": 2}"#).into()) })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), openrouter_workspaces::Error> {
/// let client = Client::builder().api_key("sk-or-v1-...").http_service(Memory).build()?;
/// let removed = client.bulk_remove_members("production", ["user_a", "user_b"]).await?;
/// assert_eq!(removed.removed_count, 2);
/// # Ok(())
/// # }
/// ```
pub trait HttpService: Send + Sync + 'static {
    /// Sends a request, and returns the answer as soon as its headers are there.
    fn call(&self, request: Request) -> HttpFuture<'_>;
}

impl HttpService for reqwest::Client {
    fn call(&self, request: Request) -> HttpFuture<'_> {
        let answer = self.execute(request);
        Box::pin(async { answer.await.map_err(HttpError::from) })
    }
}

/// Why an [`HttpService`] has no answer.
#[derive(Debug)]
pub struct HttpError {
    pub(crate) sent: bool,
    pub(crate) source: BoxError,
}

impl HttpError {
    /// No connection could be made: nothing reached the server, and even a create may be sent again.
    pub fn not_sent(source: impl Into<BoxError>) -> Self {
        Self { sent: false, source: source.into() }
    }

    /// The connection broke. The request may have reached the server.
    pub fn broken(source: impl Into<BoxError>) -> Self {
        Self { sent: true, source: source.into() }
    }

    pub(crate) fn what(&self) -> &'static str {
        if self.sent { "the connection failed" } else { "cannot connect" }
    }
}

impl From<reqwest::Error> for HttpError {
    fn from(error: reqwest::Error) -> Self {
        Self { sent: !error.is_connect(), source: error.without_url().into() }
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what())
    }
}

impl StdError for HttpError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}
