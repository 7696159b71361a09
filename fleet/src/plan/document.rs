//! A plan as it is shown, written and read.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::plan::action::{Action, Change};
use crate::plan::fingerprint;
use crate::plan::version::Version;
use crate::plan::workspace::WorkspacePlan;

/// What is to be done so that an account is as a manifest says. Made by [`plan`](crate::plan()), and carried out by
/// [`apply`](crate::apply()).
///
/// It serializes. One of a version, or with a field, that this library does not know is an error when it is read. One that was
/// changed after it was made, in a file or in a program, is refused when it is applied, for its fingerprint does not fit any
/// more: a plan is changed by changing the manifest, and making it again. That guards against edits and mix-ups, and not against
/// somebody who means to forge one: there is no secret in a fingerprint, so that whoever knows how can make it fit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Plan {
    version: Version,
    /// The fingerprint of all else that the plan says, as `sha256` in hexadecimal digits: that of a plan which is made again
    /// from the same manifest and the same state is the same. How it is written, such as the order of fields, does not matter.
    pub fingerprint: String,
    /// The workspaces of which something is to be done: those of the manifest in its order, then those to be deleted. They
    /// do not depend on each other.
    pub workspaces: Vec<WorkspacePlan>,
}

/// The fingerprint of a plan of this version.
fn fingerprint_of(workspaces: &[WorkspacePlan]) -> String {
    fingerprint::of(&json!({"version": Version, "workspaces": workspaces}))
}

/// One that does nothing.
impl Default for Plan {
    fn default() -> Self {
        Self::new(Vec::new())
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

impl Plan {
    /// A plan that does this, with the fingerprint of it: for a program that carries out a part of another plan, such as one
    /// workspace of many. What came from somewhere else should not pass through it unseen.
    pub fn new(workspaces: Vec<WorkspacePlan>) -> Self {
        Self { version: Version, fingerprint: fingerprint_of(&workspaces), workspaces }
    }

    /// Whether it is as it was made, which is to say that its fingerprint fits. [`apply`](crate::apply()) refuses any other.
    pub fn is_unchanged(&self) -> bool {
        self.fingerprint == fingerprint_of(&self.workspaces)
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
