//! What has become of a plan, as rows.

use openrouter_workspaces_fleet::{ApplyReport, Outcome};
use schemars::JsonSchema;
use serde::Serialize;

use crate::output::Listed;

/// What has become of a step of a plan.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ReportRow {
    workspace: String,
    action: String,
    /// `done`, `failed`, `started` or `not_tried`.
    outcome: &'static str,
    error: Option<String>,
}

impl Listed for ReportRow {
    const ID: &'static str = "workspace";
    const COLUMNS: &'static [&'static str] = &["workspace", "action", "outcome", "error"];
}

/// A row for each step of a plan, in its order.
pub(crate) fn rows(report: &ApplyReport) -> Vec<ReportRow> {
    let row = |(workspace, report): (
        &openrouter_workspaces_fleet::WorkspaceReport,
        &openrouter_workspaces_fleet::ActionReport,
    )| {
        let (outcome, error) = match &report.outcome {
            Outcome::Done => ("done", None),
            Outcome::Failed(failure) => ("failed", Some(failure.error.clone())),
            Outcome::NotTried => ("not_tried", None),
            _ => ("started", None),
        };
        ReportRow { workspace: workspace.slug.clone(), action: report.action.change.to_string(), outcome, error }
    };
    report.actions().map(row).collect()
}
