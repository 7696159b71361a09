//! One call: its attempts and their deadlines.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use progenitor_client::{ClientHooks, OperationInfo, ResponseValue};
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, TRANSFER_ENCODING};
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use crate::api_key::{ApiKey, KeySource};
use crate::course::{Course, RetryBudget};
use crate::error::Error;
use crate::exchange::exchange;
use crate::failure::{DecodeError, InvalidInput, TimeoutError};
use crate::generated;
use crate::response::Response;
use crate::retry::{GaveUp, RetryConfig, Tries};

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
    pub retry_budget: RetryBudget,
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
    course: Course,
    outcome: Arc<Mutex<Outcome>>,
}

/// What a call has learned on the way. The generated client can return none of this.
#[derive(Debug, Default)]
struct Outcome {
    course: Option<Course>,
    /// The key of the last attempt, to hide it in what the server answered.
    key: Option<ApiKey>,
    /// The answer that was a success.
    success: Option<http::Response<Bytes>>,
    /// Why there is none.
    error: Option<Error>,
}

/// Sends the requests of one call.
#[derive(Debug)]
pub struct Sender {
    shared: Arc<Shared>,
    pub(crate) options: Options,
    pub(crate) course: Course,
}

impl Sender {
    pub(crate) fn new(shared: Arc<Shared>, options: Options) -> Self {
        let course = Course::new(options.total_timeout);
        Self { shared, options, course }
    }

    /// A sender for another request of the same call, which counts for itself.
    pub(crate) fn part(&self) -> Self {
        Self { shared: self.shared.clone(), options: self.options.clone(), course: self.course.part() }
    }

    /// Waits before the next attempt, or says why there is none.
    pub(crate) async fn pause(&self, error: &Error, repeatable: bool) -> Result<(), Option<GaveUp>> {
        pause(&self.shared, &self.options.retry, error, &self.course, repeatable).await
    }

    /// Waits before a request is repeated for the `n`th time, whatever its error was. Tells whether it may be.
    pub(crate) async fn rest(&self, n: u32) -> bool {
        let retry = &self.options.retry;
        let wait = retry.backoff(n.saturating_sub(1), fastrand::f64());
        if n >= retry.max_attempts || wait > self.course.left() || self.shared.retry_budget.take().is_err() {
            return false;
        }
        tokio::time::sleep(wait).await;
        true
    }

    /// Runs a generated operation, and makes a typed result of what comes back.
    ///
    /// It is tried again as [`RetryConfig`] says; where an attempt may have been applied, only if it is repeatable.
    pub(crate) async fn send<T, F>(
        &mut self,
        repeatable: bool,
        operation: impl FnOnce(generated::Client) -> F,
    ) -> Result<Response<T>, Error>
    where
        T: DeserializeOwned,
        F: Future<Output = Result<ResponseValue<T>, generated::Error<()>>>,
    {
        let call = Call {
            shared: self.shared.clone(),
            options: self.options.clone(),
            repeatable,
            course: self.course,
            outcome: Arc::default(),
        };
        let outcome = call.outcome.clone();
        let client = generated::Client::new_with_client(&self.shared.base_url, self.shared.http.clone(), call);
        let result = operation(client).await;
        let Outcome { course, key, success, error } = std::mem::take(&mut *lock(&outcome));
        self.course = course.unwrap_or(self.course);
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
            Ok(value) => Ok(Response::new(value.into_inner(), parts, body, self.course.attempts)),
            Err(_) => {
                self.course.ambiguous = true;
                let error = DecodeError::locate::<T>(&parts, &body, &key, self.course.tries(None));
                Err(Error::Decode(Box::new(error)))
            }
        }
    }
}

/// Waits before the next attempt, or says why there is none.
async fn pause(
    shared: &Shared,
    retry: &RetryConfig,
    error: &Error,
    course: &Course,
    repeatable: bool,
) -> Result<(), Option<GaveUp>> {
    let wait = retry.after(error, course, repeatable, fastrand::f64())?;
    shared.retry_budget.take().map_err(Some)?;
    tokio::time::sleep(wait).await;
    Ok(())
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
        let mut course = self.course;
        let mut last: Option<Error> = None;
        loop {
            let result = self.attempt(request, course.deadline, &mut last).await;
            course.attempts += 1;
            let mut error = match result {
                Ok(response) => {
                    self.shared.retry_budget.give_back(course.attempts);
                    lock(&self.outcome).course = Some(course);
                    return Ok(response);
                }
                Err(Error::InvalidInput(error)) => {
                    // Without a key there is no attempt; what the attempt before it met is what counts.
                    let Some(mut last) = last else { return Err(Error::InvalidInput(error)) };
                    course.attempts -= 1;
                    last.set_tries(course.tries(Some(GaveUp::NoKey)));
                    return Err(last);
                }
                Err(error) => error,
            };
            course.failed(&error);
            lock(&self.outcome).course = Some(course);
            if let Err(reason) = pause(&self.shared, &self.options.retry, &error, &course, self.repeatable).await {
                error.set_tries(course.tries(reason));
                return Err(error);
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
        let sent = AtomicBool::new(false);
        let send = async {
            let key = self.shared.key.key().await?;
            let request = self.with_headers(request, &key)?;
            lock(&self.outcome).key = Some(key.clone());
            sent.store(true, Ordering::Relaxed);
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
            sent: sent.load(Ordering::Relaxed),
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
    if parsed == CONTENT_LENGTH || parsed == TRANSFER_ENCODING {
        let rule = "is set from the body, and must not be set otherwise";
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
