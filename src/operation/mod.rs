//! The requests of all operations, such as [`UpdateRequest`], with their settings, and what they have in common.
//!
//! An operation is the type parameter of its [`Request`]: an [`UpdateRequest`] is a `Request<UpdateWorkspace>`.

mod budgets;
mod hint;
mod look_up;
mod members;
mod page;
mod reconcile;
mod requests;
mod validate;
mod workspaces;

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use reqwest::Url;
use tokio::time::Instant;

use crate::endpoint::{Endpoint, add_query};
use crate::error::{CallSummary, Error, InvalidInput};
use crate::not_a_future::AwaitedFirst;
use crate::transport::{
    Call, CallOptions, ClientInner, Repeat, Response, RetryConfig, check_runtime, insert_header, trace,
};
use crate::unknown_value::{UnknownValue, UnknownValues};

pub use page::{Page, Paged};
pub(crate) use reconcile::differing;
pub use requests::*;

/// The parameter of paths that names a workspace.
const WORKSPACE: &str = "id";

/// An operation of the API with its arguments. Not for implementing:
/// the operations are in [`operation`](crate::operation).
pub trait Operation: Endpoint {
    /// What the call results in: the one thing that it is about, a workspace or a budget, without the envelope that it comes
    /// in; or else the answer as the API sends it, a page of a list as a [`Page`].
    type Output: From<Self::Response> + Send + 'static;
    /// The name of the client's method.
    #[doc(hidden)]
    const NAME: &'static str;
    /// The method of the client that takes any number of what this one takes a limited number of.
    #[doc(hidden)]
    const ANY_NUMBER: Option<&'static str> = None;
    /// Sends it, once or several times.
    #[doc(hidden)]
    fn perform(&self, call: &mut Call) -> impl Future<Output = Result<Response<Self::Response>, Error>> + Send {
        call.send(self, Repeat::Always)
    }
    /// What the body of an answer comes to.
    #[doc(hidden)]
    fn output(&self, body: Self::Response) -> Self::Output {
        body.into()
    }
}

/// A request that is not sent yet.
///
/// `.await` sends it. Before that it takes the settings of its operation, and options for this call alone. A clone can
/// be sent again.
///
/// Further down are the settings of all operations. The page of an operation's own request has those that it takes:
///
/// - [`list`](crate::Client::list) makes a [`ListRequest`]:
///   [`limit`](ListRequest#method.limit), [`offset`](ListRequest#method.offset), [`items`](ListRequest#method.items),
///   [`pages`](ListRequest#method.pages), [`all`](ListRequest#method.all)
/// - [`create`](crate::Client::create) makes a [`CreateRequest`]:
#[doc = crate::generated::create_workspace_settings!("CreateRequest")]
/// - [`get`](crate::Client::get) makes a [`GetRequest`]
/// - [`update`](crate::Client::update) makes an [`UpdateRequest`]:
#[doc = crate::generated::update_workspace_settings!("UpdateRequest")]
/// - [`delete`](crate::Client::delete) makes a [`DeleteRequest`]:
///   [`confirm_default_workspace_deletion`](DeleteRequest#method.confirm_default_workspace_deletion)
/// - [`list_members`](crate::Client::list_members) makes a [`ListMembersRequest`]:
///   [`limit`](ListMembersRequest#method.limit), [`offset`](ListMembersRequest#method.offset),
///   [`items`](ListMembersRequest#method.items), [`pages`](ListMembersRequest#method.pages),
///   [`all`](ListMembersRequest#method.all)
/// - [`bulk_add_members`](crate::Client::bulk_add_members) makes a [`BulkAddMembersRequest`]
/// - [`bulk_remove_members`](crate::Client::bulk_remove_members) makes a [`BulkRemoveMembersRequest`]
/// - [`list_budgets`](crate::Client::list_budgets) makes a [`ListBudgetsRequest`]
/// - [`get_budget`](crate::Client::get_budget) makes a [`GetBudgetRequest`]
/// - [`set_budget`](crate::Client::set_budget) makes a [`SetBudgetRequest`]:
#[doc = crate::generated::upsert_workspace_budget_settings!("SetBudgetRequest")]
/// - [`delete_budget`](crate::Client::delete_budget) makes a [`DeleteBudgetRequest`]
///
/// All take [`timeout`](Self::timeout), [`attempt_timeout`](Self::attempt_timeout), [`retry`](Self::retry),
/// [`header`](Self::header) and [`query`](Self::query).
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
///
/// A request becomes a future when it is awaited. What asks for a future, such as `tokio::spawn`, `join_all` and
/// `block_on`, is given [`into_future()`](IntoFuture::into_future), which is `Send` and `'static`; without it,
/// the compiler
/// says so. `tokio::join!` and `tokio::time::timeout` take the request itself.
///
/// ```
/// # use openrouter_workspaces::{Client, Error};
/// use futures_util::future::try_join_all;
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let slugs = ["production", "staging"];
/// let workspaces = try_join_all(slugs.map(|slug| client.get(slug).into_future())).await?;
///
/// let task = tokio::spawn(client.delete("old").into_future());
/// let (one, other) = tokio::try_join!(client.get("production"), client.list_members("production"))?;
/// task.await??;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a request is only sent by `.await`; where a future is asked for, give `.into_future()`"]
pub struct Request<O> {
    client: Arc<ClientInner>,
    options: Arc<CallOptions>,
    /// As they were given; they are checked when the request is sent.
    headers: Vec<(String, String)>,
    /// The arguments that were given as text, and are refused when the request is sent.
    pub(crate) unknown: UnknownValues,
    pub(crate) operation: O,
}

/// For the requests of all operations.
impl<O: Operation> Request<O> {
    pub(crate) fn new(client: &Arc<ClientInner>, operation: O) -> Self {
        let (headers, unknown) = Default::default();
        Self { client: client.clone(), options: client.defaults.clone(), headers, unknown, operation }
    }

    /// Sets an argument that may have been given as text, if it is known.
    pub(crate) fn given<T>(
        mut self,
        name: &'static str,
        value: Result<T, impl Into<UnknownValue>>,
        set: impl FnOnce(&mut O, T),
    ) -> Self {
        if let Some(value) = self.unknown.known(name, value) {
            set(&mut self.operation, value);
        }
        self
    }

    /// Retries this call differently from the client's other calls.
    pub fn retry(mut self, retry: RetryConfig) -> Self {
        Arc::make_mut(&mut self.options).retry = retry;
        self
    }

    /// The time for the whole call: all attempts, the waits between them, and the body.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.options).total_timeout = Some(timeout);
        self
    }

    /// Lets the call be over by then, too, whatever its timeout. The pages of a walk have this in common.
    pub(crate) fn deadline(mut self, deadline: Option<Instant>) -> Self {
        Arc::make_mut(&mut self.options).deadline = deadline;
        self
    }

    /// Whether the call may look up what its answers do not tell.
    pub(crate) fn looks_up(&self) -> bool {
        self.options.retry.reconcile
    }

    /// The time for each attempt: connecting, sending, and reading the whole answer.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.options).attempt_timeout = Some(timeout);
        self
    }

    /// Sends a header along. Sending the request fails with [`Error::InvalidInput`] if it is not a valid header, or is
    /// `Authorization`.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a parameter to the URL of every request of this call, look-ups included, and of every page of a walk. So a
    /// server of another age can be reached, which knows a parameter that this version does not.
    ///
    /// Name and value are percent-encoded. Sending the request fails with [`Error::InvalidInput`] if the name is empty, or
    /// one of the operation's own.
    ///
    /// ```
    /// # use openrouter_workspaces::{Client, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// client.delete("default").query("confirm_default_settings_deletion", "true").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn query(mut self, name: &str, value: &str) -> Self {
        Arc::make_mut(&mut self.options).query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends the request, and returns the status, the headers, the body, the number of attempts, and what the result
    /// rests on, with the result.
    pub async fn send_with_meta(self) -> Result<Response<O::Output>, Error> {
        trace::call(O::NAME, O::METHOD, O::PATH, &self.client, async {
            let mut call = Call::new(self.client.clone(), self.options.clone());
            let result = match self.prepare(&mut call.options).and_then(|()| check_runtime()) {
                Ok(()) => self.operation.perform(&mut call).await,
                Err(error) => Err(error.into()),
            };
            let response = call.end(O::METHOD, result, || self.summary())?;
            Ok(response.map(|body| self.operation.output(body)))
        })
        .await
    }

    /// Checks all that was given, and completes the options of the call.
    fn prepare(&self, options: &mut Arc<CallOptions>) -> Result<(), InvalidInput> {
        options.retry.check()?;
        for (name, value) in &self.headers {
            insert_header(&mut Arc::make_mut(options).headers, name, value)?;
        }
        if let Some((name, unknown)) = self.unknown.first() {
            return Err(InvalidInput::new(name, unknown.rule(|text| self.redacted(text))));
        }
        validate::extra_query(&self.operation, &self.options.query)?;
        validate::arguments(&self.operation, O::ANY_NUMBER)
    }

    /// Checks all that was given, as sending does before anything else, and sends nothing.
    ///
    /// ```
    /// # fn main() -> Result<(), openrouter_workspaces::Error> {
    /// # let client = openrouter_workspaces::Client::new("sk-or-v1-...")?;
    /// client.create("Research", "research").check()?;
    /// assert!(client.create("Research", "Research").check().is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn check(&self) -> Result<(), Error> {
        self.prepare(&mut self.options.clone()).map_err(|error| self.refuse(error))
    }

    /// The list or thing that the request is about, as a URL.
    pub(crate) fn url(&self) -> Option<Url> {
        Some(self.operation.request(&self.client.base_url).ok()?.url().clone())
    }

    /// The URL without the operation's own parameters, with the key hidden, which may have been given in the place of a name.
    pub(crate) fn list_url(&self) -> Option<String> {
        let mut url = self.url()?;
        url.set_query(None);
        add_query(&mut url, &self.options.query);
        Some(self.redacted(url))
    }

    /// The text with the key hidden.
    pub(crate) fn redacted(&self, text: impl Into<String>) -> String {
        self.client.keys.redactor(None).text(text)
    }

    /// The error for what cannot be used, where nothing is sent for it.
    pub(crate) fn refuse(&self, error: InvalidInput) -> Error {
        Error::from(error).of_call(self.summary(), &self.client.keys.redactor(None))
    }

    /// The request as an error names it.
    pub(crate) fn summary(&self) -> CallSummary {
        let base_url = &self.client.base_url;
        let valid = self.unknown.first().is_none() && validate::arguments(&self.operation, None).is_ok();
        let path = self.url().filter(|_| valid).and_then(|url| {
            let base = base_url.path().trim_end_matches('/');
            Some(url.path().strip_prefix(base)?.to_owned())
        });
        let port = base_url.port().map(|port| format!(":{port}")).unwrap_or_default();
        CallSummary {
            operation: O::NAME,
            method: O::METHOD,
            path: self.redacted(path.unwrap_or_else(|| O::PATH.to_owned())),
            workspace: self
                .operation
                .path_parameters()
                .find(|(name, _)| *name == WORKSPACE)
                .map(|(_, id)| self.redacted(id)),
            host: self.redacted([base_url.host_str().unwrap_or_default(), &port].concat()),
            ..CallSummary::default()
        }
    }
}

impl<O: Operation> IntoFuture for Request<O> {
    type Output = Result<O::Output, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(self.send_with_meta().await?.data) })
    }
}

#[doc(hidden)]
impl<O: Operation> Future for Request<O>
where
    Self: AwaitedFirst,
{
    type Output = Result<O::Output, Error>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        self.never()
    }
}

/// With the key hidden, which may have been given in the place of a name.
impl<O: fmt::Debug> fmt::Debug for Request<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = self.client.keys.redactor(None).text(format!("{:?}", self.operation));
        f.debug_tuple("Request").field(&format_args!("{operation}")).finish()
    }
}
