//! What a program that is killed and started again must not break.

use std::fmt;

/// What must not be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// In the end all is as it was asked for.
    Lost,
    /// Each workspace is created at most once, and has one id throughout.
    Doubled,
    /// What was not named is not touched, not even for a moment.
    Touched,
    /// What a report says is so.
    FalseReport,
    /// Only what the job has created is called created.
    Claimed,
    /// The server takes each step of a budget set.
    OrderRefused,
    /// Where all is done, nothing is written.
    NeedlessWrite,
    /// A process that is dead sends nothing.
    AfterDeath,
    /// Nothing is left of what was dropped.
    TasksLeft,
    /// A run ends.
    Endless,
    /// Nothing panics.
    Panicked,
}

impl crate::Rule for Rule {
    const NAMES: &'static [(Self, &'static str)] = &[
        (Self::Lost, "lost"),
        (Self::Doubled, "doubled"),
        (Self::Touched, "touched"),
        (Self::FalseReport, "false reports"),
        (Self::Claimed, "claimed"),
        (Self::OrderRefused, "budget steps refused"),
        (Self::NeedlessWrite, "needless writes"),
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
