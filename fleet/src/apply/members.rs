//! Users of an action: as many in a request as it takes, and what has become of each if one fails.

use std::time::Duration;

use openrouter_workspaces::jobs::{MemberChange, MemberOutcome, MemberReport, MemberStatus};
use openrouter_workspaces::{Client, Delivery, Error};

use crate::apply::report::Failure;

/// Adds or removes users. Only if a request is refused, or its answer does not show them all, it is found out for whom.
pub(super) async fn change(
    client: &Client,
    workspace: &str,
    change: MemberChange,
    users: &[String],
) -> Result<(), Failure> {
    let mut left = users;
    while !left.is_empty() {
        let (batch, rest) = left.split_at(left.len().min(change.users_per_request()));
        // Who is added is counted, new or not.
        let is_whole = |count: i64| usize::try_from(count).is_ok_and(|count| count >= batch.len());
        let sent = match change {
            MemberChange::Add => {
                client.bulk_add_members(workspace, batch).await.map(|added| is_whole(added.added_count))
            }
            MemberChange::Remove => client.bulk_remove_members(workspace, batch).await.map(|_| true),
        };
        let report = || {
            let done = users.iter().take(users.len() - left.len());
            MemberReport::from_iter(statuses(change, done, &MemberOutcome::Done))
        };
        match sent {
            Ok(true) => left = rest,
            // Of some it is not told, and of one that is refused not whom it is about.
            Ok(false) => return one_by_one(client, workspace, change, left, report()).await,
            Err(error) if is_of_users(&error) => return one_by_one(client, workspace, change, left, report()).await,
            Err(error) => {
                let outcome = match error.delivery() {
                    Delivery::Unknown => MemberOutcome::Unknown(error.to_string()),
                    _ => MemberOutcome::Left,
                };
                let mut report = report();
                report.extend(statuses(change, batch, &outcome));
                report.extend(statuses(change, rest, &MemberOutcome::Left));
                return Err(Failure::of_some(&error, report));
            }
        }
    }
    Ok(())
}

/// Whether a refusal may be about some of the users only, or about their number.
fn is_of_users(error: &Error) -> bool {
    match error {
        Error::BadRequest(_) | Error::Forbidden(_) | Error::Conflict(_) => true,
        Error::Api(refusal) => matches!(refusal.status(), 413 | 422),
        _ => false,
    }
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
