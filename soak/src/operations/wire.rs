//! The wire: what lies between a client and the server. It takes its time, lets others in, and holds each request against
//! what the SDK promises.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use openrouter_workspaces::reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use openrouter_workspaces::reqwest::{Request, Response};
use openrouter_workspaces::{HttpError, HttpFuture, HttpService};
use tokio::time::sleep;
use uuid::Uuid;

use crate::operations::promise::Promise;
use crate::operations::record::{Answer, Record, RequestRecord, Shared};
use crate::operations::stranger::Stranger;

/// The header that tells which call a request belongs to.
pub(crate) const CALL: &str = "x-soak-call";

/// The header that tells the server's observer which request it is.
pub(crate) const REQUEST: &str = "x-soak-request";

/// The longest way of a request to the server, and of its answer back.
pub(crate) const LONGEST_WAY: u64 = 40;

/// Carries requests to a service.
#[derive(Clone)]
pub(crate) struct Wire {
    service: Arc<dyn HttpService>,
    record: Shared,
    stranger: Stranger,
    rng: Arc<Mutex<fastrand::Rng>>,
}

impl Wire {
    pub fn new(service: Arc<dyn HttpService>, record: Shared, stranger: Stranger, seed: u64) -> Self {
        let rng = Arc::new(Mutex::new(fastrand::Rng::with_seed(seed)));
        Self { service, record, stranger, rng }
    }

    fn way(&self) -> Duration {
        let mut rng = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
        Duration::from_millis(rng.u64(1..=LONGEST_WAY))
    }
}

impl HttpService for Wire {
    fn call(&self, mut request: Request) -> HttpFuture<'_> {
        let number = sent(&mut self.record.lock(), &request);
        if let Ok(value) = HeaderValue::try_from(number.to_string()) {
            request.headers_mut().insert(REQUEST, value);
        }
        let (there, back) = (self.way(), self.way());
        let in_flight = InFlight { record: self.record.clone(), number };
        Box::pin(async move {
            sleep(there).await;
            self.stranger.interfere(&mut self.record.lock(), number);
            let answer = self.service.call(request).await;
            sleep(back).await;
            answered(&mut in_flight.record.lock(), number, &answer);
            answer
        })
    }
}

/// A request that is under way. Dropped before it has an answer, it was given up.
struct InFlight {
    record: Shared,
    number: usize,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut record = self.record.lock();
        let request = &mut record.requests[self.number];
        if request.answer.is_none() {
            request.dropped = true;
            let call = request.call;
            record.note(Some(call), format_args!("request {} is given up", self.number));
        }
    }
}

/// A request goes out.
fn sent(record: &mut Record, request: &Request) -> usize {
    let call = request.headers().get(CALL).and_then(|call| call.to_str().ok()?.parse().ok()).unwrap_or_default();
    let (now, number) = (record.now(), record.requests.len());
    let path = request.url().path().trim_start_matches("/api/v1").to_owned();
    let query = request.url().query().map(|query| format!("?{query}")).unwrap_or_default();
    let method = request.method().to_string();
    record.note(Some(call), format_args!("request {number}: {method} {path}{query}"));
    let new = RequestRecord { call, sent: now, method, path, answer: None, processed: None, dropped: false };
    if let Some((promise, problem)) = problem(record, &new) {
        record.broken(promise, Some(call), problem);
    }
    let is_metered_retry = record.calls[call].metered && !record.calls[call].requests.is_empty();
    if let Some(problem) = is_metered_retry.then(|| record.budget.retry_sent()).flatten() {
        record.broken(Promise::Budget, Some(call), problem);
    }
    record.requests.push(new);
    record.calls[call].requests.push(number);
    number
}

/// Why a request must not go out.
fn problem(record: &Record, new: &RequestRecord) -> Option<(Promise, String)> {
    let call = &record.calls[new.call];
    if call.ended.is_some() {
        return Some((Promise::Stray, "a request after the end of its call".to_owned()));
    }
    if call.walk {
        return None;
    }
    let limits = call.limits;
    let attempts = call.requests.len() as u32 + 1;
    if attempts > limits.max_attempts {
        return Some((Promise::Limits, format!("attempt {attempts} of {}", limits.max_attempts)));
    }
    let elapsed = Duration::from_millis(new.sent - call.began);
    let last = record.requests_of(new.call).next_back()?;
    // A millisecond is what a timer may be late.
    let latest = limits.max_elapsed.min(limits.deadline) + Duration::from_millis(1);
    if record.timed && elapsed > latest {
        return Some((Promise::Limits, format!("a request after {elapsed:?}, where {latest:?} is the limit")));
    }
    match last.answer {
        None if !last.dropped => return Some((Promise::Stray, "a request while another is under way".to_owned())),
        Some((at, Answer::Status { wait: Some(wait), .. })) => {
            let waited = Duration::from_millis(new.sent - at);
            if record.timed && waited + Duration::from_millis(1) < wait {
                return Some((
                    Promise::Limits,
                    format!("a retry after {waited:?}, where the server asks for {wait:?}"),
                ));
            }
        }
        _ => {}
    }
    if !limits.reconcile || !new.is_write() {
        return None;
    }
    let doubtful = record.requests_of(new.call).rposition(|before| before.is_write() && !before.did_nothing());
    let since = record.requests_of(new.call).skip(doubtful? + 1);
    // Only the API says 404: no fault does.
    let seen_absent = since.filter(|request| !request.is_write() && request.status() == Some(404)).count() > 0;
    let by_slug = !call.target.is_empty() && new.path == format!("/workspaces/{}", call.target);
    match call.name {
        "create" if !seen_absent => Some((Promise::Stray, "two creates without a look-up between".to_owned())),
        "update" | "delete" if by_slug && Uuid::try_parse(&call.target).is_err() => {
            Some((Promise::Stray, "a write of a slug is repeated, and not by the id".to_owned()))
        }
        _ => None,
    }
}

/// An answer has arrived, or none will.
fn answered(record: &mut Record, number: usize, answer: &Result<Response, HttpError>) {
    let headers = answer.as_ref().ok().map(|response| response.headers());
    let date = headers.and_then(|headers| headers.get(DATE)?.to_str().ok()).unwrap_or_default().to_owned();
    let answer = match answer {
        Ok(response) => Answer::Status { status: response.status().as_u16(), wait: asked_wait(response.headers()) },
        Err(error) if error.to_string() == "cannot connect" => Answer::Refused,
        Err(_) => Answer::Broken,
    };
    let now = record.now();
    let request = &mut record.requests[number];
    request.answer = Some((now, answer));
    let call = request.call;
    record.note(Some(call), format_args!("answer {number}: {answer:?} {date}"));
}

/// How long the server asks to wait.
fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let number = |name: &str| text(name)?.parse().ok();
    let date = |name: &str| chrono::DateTime::parse_from_rfc2822(text(name)?).ok();
    let milliseconds = number("retry-after-ms").map(Duration::from_millis);
    let seconds = number(RETRY_AFTER.as_str()).map(Duration::from_secs);
    let until = || (date(RETRY_AFTER.as_str())? - date(DATE.as_str())?).to_std().ok();
    milliseconds.max(seconds).max(until())
}
