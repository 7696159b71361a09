//! Users of an action: as many in a request as it takes, and what has become of each if one fails.

use std::time::Duration;

use openrouter_workspaces::jobs::{MemberChange, MemberOutcome, MemberReport, MemberStatus};
use openrouter_workspaces::{Client, Delivery, Error};

use crate::apply::report::Failure;

/// Adds or removes users. Only if a request is refused, it is found out for whom.
pub(super) async fn change(
    client: &Client,
    workspace: &str,
    change: MemberChange,
    users: &[String],
) -> Result<(), Failure> {
    let mut left = users;
    while !left.is_empty() {
        let (batch, rest) = left.split_at(left.len().min(change.users_per_request()));
        let sent = match change {
            MemberChange::Add => client.bulk_add_members(workspace, batch).await.map(drop),
            MemberChange::Remove => client.bulk_remove_members(workspace, batch).await.map(drop),
        };
        if let Err(error) = sent {
            let done = users.iter().take(users.len() - left.len());
            let mut report = MemberReport::default();
            report.extend(statuses(change, done, &MemberOutcome::Done));
            if is_of_users(&error) {
                return one_by_one(client, workspace, change, left, report).await;
            }
            let outcome = match error.delivery() {
                Delivery::Unknown => MemberOutcome::Unknown(error.to_string()),
                _ => MemberOutcome::Left,
            };
            report.extend(statuses(change, batch, &outcome));
            report.extend(statuses(change, rest, &MemberOutcome::Left));
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

/// Changes all members that the server does not refuse. One request at a time, for other workspaces have theirs. The time is
/// that of each call, as of all other actions.
async fn one_by_one(
    client: &Client,
    workspace: &str,
    change: MemberChange,
    left: &[String],
    done: MemberReport,
) -> Result<(), Failure> {
    let job = match change {
        MemberChange::Add => client.add_members(workspace, left),
        MemberChange::Remove => client.remove_members(workspace, left),
    };
    match job.concurrency(1).timeout(Duration::MAX).await {
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

/// Users of whom all the same has become.
fn statuses<'a>(
    change: MemberChange,
    users: impl IntoIterator<Item = &'a String>,
    outcome: &MemberOutcome,
) -> impl Iterator<Item = (String, MemberStatus)> {
    users.into_iter().map(move |user| (user.clone(), MemberStatus::new(change, outcome.clone())))
}
