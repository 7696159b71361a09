//! Why a plan was not carried out.

use std::error::Error;
use std::fmt;

use serde::Serialize;
use uuid::Uuid;

use crate::account::PartFailure;

/// Why nothing of a plan was carried out.
#[derive(Debug)]
#[non_exhaustive]
pub enum ApplyError {
    /// The plan was changed after it was made: its fingerprint does not fit. Change the manifest, and make the plan again.
    Changed,
    /// What the plan rests on is not so any more: make the plan again. There is at least one.
    Moved(Vec<Moved>),
    /// The list of workspaces could not be read.
    Read(openrouter_workspaces::Error),
    /// A part that the plan rests on could not be read.
    Unread {
        /// The slug of the workspace, as the plan names it.
        slug: String,
        /// `members` or `budgets`.
        part: String,
        /// Why not, if it is known.
        failure: Option<PartFailure>,
    },
    /// A step of the plan cannot be sent: another version of this library, which knows more settings, has made it.
    Invalid {
        /// The slug of the workspace.
        slug: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// What has moved since a plan was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Moved {
    /// The slug of the workspace, as the plan names it.
    pub slug: String,
    /// Its id; `None` if it was to be created.
    pub id: Option<Uuid>,
    /// What of it: `members`, `budgets`, a setting, `slug` if it was renamed or the slug was taken, or `workspace` if it
    /// was deleted, or changed in any way before it was to be deleted.
    pub part: String,
}

/// As in `production: members`.
impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.slug, self.part)
    }
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed => f.write_str(
                "nothing was sent, for the plan was changed after it was made: change the manifest, and make the plan again",
            ),
            Self::Moved(moved) => {
                f.write_str(
                    "nothing was changed, for the account is not as it was planned for: make the plan again; moved: ",
                )?;
                for (index, moved) in moved.iter().enumerate() {
                    write!(f, "{}{moved}", if index == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
            Self::Read(error) => write!(f, "nothing was changed: {error}"),
            Self::Unread { slug, part, failure } => {
                write!(f, "nothing was changed: the {part} of {slug} could not be read")?;
                failure.as_ref().map_or(Ok(()), |failure| write!(f, ": {}", failure.error))
            }
            Self::Invalid { slug, problem } => write!(f, "nothing was changed: {slug}: {problem}: make the plan again"),
        }
    }
}

/// The line of `{}` has the cause in it.
impl Error for ApplyError {}
