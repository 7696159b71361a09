//! A plan as it is shown, written and read.

use serde::{Deserialize, Serialize};

use crate::plan::action::{Action, Change};
use crate::plan::fingerprint;
use crate::plan::version::Version;
use crate::plan::workspace::WorkspacePlan;

/// What is to be done so that an account is as a manifest says. Made by [`plan`](crate::plan()), and carried out by
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

impl Plan {
    pub(super) fn new(workspaces: Vec<WorkspacePlan>) -> Self {
        Self { version: Version, fingerprint: fingerprint::of_plan(&workspaces), workspaces }
    }

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
