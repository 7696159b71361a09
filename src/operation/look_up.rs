//! Looking a workspace up, and whether something was done to it before or during the call, by the server's clock.

use std::fmt::Display;
use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::Deserialize;
use tokio::time::Instant;

use crate::error::Error;
use crate::generated::endpoints::GetWorkspace;
use crate::generated::types::WorkspaceResponse;
use crate::headers::server_time;
use crate::json::from_body;
use crate::transport::{Call, Repeat, Response, trace};

/// Sends a request that looks a workspace up.
pub(crate) async fn get(call: &mut Call, workspace: &str) -> Result<Response<WorkspaceResponse>, Error> {
    trace::look_up(workspace, &call.client);
    call.send(&GetWorkspace { id: workspace.to_owned() }, Repeat::Always).await
}

/// The workspace, or the error that says that there is none. Why it cannot be told is another error.
pub(crate) async fn look_up(
    call: &mut Call,
    workspace: &str,
) -> Result<Result<Response<WorkspaceResponse>, Error>, String> {
    match get(call, workspace).await {
        // It is the API's word only if it has the API's form.
        Err(Error::NotFound(answer)) if answer.code().is_some() => Ok(Err(Error::NotFound(answer))),
        Err(other) => Err(format!("looking up {workspace} failed: {other}")),
        Ok(found) => Ok(Ok(found)),
    }
}

/// Why a workspace that was found is not the one that is looked for.
pub(crate) fn but(workspace: &str, why: impl Display) -> String {
    format!("there is a workspace {workspace}, but {why}")
}

/// When something was done, seen from the call.
#[derive(PartialEq)]
pub(crate) enum Age {
    BeforeCall,
    DuringCall,
}

/// How many look-ups may be made for the sake of their moment.
const LOOK_UPS: u32 = 3;

const UNDECIDED: &str = "whether it is older than this call cannot be told";

/// Tells whether a time that the server has set lies in the call, or why that cannot be told.
///
/// The server's clock at the beginning of the call is what the `Date` of a look-up says, less the time since then. As a
/// `Date` has whole seconds, that is exact to a second. Where this is not enough, the workspace is looked up once more, at
/// the moment at which the clock turns to the next second if the time lies just in the call; and again, where that look-up
/// was slow, or had to be repeated, and so came too late for its moment.
pub(crate) async fn age(
    call: &mut Call,
    slug: &str,
    found: &Response<WorkspaceResponse>,
    at: DateTime<Utc>,
) -> Result<Age, String> {
    let tolerance = TimeDelta::from_std(call.options.retry.clock_tolerance).unwrap_or(TimeDelta::MAX);
    // A server may keep whole seconds, as it tells its time in: then the time may be almost a second later.
    let whole_seconds = at == at.trunc_subsecs(0) && !writes_fractions(found);
    let latest = if whole_seconds { at + TimeDelta::milliseconds(999) } else { at };
    let mut clock = clock_at_start(call, found).ok_or_else(|| but(slug, "the server does not tell its time"))?;
    let mut decided = clock.decide(latest, tolerance);
    for _ in 0..LOOK_UPS {
        let Some(wait) = clock.until_turn(call, latest, tolerance).filter(|_| decided.is_err()) else { break };
        if let Err(reason) = call.wait_for_another(wait).await {
            return Err(but(slug, format_args!("{UNDECIDED}: {reason}")));
        }
        let again = look_up(call, slug).await.ok().and_then(Result::ok);
        let again = again.and_then(|again| clock_at_start(call, &again));
        clock = clock.and(again.ok_or_else(|| but(slug, "looking it up once more failed"))?);
        decided = clock.decide(latest, tolerance);
    }
    decided.map_err(|why| but(slug, why))
}

/// Whether the times in an answer are written with fractions of seconds, be they zero.
fn writes_fractions(answer: &Response<WorkspaceResponse>) -> bool {
    #[derive(Deserialize)]
    struct Body {
        data: Times,
    }
    #[derive(Deserialize)]
    struct Times {
        created_at: String,
        updated_at: Option<String>,
    }
    let body: Option<Body> = from_body(answer.body());
    body.is_some_and(|Body { data }| {
        [Some(data.created_at), data.updated_at].iter().flatten().any(|time| time.contains('.'))
    })
}

/// Between which times the server's clock was when the call began.
#[derive(Clone, Copy)]
struct ClockAtStart {
    earliest: DateTime<Utc>,
    latest: DateTime<Utc>,
}

fn clock_at_start(call: &Call, answer: &Response<WorkspaceResponse>) -> Option<ClockAtStart> {
    let date = server_time(answer.headers())?;
    let start = call.context.start;
    let before = |then: Instant| TimeDelta::from_std(then.saturating_duration_since(start)).unwrap_or(TimeDelta::MAX);
    let clock = ClockAtStart {
        earliest: date.checked_sub_signed(before(answer.received_at))?,
        latest: date.checked_add_signed(TimeDelta::seconds(1))?.checked_sub_signed(before(answer.sent_at))?,
    };
    // Errors before were sent after the start, too. Where the own clock stood still in between, as it does while a machine
    // is suspended, this contradicts them.
    let bounds = call.context.dates.iter().filter_map(|date| date.checked_add_signed(TimeDelta::seconds(1)));
    Some(ClockAtStart { latest: bounds.chain([clock.latest]).min()?, ..clock })
}

impl ClockAtStart {
    fn and(self, other: Self) -> Self {
        Self { earliest: self.earliest.max(other.earliest), latest: self.latest.min(other.latest) }
    }

    fn decide(self, at: DateTime<Utc>, tolerance: TimeDelta) -> Result<Age, &'static str> {
        if self.latest < self.earliest {
            Err("the clocks of the server and of this machine contradict each other")
        } else if self.latest.signed_duration_since(at) <= tolerance {
            Ok(Age::DuringCall)
        } else if self.earliest.signed_duration_since(at) > tolerance {
            Ok(Age::BeforeCall)
        } else {
            Err(UNDECIDED)
        }
    }

    /// How long to wait before another look-up tells more; `None` if it would not.
    fn until_turn(self, call: &Call, at: DateTime<Utc>, tolerance: TimeDelta) -> Option<Duration> {
        if self.latest < self.earliest {
            return None;
        }
        // If the call began when it was done, or less than the tolerance later, the clock now shows at most this.
        let elapsed = TimeDelta::from_std(call.context.elapsed()).ok()?;
        let now = at.checked_add_signed(elapsed)?.checked_add_signed(tolerance)?;
        let turn = now.trunc_subsecs(0).checked_add_signed(TimeDelta::seconds(1))?;
        turn.signed_duration_since(now).to_std().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its clock, by the server's own, was between these milliseconds after something was done, of which 250 are tolerated.
    fn decide(earliest: i64, latest: i64) -> Result<Age, &'static str> {
        let done = DateTime::UNIX_EPOCH;
        let after = |ms| done + TimeDelta::milliseconds(ms);
        ClockAtStart { earliest: after(earliest), latest: after(latest) }.decide(done, TimeDelta::milliseconds(250))
    }

    #[test]
    fn what_was_done_before_the_call_by_no_more_than_the_tolerance_was_done_during_it() {
        assert!(decide(-600, 250) == Ok(Age::DuringCall));
        assert!(decide(251, 900) == Ok(Age::BeforeCall));
        assert!(decide(250, 251) == Err(UNDECIDED) && decide(0, 999) == Err(UNDECIDED));
        // Where its clock is known to the millisecond, each of them can be told.
        assert!(decide(250, 250) == Ok(Age::DuringCall) && decide(251, 251) == Ok(Age::BeforeCall));
        assert!(decide(1, 0).is_err_and(|why| why.contains("contradict")));
    }
}
