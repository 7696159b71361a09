//! What the errors of the fleet mean for whoever typed the command.

use openrouter_workspaces::Delivery;
use openrouter_workspaces::jobs::MemberReport;
use openrouter_workspaces_fleet::{
    Account, ApplyError, ApplyReport, ManifestErrors, Outcome, Part, PartFailure, PlanError, PlanProblem,
};
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;

pub(crate) fn manifest(errors: &ManifestErrors) -> Failure {
    let failure = Failure::new(Exit::Usage, "manifest", errors.to_string(), "correct the manifest; nothing was sent");
    failure.with("errors", json!(errors))
}

pub(crate) fn plan(error: &PlanError, account: &Account) -> Failure {
    match error {
        PlanError::Manifest(errors) => manifest(errors),
        PlanError::Problems(problems) => {
            let unread = |problem: &PlanProblem| matches!(problem, PlanProblem::NotRead { error: Some(_), .. });
            let twice = |problem: &PlanProblem| matches!(problem, PlanProblem::SlugTwice { .. });
            let (exit, hint) = if problems.iter().any(unread) {
                let answered = unread_parts(account).any(|failure| failure.status.is_some());
                (
                    if answered { Exit::Refused } else { Exit::Unreachable },
                    "run it again, or take out of the manifest what cannot be read; nothing was changed",
                )
            } else if problems.iter().any(twice) {
                (Exit::Refused, "run it again: the list changed while it was read; nothing was changed")
            } else {
                (Exit::Usage, "change the manifest as the message says; nothing was changed")
            };
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Failure::new(exit, "plan", error.to_string(), hint).with("problems", json!(lines))
        }
        other => Failure::new(Exit::Usage, "plan", other.to_string(), "look for a newer version of orw"),
    }
}

/// Why each part of an account could not be read that could not.
pub(crate) fn unread_parts(account: &Account) -> impl Iterator<Item = &PartFailure> {
    account.workspaces.iter().flat_map(|there| [unread(&there.members), unread(&there.budgets)]).flatten()
}

fn unread<T>(part: &Part<T>) -> Option<&PartFailure> {
    match part {
        Part::Failed(failure) => Some(failure),
        Part::Read(_) | Part::NotRead => None,
    }
}

pub(crate) fn apply(error: &ApplyError) -> Failure {
    match error {
        ApplyError::Read(error) => Failure::from(error),
        ApplyError::Unread { failure: Some(failure), .. } => {
            let exit = if failure.status.is_some() { Exit::Refused } else { Exit::Unreachable };
            Failure::new(exit, "unread", error.to_string(), "run it again; nothing was changed")
        }
        ApplyError::Moved(moved) => {
            let hint = "somebody else has changed the account: look at the new plan, and apply that";
            Failure::new(Exit::Refused, "moved", error.to_string(), hint).with("moved", json!(moved))
        }
        other => Failure::new(Exit::Usage, "plan", other.to_string(), "make the plan again with `orw plan`"),
    }
}

/// Why a plan was not carried out to its end.
pub(crate) fn incomplete(report: &ApplyReport) -> Failure {
    let done = report.actions().any(|(_, action)| action.outcome == Outcome::Done)
        || report.failures().any(|(_, _, failure)| is_partly_done(failure));
    // One that was never answered weighs more than those that were refused: it may have been done.
    let answered = report.failures().any(|(_, _, failure)| is_refusal(failure))
        && report.failures().all(|(_, _, failure)| is_refusal(failure) || failure.delivery != Delivery::Unknown);
    let unknown = report.failures().any(|(_, _, failure)| failure.delivery == Delivery::Unknown);
    let exit = match (done, answered) {
        (true, _) => Exit::Partly,
        (false, true) => Exit::Refused,
        (false, false) => Exit::Unreachable,
    };
    let kind = match (done, unknown) {
        (true, _) => "partly_applied",
        (false, true) => "unknown",
        (false, false) => "not_applied",
    };
    let hint = match unknown {
        true => "look whether it was applied, and run the same command again: it does what is left",
        false => "correct what was refused, and run the same command again: it does what is left",
    };
    Failure::new(exit, kind, report.to_string(), hint).with("may_be_applied", unknown.into())
}

/// Whether an action that failed was done for some of its users.
fn is_partly_done(failure: &openrouter_workspaces_fleet::Failure) -> bool {
    let done = |members: &MemberReport| members.added().chain(members.removed()).next().is_some();
    failure.members.as_ref().is_some_and(done)
}

/// Whether the server has answered, and said no.
fn is_refusal(failure: &openrouter_workspaces_fleet::Failure) -> bool {
    let refused_users = failure.members.as_ref().is_some_and(|members| members.refused().next().is_some());
    refused_users || failure.status.is_some()
}

#[cfg(test)]
mod tests {
    use openrouter_sandbox::{Fault, FaultPlan, Sandbox};
    use openrouter_workspaces::{Client, RetryConfig};
    use openrouter_workspaces_fleet::{Manifest, PlanOptions, Source, apply, plan};

    use super::*;

    /// How it ends if the second request for members fails, or the first.
    async fn end(operation: &str, members: &str, before: &[String], earlier: usize) -> Exit {
        let sandbox = Sandbox::builder().organization_members(250).seed_workspaces(1).in_memory().unwrap();
        let client = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url());
        let client = client.http_service(sandbox.service()).retry(RetryConfig::none()).build().unwrap();
        for users in before.chunks(100) {
            client.bulk_add_members("workspace-1", users).await.unwrap();
        }
        let text = format!("workspaces: [{{slug: workspace-1, members: [{members}]}}]");
        let source = Source { name: "fleet.yaml".to_owned(), text };
        let manifest = Manifest::from_sources([source], &Default::default()).unwrap();
        let account = Account::read_for(&client, &manifest).await.unwrap();
        let plan = plan(&manifest, &account, &PlanOptions::default()).unwrap();
        let faults = std::iter::repeat_n(None, earlier).chain([Some(Fault::status(503))]);
        sandbox.set_faults(FaultPlan::default().sequence(operation, faults)).unwrap();
        let report = apply(&client, &plan).await.unwrap();
        incomplete(&report).exit
    }

    #[tokio::test]
    async fn members_of_whom_an_earlier_request_was_done_are_partly_applied() {
        let users: Vec<String> = (1..=250).map(|number| format!("user_{number}")).collect();
        let all = users.join(", ");
        assert_eq!(end("bulk_add_workspace_members", &all, &[], 1).await, Exit::Partly);
        assert_eq!(end("bulk_add_workspace_members", &all, &[], 0).await, Exit::Refused);
        assert_eq!(end("bulk_remove_workspace_members", "", &users, 1).await, Exit::Partly);
        assert_eq!(end("bulk_remove_workspace_members", "", &users, 0).await, Exit::Refused);
    }
}
