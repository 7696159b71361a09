//! Users of an action: 100 in a request, and what has become of each if one fails.

use openrouter_workspaces::jobs::{MemberChange, MemberOutcome, MemberReport, MemberStatus};
use openrouter_workspaces::{Client, Delivery, Error};

use crate::apply::report::Failure;

/// How many users a request takes at most.
const BATCH: usize = 100;

/// What is to become of users.
#[derive(Clone, Copy, Debug)]
pub(super) enum Direction {
    Add,
    Remove,
}

/// Adds or removes users. Only if a request is refused, it is found out for whom.
pub(super) async fn change(
    client: &Client,
    workspace: &str,
    direction: Direction,
    users: &[String],
) -> Result<(), Failure> {
    let mut left = users;
    while !left.is_empty() {
        let (batch, rest) = left.split_at(left.len().min(BATCH));
        let sent = match direction {
            Direction::Add => client.bulk_add_members(workspace, batch).await.map(drop),
            Direction::Remove => client.bulk_remove_members(workspace, batch).await.map(drop),
        };
        if let Err(error) = sent {
            let done = users.iter().take(users.len() - left.len());
            let mut report = MemberReport::default();
            report.extend(direction.statuses(done, &MemberOutcome::Done));
            if is_of_users(&error) {
                return one_by_one(client, workspace, direction, left, report).await;
            }
            let outcome = match error.delivery() {
                Delivery::Unknown => MemberOutcome::Unknown(error.to_string()),
                _ => MemberOutcome::Left,
            };
            report.extend(direction.statuses(batch, &outcome));
            report.extend(direction.statuses(rest, &MemberOutcome::Left));
            return Err(Failure::of_some(&error, report));
        }
        left = rest;
    }
    Ok(())
}

/// Whether a refusal may be about some of the users only.
fn is_of_users(error: &Error) -> bool {
    matches!(error, Error::BadRequest(_) | Error::Forbidden(_))
}

/// Changes all members that the server does not refuse. One request at a time, for other workspaces have theirs.
async fn one_by_one(
    client: &Client,
    workspace: &str,
    direction: Direction,
    left: &[String],
    done: MemberReport,
) -> Result<(), Failure> {
    let job = match direction {
        Direction::Add => client.add_members(workspace, left),
        Direction::Remove => client.remove_members(workspace, left),
    };
    match job.concurrency(1).await {
        Ok(report) if report.is_complete() => Ok(()),
        Ok(report) => Err(Failure::of_users(with(done, &report))),
        Err(failed) => {
            let (error, report) = failed.into_parts();
            Err(Failure::of_some(&error, with(done, &report)))
        }
    }
}

/// A report on more users.
fn with(mut report: MemberReport, others: &MemberReport) -> MemberReport {
    report.extend(others.iter().map(|(user, status)| (user.to_owned(), status.clone())));
    report
}

impl Direction {
    /// Users of whom all the same has become.
    fn statuses<'a>(
        self,
        users: impl IntoIterator<Item = &'a String>,
        outcome: &MemberOutcome,
    ) -> impl Iterator<Item = (String, MemberStatus)> {
        let change = match self {
            Self::Add => MemberChange::Add,
            Self::Remove => MemberChange::Remove,
        };
        users.into_iter().map(move |user| (user.clone(), MemberStatus::new(change, outcome.clone())))
    }
}
