//! When a call is tried again, and how long it waits before that.

use std::fmt;
use std::time::Duration;

use crate::course::Course;
use crate::error::Error;
use crate::failure::InvalidInput;

/// How calls are retried.
///
/// Retried are failed connections, resets, attempts that time out, and the statuses 408, 429, 500, 502, 503 and 504.
/// The wait before retry number *n* (from 0) is drawn between zero and
/// `min(max_interval, initial_interval * exponent^n)`; a `Retry-After` or `retry-after-ms` of the server is a floor for
/// it. Where the wait would end after `max_elapsed_time` or after the call's deadline, the call returns at once.
///
/// Creating a workspace is repeated only when the first attempt certainly did nothing. When that is not certain, the slug
/// is looked up: if there is no such workspace, creating it is tried again; if there is, with the fields that were asked
/// for, and not older than the call, it is the result. All other operations are safe to repeat.
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
    /// Attempts in all, the first one included. Default: 4.
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
    /// Whether it is looked up if an attempt to create a workspace succeeded, when its answer does not tell. Default:
    /// true.
    pub settle_creates: bool,
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
            settle_creates: true,
        }
    }
}

impl RetryConfig {
    /// One attempt, no retries, no look-ups.
    pub fn none() -> Self {
        Self::default().max_attempts(1).settle_creates(false)
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

    /// Sets [`settle_creates`](Self#structfield.settle_creates).
    pub fn settle_creates(mut self, settle: bool) -> Self {
        self.settle_creates = settle;
        self
    }

    /// Refuses settings that make no sense.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.max_attempts == 0 {
            return Err(InvalidInput::new("retry.max_attempts", "must be at least 1").into());
        }
        if !(self.exponent.is_finite() && self.exponent >= 1.0) {
            let rule = format!("must be at least 1, is {}", self.exponent);
            return Err(InvalidInput::new("retry.exponent", rule).into());
        }
        Ok(())
    }

    /// The wait before retry number `retry` (from 0), for a random number from 0 to 1.
    pub(crate) fn backoff(&self, retry: u32, random: f64) -> Duration {
        let factor = self.exponent.powf(f64::from(retry));
        let seconds = self.initial_interval.as_secs_f64() * factor;
        let longest = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX).min(self.max_interval);
        match self.jitter {
            Jitter::Full => longest.mul_f64(random.clamp(0.0, 1.0)),
            Jitter::None => longest,
        }
    }

    /// What to do after a failed attempt: wait, or give up for a reason. No reason means that the error is final.
    pub(crate) fn after(
        &self,
        error: &Error,
        course: &Course,
        repeatable: bool,
        random: f64,
    ) -> Result<Duration, Option<GaveUp>> {
        let out_of_time = matches!(error, Error::Timeout(e) if e.is_total());
        let broken = matches!(error, Error::Connect(_) | Error::Transport(_));
        if out_of_time || !error.is_retryable() || (broken && !self.retry_connection_errors) {
            return Err(None);
        }
        if self.max_attempts <= 1 {
            return Err(Some(GaveUp::RetriesOff));
        }
        if !repeatable && !did_nothing(error) {
            return Err(Some(GaveUp::Ambiguous));
        }
        if course.attempts >= self.max_attempts {
            return Err(Some(GaveUp::AttemptsExhausted));
        }
        let floor = error.retry_after().unwrap_or_default();
        let wait = self.backoff(course.attempts.saturating_sub(1), random).max(floor);
        let left = self.max_elapsed_time.saturating_sub(course.elapsed()).min(course.left());
        if wait > left {
            return Err(Some(GaveUp::OutOfTime { wait, left }));
        }
        Ok(wait)
    }
}

/// Whether the server certainly did nothing: it was not reached, or refused to look at the request.
fn did_nothing(error: &Error) -> bool {
    match error {
        Error::Connect(_) | Error::RateLimited(_) => true,
        Error::Timeout(error) => !error.sent,
        _ => false,
    }
}

/// Why a call that could have been retried was not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GaveUp {
    /// Retries are off.
    RetriesOff,
    /// [`RetryConfig::max_attempts`] were made.
    AttemptsExhausted,
    /// The wait before the next attempt, which the server may have asked for, is longer than the time left.
    OutOfTime {
        /// The wait before the next attempt.
        wait: Duration,
        /// The time left until [`RetryConfig::max_elapsed_time`] or the call's deadline.
        left: Duration,
    },
    /// The request may have been applied, and is not safe to repeat.
    Ambiguous,
    /// The workspace may have been created, and looking it up did not settle it.
    Unsettled {
        /// Why not.
        why: String,
    },
    /// The client's retry budget is used up.
    BudgetExhausted {
        /// The tokens that are left.
        tokens: u32,
        /// The tokens of a full budget.
        capacity: u32,
    },
    /// The source of the API key had none for the next attempt.
    NoKey,
}

impl fmt::Display for GaveUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RetriesOff => f.write_str("retries are off"),
            Self::AttemptsExhausted => f.write_str("no attempts left"),
            Self::OutOfTime { wait, left } => {
                write!(f, "not retried: the next attempt is due in {wait:.1?}, and {left:.1?} are left")
            }
            Self::Unsettled { why } => write!(f, "the outcome is unknown: {why}"),
            Self::BudgetExhausted { tokens, capacity } => {
                write!(f, "not retried: the client's retry budget is used up ({tokens} of {capacity} tokens left)")
            }
            Self::NoKey => f.write_str("not retried: the source of the API key failed"),
            Self::Ambiguous => f.write_str("not retried: it may have been applied, and must not be applied twice"),
        }
    }
}

/// How often a call was tried, and why not once more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tries {
    pub attempts: u32,
    pub elapsed: Duration,
    pub gave_up: Option<GaveUp>,
    /// Whether one of the attempts may have been applied without an answer that says so.
    pub ambiguous: bool,
}

impl fmt::Display for Tries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.attempts > 1 {
            write!(f, "; {} attempts in {:.1?}", self.attempts, self.elapsed)?;
        }
        match &self.gave_up {
            Some(reason) => write!(f, "; {reason}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_jitter_draws_from_zero_to_a_capped_exponential() {
        let config = RetryConfig::default()
            .initial_interval(Duration::from_millis(100))
            .max_interval(Duration::from_millis(1000));
        let longest: Vec<u128> = (0..6).map(|n| config.backoff(n, 1.0).as_millis()).collect();
        assert_eq!(longest, [100, 200, 400, 800, 1000, 1000]);
        assert_eq!(config.backoff(3, 0.0), Duration::ZERO);
        assert_eq!(config.backoff(3, 0.25), Duration::from_millis(200));
    }

    #[test]
    fn huge_settings_do_not_overflow() {
        let config = RetryConfig::default()
            .initial_interval(Duration::MAX)
            .max_interval(Duration::MAX)
            .exponent(f64::MAX)
            .jitter(Jitter::None);
        assert_eq!(config.backoff(u32::MAX, 1.0), Duration::MAX);
    }
}
