//! What the SDK promises of its calls.

/// A promise of the SDK, by what happens when it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// Reported as done, and not done; or the server has something else than what was done.
    Lost,
    /// Done twice.
    Doubled,
    /// Created, and reported as not created.
    Unreported,
    /// Done, and reported as not done.
    FalseReport,
    /// A result, a count or an error that is not what the server has said.
    WrongAnswer,
    /// Somebody else's workspace taken for one's own.
    Claimed,
    /// Reported as unknown, although it could be known.
    Unfounded,
    /// More attempts or more time than allowed, or less than asked for.
    Limits,
    /// A request where there must be none.
    Stray,
    /// The retry budget miscounted.
    Budget,
    /// The key in a text.
    KeyLeak,
    /// A panic.
    Panic,
    /// A call that does not end.
    Hang,
    /// A task that is left.
    Leftover,
}

impl Promise {
    /// All of them, as they stand in the table.
    pub const ALL: [(Self, &'static str); 14] = [
        (Self::Lost, "lost"),
        (Self::Doubled, "doubled"),
        (Self::Unreported, "unreported"),
        (Self::FalseReport, "false reports"),
        (Self::WrongAnswer, "wrong answers"),
        (Self::Claimed, "claimed"),
        (Self::Unfounded, "unfounded unknown"),
        (Self::Limits, "limits exceeded"),
        (Self::Stray, "stray requests"),
        (Self::Budget, "budget miscounted"),
        (Self::KeyLeak, "key leaks"),
        (Self::Panic, "panics"),
        (Self::Hang, "hangs"),
        (Self::Leftover, "leftovers"),
    ];
}

/// A promise that broke.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Violation {
    /// Which one.
    pub promise: Promise,
    /// The operation that broke it, by its number; `None` if that is no single one.
    pub number: Option<u64>,
    /// What happened.
    pub what: String,
    /// The last that happened before, as far as it concerns the operation.
    pub lines: Vec<String>,
}
