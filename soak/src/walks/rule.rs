//! What a walk must not break.

use std::fmt;

/// What must not be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// A row that exists throughout the walk comes.
    Missing,
    /// No row comes twice.
    Twice,
    /// No row comes that never existed.
    Unknown,
    /// No row comes that stood before the walk's offset.
    BeforeStart,
    /// Where nothing changes and nothing is wrong, the list comes.
    NotTheList,
    /// Rows that exist throughout the walk come in their order.
    OutOfOrder,
    /// Where nothing changes, the offsets that the walk names are those of its rows.
    WrongOffset,
    /// Where nothing changes, no request is too many.
    TooManyRequests,
    /// An honest server is not said to contradict itself.
    UnfoundedError,
    /// No other error comes but those that the server caused.
    UnexpectedError,
    /// Nothing is sent for a stream that was dropped.
    AfterDrop,
    /// Nothing is sent, and nothing comes, after the end or an error.
    AfterEnd,
    /// No more requests are in flight than the concurrency allows.
    TooManyAtOnce,
    /// No page is larger than the limit, nor asked for so.
    OverLimit,
    /// No task is left.
    TasksLeft,
    /// The walk ends.
    Endless,
    /// Nothing panics.
    Panicked,
    /// A point of another list is refused.
    ForeignPoint,
    /// A resume point survives JSON.
    PointChanged,
}

impl crate::Rule for Rule {
    const NAMES: &'static [(Self, &'static str)] = &[
        (Self::Missing, "rows missing"),
        (Self::Twice, "rows twice"),
        (Self::Unknown, "rows that never were"),
        (Self::BeforeStart, "rows before the offset"),
        (Self::NotTheList, "not the list"),
        (Self::OutOfOrder, "out of order"),
        (Self::WrongOffset, "wrong offsets"),
        (Self::TooManyRequests, "requests too many"),
        (Self::UnfoundedError, "unfounded errors"),
        (Self::UnexpectedError, "unexpected errors"),
        (Self::AfterDrop, "requests after the drop"),
        (Self::AfterEnd, "something after the end"),
        (Self::TooManyAtOnce, "too many at once"),
        (Self::OverLimit, "over the limit"),
        (Self::TasksLeft, "tasks left"),
        (Self::Endless, "endless"),
        (Self::Panicked, "panics"),
        (Self::ForeignPoint, "foreign points taken"),
        (Self::PointChanged, "points changed by JSON"),
    ];
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(crate::Rule::name(*self))
    }
}
