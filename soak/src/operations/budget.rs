//! The retry budget, as it is documented: every request of a call but its first takes five tokens, a success gives one back,
//! and five if it took more than one request.

/// The tokens of the small budget.
pub(crate) const CAPACITY: u32 = 12;

const RETRY: u32 = 5;

/// What the small budget has left.
#[derive(Debug)]
pub(crate) struct Budget {
    tokens: u32,
}

impl Budget {
    pub fn full() -> Self {
        Self { tokens: CAPACITY }
    }

    /// A retry goes out. Returns why it must not.
    pub fn retry_sent(&mut self) -> Option<String> {
        match self.tokens.checked_sub(RETRY) {
            Some(tokens) => {
                self.tokens = tokens;
                None
            }
            None => Some("a retry that nothing is left for".to_owned()),
        }
    }

    /// A call has succeeded.
    pub fn succeeded(&mut self, attempts: u32) {
        let back = if attempts > 1 { RETRY } else { 1 };
        self.tokens = (self.tokens + back).min(CAPACITY);
    }

    /// A call says that the budget has no more than so many tokens left. Returns why that is wrong.
    pub fn exhausted(&self, tokens: u32) -> Option<String> {
        let is_so = tokens == self.tokens && tokens < RETRY;
        (!is_so).then(|| format!("{tokens} tokens are left, and should be {}", self.tokens))
    }
}
