//! Programs that do what planning and applying must not do, to see that the checks can fail.

use std::time::Duration;

use openrouter_sandbox::Sandbox;
use openrouter_workspaces::{Client, Delivery};
use openrouter_workspaces_fleet::{ApplyReport, Change, Manifest, Members, Outcome, Plan};
use tokio::time::sleep;

/// Longer than any simulation may take.
const FOREVER: Duration = Duration::from_secs(365 * 24 * 3600);

/// What can be broken on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sabotage {
    /// Budgets are left out of the plan.
    WithoutBudgets,
    /// A workspace that is to be renamed is created.
    CreateForRename,
    /// Who is not named is removed, also where others may stay.
    ExactlyForInclude,
    /// What is not named is deleted, whether that was asked for or not.
    PruneAlways,
    /// The default workspace gets another name and slug.
    RenameDefault,
    /// The steps of a workspace are carried out in the opposite order.
    Backwards,
    /// What failed, or was not tried, is reported as done.
    DoneForFailed,
    /// What was done is reported as not tried.
    NotTriedForDone,
    /// What may have been done is reported as not sent.
    NotSentForUnknown,
    /// A plan is made again behind the back of the one who asked for the old one.
    PlanAgain,
    /// A plan is refused if anything at all is other than it was.
    RefuseAnyChange,
    /// Settings are written whether they differ or not.
    AlwaysUpdate,
    /// A write is repeated until it was sent often enough.
    SendAgain,
    /// The account is read again and again where there is nothing to do.
    ReadAgain,
    /// The process does not die when it is killed.
    Immortal,
    /// It leaves a task that nobody waits for.
    LeaveTask,
    /// It waits for something that does not come.
    Wait,
    /// It panics where there is nothing to do.
    Panic,
}

/// The manifest as it is misread.
pub(super) fn manifest(sabotage: Option<Sabotage>, manifest: &mut Manifest) {
    for entry in &mut manifest.workspaces {
        match (sabotage, &mut entry.members) {
            (Some(Sabotage::CreateForRename), _) => entry.renamed_from = None,
            (Some(Sabotage::ExactlyForInclude), Some(members)) => *members = Members::Exactly(members.users().to_vec()),
            _ => {}
        }
    }
}

/// The report as somebody would have it who hopes for the best, or the worst.
pub(super) fn report(sabotage: Option<Sabotage>, report: &mut ApplyReport) {
    let workspaces = report.workspaces.iter_mut();
    for outcome in workspaces.flat_map(|workspace| workspace.actions.iter_mut().map(|action| &mut action.outcome)) {
        match (sabotage, &mut *outcome) {
            (Some(Sabotage::DoneForFailed), _) => *outcome = Outcome::Done,
            (Some(Sabotage::NotTriedForDone), Outcome::Done) => *outcome = Outcome::NotTried,
            (Some(Sabotage::NotSentForUnknown), Outcome::Failed(failure)) => failure.delivery = Delivery::NotSent,
            _ => {}
        }
    }
}

/// The plan as somebody would carry it out.
pub(super) fn plan(sabotage: Option<Sabotage>, plan: &mut Plan) {
    let is_of_budgets = |change: &Change| matches!(change, Change::SetBudget { .. } | Change::DeleteBudget { .. });
    match sabotage {
        Some(Sabotage::WithoutBudgets) => {
            for workspace in &mut plan.workspaces {
                workspace.actions.retain(|action| !is_of_budgets(&action.change));
            }
            plan.workspaces.retain(|workspace| !workspace.actions.is_empty());
        }
        Some(Sabotage::Backwards) => {
            for workspace in &mut plan.workspaces {
                // What creates a workspace has to come first: a plan without that is not carried out at all.
                let first = usize::from(workspace.id.is_none());
                workspace.actions[first..].reverse();
            }
        }
        _ => return,
    }
    *plan = Plan::new(std::mem::take(&mut plan.workspaces));
}

/// Before a plan is carried out.
pub(super) async fn before_apply(sabotage: Option<Sabotage>, client: &Client, plan: &Plan) {
    let Some(id) = plan.workspaces.iter().find_map(|workspace| workspace.id) else { return };
    match sabotage {
        // What becomes of it does not matter.
        Some(Sabotage::RenameDefault) => drop(client.update("default").slug("main").await),
        Some(Sabotage::SendAgain) => {
            for _ in 0..2 * super::MAX_ATTEMPTS {
                let _ = client.update(id).name("Again").await;
            }
        }
        _ => {}
    }
}

/// Where there is nothing to do.
pub(super) async fn when_done(sabotage: Option<Sabotage>, client: &Client, sandbox: &Sandbox) {
    match sabotage {
        Some(Sabotage::AlwaysUpdate) => {
            let rate = sandbox.workspaces()[0]["io_logging_sampling_rate"].as_f64().unwrap_or(1.0);
            let _ = client.update("default").io_logging_sampling_rate(rate).await;
        }
        Some(Sabotage::ReadAgain) => {
            for _ in 0..60 {
                let _ = client.list().await;
            }
        }
        Some(Sabotage::LeaveTask) => drop(tokio::spawn(sleep(FOREVER))),
        Some(Sabotage::Wait) => sleep(FOREVER).await,
        Some(Sabotage::Panic) => panic!("there is nothing to do"),
        _ => {}
    }
}
