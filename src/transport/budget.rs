//! What all retries of a client and its clones may cost together.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::GaveUp;

/// The tokens that a retry takes.
const RETRY_COST: u32 = 5;

/// The tokens of a client and its clones.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    capacity: u32,
    tokens: AtomicU32,
}

impl RetryBudget {
    pub fn new(capacity: u32) -> Self {
        Self { capacity, tokens: AtomicU32::new(capacity) }
    }

    /// Whether a retry can be paid for.
    pub fn check(&self) -> Result<(), GaveUp> {
        match self.tokens.load(Ordering::Relaxed) {
            RETRY_COST.. => Ok(()),
            tokens => Err(self.exhausted(tokens)),
        }
    }

    /// Takes the tokens of a retry that is about to be sent.
    pub fn take(&self) -> Result<(), GaveUp> {
        let take = |tokens: u32| tokens.checked_sub(RETRY_COST);
        let taken = self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        taken.map(drop).map_err(|tokens| self.exhausted(tokens))
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

    fn exhausted(&self, tokens: u32) -> GaveUp {
        GaveUp::BudgetExhausted { tokens, capacity: self.capacity }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_pays_for_retries_and_is_refilled_by_successes() {
        let budget = RetryBudget::new(12);
        assert_eq!(budget.take(), Ok(()));
        assert_eq!(budget.check(), Ok(()));
        assert_eq!(budget.take(), Ok(()));
        assert_eq!(budget.take(), Err(GaveUp::BudgetExhausted { tokens: 2, capacity: 12 }));
        assert_eq!(budget.check(), Err(GaveUp::BudgetExhausted { tokens: 2, capacity: 12 }));
        budget.give_back(1);
        budget.give_back(1);
        assert_eq!(budget.take(), Err(GaveUp::BudgetExhausted { tokens: 4, capacity: 12 }));
        budget.give_back(3);
        assert_eq!(budget.take(), Ok(()));
        (0..100).for_each(|_| budget.give_back(1));
        assert_eq!(budget.tokens.load(Ordering::Relaxed), 12);
    }
}
