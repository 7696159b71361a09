//! What the errors of the fleet mean for whoever typed the command.

use openrouter_workspaces_fleet::{ApplyError, ApplyReport, ManifestErrors, Outcome, PlanError, PlanProblem};
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;

pub(crate) fn manifest(errors: &ManifestErrors) -> Failure {
    let failure = Failure::new(Exit::Usage, "manifest", errors.to_string(), "correct the manifest; nothing was sent");
    failure.with("errors", json!(errors))
}

pub(crate) fn plan(error: &PlanError) -> Failure {
    match error {
        PlanError::Manifest(errors) => manifest(errors),
        PlanError::Problems(problems) => {
            let unread = |problem: &PlanProblem| matches!(problem, PlanProblem::NotRead { error: Some(_), .. });
            let (exit, hint) = match problems.iter().any(unread) {
                true => (
                    Exit::Refused,
                    "run it again, or take out of the manifest what cannot be read; nothing was changed",
                ),
                false => (Exit::Usage, "change the manifest as the message says; nothing was changed"),
            };
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Failure::new(exit, "plan", error.to_string(), hint).with("problems", json!(lines))
        }
        other => Failure::new(Exit::Usage, "plan", other.to_string(), "look for a newer version of orw"),
    }
}

pub(crate) fn apply(error: &ApplyError) -> Failure {
    match error {
        ApplyError::Read(error) => Failure::from(error),
        ApplyError::Moved(moved) => {
            let hint = "somebody else has changed the account: look at the new plan, and apply that";
            Failure::new(Exit::Refused, "moved", error.to_string(), hint).with("moved", json!(moved))
        }
        other => Failure::new(Exit::Usage, "plan", other.to_string(), "make the plan again with `orw plan`"),
    }
}

/// Why a plan was not carried out to its end.
pub(crate) fn incomplete(report: &ApplyReport) -> Failure {
    let done = report.actions().any(|(_, action)| action.outcome == Outcome::Done);
    let answered = report.failures().any(|(_, _, failure)| is_refusal(failure));
    let exit = match (done, answered) {
        (true, _) => Exit::Partly,
        (false, true) => Exit::Refused,
        (false, false) => Exit::Unreachable,
    };
    let hint = "correct what was refused, and run the same command again: it does what is left";
    Failure::new(exit, if done { "partly_applied" } else { "not_applied" }, report.to_string(), hint)
}

/// Whether the server has answered, and said no.
fn is_refusal(failure: &openrouter_workspaces_fleet::Failure) -> bool {
    let refused_users = failure.members.as_ref().is_some_and(|members| members.refused().next().is_some());
    refused_users || failure.status.is_some()
}
