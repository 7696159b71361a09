//! What a call says of itself, held against what it sent and what the server did.

use std::time::Duration;

use openrouter_workspaces::{Delivery, Error, Evidence, GaveUp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::KEY;
use crate::operations::promise::Promise;
use crate::operations::record::{Record, RequestRecord};
use crate::operations::truth::id_of;
use crate::operations::unknown::TOLERANCE;
use crate::operations::{agreement, unknown};

/// What a call has told its caller when it succeeded.
#[derive(Debug)]
pub(crate) struct Told {
    pub attempts: u32,
    pub evidence: Evidence,
    pub value: Value,
}

/// Judges the result of a call.
pub(crate) fn judge(record: &mut Record, call: usize, result: &Result<Told, Error>) {
    let now = record.now();
    record.calls[call].ended = Some(now);
    match result {
        Ok(told) => record.note(Some(call), format_args!("done at attempt {}, {:?}", told.attempts, told.evidence)),
        Err(error) => {
            record.note(Some(call), format_args!("failed, {:?}: {error}", error.delivery()));
            if record.calls[call].is_write && error.delivery() == Delivery::Unknown {
                *record.unknown.entry(reason(error)).or_default() += 1;
            }
        }
    }
    let mut problems = Vec::new();
    limits(record, call, result, &mut problems);
    match result {
        Ok(told) => success(record, call, told, &mut problems),
        Err(error) => failure(record, call, error, &mut problems),
    }
    for (promise, problem) in problems {
        record.broken(promise, Some(call), problem);
    }
    if record.calls[call].metered {
        match result {
            Ok(told) => record.budget.succeeded(told.attempts),
            Err(error) => {
                if let Some(GaveUp::BudgetExhausted { tokens, .. }) = error.gave_up()
                    && let Some(problem) = record.budget.exhausted(*tokens)
                {
                    record.broken(Promise::Budget, Some(call), problem);
                }
            }
        }
    }
}

/// Why a call has given up, in a word.
fn reason(error: &Error) -> &'static str {
    match error.gave_up() {
        Some(GaveUp::RetriesOff) => "retries off",
        Some(GaveUp::AttemptsExhausted) => "attempts exhausted",
        Some(GaveUp::OutOfTime { .. }) => "out of time",
        Some(GaveUp::Ambiguous) => "not looked up",
        Some(GaveUp::BudgetExhausted { .. }) => "budget exhausted",
        Some(GaveUp::Unreconciled { why }) if why.starts_with("looking up") => "look-up failed",
        Some(GaveUp::Unreconciled { why }) if why.contains("differs") => "another is there",
        Some(GaveUp::Unreconciled { .. }) => "age unclear",
        None if matches!(error, Error::Timeout(_)) => "deadline",
        None => "final answer",
        Some(_) => "another reason",
    }
}

type Problems = Vec<(Promise, String)>;

/// Time and attempts, and that all requests are counted.
fn limits(record: &Record, call: usize, result: &Result<Told, Error>, problems: &mut Problems) {
    let this = &record.calls[call];
    let took = Duration::from_millis(record.now() - this.began);
    if record.timed && took > this.limits.deadline + Duration::from_millis(1) {
        problems.push((Promise::Limits, format!("it took {took:?}, where {:?} is the limit", this.limits.deadline)));
    }
    let (sent, counted) = (this.requests.len() as u32, result.as_ref().map_or_else(Error::attempts, |t| t.attempts));
    if sent != counted {
        problems.push((Promise::WrongAnswer, format!("{sent} requests were sent, {counted} are counted")));
    }
    if record.requests_of(call).any(|request| request.answer.is_none() && !request.dropped) {
        problems.push((Promise::Stray, "a request is still under way".to_owned()));
    }
}

fn success(record: &Record, call: usize, told: &Told, problems: &mut Problems) {
    let this = &record.calls[call];
    let applied: Vec<&RequestRecord> = record.requests_of(call).filter(|request| request.was_applied()).collect();
    if this.is_write {
        let inferred = told.evidence == Evidence::Inferred;
        match this.name {
            // Somebody else may have done it, between the look-up and the repeat.
            "delete" if inferred => {
                let repeated = record.requests_of(call).rfind(|request| request.is_write());
                let id = repeated.and_then(|request| Uuid::try_parse(request.path.rsplit('/').next()?).ok());
                // Where the clocks differ by more than the tolerance, what was named during the call may seem older.
                let latest = this.began + record.lag.saturating_sub(TOLERANCE);
                match id.and_then(|id| record.truth.get(id)) {
                    Some(meant) if meant.deleted.is_none() => {
                        problems.push((Promise::Lost, "a delete is inferred of what is there".to_owned()));
                    }
                    Some(meant) if Some(meant.id) == this.holder || meant.named < latest => {}
                    _ => problems.push((Promise::Claimed, "a delete is inferred of something else".to_owned())),
                }
            }
            "create" if inferred => problems.extend(claimed(record, call, told)),
            "update" if inferred => problems.extend(inferred_update(record, call, told)),
            _ if applied.is_empty() => problems.push((Promise::Lost, "a success that nothing was done for".to_owned())),
            _ => {}
        }
        if told.evidence == Evidence::Answered && applied.len() > 1 {
            problems.push((Promise::WrongAnswer, format!("{:?}, but done {} times", told.evidence, applied.len())));
        }
        problems.extend(wrong_target(record, call));
    }
    // What the server has said last, or, of what is inferred, in a look-up.
    let inferred = told.evidence == Evidence::Inferred;
    let telling = record.requests_of(call).filter(|request| request.is_write() == (this.is_write && !inferred));
    let said: Vec<&Value> = telling.filter_map(|request| Some(&request.processed.as_ref()?.body)).collect();
    let said = if inferred { &said[..] } else { said.split_at(said.len().saturating_sub(1)).1 };
    let differ: Vec<_> = said.iter().map(|said| agreement::difference(&told.value, said)).collect();
    let of_no_answer = inferred && (this.name == "delete" || has_no_budgets_yet(record, call, told));
    if !of_no_answer && differ.iter().all(Option::is_some) {
        let what = differ.into_iter().flatten().next_back();
        problems.push((Promise::WrongAnswer, what.unwrap_or("an answer that the server never gave".to_owned())));
    }
}

/// Whether a list is the one of a workspace that never had a budget: empty, after a 404 and a look-up that found the workspace.
fn has_no_budgets_yet(record: &Record, call: usize, told: &Told) -> bool {
    let statuses = record.requests_of(call).filter_map(|request| Some(request.processed.as_ref()?.status));
    let statuses: Vec<_> = statuses.collect();
    let found = statuses.contains(&404) && statuses.last() == Some(&200);
    record.calls[call].name == "list_budgets" && told.value == json!({"data": []}) && found
}

/// Why a workspace that a create found cannot be its own, nor be taken for it by somebody who knows the limits.
fn claimed(record: &Record, call: usize, told: &Told) -> Option<(Promise, String)> {
    let this = &record.calls[call];
    let found = id_of(&told.value).and_then(|id| record.truth.get(id));
    let Some(found) = found else {
        return Some((Promise::Claimed, "a workspace that there never was".to_owned()));
    };
    let earliest = this.began.saturating_sub(TOLERANCE);
    (found.creator != Some(call) && found.created < earliest).then(|| {
        (Promise::Claimed, format!("{} of somebody else, from {} ms before", found.id, this.began - found.created))
    })
}

/// Why an update that was found in force cannot be the call's own, nor be taken for it by somebody who knows the limits: another
/// client may have made the same change during the call.
fn inferred_update(record: &Record, call: usize, told: &Told) -> Option<(Promise, String)> {
    let earliest = record.calls[call].began.saturating_sub(TOLERANCE);
    let found = id_of(&told.value).and_then(|id| record.truth.get(id));
    let during = found.is_some_and(|found| found.changed.0 >= earliest);
    (!during).then(|| (Promise::Claimed, "a change from before the call".to_owned()))
}

/// A write that was repeated must not go to another workspace than the first attempt may have gone to.
fn wrong_target(record: &Record, call: usize) -> Option<(Promise, String)> {
    let this = &record.calls[call];
    if !this.limits.reconcile || !matches!(this.name, "update" | "delete") {
        return None;
    }
    let mut doubtful = false;
    for request in record.requests_of(call).filter(|request| request.is_write()) {
        let target = request.processed.as_ref().filter(|_| request.was_applied()).and_then(|done| done.workspace);
        if let Some(target) = target.and_then(|id| record.truth.get(id))
            && doubtful
        {
            let late = request.processed.as_ref().is_some_and(|done| done.late);
            // Where the clocks differ by more than the tolerance, what was made during the call may seem older.
            let latest = this.began + record.lag.saturating_sub(TOLERANCE);
            let since = if this.name == "delete" { target.named } else { target.created };
            if !late && this.holder != Some(target.id) && since >= latest {
                let what = format!("{} was made or renamed during the call, and is changed by its repeat", target.id);
                return Some((Promise::Claimed, what));
            }
        }
        doubtful |= !request.did_nothing();
    }
    None
}

fn failure(record: &Record, call: usize, error: &Error, problems: &mut Problems) {
    let this = &record.calls[call];
    if [format!("{error}"), format!("{error:?}"), format!("{error:#?}")].iter().any(|text| text.contains(KEY)) {
        problems.push((Promise::KeyLeak, "the key is in the error".to_owned()));
    }
    if let Some(status) = error.status()
        && record.requests_of(call).all(|request| request.status() != Some(status))
    {
        problems.push((Promise::WrongAnswer, format!("a status {status} that nobody has sent")));
    }
    if error.delivery() == Delivery::NotSent
        && record.requests_of(call).any(|request| request.is_write() == this.is_write && !request.did_nothing())
    {
        problems.push((Promise::FalseReport, "not sent, it says, and it was".to_owned()));
    }
    if this.is_write {
        if error.delivery() == Delivery::Unknown {
            problems.extend(unknown::unfounded(record, call, error).map(|why| (Promise::Unfounded, why)));
        }
        problems.extend(wrong_target(record, call));
    }
    problems.extend(gave_up_early(record, call, error).map(|why| (Promise::Limits, why)));
}

/// Why a call must not have given up yet.
fn gave_up_early(record: &Record, call: usize, error: &Error) -> Option<String> {
    let this = &record.calls[call];
    let attempts = this.requests.len() as u32;
    let out_of_time = matches!(error, Error::Timeout(timeout) if timeout.is_total());
    match error.gave_up() {
        Some(GaveUp::AttemptsExhausted) if attempts != this.limits.max_attempts => {
            Some(format!("no attempts left after {attempts} of {}", this.limits.max_attempts))
        }
        Some(GaveUp::OutOfTime { wait, remaining }) if wait < remaining => {
            Some(format!("no time left to wait {wait:?} of {remaining:?}"))
        }
        Some(GaveUp::RetriesOff) if this.limits.max_attempts > 1 => Some("retries are not off".to_owned()),
        Some(GaveUp::BudgetExhausted { .. }) if !this.metered => Some("the budget has no end".to_owned()),
        None if error.is_retryable() && !out_of_time && attempts < this.limits.max_attempts => {
            Some("it was not tried again, and does not say why".to_owned())
        }
        _ => None,
    }
}

/// What can only be told in the end, when nothing is under way any more: a write that was reported as not done, or given up
/// by nobody's wish, and was done all the same.
pub(crate) fn judge_late(record: &mut Record, call: usize, delivery: Option<Delivery>) {
    let this = &record.calls[call];
    if !this.is_write {
        return;
    }
    let applied: Vec<&RequestRecord> = record.requests_of(call).filter(|request| request.was_applied()).collect();
    let mut problems = Vec::new();
    if let Some(delivery @ (Delivery::NotSent | Delivery::Answered)) = delivery
        && !applied.is_empty()
    {
        let promise = if this.name == "create" { Promise::Unreported } else { Promise::FalseReport };
        problems.push((promise, format!("done, although it was reported as {delivery:?}")));
    }
    if this.name == "create" && applied.len() > 1 {
        let made = applied.iter().filter_map(|request| record.truth.get(request.processed.as_ref()?.workspace?));
        // While the first has the slug, the server refuses a second one.
        let untouched = made.filter(|w| w.deleted.is_none() && w.named == w.created).count();
        if untouched > 1 {
            problems.push((Promise::Doubled, format!("created {} times", applied.len())));
        }
    }
    for (promise, problem) in problems {
        record.broken(promise, Some(call), problem);
    }
}
