//! What a difference is, and what it means for those who use this crate.

use std::collections::BTreeSet;
use std::fmt;

/// What a difference means for users of this crate, if the other document is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A call or an answer that works now may fail, or mean something else.
    Breaking,
    /// The API offers something that this crate does not.
    Additive,
    /// Nothing that a call would notice.
    Documentation,
}

impl Class {
    pub const ALL: [Self; 3] = [Self::Breaking, Self::Additive, Self::Documentation];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Additive => "additive",
            Self::Documentation => "documentation",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Which way a schema travels, which decides what a wider or a narrower one means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Request,
    Response,
}

impl Side {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }

    /// The other document allows more.
    pub fn wider(self) -> Class {
        match self {
            Self::Request => Class::Additive,
            Self::Response => Class::Breaking,
        }
    }

    /// The other document allows less.
    pub fn narrower(self) -> Class {
        match self {
            Self::Request => Class::Breaking,
            Self::Response => Class::Documentation,
        }
    }
}

/// What makes a difference the same as another one: where it is, of what kind, and both sides of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Such as `request CreateWorkspaceRequest.name`, `query limit`, `response 403`, `GET /workspaces`.
    pub place: String,
    /// Such as `maxLength`, `required`, `nullable`, `field`.
    pub what: String,
    pub ours: String,
    pub theirs: String,
}

impl Key {
    /// The difference in a line, with what the sides are called.
    pub fn text(&self, [first, second]: [&str; 2]) -> String {
        let Self { place, what, ours, theirs } = self;
        format!("{place}: {what}: {first} {ours}; {second} {theirs}")
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(SIDES))
    }
}

/// What the sides of a difference are called.
pub const SIDES: [&str; 2] = ["ours", "theirs"];

/// A difference between two documents.
#[derive(Clone, Debug)]
pub struct Difference {
    pub key: Key,
    pub class: Class,
    /// The operations that have it, with the status where it is in an error: `get_workspace 404`.
    pub uses: BTreeSet<String>,
}
