//! What has become of each user of a job, while it runs and when it has ended.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::endpoint::Endpoint;
use crate::generated::endpoints::{BulkAddWorkspaceMembers, BulkRemoveWorkspaceMembers};
use crate::rules;

/// What is to become of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberChange {
    /// The user is to be a member.
    Add,
    /// The user is not to be a member.
    Remove,
}

impl MemberChange {
    /// How many users a request takes at most, as the contract says.
    ///
    /// ```
    /// use openrouter_workspaces::jobs::MemberChange;
    ///
    /// assert_eq!(MemberChange::Add.users_per_request(), 100);
    /// assert_eq!(MemberChange::Remove.users_per_request(), 100);
    /// ```
    pub fn users_per_request(self) -> usize {
        let fields = match self {
            Self::Add => BulkAddWorkspaceMembers::FIELDS,
            Self::Remove => BulkRemoveWorkspaceMembers::FIELDS,
        };
        rules::max_items(fields, "user_ids").unwrap_or(1).max(1)
    }
}

/// What has become of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MemberOutcome {
    /// The server has done it. If somebody else did the same at the same time, that cannot be told apart.
    Done,
    /// It was so already when the job read the members. Nothing was sent about the user.
    AlreadySo,
    /// The server has refused it, and says why.
    Refused(String),
    /// It may have been done: the request was sent, and its answer is not there, or does not tell. Why not.
    Unknown(String),
    /// Nothing was sent about the user, or nothing was done.
    Left,
}

/// A user in a [`MemberReport`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MemberStatus {
    /// What was to become of the user.
    pub change: MemberChange,
    /// What has.
    pub outcome: MemberOutcome,
}

impl MemberStatus {
    /// A status, for a report of one's own.
    pub fn new(change: MemberChange, outcome: MemberOutcome) -> Self {
        Self { change, outcome }
    }

    /// Whether nothing was done, or that is not known.
    fn is_left(&self) -> bool {
        matches!(self.outcome, MemberOutcome::Left | MemberOutcome::Unknown(_))
    }
}

/// What has become of each user of a job: of [`Client::add_members`](crate::Client::add_members),
/// [`remove_members`](crate::Client::remove_members) or [`sync_members`](crate::Client::sync_members).
///
/// It serializes, as a map from the user's id. A success tells only that each user has an outcome, and some may be
/// refused: [`refused`](Self::refused) and [`is_complete`](Self::is_complete) say so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[must_use = "some of the users may be refused"]
pub struct MemberReport {
    users: BTreeMap<String, MemberStatus>,
}

impl MemberReport {
    /// What has become of a user; `None` for one that the job was not about.
    pub fn get(&self, user_id: &str) -> Option<&MemberStatus> {
        self.users.get(user_id)
    }

    /// All users with what has become of them, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &MemberStatus)> {
        self.users.iter().map(|(user, status)| (user.as_str(), status))
    }

    /// Who was added.
    pub fn added(&self) -> impl Iterator<Item = &str> {
        self.with(|status| status.change == MemberChange::Add && status.outcome == MemberOutcome::Done)
    }

    /// Who was removed.
    pub fn removed(&self) -> impl Iterator<Item = &str> {
        self.with(|status| status.change == MemberChange::Remove && status.outcome == MemberOutcome::Done)
    }

    /// Those of whom it was so already.
    pub fn already_so(&self) -> impl Iterator<Item = &str> {
        self.with(|status| status.outcome == MemberOutcome::AlreadySo)
    }

    /// Who was refused, and why.
    pub fn refused(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter().filter_map(|(user, status)| match &status.outcome {
            MemberOutcome::Refused(why) => Some((user, why.as_str())),
            _ => None,
        })
    }

    /// Those of whom it is not known whether it was done.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        self.with(|status| matches!(status.outcome, MemberOutcome::Unknown(_)))
    }

    /// What is left: those of whom nothing was done, or of whom that is not known. Running the job again finishes it.
    pub fn left(&self) -> impl Iterator<Item = &str> {
        self.with(MemberStatus::is_left)
    }

    /// Whether all is as it was asked for: nobody was refused, and nobody is left.
    pub fn is_complete(&self) -> bool {
        self.iter().all(|(_, status)| matches!(status.outcome, MemberOutcome::Done | MemberOutcome::AlreadySo))
    }

    fn with(&self, is_so: impl Fn(&MemberStatus) -> bool) -> impl Iterator<Item = &str> {
        self.iter().filter(move |(_, status)| is_so(status)).map(|(user, _)| user)
    }
}

/// A report of one's own, such as on users who were changed by calls that are no job.
impl FromIterator<(String, MemberStatus)> for MemberReport {
    fn from_iter<I: IntoIterator<Item = (String, MemberStatus)>>(users: I) -> Self {
        Self { users: users.into_iter().collect() }
    }
}

/// Adds users, whose status takes the place of one that is there.
impl Extend<(String, MemberStatus)> for MemberReport {
    fn extend<I: IntoIterator<Item = (String, MemberStatus)>>(&mut self, users: I) {
        self.users.extend(users);
    }
}

/// As in `of 130 users, 98 are done or were so already, 3 were refused, and 29 are left`.
impl fmt::Display for MemberReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (all, refused, left) = (self.users.len(), self.refused().count(), self.left().count());
        let settled = all - refused - left;
        write!(f, "of {all} users, {settled} are done or were so already, {refused} were refused, and {left} are left")
    }
}

/// How far a job has come, also while it runs, and after it was dropped. Made by
/// [`so_far`](crate::jobs::ChangeMembersJob#method.so_far).
#[derive(Clone, Debug, Default)]
pub struct SoFar(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    report: MemberReport,
    /// How many users are left, which is asked for after every request.
    left: usize,
}

impl SoFar {
    /// What has become of each user by now. Empty until the job runs; who is to be removed by
    /// [`sync_members`](crate::Client::sync_members) is in it when the members have been read. Those of whom a request is under
    /// way are [`Unknown`](MemberOutcome::Unknown), and stay so if the job is dropped.
    pub fn get(&self) -> MemberReport {
        self.lock().report.clone()
    }

    pub(super) fn set(&self, change: MemberChange, users: &[String], outcome: &MemberOutcome) {
        let mut state = self.lock();
        for user in users {
            let status = MemberStatus { change, outcome: outcome.clone() };
            state.left += usize::from(status.is_left());
            let before = state.report.users.insert(user.clone(), status);
            state.left -= usize::from(before.is_some_and(|before| before.is_left()));
        }
    }

    /// How many users have an outcome that will stay, of how many.
    pub(super) fn settled(&self) -> (usize, usize) {
        let state = self.lock();
        let all = state.report.users.len();
        (all - state.left, all)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
