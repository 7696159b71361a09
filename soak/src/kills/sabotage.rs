//! Programs that do what jobs must not do, to see that the checks can fail.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use openrouter_workspaces::jobs::{Ensure, EnsureOutcome, Ensured, MemberReport};
use openrouter_workspaces::{BoxError, Client, Error, Job};
use serde_json::{Value, json};

use super::scenario::{Budgets, Team};
use crate::account::INTERVALS;

/// What can be broken on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sabotage {
    /// Budgets are set in the order of the table, and not in one that the server takes.
    BudgetsInOrderOfTable,
    /// All members are removed, and then those who are wanted added.
    RemoveFirst,
    /// Only the first request's worth of users is added.
    FirstHundred,
    /// What is not known to be done is reported as done.
    DoneForUnknown,
    /// That the members are done is noted on the disk before they are, and believed by the next process.
    NoteBeforeWrite,
    /// A slug that is taken is taken for somebody else's, and another one is used.
    AnotherSlug,
    /// Each workspace is called created.
    ClaimCreated,
    /// Settings are written whether they differ or not.
    AlwaysUpdate,
    /// The process does not die when it is killed.
    Immortal,
}

/// What stays when a process is killed.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk(Arc<Mutex<BTreeSet<String>>>);

impl Disk {
    /// Whether this has not been noted yet. Now it is.
    pub fn is_first(&self, note: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(note.to_owned())
    }
}

pub(super) async fn create_under_any_slug(
    client: &Client,
    team: &Team,
    process: usize,
    job: Job<Ensure>,
) -> Result<Ensured, BoxError> {
    if !team.existed && client.create(&team.slug, &team.slug).await.is_err() {
        let other = format!("{}-{process}", team.slug);
        // It is only about the second workspace.
        let _ = client.create(&other, &other).await;
    }
    Ok(job.await?)
}

pub(super) async fn ensure_and_update(client: &Client, team: &Team, job: Job<Ensure>) -> Result<Ensured, BoxError> {
    let mut ensured = job.await?;
    if let Some(rate) = team.settings.get("io_logging_sampling_rate").and_then(Value::as_f64) {
        ensured.workspace = client.update(ensured.workspace.id.to_string()).io_logging_sampling_rate(rate).await?;
        ensured.outcome = EnsureOutcome::Changed(Vec::new());
    }
    Ok(ensured)
}

pub(super) async fn ensure_and_claim(job: Job<Ensure>) -> Result<Ensured, BoxError> {
    let mut ensured = job.await?;
    ensured.outcome = EnsureOutcome::Created;
    Ok(ensured)
}

pub(super) async fn replace_members(client: &Client, slug: &str, users: &[String]) -> Result<(), BoxError> {
    let there = client.list_members(slug).all().await?;
    let there: Vec<String> = there.into_iter().map(|member| member.user_id).collect();
    let _ = client.remove_members(slug, there).await?;
    let _ = client.add_members(slug, users).await?;
    Ok(())
}

pub(super) async fn set_budgets_in_order_of_table(
    client: &Client,
    slug: &str,
    budgets: &Budgets,
) -> Result<(), BoxError> {
    for interval in INTERVALS {
        match budgets.limits.get(interval) {
            Some(limit) => drop(client.set_budget(slug, interval, *limit).await?),
            None => match client.delete_budget(slug, interval).await {
                Err(Error::NotFound(_)) => {}
                other => _ = other?,
            },
        }
    }
    Ok(())
}

/// The same report, by somebody who hopes for the best.
pub(super) fn done_for_unknown(report: MemberReport) -> MemberReport {
    let mut users = serde_json::to_value(&report).unwrap_or_default();
    for status in users.as_object_mut().into_iter().flat_map(|users| users.values_mut()) {
        if status["outcome"].get("unknown").is_some() {
            status["outcome"] = json!("done");
        }
    }
    serde_json::from_value(users).unwrap_or(report)
}
