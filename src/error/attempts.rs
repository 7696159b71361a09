//! What an error says of its call: the request, how often it was tried, and why not once more.

use std::fmt::{self, Write};
use std::time::Duration;

use crate::error::line::OneLine;

/// Why a call that could have been retried was not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GaveUp {
    /// Retries are off.
    RetriesOff,
    /// [`RetryConfig::max_attempts`](crate::RetryConfig) were made, look-ups included.
    AttemptsExhausted,
    /// The wait before the next attempt, which the server may have asked for, takes all of the remaining time, or more.
    OutOfTime {
        /// The wait before the next attempt.
        wait: Duration,
        /// The time until [`RetryConfig::max_elapsed_time`](crate::RetryConfig) or the call's deadline.
        remaining: Duration,
    },
    /// The request may have been applied, and is not safe to repeat.
    Ambiguous,
    /// The request may have been applied, and looking it up did not tell whether it was.
    Unreconciled {
        /// Why not.
        why: String,
    },
    /// The client's retry budget is used up.
    BudgetExhausted {
        /// The tokens that remain.
        tokens: u32,
        /// The tokens of a full budget.
        capacity: u32,
    },
    /// The source of the API key had none for the next attempt.
    NoKey {
        /// What it said.
        why: String,
    },
}

impl fmt::Display for GaveUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RetriesOff => f.write_str("retries are off"),
            Self::AttemptsExhausted => f.write_str("no attempts left"),
            Self::OutOfTime { remaining: Duration::ZERO, .. } => f.write_str("not retried: no time remains"),
            Self::OutOfTime { wait, remaining } => {
                write!(f, "not retried: the next attempt is due in {wait:.1?}, and {remaining:.1?} remain")
            }
            Self::Unreconciled { why } => write!(f, "the outcome is unknown: {why}"),
            Self::BudgetExhausted { tokens, capacity } => {
                write!(f, "not retried: the client's retry budget is used up ({tokens} of {capacity} tokens left)")
            }
            Self::NoKey { why } => write!(f, "not retried: the API key {why}"),
            Self::Ambiguous => f.write_str("not retried: it may have been applied, and must not be applied twice"),
        }
    }
}

/// The call that an error is about: its request, and the attempts that were made.
#[derive(Clone, Debug, Default)]
pub struct CallSummary {
    pub(crate) operation: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) workspace: Option<String>,
    pub(crate) host: String,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) gave_up: Option<GaveUp>,
    /// Whether one of the attempts may have been applied without an answer that says so.
    pub(crate) ambiguous: bool,
    /// Whether one of the attempts was answered.
    pub(crate) answered: bool,
}

impl CallSummary {
    /// The operation, by the name of its method of [`Client`](crate::Client). Empty where a client is built.
    pub fn operation(&self) -> &str {
        self.operation
    }

    /// The HTTP method of the operation.
    pub fn method(&self) -> &str {
        self.method
    }

    /// The path behind the base URL, as in `/workspaces/production`. Where the arguments make none, its template.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The workspace, as it was named; `None` where the operation is about none or about all.
    pub fn workspace(&self) -> Option<&str> {
        self.workspace.as_deref()
    }

    /// The host that the client talks to, with its port if that is not the scheme's.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The requests that were sent for the call, look-ups included. Zero if nothing was sent, and for pages that contradict each
    /// other, which are several calls.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// How long the call took; zero for pages that contradict each other.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Why the call was not retried once more; `None` if such an error is not retried.
    pub fn gave_up(&self) -> Option<&GaveUp> {
        self.gave_up.as_ref()
    }

    /// Writes a message about the call: the operation and its request stand before it, and behind it the attempts, and why
    /// there were no more.
    pub(crate) fn write(&self, f: &mut fmt::Formatter<'_>, message: fmt::Arguments<'_>) -> fmt::Result {
        let Self { operation, method, path, attempts, elapsed, gave_up, ambiguous, .. } = self;
        let f = &mut OneLine(f);
        if !operation.is_empty() {
            write!(f, "{operation} {method} {path}: ")?;
        }
        f.write_fmt(message)?;
        if *attempts > 1 {
            write!(f, "; {attempts} attempts in {elapsed:.1?}")?;
        }
        if let Some(reason) = gave_up {
            write!(f, "; {reason}")?;
        }
        match gave_up {
            Some(GaveUp::Ambiguous | GaveUp::Unreconciled { .. }) => Ok(()),
            _ if *ambiguous && *method != "GET" => f.write_str("; an attempt may have been applied"),
            _ => Ok(()),
        }
    }
}
