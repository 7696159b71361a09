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
