//! How far a call is. It covers all requests of the call, look-ups included.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use crate::error::{Error, GaveUp};

/// How far a call is.
#[derive(Debug)]
pub(crate) struct CallContext {
    pub start: Instant,
    /// When the call has to be over.
    pub deadline: Option<Instant>,
    /// Requests that were sent.
    pub attempts: u32,
    /// Whether one of them may have been applied without an answer that says so.
    pub ambiguous: bool,
    /// Whether one of them was answered.
    pub answered: bool,
    /// The user whose key was used, where an error has said so.
    pub user_id: Option<String>,
    /// The server's clock, where an error has told it.
    pub dates: Vec<DateTime<Utc>>,
    /// What went wrong in the attempt before, while there is another one.
    pub last: Option<Error>,
    /// Why there is no further attempt.
    pub gave_up: Option<GaveUp>,
}

impl CallContext {
    /// A call that begins now.
    pub fn new(total_timeout: Option<Duration>) -> Self {
        let start = Instant::now();
        let deadline = total_timeout.and_then(|limit| start.checked_add(limit));
        Self {
            start,
            deadline,
            attempts: 0,
            ambiguous: false,
            answered: false,
            user_id: None,
            dates: Vec::new(),
            last: None,
            gave_up: None,
        }
    }

    /// Since the call began.
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// Until the deadline.
    pub fn remaining(&self) -> Duration {
        self.deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(Instant::now()))
    }

    /// Ends the call because there is no key for another attempt; what the attempt before met is what counts.
    pub fn without_key(&mut self, why: String, failure: Error) -> Error {
        if self.attempts > 0 {
            self.gave_up = Some(GaveUp::NoKey { why });
        }
        self.last.take().unwrap_or(failure)
    }

    /// Ends the call with a failure, for a reason.
    pub fn give_up(&mut self, reason: impl Into<Option<GaveUp>>, failure: Error) -> Error {
        self.gave_up = reason.into();
        failure
    }

    /// The failure again, if another request is allowed; else as the error that ends the call.
    pub fn go_on(&mut self, allowed: Result<(), GaveUp>, failure: Error) -> Result<Error, Error> {
        match allowed {
            Ok(()) => Ok(failure),
            Err(reason) => Err(self.give_up(reason, failure)),
        }
    }
}
