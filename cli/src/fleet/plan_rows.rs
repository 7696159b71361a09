//! A plan as rows, for people and for programs.

use std::fmt::Write;

use openrouter_workspaces_fleet::{Action, Change, Plan, WorkspacePlan};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use crate::output::changes::{Kind, look, shown};
use crate::output::text::{clean, fit, width};
use crate::output::{Listed, counted};

/// One thing that a plan changes.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PlanRow {
    workspace: String,
    kind: Kind,
    /// The thing: `workspace`, a setting, `members`, or a budget.
    what: String,
    before: Value,
    after: Value,
    reason: String,
}

impl Listed for PlanRow {
    const ID: &'static str = "workspace";
    const COLUMNS: &'static [&'static str] = &["workspace", "kind", "what", "before", "after", "reason"];
}

/// A row for each thing that a plan changes, in its order.
pub(crate) fn rows(plan: &Plan) -> Vec<PlanRow> {
    plan.actions().flat_map(|(workspace, action)| of_action(workspace, action)).collect()
}

fn of_action(workspace: &WorkspacePlan, action: &Action) -> Vec<PlanRow> {
    let row = |kind, what: &str, before, after| PlanRow {
        workspace: workspace.slug.clone(),
        kind,
        what: what.to_owned(),
        before,
        after,
        reason: action.reason.clone(),
    };
    let values = |what: &str, before, after| row(Kind::of(&before, &after), what, before, after);
    match &action.change {
        Change::Create { fields } => {
            let fields = fields.iter().filter(|(name, value)| *name != "slug" && !value.is_null());
            let fields = fields.map(|(name, value)| row(Kind::Add, name, Value::Null, value.clone()));
            std::iter::once(row(Kind::Add, WORKSPACE, Value::Null, Value::Null)).chain(fields).collect()
        }
        Change::Update { fields } => {
            fields.iter().map(|field| values(&field.field, field.before.clone(), field.after.clone())).collect()
        }
        Change::AddMembers { users, .. } => vec![values("members", Value::Null, json!(users))],
        Change::RemoveMembers { users, .. } => vec![values("members", json!(users), Value::Null)],
        Change::SetBudget { interval, before, after, include_byok } => {
            let name = format!("{} budget", interval.as_str());
            let limit = (*before != Some(*after)).then(|| values(&name, json!(before), json!(after)));
            let byok =
                include_byok.map(|byok| values("include_byok_in_budgets", json!(byok.before), json!(byok.after)));
            limit.into_iter().chain(byok).collect()
        }
        Change::DeleteBudget { interval, before } => {
            vec![values(&format!("{} budget", interval.as_str()), json!(before), Value::Null)]
        }
        Change::Delete { workspace } => vec![values(WORKSPACE, json!(workspace.name), Value::Null)],
        // A kind of change that a newer library has.
        other => vec![row(Kind::Change, &other.to_string(), Value::Null, Value::Null)],
    }
}

const WORKSPACE: &str = "workspace";

/// The plan as a difference: a line for each workspace and each thing of it, and how many there are.
pub(crate) fn render(plan: &Plan, columns: Option<usize>) -> String {
    let mut text = String::new();
    for workspace in &plan.workspaces {
        let rows: Vec<PlanRow> = workspace.actions.iter().flat_map(|action| of_action(workspace, action)).collect();
        let whole = rows.iter().find(|row| row.what == WORKSPACE);
        let (sign, style) = look(whole.map_or(Kind::Change, |row| row.kind));
        let reason = whole.map(|row| format!(" ({})", row.reason)).unwrap_or_default();
        // Of whatever is changed or goes, it is seen where.
        let name = format!("{sign} {}", clean(&workspace.slug));
        let heading = cut(format!("{name}{reason}"), columns.map(|columns| columns.max(width(&name) + 1)));
        let _ = writeln!(text, "{style}{heading}{style:#}");
        for row in rows.iter().filter(|row| row.what != WORKSPACE) {
            let (sign, style) = look(row.kind);
            let line = format!("    {sign} {}: {}", clean(&row.what), row.values());
            // Whoever is asked sees all that goes.
            let line = if row.kind == Kind::Remove { line } else { cut(line, columns) };
            let _ = writeln!(text, "{style}{line}{style:#}");
        }
    }
    let counts = plan.counts();
    let _ = match plan.is_empty() {
        true => writeln!(text, "nothing to do: the account is as the manifest says"),
        false => writeln!(
            text,
            "{} to create, {} to change, {} to delete, in {}",
            counted(counts.created, "workspace"),
            counts.changed,
            counts.deleted,
            counted(counts.actions, "step"),
        ),
    };
    text
}

fn cut(line: String, columns: Option<usize>) -> String {
    match columns {
        Some(columns) => fit(&line, columns),
        None => line,
    }
}

impl PlanRow {
    fn values(&self) -> String {
        match (&self.before, &self.after) {
            (Value::Array(users), _) | (_, Value::Array(users)) if self.what == "members" => {
                let users: Vec<&str> = users.iter().filter_map(Value::as_str).collect();
                format!("{} ({})", users.len(), clean(&users.join(", ")))
            }
            (Value::Null, value) | (value, Value::Null) => shown(value),
            (before, after) => format!("{} -> {}", shown(before), shown(after)),
        }
    }
}
