//! How far a call is, and what its retries may cost.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::error::Error;
use crate::retry::{GaveUp, Tries};

/// How far a call is. It goes on over all requests that the call consists of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Course {
    start: Instant,
    pub deadline: Option<Instant>,
    /// Attempts so far.
    pub attempts: u32,
    /// Whether one of them may have been applied without an answer that says so.
    pub ambiguous: bool,
}

impl Course {
    /// A call that begins now.
    pub fn new(total_timeout: Option<Duration>) -> Self {
        let start = Instant::now();
        let deadline = total_timeout.and_then(|limit| start.checked_add(limit));
        Self { start, deadline, attempts: 0, ambiguous: false }
    }

    /// Another call as a part of this one, with the same deadline.
    pub fn part(&self) -> Self {
        Self { start: Instant::now(), attempts: 0, ambiguous: false, ..*self }
    }

    /// Since the call began.
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// Until the deadline.
    pub fn left(&self) -> Duration {
        self.deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(Instant::now()))
    }

    /// Notes a failed attempt.
    pub fn failed(&mut self, error: &Error) {
        self.ambiguous |= may_have_been_applied(error);
    }

    /// What an error says about the attempts.
    pub fn tries(&self, gave_up: Option<GaveUp>) -> Tries {
        Tries { attempts: self.attempts, elapsed: self.elapsed(), gave_up, ambiguous: self.ambiguous }
    }
}

/// Whether a single attempt that failed so may have been applied all the same.
fn may_have_been_applied(error: &Error) -> bool {
    match error {
        Error::Transport(_) | Error::Decode(_) => true,
        Error::Timeout(error) => error.sent,
        _ => error.status().is_some_and(|status| status == 408 || status >= 500),
    }
}

/// The tokens that a retry takes.
const RETRY_COST: u32 = 5;

/// What all retries of a client and its clones may cost together.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    capacity: u32,
    tokens: AtomicU32,
}

impl RetryBudget {
    pub fn new(capacity: u32) -> Self {
        Self { capacity, tokens: AtomicU32::new(capacity) }
    }

    /// Takes the tokens of a retry.
    pub fn take(&self) -> Result<(), GaveUp> {
        let take = |tokens: u32| tokens.checked_sub(RETRY_COST);
        match self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take) {
            Ok(_) => Ok(()),
            Err(tokens) => Err(GaveUp::BudgetExhausted { tokens, capacity: self.capacity }),
        }
    }

    /// Gives tokens back for a success: one, or what the retry cost that led to it.
    pub fn give_back(&self, attempts: u32) {
        let tokens = if attempts > 1 { RETRY_COST } else { 1 };
        if self.tokens.load(Ordering::Relaxed) < self.capacity {
            let give = |now: u32| Some(now.saturating_add(tokens).min(self.capacity));
            // The closure never refuses, so neither does the update.
            let _ = self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, give);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_pays_for_retries_and_is_refilled_by_successes() {
        let budget = RetryBudget::new(12);
        assert_eq!(budget.take(), Ok(()));
        assert_eq!(budget.take(), Ok(()));
        assert_eq!(budget.take(), Err(GaveUp::BudgetExhausted { tokens: 2, capacity: 12 }));
        budget.give_back(1);
        budget.give_back(1);
        assert_eq!(budget.take(), Err(GaveUp::BudgetExhausted { tokens: 4, capacity: 12 }));
        budget.give_back(3);
        assert_eq!(budget.take(), Ok(()));
        (0..100).for_each(|_| budget.give_back(1));
        assert_eq!(budget.tokens.load(Ordering::Relaxed), 12);
    }
}
