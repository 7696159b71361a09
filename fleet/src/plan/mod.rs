//! From what a manifest says, and what an account has, to what is to be done.

mod action;
mod budgets;
mod diff;
mod error;
mod fingerprint;

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::account::Account;
use crate::manifest::Manifest;
use crate::plan::diff::Diff;

pub(crate) use fingerprint::{BUDGETS, MEMBERS, WORKSPACE, of_part, parts};

pub use action::{Action, ByokChange, Change, FieldChange};
pub use error::{PlanError, PlanProblem};

/// What is to be done so that an account is as a manifest says. Made by [`plan`], and carried out by
/// [`apply`](crate::apply()).
///
/// It serializes, and one of a version that this library does not know is an error when it is read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Plan {
    version: Version,
    /// The fingerprint of all that the plan rests on, as `sha256` in hexadecimal digits: that of a plan which is made again
    /// is the same as long as nothing of it has moved.
    pub fingerprint: String,
    /// The workspaces of which something is to be done: those of the manifest in its order, then those to be deleted. They
    /// do not depend on each other.
    pub workspaces: Vec<WorkspacePlan>,
}

/// What is to be done about one workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WorkspacePlan {
    /// The slug that it has in the end, or, if it is to be deleted, has now.
    pub slug: String,
    /// Its id; `None` if it is to be created.
    pub id: Option<Uuid>,
    /// The parts of the workspace that the actions rest on, each with the fingerprint of its state.
    pub rests_on: BTreeMap<String, String>,
    /// What is to be done, in this order. There is at least one.
    pub actions: Vec<Action>,
}

/// How a plan is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlanOptions {
    /// Whether workspaces that the manifest does not name are deleted. The default workspace never is. Default: no.
    pub prune: bool,
    /// Whether others are deleted even if no workspace has the slug of the default one. It may have been given another slug
    /// then, and cannot be told from the others; the server refuses to delete it. Default: no, that is an error.
    pub prune_without_default: bool,
}

impl PlanOptions {
    /// Sets [`prune`](Self#structfield.prune).
    #[must_use]
    pub fn prune(mut self, prune: bool) -> Self {
        self.prune = prune;
        self
    }

    /// Sets [`prune_without_default`](Self#structfield.prune_without_default).
    #[must_use]
    pub fn prune_without_default(mut self, allowed: bool) -> Self {
        self.prune_without_default = allowed;
        self
    }
}

/// How many things a plan does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Counts {
    /// Workspaces that are created.
    pub created: usize,
    /// Workspaces that are changed: their settings, members or budgets.
    pub changed: usize,
    /// Workspaces that are deleted.
    pub deleted: usize,
    /// Actions in all.
    pub actions: usize,
}

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
    Ok(Plan { version: Version, fingerprint: fingerprint::of_plan(&workspaces), workspaces })
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.workspaces.is_empty()
    }

    /// All actions, each with the workspace that it is about.
    pub fn actions(&self) -> impl Iterator<Item = (&WorkspacePlan, &Action)> {
        self.workspaces.iter().flat_map(|workspace| workspace.actions.iter().map(move |action| (workspace, action)))
    }

    /// How many things it does.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { actions: self.actions().count(), ..Counts::default() };
        for workspace in &self.workspaces {
            match workspace.actions.first().map(|action| &action.change) {
                Some(Change::Create { .. }) => counts.created += 1,
                Some(Change::Delete { .. }) => counts.deleted += 1,
                _ => counts.changed += 1,
            }
        }
        counts
    }
}

/// The version of the form of plans, which is the only one so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Version;

impl Version {
    const NUMBER: u32 = 1;
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(Self::NUMBER)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            Self::NUMBER => Ok(Self),
            other => Err(serde::de::Error::custom(format_args!(
                "the plan is of version {other}, and only version {} is known: make the plan again",
                Self::NUMBER
            ))),
        }
    }
}
