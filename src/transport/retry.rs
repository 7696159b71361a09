//! When a call is tried again, and how long it waits before that: all of it without HTTP.

use std::future::Future;
use std::time::Duration;

use crate::error::{Error, GaveUp, InvalidInput, Sent};
use crate::headers::server_time;
use crate::transport::budget::RetryBudget;
use crate::transport::context::CallContext;
use crate::transport::trace;

/// How calls are retried.
///
/// Retried are failed connections, resets, attempts that time out, and the statuses 408, 429, 500, 502, 503 and 504.
/// The wait before retry number *n* (from 0) is drawn between zero and
/// `min(max_interval, initial_interval * exponent^n)`; a `Retry-After` or `retry-after-ms` of the server is a floor for
/// it. Where the wait would end after `max_elapsed_time` or after the call's deadline, the call returns at once.
///
/// `max_attempts`, `max_elapsed_time` and the deadline hold for a call with everything that it sends. Creating a workspace
/// is repeated only when the attempts before certainly did nothing. When that is not certain, the slug is looked up first,
/// and that is an attempt, too: if there is no such workspace, creating it is tried again; if there is, with the fields that
/// were asked for, and created during the call, it is the result. Before a repeated update or delete the workspace is looked
/// up, too, unless it is named by its id, and repeated only if the workspace is certainly older than the call; for a delete,
/// also if it was not changed since. Within about a second after a workspace was created, that cannot always be told: then
/// the call fails with [`GaveUp::Unreconciled`]. All other operations are repeated as they are.
///
/// All retries of a client and its clones draw on one budget, so that they cannot add up to a storm; see
/// [`ClientBuilder::retry_budget`](crate::ClientBuilder::retry_budget).
///
/// ```
/// use std::time::Duration;
/// use openrouter_workspaces::RetryConfig;
///
/// let patient = RetryConfig::default()
///     .max_attempts(10)
///     .max_elapsed_time(Duration::from_secs(300));
/// assert_eq!(patient.max_attempts, 10);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RetryConfig {
    /// Requests in all, the first one and all look-ups included. Default: 4.
    pub max_attempts: u32,
    /// The longest wait before the first retry. Default: 500 ms.
    pub initial_interval: Duration,
    /// The longest wait between two attempts, unless the server asks for more. Default: 30 s.
    pub max_interval: Duration,
    /// What the wait is multiplied with from one retry to the next. Default: 2.
    pub exponent: f64,
    /// No attempt starts later than this after the call began. Default: 60 s.
    pub max_elapsed_time: Duration,
    /// Whether connections that fail or break are retried. Default: true.
    pub retry_connection_errors: bool,
    /// How the waits are spread. Default: [`Jitter::Full`].
    pub jitter: Jitter,
    /// Whether it is looked up what became of a create, an update or a delete whose answer does not tell. Default: true.
    /// Without it, creates are not repeated then, and updates and deletes are, under the name that they were given; and
    /// [`list_budgets`](crate::Client::list_budgets) does not tell a workspace without budgets from one that is absent.
    pub reconcile: bool,
    /// By how much a workspace may seem older than the call that created it, because `created_at` and the `Date` of answers
    /// are not from the same clock. Default: 250 ms. The larger it is, the older a workspace of somebody else's, with the
    /// same fields, can be and still be taken for the one that was created. Where `created_at` has whole seconds, that can
    /// be up to a second more.
    pub clock_tolerance: Duration,
}

/// How waits are spread, so that clients that failed together do not come back together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Jitter {
    /// Anything between zero and the computed wait.
    #[default]
    Full,
    /// Exactly the computed wait. For tests.
    None,
}

impl Default for RetryConfig {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            initial_interval: Duration::from_millis(500),
            max_interval: Duration::from_secs(30),
            exponent: 2.0,
            max_elapsed_time: Duration::from_secs(60),
            retry_connection_errors: true,
            jitter: Jitter::Full,
            reconcile: true,
            clock_tolerance: Duration::from_millis(250),
        }
    }
}

impl RetryConfig {
    /// One attempt, no retries, no look-ups.
    pub fn none() -> Self {
        Self::default().max_attempts(1).reconcile(false)
    }

    /// Sets [`max_attempts`](Self#structfield.max_attempts).
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets [`initial_interval`](Self#structfield.initial_interval).
    pub fn initial_interval(mut self, interval: Duration) -> Self {
        self.initial_interval = interval;
        self
    }

    /// Sets [`max_interval`](Self#structfield.max_interval).
    pub fn max_interval(mut self, interval: Duration) -> Self {
        self.max_interval = interval;
        self
    }

    /// Sets [`exponent`](Self#structfield.exponent).
    pub fn exponent(mut self, exponent: f64) -> Self {
        self.exponent = exponent;
        self
    }

    /// Sets [`max_elapsed_time`](Self#structfield.max_elapsed_time).
    pub fn max_elapsed_time(mut self, time: Duration) -> Self {
        self.max_elapsed_time = time;
        self
    }

    /// Sets [`retry_connection_errors`](Self#structfield.retry_connection_errors).
    pub fn retry_connection_errors(mut self, retry: bool) -> Self {
        self.retry_connection_errors = retry;
        self
    }

    /// Sets [`jitter`](Self#structfield.jitter).
    pub fn jitter(mut self, jitter: Jitter) -> Self {
        self.jitter = jitter;
        self
    }

    /// Sets [`reconcile`](Self#structfield.reconcile).
    pub fn reconcile(mut self, reconcile: bool) -> Self {
        self.reconcile = reconcile;
        self
    }

    /// Sets [`clock_tolerance`](Self#structfield.clock_tolerance).
    pub fn clock_tolerance(mut self, tolerance: Duration) -> Self {
        self.clock_tolerance = tolerance;
        self
    }

    /// Refuses settings that make no sense.
    pub(crate) fn check(&self) -> Result<(), InvalidInput> {
        if self.max_attempts == 0 {
            return Err(InvalidInput::new("retry.max_attempts", "must be at least 1"));
        }
        if !(self.exponent.is_finite() && self.exponent >= 1.0) {
            let rule = format!("must be at least 1, is {}", self.exponent);
            return Err(InvalidInput::new("retry.exponent", rule));
        }
        Ok(())
    }

    /// The wait before retry number `retry` (from 0), for a random number from 0 to 1.
    pub(crate) fn backoff(&self, retry: u32, random: f64) -> Duration {
        if self.initial_interval.is_zero() {
            return Duration::ZERO;
        }
        let factor = self.exponent.powf(f64::from(retry));
        let seconds = self.initial_interval.as_secs_f64() * factor;
        let longest = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX).min(self.max_interval);
        match self.jitter {
            Jitter::Full => longest.mul_f64(random.clamp(0.0, 1.0)),
            Jitter::None => longest,
        }
    }

    /// How long to wait after a failed attempt, or why there is no other one.
    fn wait_after(
        &self,
        failure: &Error,
        context: &CallContext,
        repeat: Repeat,
        random: f64,
    ) -> Result<Duration, GaveUp> {
        if self.max_attempts <= 1 {
            return Err(GaveUp::RetriesOff);
        }
        if repeat == Repeat::IfNothingWasDone && !failure.did_nothing() {
            return Err(GaveUp::Ambiguous);
        }
        let floor = failure.retry_after().unwrap_or_default();
        let wait = self.backoff(context.attempts.saturating_sub(1), random).max(floor);
        self.allows(context, wait)?;
        Ok(wait)
    }

    /// Whether another request may be sent after a wait.
    pub(crate) fn allows(&self, context: &CallContext, wait: Duration) -> Result<(), GaveUp> {
        if context.attempts >= self.max_attempts {
            return Err(GaveUp::AttemptsExhausted);
        }
        let remaining = self.max_elapsed_time.saturating_sub(context.elapsed()).min(context.remaining());
        if wait >= remaining { Err(GaveUp::OutOfTime { wait, remaining }) } else { Ok(()) }
    }

    /// Pays for another request, if the call has an attempt and the time for it at once.
    pub(crate) fn take_another(&self, context: &CallContext, budget: &RetryBudget) -> Result<(), GaveUp> {
        self.allows(context, Duration::ZERO)?;
        budget.take()
    }
}

/// When a request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    Always,
    /// Only when the attempts before certainly did nothing.
    IfNothingWasDone,
}

/// Tries until there is a success, a failure that is final, or no attempt or time left.
pub(crate) async fn retry<T, F>(
    policy: &RetryConfig,
    budget: &RetryBudget,
    context: &mut CallContext,
    repeat: Repeat,
    random: fn() -> f64,
    mut attempt: impl FnMut(&CallContext) -> F,
) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    loop {
        let failure = match attempt(context).await {
            Ok(value) => {
                context.attempts += 1;
                return Ok(value);
            }
            Err(Error::InvalidInput(error)) => {
                // Without a key there is no attempt; what the attempt before met is what counts.
                return Err(context.without_key(error.problem(), Error::InvalidInput(error)));
            }
            Err(Error::Timeout(error)) if error.sent == Sent::NoTime => return Err(Error::Timeout(error)),
            Err(Error::Timeout(error)) if error.sent == Sent::NoKey => {
                return Err(context.without_key("did not come in time".to_owned(), Error::Timeout(error)));
            }
            Err(failure) => failure,
        };
        context.attempts += 1;
        context.ambiguous |= failure.is_ambiguous();
        context.answered |= failure.status().is_some();
        if let Some(error) = failure.api() {
            context.user_id = error.user_id().map(str::to_owned).or(context.user_id.take());
            context.dates.extend(server_time(error.headers()));
        }
        if !failure.is_repeatable(policy.retry_connection_errors) {
            return Err(context.give_up(None, failure));
        }
        context.last = Some(wait_to_repeat(policy, budget, context, repeat, random, failure).await?);
    }
}

/// Waits before the next request of a call. Where there is none, the failure comes back as an error.
pub(crate) async fn wait_to_repeat(
    policy: &RetryConfig,
    budget: &RetryBudget,
    context: &mut CallContext,
    repeat: Repeat,
    random: fn() -> f64,
    failure: Error,
) -> Result<Error, Error> {
    let wait = policy.wait_after(&failure, context, repeat, random());
    match wait.and_then(|wait| budget.check().map(|()| wait)) {
        Ok(wait) => {
            trace::retry(context, wait, &failure);
            tokio::time::sleep(wait).await;
        }
        Err(reason) => return Err(context.give_up(reason, failure)),
    }
    // A wait may end late. A call that is dropped while it waits has not sent a retry, and pays for none.
    let allowed = policy.take_another(context, budget);
    context.go_on(allowed, failure)
}

#[cfg(test)]
#[path = "retry_tests.rs"]
mod tests;
