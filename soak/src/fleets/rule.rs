//! What planning and applying must not break.

use std::fmt;

/// What must not be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// In the end all is as the manifest says, and a plan made again is empty.
    Lost,
    /// Each workspace is created at most once, and has one id throughout, renamed or not.
    Doubled,
    /// What is not managed is not touched, not even for a moment.
    Touched,
    /// The default workspace is never created, renamed or deleted, nor are its members changed.
    Default,
    /// The server takes every write, in the order in which they come.
    Refused,
    /// What a report says of an action is so.
    FalseReport,
    /// A plan that rests on what has moved is refused, and nothing is written.
    Stale,
    /// A plan is refused, or not made, only for a reason.
    Unfounded,
    /// Where all is as the manifest says, nothing is written.
    NeedlessWrite,
    /// No write is sent more often than a call has attempts, and finding nothing to do takes a bounded number of requests.
    TooManyRequests,
    /// A process that is dead sends nothing.
    AfterDeath,
    /// Nothing is left of what was dropped.
    TasksLeft,
    /// It ends.
    Endless,
    /// Nothing panics.
    Panicked,
}

impl crate::Rule for Rule {
    const NAMES: &'static [(Self, &'static str)] = &[
        (Self::Lost, "lost"),
        (Self::Doubled, "doubled"),
        (Self::Touched, "touched"),
        (Self::Default, "default workspace"),
        (Self::Refused, "writes refused"),
        (Self::FalseReport, "false reports"),
        (Self::Stale, "stale plans applied"),
        (Self::Unfounded, "unfounded refusals"),
        (Self::NeedlessWrite, "needless writes"),
        (Self::TooManyRequests, "too many requests"),
        (Self::AfterDeath, "requests of the dead"),
        (Self::TasksLeft, "tasks left"),
        (Self::Endless, "endless"),
        (Self::Panicked, "panics"),
    ];
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(crate::Rule::name(*self))
    }
}
