//! Whether something was done before or during a call, by the server's clock.

use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::Deserialize;
use tokio::time::Instant;

use crate::generated::endpoints::GetWorkspace;
use crate::generated::types::WorkspaceResponse;
use crate::headers::server_time;
use crate::transport::{Call, Repeat, Response};

/// When something was done, seen from the call.
pub(crate) enum Age {
    BeforeCall,
    DuringCall,
    /// It cannot be told, and why not.
    Unclear(String),
}

/// How many look-ups may be made for the moments at which they are made.
const LOOK_UPS: u32 = 3;

/// Tells whether a time that the server has set lies in the call.
///
/// The server's clock at the beginning of the call is what the `Date` of a look-up says, less the time since then. As a
/// `Date` has whole seconds, that is exact to a second. Where this is not enough, the workspace is looked up once more, at
/// the moment at which the clock turns to the next second if the time lies just in the call; and again, where that look-up
/// was slow, or had to be repeated, and so came too late for its moment.
pub(crate) async fn age(call: &mut Call, slug: &str, found: &Response<WorkspaceResponse>, at: DateTime<Utc>) -> Age {
    let tolerance = TimeDelta::from_std(call.policy().clock_tolerance).unwrap_or(TimeDelta::MAX);
    // A server may keep whole seconds, as it tells its time in: then the time may be almost a second later.
    let whole_seconds = at == at.trunc_subsecs(0) && !writes_fractions(found);
    let latest = if whole_seconds { at + TimeDelta::milliseconds(999) } else { at };
    let Some(mut clock) = clock_at_start(call, found) else {
        return Age::Unclear("the server does not tell its time".to_owned());
    };
    for _ in 0..LOOK_UPS {
        let Some(wait) = clock.until_decided(call, latest, tolerance) else { break };
        if let Err(reason) = call.wait_for(wait).await {
            return Age::Unclear(format!("whether it is older than this call cannot be told: {reason}"));
        }
        call.trace_look_up(slug);
        let again = call.send(&GetWorkspace { id: slug.to_owned() }, Repeat::Always).await;
        let Some(second) = again.ok().and_then(|again| clock_at_start(call, &again)) else {
            return Age::Unclear("looking it up once more failed".to_owned());
        };
        clock = clock.and(second);
    }
    clock.decide(latest, tolerance)
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
    let body: Result<Body, _> = serde_json::from_slice(answer.body());
    body.is_ok_and(|Body { data }| {
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
    let start = call.context().start;
    let before = |then: Instant| TimeDelta::from_std(then.saturating_duration_since(start)).unwrap_or(TimeDelta::MAX);
    let clock = ClockAtStart {
        earliest: date.checked_sub_signed(before(answer.received_at))?,
        latest: date.checked_add_signed(TimeDelta::seconds(1))?.checked_sub_signed(before(answer.sent_at))?,
    };
    // Errors before were sent after the start, too. Where the own clock stood still in between, as it does while a machine
    // is suspended, this contradicts them.
    let bounds = call.context().dates.iter().filter_map(|date| date.checked_add_signed(TimeDelta::seconds(1)));
    Some(ClockAtStart { latest: bounds.chain([clock.latest]).min()?, ..clock })
}

impl ClockAtStart {
    fn and(self, other: Self) -> Self {
        Self { earliest: self.earliest.max(other.earliest), latest: self.latest.min(other.latest) }
    }

    fn decide(self, at: DateTime<Utc>, tolerance: TimeDelta) -> Age {
        if self.latest < self.earliest {
            Age::Unclear("the clocks of the server and of this machine contradict each other".to_owned())
        } else if self.latest.signed_duration_since(at) <= tolerance {
            Age::DuringCall
        } else if self.earliest.signed_duration_since(at) > tolerance {
            Age::BeforeCall
        } else {
            Age::Unclear("whether it is older than this call cannot be told".to_owned())
        }
    }

    /// How long to wait before another look-up tells more; `None` if this one tells enough.
    fn until_decided(self, call: &Call, at: DateTime<Utc>, tolerance: TimeDelta) -> Option<Duration> {
        let during = self.latest.signed_duration_since(at) <= tolerance;
        let before = self.earliest.signed_duration_since(at) > tolerance;
        if during || before || self.latest < self.earliest {
            return None;
        }
        // If the call began when it was done, or less than the tolerance later, the clock now shows at most this.
        let elapsed = TimeDelta::from_std(call.context().elapsed()).ok()?;
        let now = at.checked_add_signed(elapsed)?.checked_add_signed(tolerance)?;
        let turn = now.trunc_subsecs(0).checked_add_signed(TimeDelta::seconds(1))?;
        turn.signed_duration_since(now).to_std().ok()
    }
}
