//! Making the members of a workspace those of a list.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::error::Error;
use crate::jobs::batch::Batch;
use crate::jobs::error::JobError;
use crate::jobs::job::{Job, Run, Task};
use crate::jobs::member_report::{MemberChange, MemberOutcome, MemberReport, SoFar};
use crate::jobs::members::{Members, distinct, end};
use crate::names::{UserRef, WorkspaceRef};

impl Client {
    /// Makes the members of a workspace those of a list: reads who is one, adds who is missing, and then removes all
    /// others, unless [`keep_others`](SyncMembersJob#method.keep_others) says otherwise. An empty list removes everyone:
    /// [`dry_run`](SyncMembersJob#method.dry_run) tells beforehand what would be done.
    ///
    /// Users are added and removed as [`add_members`](Self::add_members) does it, refusals included. Nobody is removed if
    /// adding fails, or if nobody whom the list names is a member by then, as where it is the list of another organization:
    /// whoever was to be removed is [`left`](crate::jobs::MemberReport::left). Running it again does what is left, and in the
    /// second case only once somebody of the list can be added. Whoever is added by somebody else after the members were read
    /// is not removed.
    ///
    /// One request for 100 members, and one for 100 users who are added or removed. The default workspace is refused like
    /// there.
    ///
    /// ```
    /// # use openrouter_workspaces::{Client, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let team = ["user_a", "user_b"];
    /// let diff = client.sync_members("production", team).dry_run().await?;
    /// println!("{} would be removed", diff.remove.len());
    ///
    /// let report = client.sync_members("production", team).await?;
    /// println!("added: {:?}", Vec::from_iter(report.added()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn sync_members(
        &self,
        workspace: impl Into<WorkspaceRef>,
        desired: impl IntoIterator<Item = impl Into<UserRef>>,
    ) -> SyncMembersJob {
        let (client, workspace, desired) = (self.clone(), workspace.into().0, distinct(desired));
        Job::new(SyncMembers { client, workspace, desired, keep_others: false, so_far: SoFar::default() })
    }
}

/// What [`Client::sync_members`] returns.
///
/// Settings of its own: [`keep_others`](SyncMembersJob#method.keep_others), [`dry_run`](SyncMembersJob#method.dry_run); and
/// [`so_far`](SyncMembersJob#method.so_far), which tells what a job has done that was dropped.
///
/// The options of every [`Job`] besides.
pub type SyncMembersJob = Job<SyncMembers>;

/// The task of a [`SyncMembersJob`]. It results in a [`MemberReport`] about everyone who was desired or to be removed,
/// or in a [`JobError`] with one.
#[derive(Debug)]
pub struct SyncMembers {
    client: Client,
    workspace: String,
    desired: Vec<String>,
    keep_others: bool,
    so_far: SoFar,
}

/// The task of a job with [`dry_run`](SyncMembersJob#method.dry_run). It results in a [`MemberDiff`], or an [`Error`].
#[derive(Debug)]
pub struct DiffMembers(SyncMembers);

/// What [`Client::sync_members`] would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MemberDiff {
    /// Who would be added, in the order of the list.
    pub add: Vec<String>,
    /// Who would be removed, in the order of their ids.
    pub remove: Vec<String>,
    /// Who is a member, and would stay one, in the order of the list.
    pub unchanged: Vec<String>,
}

impl MemberDiff {
    fn first_change(&self) -> MemberChange {
        if self.add.is_empty() { MemberChange::Remove } else { MemberChange::Add }
    }
}

/// Only for a [`SyncMembersJob`].
impl Job<SyncMembers> {
    /// Removes nobody.
    pub fn keep_others(mut self) -> Self {
        self.operation.keep_others = true;
        self
    }

    /// Changes nothing, and results in what would be changed.
    pub fn dry_run(self) -> Job<DiffMembers> {
        self.map(DiffMembers)
    }

    /// How far the job has come, also after it was dropped.
    pub fn so_far(&self) -> SoFar {
        self.operation.so_far.clone()
    }
}

impl Task for DiffMembers {
    type Output = Result<MemberDiff, Error>;

    async fn run(self, run: Run) -> Self::Output {
        let Self(SyncMembers { client, workspace, .. }) = &self;
        let members = Members::read(client, &run, workspace).await?;
        let diff = self.0.diff(&members);
        if !diff.add.is_empty() || !diff.remove.is_empty() {
            // Whatever the job itself would be refused for.
            members.changeable(client, &run, workspace, diff.first_change()).await?;
        }
        Ok(diff)
    }
}

impl Task for SyncMembers {
    type Output = Result<MemberReport, JobError<MemberReport>>;

    async fn run(self, run: Run) -> Self::Output {
        let result = self.perform(&run).await;
        end(result, &self.so_far)
    }
}

impl SyncMembers {
    fn diff(&self, members: &Members) -> MemberDiff {
        let is_member = |user: &String| members.users.contains(user);
        let (unchanged, add) = self.desired.iter().cloned().partition(is_member);
        let mut remove = Vec::new();
        if !self.keep_others {
            let desired: HashSet<&String> = self.desired.iter().collect();
            remove = members.users.iter().filter(|user| !desired.contains(user)).cloned().collect();
            remove.sort_unstable();
        }
        MemberDiff { add, remove, unchanged }
    }

    async fn perform(&self, run: &Run) -> Result<(), Error> {
        let Self { client, workspace, desired, so_far, .. } = self;
        so_far.set(MemberChange::Add, desired, &MemberOutcome::Left);
        let members = Members::read(client, run, workspace).await?;
        let diff = self.diff(&members);
        let first_change = diff.first_change();
        let MemberDiff { add, remove, unchanged } = diff;
        so_far.set(MemberChange::Add, &unchanged, &MemberOutcome::AlreadySo);
        so_far.set(MemberChange::Remove, &remove, &MemberOutcome::Left);
        run.progress(unchanged.len(), unchanged.len() + add.len() + remove.len());
        if add.is_empty() && remove.is_empty() {
            return Ok(());
        }
        let workspace = &members.changeable(client, run, workspace, first_change).await?;
        Batch { client, run, workspace, change: MemberChange::Add, so_far }.apply(&add).await?;
        if unchanged.is_empty() && !add.is_empty() && so_far.get().added().next().is_none() {
            return Ok(());
        }
        Batch { client, run, workspace, change: MemberChange::Remove, so_far }.apply(&remove).await
    }
}
