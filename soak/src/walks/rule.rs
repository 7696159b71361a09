//! What a walk must not break, and what the SDK is known to break.

use std::fmt;

/// What must not be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// A row that exists throughout the walk comes.
    Missing,
    /// The same, where the server has sent a page with other rows than it has there.
    MissingAfterWrongRows,
    /// No row comes twice.
    Twice,
    /// No row comes that never existed.
    Unknown,
    /// No row comes that stood before the walk's offset.
    BeforeStart,
    /// The same, where everything is gone that the walk knows, where the list did not reach up to the walk's offset, or
    /// where a total was wrong.
    BeforeStartAstray,
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
    /// The same, of a walk from an offset that still has a row to know its way by.
    UnfoundedErrorFromOffset,
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

impl Rule {
    /// All of them, in their order.
    pub const ALL: [Self; 22] = [
        Self::Missing,
        Self::MissingAfterWrongRows,
        Self::Twice,
        Self::Unknown,
        Self::BeforeStart,
        Self::BeforeStartAstray,
        Self::NotTheList,
        Self::OutOfOrder,
        Self::WrongOffset,
        Self::TooManyRequests,
        Self::UnfoundedError,
        Self::UnfoundedErrorFromOffset,
        Self::UnexpectedError,
        Self::AfterDrop,
        Self::AfterEnd,
        Self::TooManyAtOnce,
        Self::OverLimit,
        Self::TasksLeft,
        Self::Endless,
        Self::Panicked,
        Self::ForeignPoint,
        Self::PointChanged,
    ];

    /// Whether the SDK is known to break it, so that a soak that finds it again is clean all the same. See `OPEN`.
    pub fn is_open(self) -> bool {
        OPEN.contains(&self)
    }
}

/// What the documentation promises, and the SDK does not keep yet. Whoever mends it takes it off the list.
///
/// - `MissingAfterWrongRows`: a page that was not asked for ends the walk where its total happens to be where it ends.
/// - `BeforeStartAstray`: from an offset that is behind the end of the list, every page without rows moves the walk a row to
///   the front, of it or of what resumes it. And where a walk from an offset goes back to the beginning to look for a row
///   that it knows, a total that is too small makes it take the first page for its own.
/// - `UnfoundedErrorFromOffset`: where it looks so, rows that are deleted meanwhile make it pass the row that it knows; and
///   it gives up after a number of pages that does not allow for the rows that were created in front.
const OPEN: [Rule; 3] = [Rule::MissingAfterWrongRows, Rule::BeforeStartAstray, Rule::UnfoundedErrorFromOffset];

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "rows missing",
            Self::MissingAfterWrongRows => "missing after wrong rows",
            Self::Twice => "rows twice",
            Self::Unknown => "rows that never were",
            Self::BeforeStart => "rows before the offset",
            Self::BeforeStartAstray => "before the offset, astray",
            Self::NotTheList => "not the list",
            Self::OutOfOrder => "out of order",
            Self::WrongOffset => "wrong offsets",
            Self::TooManyRequests => "requests too many",
            Self::UnfoundedError => "unfounded errors",
            Self::UnfoundedErrorFromOffset => "unfounded from an offset",
            Self::UnexpectedError => "unexpected errors",
            Self::AfterDrop => "requests after the drop",
            Self::AfterEnd => "something after the end",
            Self::TooManyAtOnce => "too many at once",
            Self::OverLimit => "over the limit",
            Self::TasksLeft => "tasks left",
            Self::Endless => "endless",
            Self::Panicked => "panics",
            Self::ForeignPoint => "foreign points taken",
            Self::PointChanged => "points changed by JSON",
        })
    }
}
