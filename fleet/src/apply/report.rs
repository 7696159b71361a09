//! What has become of each action of a plan, while it is carried out and afterwards.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use openrouter_workspaces::jobs::{MemberOutcome, MemberReport};
use openrouter_workspaces::{Delivery, Error};
use serde::{Serialize, Serializer};
use uuid::Uuid;

use crate::plan::{Action, Plan};

/// What has become of each action of a plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
#[must_use = "some of the actions may have failed"]
pub struct ApplyReport {
    /// The workspaces, in the order of the plan.
    pub workspaces: Vec<WorkspaceReport>,
}

/// What has become of a workspace in a plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WorkspaceReport {
    /// Its slug, as the plan names it.
    pub slug: String,
    /// Its id; `None` if it was to be created, and was not, as far as is known.
    pub id: Option<Uuid>,
    /// Its actions in their order.
    pub actions: Vec<ActionReport>,
}

/// What has become of an action.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ActionReport {
    /// The action.
    #[serde(flatten)]
    pub action: Action,
    /// What has become of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What has become of an action. As JSON it has its name in the field `outcome`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// It was done.
    Done,
    /// It failed, and the actions after it were not tried.
    Failed(Failure),
    /// It has begun. In the report of something that was dropped: it is not known whether it was done.
    Started,
    /// Nothing was sent for it.
    NotTried,
}

/// Why an action failed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Failure {
    /// The error, as it is printed.
    pub error: String,
    /// The status of the answer, if the server answered; `None` also where only some users were refused, as [`members`](Self::members) says.
    pub status: Option<u16>,
    /// The id of the request, where the server told one.
    pub request_id: Option<String>,
    /// Whether the server may have done it nevertheless. It is unknown where a request failed after others were done, as
    /// [`members`](Self::members) says.
    #[serde(serialize_with = "delivery")]
    pub delivery: Delivery,
    /// What has become of each user, where members were to be changed: some may be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<MemberReport>,
}

fn delivery<S: Serializer>(delivery: &Delivery, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match delivery {
        Delivery::NotSent => "not_sent",
        Delivery::Answered => "answered",
        _ => "unknown",
    })
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self {
            error: error.to_string(),
            status: error.status(),
            request_id: error.request_id().map(str::to_owned),
            delivery: error.delivery(),
            members: None,
        }
    }
}

impl Failure {
    /// A change of members that failed, of whom some may be done.
    pub(super) fn of_some(error: &Error, report: MemberReport) -> Self {
        let is_begun = report.left().count() < report.iter().count();
        let failure = Self::from(error);
        let (error, delivery) = match is_begun {
            true => (format!("{error}; {report}"), Delivery::Unknown),
            false => (failure.error, failure.delivery),
        };
        Self { error, delivery, members: Some(report), ..failure }
    }

    /// Some users were refused, or are not shown by the answer, and all others are as they were to be.
    pub(super) fn of_users(report: MemberReport) -> Self {
        let refused: Vec<String> = report.refused().map(|(user, why)| format!("{user} is refused: {why}")).collect();
        let unknown = report.iter().filter_map(|(user, status)| match &status.outcome {
            MemberOutcome::Unknown(why) => Some(format!("{user} may be done: {why}")),
            _ => None,
        });
        let unknown: Vec<String> = unknown.collect();
        let delivery = if unknown.is_empty() { Delivery::Answered } else { Delivery::Unknown };
        let error = [refused, unknown].concat().join("; ");
        Self { error, status: None, request_id: None, delivery, members: Some(report) }
    }
}

/// As in `failed: user_7 is refused: ...`.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("done"),
            Self::Failed(failure) => write!(f, "failed: {}", failure.error),
            Self::Started => f.write_str("begun, and not known whether it was done"),
            Self::NotTried => f.write_str("not tried"),
        }
    }
}

impl ApplyReport {
    /// Whether all actions were done.
    pub fn is_complete(&self) -> bool {
        self.actions().all(|(_, report)| report.outcome == Outcome::Done)
    }

    /// All actions, each with the workspace that it is about.
    pub fn actions(&self) -> impl Iterator<Item = (&WorkspaceReport, &ActionReport)> {
        self.workspaces.iter().flat_map(|workspace| workspace.actions.iter().map(move |action| (workspace, action)))
    }

    /// The actions that failed, and why.
    pub fn failures(&self) -> impl Iterator<Item = (&WorkspaceReport, &Action, &Failure)> {
        self.actions().filter_map(|(workspace, report)| match &report.outcome {
            Outcome::Failed(failure) => Some((workspace, &report.action, failure)),
            _ => None,
        })
    }

    fn action_mut(&mut self, place: usize, index: usize) -> Option<&mut ActionReport> {
        self.workspaces.get_mut(place)?.actions.get_mut(index)
    }

    fn count(&self, is_so: impl Fn(&Outcome) -> bool) -> usize {
        self.actions().filter(|(_, report)| is_so(&report.outcome)).count()
    }
}

/// As in `of 12 actions, 9 are done, 1 failed, and 2 were not tried; production: add 2 members: ...`.
impl fmt::Display for ApplyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [done, failed, not_tried] = [
            self.count(|outcome| *outcome == Outcome::Done),
            self.count(|outcome| matches!(outcome, Outcome::Failed(_))),
            self.count(|outcome| *outcome == Outcome::NotTried),
        ];
        let total = self.actions().count();
        write!(f, "of {total} actions, {done} are done, {failed} failed, and {not_tried} were not tried")?;
        let unknown = total - done - failed - not_tried;
        if unknown > 0 {
            write!(f, "; {unknown} had begun")?;
        }
        for (workspace, action, failure) in self.failures() {
            write!(f, "; {}: {}: {}", workspace.slug, action.change, failure.error)?;
        }
        Ok(())
    }
}

/// How far a plan has come, also while it is carried out, and after that was dropped.
#[derive(Clone, Debug)]
pub struct SoFar(Arc<Mutex<Progress>>);

#[derive(Debug)]
struct Progress {
    report: ApplyReport,
    settled: usize,
    total: usize,
}

impl SoFar {
    pub(super) fn new(plan: &Plan) -> Self {
        let not_tried = |action: &Action| ActionReport { action: action.clone(), outcome: Outcome::NotTried };
        let workspaces = plan.workspaces.iter().map(|workspace| WorkspaceReport {
            slug: workspace.slug.clone(),
            id: workspace.id,
            actions: workspace.actions.iter().map(not_tried).collect(),
        });
        let report = ApplyReport { workspaces: workspaces.collect() };
        let total = plan.actions().count();
        Self(Arc::new(Mutex::new(Progress { report, settled: 0, total })))
    }

    /// What has become of each action by now. One that is under way is [`Started`](Outcome::Started), and stays so if it is
    /// dropped.
    pub fn get(&self) -> ApplyReport {
        self.lock().report.clone()
    }

    pub(super) fn start(&self, place: usize, index: usize) {
        let mut progress = self.lock();
        if let Some(action) = progress.report.action_mut(place, index) {
            action.outcome = Outcome::Started;
        }
    }

    pub(super) fn set(&self, place: usize, index: usize, outcome: Outcome, id: Option<Uuid>) {
        let mut progress = self.lock();
        if let Some(workspace) = progress.report.workspaces.get_mut(place) {
            workspace.id = id;
        }
        if let Some(action) = progress.report.action_mut(place, index) {
            action.outcome = outcome;
        }
    }

    /// Counts actions whose outcome will stay, and returns how many there are by now, of how many.
    pub(super) fn settle(&self, actions: usize) -> (usize, usize) {
        let mut progress = self.lock();
        progress.settled += actions;
        (progress.settled, progress.total)
    }

    pub(super) fn action(&self, place: usize, index: usize) -> Option<ActionReport> {
        self.lock().report.action_mut(place, index).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
