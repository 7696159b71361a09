//! Faults: what can go wrong between a client and the API.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::faults::script::ScriptedResponse;
use crate::spec::contract::Contract;

/// One thing that goes wrong with one request.
///
/// [`Sandbox::set_faults`](crate::Sandbox::set_faults) and [`SandboxBuilder::faults`](crate::SandboxBuilder::faults) take
/// a [`FaultPlan`](crate::FaultPlan), which says what goes wrong when. A fault that needs something a request does not
/// have, such as [`PageCap`](Self::PageCap) a list, leaves that request alone, and is not counted.
///
/// ```
/// use std::time::Duration;
///
/// use openrouter_sandbox::{Fault, RetryAfter, ScriptedResponse, When};
///
/// let overloaded = Fault::status(429).retry_after(RetryAfter::Seconds(2));
/// let from_the_cdn = Fault::answer(ScriptedResponse::html(502, "<h1>Bad gateway</h1>"));
/// let lost_answer = Fault::Reset(When::Before).after_processing();
/// assert_eq!(lost_answer, Fault::Reset(When::After));
/// assert_eq!(lost_answer.kind(), "reset-after");
///
/// // Every fault has a name, too, which the program's flag `--faults` takes.
/// assert_eq!("reset-after".parse(), Ok(lost_answer));
/// assert_eq!("latency=20-500".parse(), Ok(Fault::latency(Duration::from_millis(20)..=Duration::from_millis(500))));
/// # let _ = (overloaded, from_the_cdn);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The answer is right but comes late. The journal shows the delay that was drawn, as both `from` and `to`.
    Latency {
        /// The shortest delay.
        from: Duration,
        /// The longest delay.
        to: Duration,
        /// Whether the request waits, or its answer.
        when: When,
    },
    /// Another answer than the API's.
    Answer {
        /// The answer.
        response: ScriptedResponse,
        /// When the client may try again.
        retry_after: Option<RetryAfter>,
        /// Whether the request has had its effect.
        when: When,
    },
    /// The connection is reset (TCP RST) without an answer.
    Reset(When),
    /// The connection is reset, the request is not processed, and new connections are refused for this long. Other
    /// connections are closed as soon as they are idle.
    Refuse(Duration),
    /// The request is processed, but the connection ends in the middle of the answer's body.
    Truncate(Framing),
    /// The request is processed, but half of the answer's body never comes, though the connection stays open.
    Stall,
    /// The request is processed, and the body of the answer comes byte by byte with this pause between two.
    Drip(Duration),
    /// The answer has this content type, or none.
    ContentType(Option<String>),
    /// The answer is padded with blanks to this many bytes, and remains valid JSON.
    Oversize(usize),
    /// A successful answer has values where the contract has others: the role `auditor`, the provider sort `cheapest`,
    /// the reset interval `yearly`, the server tool `openrouter:telepathy`.
    UnknownValues,
    /// Each object in the answer has a field that the contract does not have: `x_sandbox_unknown`.
    UnknownFields,
    /// A page of a list has at most this many rows, whatever was asked for.
    PageCap(usize),
    /// A list starts from the beginning, whatever `offset` says.
    IgnoreOffset,
    /// A list is answered with the page before the one that was asked for.
    RepeatPage,
    /// A list says that it has another number of rows than it has.
    TotalCount(TotalCount),
    /// The request is not processed but sent elsewhere.
    Redirect {
        /// The status, such as 307 or 302.
        status: u16,
        /// The `Location`.
        location: String,
    },
}

/// Whether a request has had its effect when the fault happens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum When {
    /// Before processing: there was no effect.
    #[default]
    Before,
    /// After processing: there was an effect, though the client cannot know.
    After,
    /// Before processing, which happens this much later, whether or not the client is still there.
    Late(Duration),
}

/// When a client may try again, as an answer's header says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// `Retry-After` with a number of seconds.
    Seconds(u64),
    /// `Retry-After` with a date, at least this long after the answer: dates are whole seconds.
    Date(Duration),
    /// `Retry-After-Ms` with a number of milliseconds.
    Millis(u64),
}

/// How the client is told where a body ends, if it came to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Framing {
    /// By a `Content-Length`, which is larger than what is sent.
    ContentLength,
    /// By a last chunk, which is never sent.
    Chunked,
}

/// A wrong number of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TotalCount {
    /// This many more than there are, or fewer if it is negative.
    Off(i64),
    /// This many, however many there are.
    Exactly(i64),
}

impl Fault {
    /// A delay before processing, from a range. One whose ends are the same is a fixed delay.
    pub fn latency(range: RangeInclusive<Duration>) -> Self {
        let (from, to) = range.into_inner();
        Self::Latency { from, to, when: When::Before }
    }

    /// This answer, before processing.
    pub fn answer(response: ScriptedResponse) -> Self {
        Self::Answer { response, retry_after: None, when: When::Before }
    }

    /// An error with this status in the API's own shape, before processing.
    pub fn status(status: u16) -> Self {
        Self::answer(ScriptedResponse::error(status, "A fault of the sandbox"))
    }

    /// A redirect to a place, such as a URL on another host.
    pub fn redirect(status: u16, location: impl Into<String>) -> Self {
        Self::Redirect { status, location: location.into() }
    }

    /// The same after processing. Only [`Latency`](Self::Latency), [`Answer`](Self::Answer) and [`Reset`](Self::Reset)
    /// have a choice.
    #[must_use]
    pub fn after_processing(mut self) -> Self {
        if let Self::Latency { when, .. } | Self::Answer { when, .. } | Self::Reset(when) = &mut self {
            *when = When::After;
        }
        self
    }

    /// The same with the request processed this long after its answer, or after its connection is gone. Only
    /// [`Answer`](Self::Answer) and [`Reset`](Self::Reset) have that choice.
    #[must_use]
    pub fn processed_late(mut self, delay: Duration) -> Self {
        if let Self::Answer { when, .. } | Self::Reset(when) = &mut self {
            *when = When::Late(delay);
        }
        self
    }

    /// The same with a word on when to try again, if it is an [`Answer`](Self::Answer).
    #[must_use]
    pub fn retry_after(mut self, delay: RetryAfter) -> Self {
        if let Self::Answer { retry_after, .. } = &mut self {
            *retry_after = Some(delay);
        }
        self
    }

    /// The kind, under which [`Sandbox::faults_applied`](crate::Sandbox::faults_applied) counts: for an
    /// [`Answer`](Self::Answer) its status, otherwise the fault's name on the command line without its value. Those that
    /// happen after processing and could happen before end in `-after`, those before a late one in `-late`.
    pub fn kind(&self) -> String {
        let name = match self {
            Self::Answer { response, .. } => response.status.to_string(),
            other => other.name().to_owned(),
        };
        match self {
            Self::Latency { when: When::After, .. }
            | Self::Answer { when: When::After, .. }
            | Self::Reset(When::After) => name + "-after",
            Self::Answer { when: When::Late(_), .. } | Self::Reset(When::Late(_)) => name + "-late",
            _ => name,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Latency { .. } => "latency",
            Self::Answer { .. } => "answer",
            Self::Reset(_) => "reset",
            Self::Refuse(_) => "refuse",
            Self::Truncate(Framing::ContentLength) => "truncate",
            Self::Truncate(Framing::Chunked) => "truncate-chunked",
            Self::Stall => "stall",
            Self::Drip(_) => "drip",
            Self::ContentType(_) => "content-type",
            Self::Oversize(_) => "oversize",
            Self::UnknownValues => "unknown-values",
            Self::UnknownFields => "unknown-fields",
            Self::PageCap(_) => "page-cap",
            Self::IgnoreOffset => "ignore-offset",
            Self::RepeatPage => "repeat-page",
            Self::TotalCount(TotalCount::Off(_)) => "total-count-off",
            Self::TotalCount(TotalCount::Exactly(_)) => "total-count",
            Self::Redirect { .. } => "redirect",
        }
    }

    /// Whether an operation has what this fault needs.
    pub(crate) fn applies_to(&self, operation: &str) -> bool {
        match self {
            Self::PageCap(_) | Self::IgnoreOffset | Self::RepeatPage | Self::TotalCount(_) => {
                Contract::get().is_ok_and(|contract| contract.pages(operation))
            }
            Self::UnknownValues => {
                !matches!(operation, "delete_workspace" | "delete_workspace_budget" | "bulk_remove_workspace_members")
            }
            _ => true,
        }
    }
}
