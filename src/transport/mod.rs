//! Calls: requests go out, answers come back, and what went wrong is tried again.

mod attempt;
mod budget;
mod context;
mod http_service;
mod key_source;
mod response;
mod retry;
mod runtime;
pub(crate) mod trace;

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, TRANSFER_ENCODING};
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use crate::endpoint::{Endpoint, add_query};
use crate::error::{CallSummary, DecodeError, Error, GaveUp, InvalidInput, WrongEndpointError};
use crate::json::from_body;
use attempt::{Received, Timer, attempt};
pub(crate) use budget::RetryBudget;
use context::CallContext;
pub use http_service::{HttpError, HttpFuture, HttpService};
pub(crate) use key_source::KeySource;
pub use response::{Evidence, Response};
pub use retry::{Jitter, Repeat, RetryConfig};
pub(crate) use runtime::check_runtime;

/// What all clones of a client have in common.
#[derive(Debug)]
pub(crate) struct ClientInner {
    pub base_url: Url,
    pub http: Http,
    pub keys: KeySource,
    /// Sent with every attempt: the user agent and the app attribution.
    pub headers: HeaderMap,
    pub defaults: Arc<CallOptions>,
    pub max_body_bytes: usize,
    pub retry_budget: RetryBudget,
}

/// What sends requests.
#[derive(Clone)]
pub(crate) enum Http {
    /// The one of this crate, or, if it is not `own`, one of the caller's, which may follow redirects.
    Reqwest {
        client: reqwest::Client,
        own: bool,
    },
    Service(Arc<dyn HttpService>),
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            // What it prints may have headers of the caller's in it, and the key among them.
            Self::Reqwest { .. } => f.write_str("reqwest::Client"),
            Self::Service(_) => f.write_str("HttpService"),
        }
    }
}

/// What a client decides, and a call can decide otherwise.
#[derive(Clone, Debug)]
pub(crate) struct CallOptions {
    pub retry: RetryConfig,
    pub total_timeout: Option<Duration>,
    /// When the job that the call is a part of has to be over.
    pub deadline: Option<Instant>,
    pub attempt_timeout: Option<Duration>,
    pub headers: HeaderMap,
    /// What the URL of every request has besides the operation's own parameters.
    pub query: Vec<(String, String)>,
}

/// A call under way: all requests that an operation consists of.
#[derive(Debug)]
pub struct Call {
    pub(crate) client: Arc<ClientInner>,
    pub(crate) options: Arc<CallOptions>,
    /// How far the call is.
    pub(crate) context: CallContext,
}

impl Call {
    pub(crate) fn new(client: Arc<ClientInner>, options: Arc<CallOptions>) -> Self {
        let mut context = CallContext::new(options.total_timeout);
        context.deadline = context.deadline.into_iter().chain(options.deadline).min();
        Self { client, options, context }
    }

    /// Sends a request, several times if it has to be, and makes a typed result of the answer.
    pub(crate) async fn send<E: Endpoint>(
        &mut self,
        endpoint: &E,
        repeat: Repeat,
    ) -> Result<Response<E::Response>, Error> {
        let Self { client, options, context } = self;
        let (client, options) = (&**client, &**options);
        let not_json = |error| InvalidInput::new("body", "cannot be written as JSON").caused_by(error);
        let build = || {
            let mut request = endpoint.request(&client.base_url).map_err(not_json)?;
            add_query(request.url_mut(), &options.query);
            Ok(request)
        };
        let attempt = |context: &CallContext| {
            let timer = Timer::new(options, context);
            let build = &build;
            async move {
                // What is boxed here is not moved with the futures around it.
                let received = Box::pin(attempt(client, options, &timer, build)).await;
                let result = received.and_then(|received| decode(received, client));
                result.map_err(|failure| misdirected::<E>(failure, client, build))
            }
        };
        retry::retry(&options.retry, &client.retry_budget, context, repeat, fastrand::f64, attempt).await
    }

    /// Waits before a request that looks up what became of a failed one. Where there is none, the failure comes back as an
    /// error.
    pub(crate) async fn wait_to_look_up(&mut self, failure: Error) -> Result<Error, Error> {
        let Self { client, options, context } = self;
        match failure {
            Error::Timeout(error) if error.is_total() => Err(context.give_up(None, Error::Timeout(error))),
            failure if failure.is_retryable() || failure.retry_after().is_some() => {
                let (policy, budget) = (&options.retry, &client.retry_budget);
                retry::wait_to_repeat(policy, budget, context, Repeat::Always, fastrand::f64, failure).await
            }
            // To repeat the request would be of no use; to look it up is.
            failure => self.allow_another(failure),
        }
    }

    /// The failure again, if another request may be sent at once; else as an error.
    pub(crate) fn allow_another(&mut self, failure: Error) -> Result<Error, Error> {
        let allowed = self.options.retry.take_another(&self.context, &self.client.retry_budget);
        self.context.go_on(allowed, failure)
    }

    /// Waits before another request, if the call has an attempt, the time, and the tokens for it.
    pub(crate) async fn wait_for_another(&mut self, wait: Duration) -> Result<(), GaveUp> {
        self.options.retry.allows(&self.context, wait)?;
        self.client.retry_budget.check()?;
        tokio::time::sleep(wait).await;
        self.options.retry.take_another(&self.context, &self.client.retry_budget)
    }

    /// Goes on with the call after a look-up, if another request may be sent at once.
    pub(crate) fn repeat_after(&mut self, failure: Error) -> Result<(), Error> {
        self.context.last = Some(self.allow_another(failure)?);
        Ok(())
    }

    /// Ends the call: what it says of itself in a response or an error.
    pub(crate) fn end<T>(
        self,
        method: &'static str,
        result: Result<Response<T>, Error>,
        summary: impl FnOnce() -> CallSummary,
    ) -> Result<Response<T>, Error> {
        let Self { client, context, .. } = self;
        let attempts = context.attempts;
        match result {
            Ok(mut response) => {
                client.retry_budget.give_back(attempts);
                response.attempts = attempts;
                if context.ambiguous && method != "GET" && response.evidence == Evidence::Answered {
                    response.evidence = Evidence::Repeated;
                }
                trace::succeeded(&response, &client);
                Ok(response)
            }
            Err(failure) => {
                let (elapsed, ambiguous, answered) = (context.elapsed(), context.ambiguous, context.answered);
                let redactor = client.keys.redactor(None);
                let gave_up = context.gave_up.map(|reason| match reason {
                    GaveUp::Unreconciled { why } => GaveUp::Unreconciled { why: redactor.text(why) },
                    other => other,
                });
                let call = CallSummary { attempts, elapsed, ambiguous, answered, gave_up, ..summary() };
                let error = failure.of_call(call, &redactor);
                trace::failed(&error);
                Err(error)
            }
        }
    }
}

fn decode<T: DeserializeOwned>(received: Received, client: &ClientInner) -> Result<Response<T>, Error> {
    let Received { answer, key, sent_at } = received;
    match from_body(answer.body()) {
        Some(data) => Ok(Response::new(data, answer, sent_at)),
        None => Err(Error::Decode(Box::new(DecodeError::locate::<T>(answer, &client.keys.redactor(Some(&key)))))),
    }
}

/// Tells answers that do not come from the endpoint from those that do: a page for people instead of JSON, or a 404 that
/// is not about the workspace or the budget that the path names.
fn misdirected<E: Endpoint>(
    failure: Error,
    client: &ClientInner,
    request: impl Fn() -> Result<reqwest::Request, InvalidInput>,
) -> Error {
    let names_something = E::PATH.contains('{');
    let answer = match failure {
        Error::NotFound(e) if !(names_something && e.is_of_endpoint()) => e,
        Error::Decode(e) if e.is_page() => Box::new(e.into_answer()),
        other => return other,
    };
    let url = request().map_or_else(|_| E::PATH.to_owned(), |request| request.url().to_string());
    let url = client.keys.redactor(None).text(url);
    Error::WrongEndpoint(Box::new(WrongEndpointError { url, answer }))
}

/// Sets a header that the caller gave.
pub(crate) fn insert_header(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), InvalidInput> {
    let rule = match (HeaderName::try_from(name), HeaderValue::from_bytes(value.as_bytes())) {
        (Err(_), _) => "must have a valid name",
        (Ok(name), _) if name == AUTHORIZATION => "is set from the API key, and must not be set otherwise",
        (Ok(name), _) if name == CONTENT_LENGTH || name == TRANSFER_ENCODING => {
            "is set from the body, and must not be set otherwise"
        }
        (Ok(_), Err(_)) => "must not contain control characters",
        (Ok(name), Ok(value)) => {
            headers.insert(name, value);
            return Ok(());
        }
    };
    Err(InvalidInput::new(format_args!("header {name}"), rule))
}
