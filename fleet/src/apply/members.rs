//! Users of an action: 100 in a request, and what has become of each if one fails.

use openrouter_workspaces::jobs::MemberReport;
use openrouter_workspaces::{Client, Delivery, Error};
use serde_json::{Map, Value, json};

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
            let done = done.map(|user| (user.clone(), status(direction, "done".into()))).collect();
            return match is_of_users(&error) {
                true => one_by_one(client, workspace, direction, left, done).await,
                false => Err(failure(&error, direction, done, batch, rest)),
            };
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
    done: Map<String, Value>,
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

/// A request that failed as a whole, after which no other is sent.
fn failure(
    error: &Error,
    direction: Direction,
    done: Map<String, Value>,
    batch: &[String],
    rest: &[String],
) -> Failure {
    let of_batch = match error.delivery() {
        Delivery::Unknown => json!({"unknown": error.to_string()}),
        _ => "left".into(),
    };
    let mut users = done;
    users.extend(batch.iter().map(|user| (user.clone(), status(direction, of_batch.clone()))));
    users.extend(rest.iter().map(|user| (user.clone(), status(direction, "left".into()))));
    Failure::of_some(error, report(users))
}

/// What has become of a user, as a [`MemberReport`] is written.
fn status(direction: Direction, outcome: Value) -> Value {
    let change = match direction {
        Direction::Add => "add",
        Direction::Remove => "remove",
    };
    json!({"change": change, "outcome": outcome})
}

/// A report on more users.
fn with(mut users: Map<String, Value>, others: &MemberReport) -> MemberReport {
    if let Value::Object(others) = json!(others) {
        users.extend(others);
    }
    report(users)
}

/// The report is the SDK's, which makes one only from a job, or reads one.
fn report(users: Map<String, Value>) -> MemberReport {
    serde_json::from_value(Value::Object(users)).unwrap_or_default()
}
