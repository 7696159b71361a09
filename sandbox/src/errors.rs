//! What the methods of a sandbox can fail with.

use std::error::Error;
use std::fmt;

/// A name that the sandbox does not know: of a workspace or a user that is not there, or of an operation that is
/// not in the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName(String);

impl UnknownName {
    pub(crate) fn new(what: &str, name: &str) -> Self {
        Self(format!("{what} {name}"))
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the sandbox has no {}", self.0)
    }
}

impl Error for UnknownName {}

/// A slug that another workspace has already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenSlug(String);

impl TakenSlug {
    pub(crate) fn new(slug: &str) -> Self {
        Self(slug.to_owned())
    }
}

impl fmt::Display for TakenSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the sandbox has a workspace called {} already", self.0)
    }
}

impl Error for TakenSlug {}

/// A saved state that cannot be: its message names the field, and the line where the text itself is at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidState(String);

impl InvalidState {
    pub(crate) fn new(field: &str, problem: impl fmt::Display) -> Self {
        // Where the text breaks off, or a field is unknown, its last part may be a question mark.
        match field.trim_end_matches(['.', '?']) {
            "" => Self(problem.to_string()),
            field => Self(format!("{field}: {problem}")),
        }
    }
}

impl fmt::Display for InvalidState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for InvalidState {}

/// A fault plan that cannot be carried out.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum InvalidPlan {
    /// It names an operation that the contract does not have.
    UnknownOperation(UnknownName),
    /// It has a rate that is no number from 0 to 1.
    Rate(f64),
}

impl fmt::Display for InvalidPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOperation(unknown) => unknown.fmt(f),
            Self::Rate(rate) => write!(f, "the rate of faults is {rate}: choose a number from 0 to 1, such as 0.3"),
        }
    }
}

impl Error for InvalidPlan {}

impl From<UnknownName> for InvalidPlan {
    fn from(unknown: UnknownName) -> Self {
        Self::UnknownOperation(unknown)
    }
}
