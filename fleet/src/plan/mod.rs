//! From what a manifest says, and what an account has, to what is to be done.

mod action;
mod budgets;
mod diff;
mod document;
mod error;
mod fingerprint;
mod options;
mod version;
mod workspace;

use crate::account::Account;
use crate::manifest::Manifest;
use crate::plan::diff::Diff;

pub(crate) use fingerprint::{BUDGETS, MEMBERS, WORKSPACE, of_part};

pub use action::{Action, ByokChange, Change, FieldChange};
pub use document::{Counts, Plan};
pub use error::{PlanError, PlanProblem};
pub use options::PlanOptions;
pub use workspace::WorkspacePlan;

/// Compares an account with a manifest.
///
/// Whatever the manifest does not say is left as it is, also the workspaces that it does not name, unless
/// [`prune`](PlanOptions::prune) is set.
///
/// # Errors
///
/// All that keeps the plan from being made: what is wrong with the manifest, what of the account was not read although it is
/// managed, and what cannot be done.
pub fn plan(manifest: &Manifest, account: &Account, options: &PlanOptions) -> Result<Plan, PlanError> {
    manifest.check()?;
    let workspaces = Diff::new(manifest, account).run(options).map_err(PlanError::Problems)?;
    Ok(Plan::new(workspaces))
}
