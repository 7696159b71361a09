//! Why there is no plan.

use std::error::Error;
use std::fmt;

use serde::Serialize;

use crate::manifest::ManifestErrors;

/// Why a plan cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanError {
    /// The manifest is wrong in itself.
    Manifest(ManifestErrors),
    /// The manifest does not go with the account. There is at least one problem.
    Problems(Vec<PlanProblem>),
}

/// What of a manifest does not go with the account. As JSON it has its name in the field `problem`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
#[non_exhaustive]
pub enum PlanProblem {
    /// A part of a workspace is managed, and was not read.
    NotRead {
        /// The slug of the workspace.
        slug: String,
        /// `members` or `budgets`.
        part: &'static str,
        /// The error that there was; `None` if the part was not asked for.
        error: Option<String>,
    },
    /// There is a workspace with the new slug of a rename, and one with the old one.
    BothSlugs {
        /// The new slug.
        slug: String,
        /// The old slug.
        renamed_from: String,
    },
    /// The manifest names the default workspace, and the account has none, so that it would have to be created.
    NoDefault,
    /// Workspaces are to be pruned, and none has the slug of the default one, which may have been given another.
    DefaultNotFound,
    /// Whether spend on one's own provider keys counts is to change where there is no budget to send it with.
    ByokWithoutBudget {
        /// The slug of the workspace.
        slug: String,
    },
    /// Two workspaces of the account have this slug: the list was read while they changed.
    SlugTwice {
        /// The slug.
        slug: String,
    },
}

impl fmt::Display for PlanProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRead { slug, part, error: Some(error) } => {
                write!(f, "{slug}: its {part} are managed, and could not be read: {error}")
            }
            Self::NotRead { slug, part, error: None } => {
                write!(f, "{slug}: its {part} are managed, and were not read: read the account for this manifest")
            }
            Self::BothSlugs { slug, renamed_from } => write!(
                f,
                "{slug}: is to be renamed from `{renamed_from}`, but there is a workspace with either slug: delete or \
                 rename one of them, or leave `renamed_from` out"
            ),
            Self::NoDefault => f.write_str(
                "default: no workspace has this slug, and the default workspace is not created: take it out of the manifest",
            ),
            Self::DefaultNotFound => f.write_str(
                "nothing is pruned, for no workspace has the slug `default`: the default workspace may have been given \
                 another slug, and cannot be told from those to be deleted",
            ),
            Self::ByokWithoutBudget { slug } => write!(
                f,
                "{slug}: `include_byok` cannot be changed where there is no budget, for it is sent with one: add a budget, \
                 or leave it out"
            ),
            Self::SlugTwice { slug } => write!(
                f,
                "{slug}: two workspaces of the account have this slug, for they changed while they were read: read it again"
            ),
        }
    }
}

/// One line for each problem.
impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Manifest(errors) => fmt::Display::fmt(errors, f),
            Self::Problems(problems) => {
                for (index, problem) in problems.iter().enumerate() {
                    write!(f, "{}{problem}", if index == 0 { "" } else { "\n" })?;
                }
                Ok(())
            }
        }
    }
}

impl Error for PlanError {}

impl From<ManifestErrors> for PlanError {
    fn from(errors: ManifestErrors) -> Self {
        Self::Manifest(errors)
    }
}
