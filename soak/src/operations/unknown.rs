//! Whether a call may say that it is unknown what became of it.

use openrouter_workspaces::{Error, GaveUp};

use crate::operations::agreement;
use crate::operations::record::{CallRecord, Record};
use crate::operations::wire::LONGEST_WAY;

/// By how much a workspace may be older than a call, and still be taken for what it has created, in milliseconds.
pub(crate) const TOLERANCE: u64 = 250;

/// How young a workspace may be, so that it cannot be told whether it is older than a call, in milliseconds.
const YOUNG: u64 = 1_000 + 2 * TOLERANCE;

/// How many look-ups are made to tell how old a workspace is, at most.
const LOOK_UPS: usize = 3;

/// How long a look-up may have to wait before it can tell, in milliseconds.
const LONGEST_WAIT: u64 = 1_000 + TOLERANCE;

/// Why a call must not say that the outcome is unknown.
pub(crate) fn unfounded(record: &Record, call: usize, error: &Error) -> Option<String> {
    let this = &record.calls[call];
    if !record.requests_of(call).any(|request| request.is_write() && request.is_doubtful()) {
        return Some("unknown, it says, although every answer tells".to_owned());
    }
    let Some(GaveUp::Unreconciled { why }) = error.gave_up() else { return None };
    let attempts = this.requests.len() as u32;
    let time = this.limits.deadline.min(this.limits.max_elapsed).as_millis() as u64;
    let hurried = attempts >= this.limits.max_attempts || record.now() - this.began + LONGEST_WAIT >= time;
    // What the clocks differ by, and what an answer takes, is the same to a client.
    let blurred = record.lag + 2 * LONGEST_WAY > TOLERANCE;
    // What a fault has put into the look-up's answer is what it differs by.
    let looked_up = record.requests_of(call).filter(|request| !request.is_write() && request.status() == Some(200));
    let unpaid = why.contains("budget");
    let in_vain = looked_up.count() > LOOK_UPS;
    let corrupted = agreement::OPEN.iter().any(|field| why.ends_with(&format!("its {field} differs")));
    if !record.timed
        || unpaid
        || hurried
        || blurred
        || in_vain
        || corrupted
        || why.starts_with("looking up")
        || why.contains("failed")
    {
        return None;
    }
    match this.name {
        "create" => own_create_is_unknown(record, call, this),
        "update" | "delete" => old_workspace_is_unknown(record, this),
        _ => None,
    }
    .map(|what| format!("{what}, and yet: {why}"))
}

/// A create that has made the workspace which its last look-up found, and nobody has touched that.
fn own_create_is_unknown(record: &Record, call: usize, this: &CallRecord) -> Option<String> {
    let last = record.requests_of(call).rfind(|request| !request.is_write())?;
    let seen = last.processed.as_ref().filter(|_| last.status() == Some(200))?;
    let found = record.truth.get(seen.workspace?)?;
    let own = found.creator == Some(call) && found.changed == (found.created, Some(call));
    // What the last attempt has made after a look-up is older than that attempt's answer, but not than the call.
    (own && found.created >= this.began).then(|| format!("{} was there, and its own", found.id))
}

/// A write of a slug that is certainly older than the call, and of nobody else's doing.
fn old_workspace_is_unknown(record: &Record, this: &CallRecord) -> Option<String> {
    let holder = record.truth.get(this.holder?)?;
    let old = this.began.saturating_sub(YOUNG);
    let still = holder.slug == this.target && holder.deleted.is_none();
    (still && holder.created < old && holder.changed.0 < old).then(|| format!("{} is older than the call", holder.id))
}
