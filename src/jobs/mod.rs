//! Whole jobs, each of which takes many calls: budget sets, batches of members, memberships, workspaces that are to be as
//! described, lists as a `Vec`, and snapshots of an account.
//!
//! A job is a [`Job`]: it takes options, and `.await` runs it. It is built from the public operations alone, and does
//! nothing that a program of yours could not do. What an operation promises holds for each call of a job: how it is
//! retried, and what can still happen to a write whose answer was lost.
//!
//! No job is a transaction. One that changes budgets or members, and fails half way, says in its [`JobError`] how far it has
//! come; all others fail with an [`Error`](crate::Error). Running a job again does what is left.

mod error;
mod in_flight;
mod job;

mod all;
mod ensure;
mod snapshot;

mod batch;
mod member_report;
mod members;
mod sync;

mod budget_plan;
mod budget_report;
mod budget_set;
mod budgets;

pub use all::{All, AllJob};
pub use budget_plan::BudgetStep;
pub use budget_report::{BudgetReport, BudgetsSoFar};
pub use budget_set::BudgetSet;
pub use budgets::{GetBudgets, GetBudgetsJob, SetBudgets, SetBudgetsJob};
pub use ensure::{Ensure, EnsureJob, EnsureOutcome, Ensured};
pub use error::JobError;
pub use job::{Job, Progress, Task};
pub use member_report::{MemberChange, MemberOutcome, MemberReport, MemberStatus, SoFar};
pub use members::{ChangeMembers, ChangeMembersJob};
pub use snapshot::{Snapshot, SnapshotFailure, SnapshotJob, SnapshotPart, TakeSnapshot, WorkspaceSnapshot};
pub use sync::{DiffMembers, MemberDiff, SyncMembers, SyncMembersJob};
