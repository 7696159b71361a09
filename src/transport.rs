//! One call: its attempts and their deadlines.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use progenitor_client::{ClientHooks, OperationInfo, ResponseValue};
use reqwest::header::AUTHORIZATION;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use crate::api_key::{ApiKey, KeySource};
use crate::error::Error;
use crate::exchange::exchange;
use crate::failure::{DecodeError, InvalidInput, TimeoutError};
use crate::generated;
use crate::response::Response;
use crate::retry::{FailedAttempt, GaveUp, RetryConfig, Tries};

/// What all calls of a client share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub base_url: String,
    pub http: reqwest::Client,
    pub key: KeySource,
    /// Sent with every attempt: the user agent and the app attribution.
    pub headers: HeaderMap,
    pub defaults: Options,
    pub max_body_bytes: usize,
}

/// What a client decides, and a call can decide otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub retry: RetryConfig,
    pub total_timeout: Option<Duration>,
    pub attempt_timeout: Option<Duration>,
    pub headers: HeaderMap,
}

/// The state of one call, which the generated client carries along.
#[derive(Clone, Debug)]
pub struct Call {
    shared: Arc<Shared>,
    options: Options,
    repeatable: bool,
    outcome: Arc<Mutex<Outcome>>,
}

/// What a call has learned on the way. The generated client can return neither of these.
#[derive(Debug, Default)]
struct Outcome {
    tries: Tries,
    /// The key of the last attempt, to hide it in what the server answered.
    key: Option<ApiKey>,
    /// The answer that was a success.
    success: Option<http::Response<Bytes>>,
    /// Why there is none.
    error: Option<Error>,
}

/// Runs a generated operation, and makes a typed result of what comes back.
pub(crate) async fn run<T, F>(
    shared: &Arc<Shared>,
    options: &Options,
    repeatable: bool,
    operation: impl FnOnce(generated::Client) -> F,
) -> Result<Response<T>, Error>
where
    T: DeserializeOwned,
    F: Future<Output = Result<ResponseValue<T>, generated::Error<()>>>,
{
    let call = Call { shared: shared.clone(), options: options.clone(), repeatable, outcome: Arc::default() };
    let outcome = call.outcome.clone();
    let client = generated::Client::new_with_client(&shared.base_url, shared.http.clone(), call);
    let result = operation(client).await;
    let Outcome { tries, key, success, error } = std::mem::take(&mut *lock(&outcome));
    let (success, key) = match (error, success.zip(key)) {
        (Some(error), _) => return Err(error),
        (None, Some(success)) => success,
        // Nothing was tried: the generated client could not build the request.
        (None, None) => {
            let problem = result.err().map(|e| e.to_string()).unwrap_or_default();
            let rule = format!("cannot be made into a request: {problem}");
            return Err(InvalidInput::new("arguments", rule).into());
        }
    };
    let (parts, body) = success.into_parts();
    match result {
        Ok(value) => Ok(Response::new(value.into_inner(), parts, body, tries.attempts)),
        Err(_) => {
            let error = DecodeError::locate::<T>(&parts, &body, &key, tries);
            Err(Error::Decode(Box::new(error)))
        }
    }
}

impl ClientHooks<Call> for generated::Client {
    async fn pre<E>(&self, request: &mut reqwest::Request, _: &OperationInfo) -> Result<(), generated::Error<E>> {
        // progenitor sends the contract's version, which this API does not ask for.
        request.headers_mut().remove("api-version");
        Ok(())
    }

    async fn exec(&self, request: reqwest::Request, _: &OperationInfo) -> reqwest::Result<reqwest::Response> {
        match self.inner.attempts(&request).await {
            Ok(response) => {
                lock(&self.inner.outcome).success = Some(response.clone());
                Ok(response.into())
            }
            Err(error) => {
                lock(&self.inner.outcome).error = Some(error);
                // `run` looks at the error first; this answer is only there because hooks cannot fail with one.
                Ok(http::Response::new(Bytes::new()).into())
            }
        }
    }
}

impl Call {
    /// Tries until there is a success, an error that is final, or no time left.
    async fn attempts(&self, request: &reqwest::Request) -> Result<http::Response<Bytes>, Error> {
        let start = Instant::now();
        let deadline = self.options.total_timeout.and_then(|limit| start.checked_add(limit));
        let mut attempts = 0;
        let mut last: Option<Error> = None;
        loop {
            attempts += 1;
            let result = self.attempt(request, deadline, &mut last).await;
            let elapsed = start.elapsed();
            let mut tries = Tries { attempts, elapsed, gave_up: None };
            let mut error = match result {
                Ok(response) => {
                    lock(&self.outcome).tries = tries;
                    return Ok(response);
                }
                Err(Error::InvalidInput(error)) => {
                    // Without a key there is no attempt; what the attempt before it met is what counts.
                    let Some(mut last) = last else { return Err(Error::InvalidInput(error)) };
                    last.set_tries(Tries { attempts: attempts - 1, elapsed, gave_up: Some(GaveUp::NoKey) });
                    return Err(last);
                }
                Err(error) => error,
            };
            let failed = FailedAttempt {
                error: &error,
                attempts,
                elapsed,
                left: deadline.map(|d| d.saturating_duration_since(Instant::now())),
                repeatable: self.repeatable,
            };
            match self.options.retry.after(&failed, fastrand::f64()) {
                Ok(wait) => tokio::time::sleep(wait).await,
                Err(reason) => {
                    tries.gave_up = reason;
                    error.set_tries(tries);
                    return Err(error);
                }
            }
            last = Some(error);
        }
    }

    /// One attempt, within its own deadline and the call's.
    async fn attempt(
        &self,
        request: &reqwest::Request,
        deadline: Option<Instant>,
        last: &mut Option<Error>,
    ) -> Result<http::Response<Bytes>, Error> {
        let send = async {
            let key = self.shared.key.key().await?;
            let request = self.with_headers(request, &key)?;
            lock(&self.outcome).key = Some(key.clone());
            exchange(&self.shared.http, request, self.shared.max_body_bytes, &key).await
        };
        let own = self.options.attempt_timeout.and_then(|t| Instant::now().checked_add(t));
        let Some(until) = own.into_iter().chain(deadline).min() else {
            return send.await;
        };
        if let Ok(result) = tokio::time::timeout_at(until, send).await {
            return result;
        }
        let total = deadline == Some(until);
        let limit = if total { self.options.total_timeout } else { self.options.attempt_timeout };
        Err(Error::Timeout(Box::new(TimeoutError {
            limit: limit.unwrap_or_default(),
            total,
            last: last.take().filter(|_| total),
            tries: Tries::default(),
        })))
    }

    /// The request of an attempt: what the generated client built, with the headers of today.
    fn with_headers(&self, request: &reqwest::Request, key: &ApiKey) -> Result<reqwest::Request, Error> {
        let mut request = request
            .try_clone()
            .ok_or_else(|| InvalidInput::new("body", "must be held in memory, so that it can be sent again"))?;
        let headers = request.headers_mut();
        let own = self.shared.headers.iter().chain(&self.options.headers);
        for (name, value) in own {
            headers.insert(name.clone(), value.clone());
        }
        headers.insert(AUTHORIZATION, key.header()?);
        Ok(request)
    }
}

/// Sets a header that the caller gave.
pub(crate) fn insert_header(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), Error> {
    let field = format!("header {name}");
    let Ok(parsed) = HeaderName::try_from(name) else {
        return Err(InvalidInput::new(field, "must have a valid name").into());
    };
    if parsed == AUTHORIZATION {
        let rule = "is set from the API key, and must not be set otherwise";
        return Err(InvalidInput::new(field, rule).into());
    }
    let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) else {
        return Err(InvalidInput::new(field, "must not contain control characters").into());
    };
    headers.insert(parsed, value);
    Ok(())
}

fn lock(outcome: &Mutex<Outcome>) -> MutexGuard<'_, Outcome> {
    outcome.lock().unwrap_or_else(PoisonError::into_inner)
}
