//! What happens while a plan is carried out.

use std::fmt;
use std::sync::Arc;

use crate::apply::report::Outcome;
use crate::plan::Action;

/// What is called with each event.
pub(super) type OnEvent = Arc<dyn Fn(Event<'_>) + Send + Sync>;

/// Something that happens while a plan is carried out.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// An action begins.
    Started {
        /// The slug of the workspace, as the plan names it.
        slug: &'a str,
        /// The action.
        action: &'a Action,
    },
    /// An action has ended.
    Ended {
        /// The slug of the workspace, as the plan names it.
        slug: &'a str,
        /// The action.
        action: &'a Action,
        /// What has become of it.
        outcome: &'a Outcome,
        /// How many actions have an outcome now, those among them that will not be tried any more.
        settled: usize,
        /// How many actions the plan has.
        total: usize,
    },
}

/// As in `3/12 production: add 2 members: done`.
impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started { slug, action } => write!(f, "{slug}: {}", action.change),
            Self::Ended { slug, action, outcome, settled, total } => {
                write!(f, "{settled}/{total} {slug}: {}: {outcome}", action.change)
            }
        }
    }
}
