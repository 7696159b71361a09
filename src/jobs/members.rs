//! Members of a workspace: who is one, and adding and removing any number of users.

use std::collections::HashSet;

use uuid::Uuid;

use crate::client::Client;
use crate::error::{Error, InvalidInput, PaginationError};
use crate::generated::types::WorkspaceMember;
use crate::jobs::batch::Batch;
use crate::jobs::error::JobError;
use crate::jobs::job::{Job, Run, Task};
use crate::jobs::member_report::{MemberChange, MemberOutcome, MemberReport, SoFar};
use crate::names::{UserRef, WorkspaceRef, is_workspace_id};

/// The slug of the workspace to which everyone in the organization belongs.
const DEFAULT: &str = "default";

impl Client {
    /// Adds any number of users to a workspace. Whoever is named twice counts once.
    ///
    /// It reads who is a member, and sends only the others, 100 in a request, so that running it again does what is left.
    /// Where the server refuses a request for users that it names, the others are sent again without them; where it names
    /// none, they are halved until it is found for whom, which takes up to two requests for each user. A 403 that names
    /// none is about the workspace or the key, and ends the job. The [`MemberReport`] tells what has become of each.
    ///
    /// Changes name the workspace by the id that its members tell. One that has none yet is named as it is here: by its slug, if
    /// that is given, they go to whatever has the slug by then.
    ///
    /// One request for 100 members, and one for 100 users who are none. For a few users in a large workspace,
    /// [`bulk_add_members`](Self::bulk_add_members) is cheaper.
    ///
    /// The default workspace has all members of the organization: `default` is [`Error::InvalidInput`], and nothing is
    /// sent. Its id is only found out by looking it up, before anything is changed, which takes a request more where a
    /// workspace is named by its id.
    ///
    /// ```
    /// # use openrouter_workspaces::{Client, Error};
    /// # async fn example(client: Client, users: Vec<String>) -> Result<(), Error> {
    /// let report = client.add_members("production", users).await?;
    /// for (user, why) in report.refused() {
    ///     eprintln!("{user}: {why}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// What a job has done that was dropped:
    ///
    /// ```
    /// # use openrouter_workspaces::{Client, Error};
    /// # async fn example(client: Client, users: Vec<String>, shutdown: impl Future<Output = ()>) -> Result<(), Error> {
    /// # use std::future::IntoFuture;
    /// let job = client.add_members("production", users);
    /// let so_far = job.so_far();
    /// tokio::select! {
    ///     report = job.into_future() => println!("{}", report?),
    ///     () = shutdown => println!("left: {:?}", Vec::from_iter(so_far.get().left())),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_members(
        &self,
        workspace: impl Into<WorkspaceRef>,
        users: impl IntoIterator<Item = impl Into<UserRef>>,
    ) -> ChangeMembersJob {
        self.change_members(workspace.into().0, MemberChange::Add, distinct(users))
    }

    /// Removes any number of users from a workspace, as [`add_members`](Self::add_members) adds them.
    ///
    /// The server refuses users with active API keys in the workspace, and those that an identity provider manages.
    pub fn remove_members(
        &self,
        workspace: impl Into<WorkspaceRef>,
        users: impl IntoIterator<Item = impl Into<UserRef>>,
    ) -> ChangeMembersJob {
        self.change_members(workspace.into().0, MemberChange::Remove, distinct(users))
    }

    fn change_members(&self, workspace: String, change: MemberChange, users: Vec<String>) -> ChangeMembersJob {
        Job::new(ChangeMembers { client: self.clone(), workspace, change, users, so_far: SoFar::default() })
    }
}

/// What [`Client::add_members`] and [`Client::remove_members`] return.
///
/// It has no settings of its own, only the options of every [`Job`]; and [`so_far`](ChangeMembersJob#method.so_far), which
/// tells what a job has done that was dropped.
pub type ChangeMembersJob = Job<ChangeMembers>;

/// The task of a [`ChangeMembersJob`]. It results in a [`MemberReport`], or a [`JobError`]
/// with one.
#[derive(Debug)]
pub struct ChangeMembers {
    client: Client,
    workspace: String,
    change: MemberChange,
    users: Vec<String>,
    so_far: SoFar,
}

/// Only for a [`ChangeMembersJob`].
impl Job<ChangeMembers> {
    /// How far the job has come, also after it was dropped.
    pub fn so_far(&self) -> SoFar {
        self.operation.so_far.clone()
    }
}

impl Task for ChangeMembers {
    type Output = Result<MemberReport, JobError<MemberReport>>;

    async fn run(self, run: Run) -> Self::Output {
        let result = self.perform(&run).await;
        end(result, &self.so_far)
    }
}

impl ChangeMembers {
    async fn perform(&self, run: &Run) -> Result<(), Error> {
        let Self { client, workspace, change, users, so_far } = self;
        so_far.set(*change, users, &MemberOutcome::Left);
        let members = Members::read(client, run, workspace).await?;
        let is_so = |user: &String| members.users.contains(user) == (*change == MemberChange::Add);
        let (already, left): (Vec<String>, Vec<String>) = users.iter().cloned().partition(is_so);
        so_far.set(*change, &already, &MemberOutcome::AlreadySo);
        run.progress(already.len(), users.len());
        if left.is_empty() {
            return Ok(());
        }
        let workspace = &members.changeable(client, run, workspace, *change).await?;
        Batch { client, run, workspace, change: *change, so_far }.apply(&left).await
    }
}

/// The report of a job that has ended, with the error if it failed.
pub(super) fn end(result: Result<(), Error>, so_far: &SoFar) -> Result<MemberReport, JobError<MemberReport>> {
    let report = so_far.get();
    match result {
        Ok(()) => Ok(report),
        Err(error) => Err(JobError::new(error, report)),
    }
}

/// Each user once, in the order in which they were given.
pub(super) fn distinct(users: impl IntoIterator<Item = impl Into<UserRef>>) -> Vec<String> {
    let mut seen = HashSet::new();
    users.into_iter().map(|user| user.into().0).filter(|user| seen.insert(user.clone())).collect()
}

/// Who is a member of a workspace.
pub(super) struct Members {
    pub users: HashSet<String>,
    /// The workspace's id, if there are members to tell it.
    id: Option<Uuid>,
}

impl Members {
    /// Reads them. The default workspace is refused, if that is how it is named.
    pub async fn read(client: &Client, run: &Run, workspace: &str) -> Result<Self, Error> {
        let list = run.request(client.list_members(workspace));
        if workspace == DEFAULT {
            return Err(list.refuse(default_workspace()));
        }
        let rows = list.clone().items().concurrency(run.concurrency()).try_collect().await?;
        let id = rows.first().map(|row: &WorkspaceMember| row.workspace_id);
        if rows.iter().any(|row| Some(row.workspace_id) != id) {
            let problem = "the slug went to another workspace meanwhile".to_owned();
            return Err(PaginationError { problem, offset: 0, call: list.summary() }.into());
        }
        Ok(Self { users: rows.into_iter().map(|row| row.user_id).collect(), id })
    }

    /// The workspace as changes name it: by the id of the one that was read, if that is known. The default workspace is
    /// refused.
    pub async fn changeable(
        &self,
        client: &Client,
        run: &Run,
        workspace: &str,
        change: MemberChange,
    ) -> Result<String, Error> {
        if is_workspace_id(workspace) && run.request(client.get(workspace)).await?.slug == DEFAULT {
            // The change is what is not sent, whoever is in it.
            let anyone = ["user"];
            return Err(match change {
                MemberChange::Add => client.bulk_add_members(workspace, anyone).refuse(default_workspace()),
                MemberChange::Remove => client.bulk_remove_members(workspace, anyone).refuse(default_workspace()),
            });
        }
        Ok(self.id.map_or_else(|| workspace.to_owned(), |id| id.to_string()))
    }
}

fn default_workspace() -> InvalidInput {
    InvalidInput::new("workspace", "must not be the default one, which has all members of the organization")
}
