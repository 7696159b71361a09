//! The retry budget, as it is documented: every request of a call but its first takes five tokens, a success gives one back,
//! and five if it took more than one request.

use crate::operations::record::Record;
use crate::report::Promise;

/// The tokens of the small budget.
pub(crate) const CAPACITY: u32 = 12;

const RETRY: u32 = 5;

/// A retry goes out.
pub(crate) fn retry_sent(record: &mut Record, call: usize) {
    match record.tokens.checked_sub(RETRY) {
        Some(tokens) => record.tokens = tokens,
        None => record.broken(Promise::Budget, Some(call), "a retry that nothing is left for"),
    }
}

/// A call has succeeded.
pub(crate) fn succeeded(record: &mut Record, attempts: u32) {
    let back = if attempts > 1 { RETRY } else { 1 };
    record.tokens = (record.tokens + back).min(CAPACITY);
}

/// A call says how many tokens are left.
pub(crate) fn exhausted(record: &mut Record, call: usize, tokens: u32) {
    if tokens != record.tokens || tokens >= RETRY {
        let expected = record.tokens;
        record.broken(Promise::Budget, Some(call), format_args!("{tokens} tokens are left, and should be {expected}"));
    }
}
