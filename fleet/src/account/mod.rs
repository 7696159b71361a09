//! The account as it is: what a plan is made from.

mod read;

use openrouter_workspaces::jobs::{Snapshot, SnapshotPart};
use openrouter_workspaces::{BudgetSet, Error, Workspace, WorkspaceMember};
use serde::{Deserialize, Serialize};

pub(crate) use read::Parts;
pub use read::{ReadAccount, ReadProgress};

/// An account, or as much of it as was read. It serializes.
///
/// It is no moment of the account, but what was read one after the other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Account {
    /// All workspaces, in the order of the list.
    pub workspaces: Vec<AccountWorkspace>,
}

/// A workspace of an [`Account`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountWorkspace {
    /// The workspace with its settings.
    pub workspace: Workspace,
    /// Its members.
    pub members: Part<Vec<WorkspaceMember>>,
    /// Its budgets.
    pub budgets: Part<BudgetSet>,
}

/// A part of a workspace, if it could be read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part<T> {
    /// It was not asked for.
    #[default]
    NotRead,
    /// It was read.
    Read(T),
    /// It could not be read.
    Failed(PartFailure),
}

/// Why a part of a workspace could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PartFailure {
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// The error, as it is printed.
    pub error: String,
}

impl<T> Part<T> {
    /// What was read.
    pub fn read(&self) -> Option<&T> {
        match self {
            Self::Read(part) => Some(part),
            Self::NotRead | Self::Failed(_) => None,
        }
    }
}

impl<T> From<Result<T, Error>> for Part<T> {
    fn from(result: Result<T, Error>) -> Self {
        match result {
            Ok(part) => Self::Read(part),
            Err(error) => Self::Failed(PartFailure { status: error.status(), error: error.to_string() }),
        }
    }
}

impl AccountWorkspace {
    /// Its budgets, with what the workspace says itself about spend on one's own provider keys where they do not tell.
    pub(crate) fn budgets_with_byok(&self) -> Option<BudgetSet> {
        let mut budgets = *self.budgets.read()?;
        budgets.include_byok = budgets.include_byok.or(self.workspace.include_byok_in_budgets);
        Some(budgets)
    }
}

impl Account {
    /// The workspace with this slug.
    pub fn by_slug(&self, slug: &str) -> Option<&AccountWorkspace> {
        self.workspaces.iter().find(|there| there.workspace.slug == slug)
    }
}

/// A snapshot that was taken before: of now, or from a file.
impl From<Snapshot> for Account {
    fn from(snapshot: Snapshot) -> Self {
        let Snapshot { workspaces, failures, .. } = snapshot;
        let failed = |id, part: SnapshotPart| {
            let failure = failures.iter().find(|failure| failure.workspace == id && failure.part == part);
            failure.map(|failure| PartFailure { status: failure.status, error: failure.error.clone() })
        };
        let workspaces = workspaces.into_iter().map(|there| {
            let id = there.workspace.id;
            AccountWorkspace {
                members: part(there.members, failed(id, SnapshotPart::Members)),
                budgets: part(there.budgets, failed(id, SnapshotPart::Budgets)),
                workspace: there.workspace,
            }
        });
        Self { workspaces: workspaces.collect() }
    }
}

fn part<T>(part: Option<T>, failure: Option<PartFailure>) -> Part<T> {
    match (part, failure) {
        (Some(part), _) => Part::Read(part),
        (None, Some(failure)) => Part::Failed(failure),
        (None, None) => Part::NotRead,
    }
}
