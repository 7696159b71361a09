//! Requests: values that take options, and are sent by `.await`.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use progenitor_client::ResponseValue;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::generated;
use crate::response::Response;
use crate::retry::RetryConfig;
use crate::transport::{Options, Sender, Shared, insert_header};

/// What a generated operation returns.
pub(crate) type Answer<T> = Result<ResponseValue<T>, generated::Error<()>>;

/// An operation of the API with its arguments. Not for implementing: the operations are in [`operation`](crate::operation).
pub trait Operation: Clone + fmt::Debug + Send + Sync + 'static {
    /// What the call results in.
    type Output: Send + 'static;
    /// What the contract says the answer is.
    #[doc(hidden)]
    type Wire: DeserializeOwned + Send + 'static;
    /// Checks the arguments, before anything is sent.
    #[doc(hidden)]
    fn check(&self) -> Result<(), Error>;
    #[doc(hidden)]
    fn call(self, api: generated::Client) -> impl Future<Output = Answer<Self::Wire>> + Send;
    /// Sends it, once or several times.
    #[doc(hidden)]
    fn perform(self, sender: &mut Sender) -> impl Future<Output = Result<Response<Self::Wire>, Error>> + Send {
        async move { sender.send(true, |api| self.call(api)).await }
    }
    #[doc(hidden)]
    fn output(&self, wire: Self::Wire) -> Self::Output;
}

/// A request that is not sent yet.
///
/// `.await` sends it. Before that it takes the settings of its operation, and options for this call alone. A clone can
/// be sent again.
///
/// ```
/// # use openrouter_workspaces::{Client, Error, RetryConfig};
/// # use std::time::Duration;
/// # async fn example(client: Client) -> Result<(), Error> {
/// let workspace = client
///     .get("production")
///     .timeout(Duration::from_secs(5))
///     .retry(RetryConfig::none())
///     .header("x-trace", "4711")
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a request is only sent by `.await`"]
pub struct Request<O> {
    shared: Arc<Shared>,
    options: Options,
    /// As they were given; they are checked when the request is sent.
    headers: Vec<(String, String)>,
    pub(crate) operation: O,
}

impl<O: Operation> Request<O> {
    pub(crate) fn new(shared: &Arc<Shared>, operation: O) -> Self {
        Self { shared: shared.clone(), options: shared.defaults.clone(), headers: Vec::new(), operation }
    }

    /// Retries this call differently from the client's other calls.
    pub fn retry(mut self, retry: RetryConfig) -> Self {
        self.options.retry = retry;
        self
    }

    /// The time for the whole call: all attempts, the waits between them, and the body.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.total_timeout = Some(timeout);
        self
    }

    /// The time for each attempt: connecting, sending, and reading the whole answer.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.options.attempt_timeout = Some(timeout);
        self
    }

    /// Sends a header along. Sending the request fails with [`Error::InvalidInput`] if it is not a valid header, or is
    /// `Authorization`.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends the request, and returns the status, the headers, the body, and the number of attempts with the result.
    pub async fn send_with_meta(self) -> Result<Response<O::Output>, Error> {
        let Self { shared, mut options, headers, operation } = self;
        options.retry.check()?;
        for (name, value) in &headers {
            insert_header(&mut options.headers, name, value)?;
        }
        operation.check()?;
        let mut sender = Sender::new(shared, options);
        let response = operation.clone().perform(&mut sender).await?;
        Ok(response.map(|wire| operation.output(wire)))
    }
}

impl<O: Operation> IntoFuture for Request<O> {
    type Output = Result<O::Output, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(self.send_with_meta().await?.data) })
    }
}

impl<O: fmt::Debug> fmt::Debug for Request<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Request").field(&self.operation).finish()
    }
}
