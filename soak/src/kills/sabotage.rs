//! Programs that do what jobs must not do, to see that the checks can fail.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use openrouter_workspaces::Error;
use openrouter_workspaces::jobs::{EnsureOutcome, Ensured, MemberReport};
use serde_json::{Value, json};

use super::program::{Program, described, text};
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

impl Program {
    pub(super) async fn create_under_any_slug(&self, team: &Team) -> Result<Ensured, String> {
        if !team.existed && self.client.create(&team.slug, &team.slug).await.is_err() {
            let other = format!("{}-{}", team.slug, self.number);
            // It is only about the second workspace.
            let _ = self.client.create(&other, &other).await;
        }
        self.with_options(described(&self.client, team)).await.map_err(text)
    }

    pub(super) async fn ensure_and_update(&self, team: &Team) -> Result<Ensured, String> {
        let mut ensured = self.with_options(described(&self.client, team)).await.map_err(text)?;
        if let Some(rate) = team.settings.get("io_logging_sampling_rate").and_then(Value::as_f64) {
            let update = self.client.update(ensured.workspace.id.to_string()).io_logging_sampling_rate(rate);
            ensured.workspace = update.await.map_err(text)?;
            ensured.outcome = EnsureOutcome::Changed(Vec::new());
        }
        Ok(ensured)
    }

    pub(super) async fn ensure_and_claim(&self, team: &Team) -> Result<Ensured, String> {
        let mut ensured = self.with_options(described(&self.client, team)).await.map_err(text)?;
        ensured.outcome = EnsureOutcome::Created;
        Ok(ensured)
    }

    pub(super) async fn replace_members(&self, slug: &str, users: &[String]) -> Result<(), String> {
        let there = self.client.list_members(slug).all().await.map_err(text)?;
        let there: Vec<String> = there.into_iter().map(|member| member.user_id).collect();
        let _ = self.client.remove_members(slug, there).await.map_err(text)?;
        let _ = self.client.add_members(slug, users).await.map_err(text)?;
        Ok(())
    }

    pub(super) async fn set_budgets_in_order_of_table(&self, slug: &str, budgets: &Budgets) -> Result<(), String> {
        for interval in INTERVALS {
            match budgets.limits.get(interval) {
                Some(limit) => drop(self.client.set_budget(slug, interval, *limit).await.map_err(text)?),
                None => match self.client.delete_budget(slug, interval).await {
                    Err(Error::NotFound(_)) => {}
                    other => {
                        other.map_err(text)?;
                    }
                },
            }
        }
        Ok(())
    }
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
