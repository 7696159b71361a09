//! The whole account as one value.

use std::fmt;
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::client::Client;
use crate::error::Error;
use crate::generated::types::{Workspace, WorkspaceMember};
use crate::jobs::budget_set::BudgetSet;
use crate::jobs::budgets::read_budgets;
use crate::jobs::in_flight::run_bounded;
use crate::jobs::job::{Job, Run, Task};

impl Client {
    /// Reads the whole account: all workspaces, the default one among them, each with its members and its budgets.
    ///
    /// Workspaces are read at the same time, and the parts of each one after the other, by its id. Where a part cannot be
    /// read, such as the budgets of an account that has none, the others are read nevertheless, and
    /// [`failures`](Snapshot::failures) says why; the list of workspaces itself is an [`Error`] if it cannot be read. It is
    /// no moment of the account, but what was read one after the other: what [`Pages`](crate::Pages) promises holds for
    /// each list, and a workspace that is deleted before its members are read is left out.
    ///
    /// One request for 100 workspaces; for each workspace, one for 100 members, and one for the budgets. All of it is in
    /// memory at the end.
    ///
    /// ```
    /// # use openrouter_workspaces::Client;
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let snapshot = client.snapshot().concurrency(16).await?;
    /// std::fs::write("account.json", serde_json::to_string_pretty(&snapshot)?)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn snapshot(&self) -> SnapshotJob {
        Job::new(TakeSnapshot { client: self.clone() })
    }
}

/// What [`Client::snapshot`] returns. It has no settings of its own, only the options of every [`Job`].
pub type SnapshotJob = Job<TakeSnapshot>;

/// The task of a [`SnapshotJob`]. It results in a [`Snapshot`], or an [`Error`].
#[derive(Debug)]
pub struct TakeSnapshot {
    client: Client,
}

/// An account. It serializes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
#[must_use = "some of its parts may have failed"]
pub struct Snapshot {
    /// The workspaces, in the order of the list.
    pub workspaces: Vec<WorkspaceSnapshot>,
    /// The parts that could not be read, in the same order.
    pub failures: Vec<SnapshotFailure>,
}

impl Snapshot {
    /// Whether all parts could be read.
    pub fn is_complete(&self) -> bool {
        self.failures.is_empty()
    }
}

/// A workspace in a [`Snapshot`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WorkspaceSnapshot {
    /// The workspace with its settings.
    pub workspace: Workspace,
    /// Its members; `None` if they could not be read.
    pub members: Option<Vec<WorkspaceMember>>,
    /// Its budgets; `None` if they could not be read.
    pub budgets: Option<BudgetSet>,
}

/// A part of a [`Snapshot`] that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SnapshotFailure {
    /// The id of the workspace.
    pub workspace: Uuid,
    /// What of it.
    pub part: SnapshotPart,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// The error, as it is printed.
    pub error: String,
}

/// A part of a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SnapshotPart {
    /// Its members.
    Members,
    /// Its budgets.
    Budgets,
}

impl fmt::Display for SnapshotPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Members => "members",
            Self::Budgets => "budgets",
        })
    }
}

impl Task for TakeSnapshot {
    type Output = Result<Snapshot, Error>;

    async fn run(self, run: Run) -> Self::Output {
        let list = run.request(self.client.list()).items().concurrency(run.concurrency());
        let workspaces = list.try_collect().await?;
        let total = workspaces.len();
        run.progress(0, total);
        let mut parts = Vec::with_capacity(total);
        for (place, workspace) in workspaces.into_iter().enumerate() {
            let (client, run) = (&self.client, &run);
            parts.push(async move { (place, read(client, run, workspace).await) });
        }
        let mut read = Vec::with_capacity(total);
        run_bounded(run.concurrency(), parts, |part| {
            read.push(part);
            run.progress(read.len(), total);
            ControlFlow::Continue(())
        })
        .await;
        read.sort_unstable_by_key(|(place, _)| *place);
        let mut snapshot = Snapshot::default();
        for (workspace, failures) in read.into_iter().filter_map(|(_, part)| part) {
            snapshot.workspaces.push(workspace);
            snapshot.failures.extend(failures);
        }
        Ok(snapshot)
    }
}

/// Reads the parts of a workspace; `None` if there is none any more.
async fn read(client: &Client, run: &Run, workspace: Workspace) -> Option<(WorkspaceSnapshot, Vec<SnapshotFailure>)> {
    let id = workspace.id;
    let mut failures = Vec::new();
    let mut fail = |part, error: &Error| {
        failures.push(SnapshotFailure { workspace: id, part, status: error.status(), error: error.to_string() });
    };
    let members = run.request(client.list_members(id.to_string())).items().try_collect().await;
    if matches!(members, Err(Error::NotFound(_))) {
        return None;
    }
    let members = members.inspect_err(|error| fail(SnapshotPart::Members, error)).ok();
    let budgets = read_budgets(client, run, &id.to_string()).await;
    let budgets = budgets.inspect_err(|error| fail(SnapshotPart::Budgets, error)).ok();
    let budgets = budgets.map(|list| BudgetSet::from(&list));
    Some((WorkspaceSnapshot { workspace, members, budgets }, failures))
}
