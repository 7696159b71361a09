//! The server's side: what it has done with each request goes into the truth.

use openrouter_sandbox::{ProcessedRequest, Sandbox};
use serde_json::Value;
use uuid::Uuid;

use crate::operations::promise::Promise;
use crate::operations::record::{Processed, Record, Shared};
use crate::operations::truth::{Workspace, id_of};
use crate::operations::wire::REQUEST;

/// Keeps the truth of a sandbox from now on.
pub(crate) fn observe(sandbox: &Sandbox, record: &Shared) {
    let mut now = record.lock();
    for workspace in sandbox.workspaces() {
        now.truth.created(0, None, workspace);
    }
    drop(now);
    let record = record.clone();
    sandbox.observe(move |_, processed| write_down(&mut record.lock(), processed));
}

fn write_down(record: &mut Record, processed: ProcessedRequest<'_>) {
    let request = processed.request;
    let Some(number) = request.header(REQUEST).and_then(|number| number.parse::<usize>().ok()) else { return };
    let (now, doer) = (record.now(), record.requests[number].call);
    let path = request.path.trim_start_matches("/api/v1").to_owned();
    let mut parts = path.trim_start_matches("/workspaces").split('/').skip(1);
    let (reference, _, last) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
    let mut workspace = reference.and_then(|reference| record.truth.find(reference));
    let is_page = record.calls[doer].walk;
    let body: Value = if is_page { Value::Null } else { serde_json::from_slice(processed.body).unwrap_or_default() };
    let (status, sent) = (processed.status, &record.requests[number]);
    let late = sent.answer.is_some() || sent.dropped;
    record.note(Some(doer), format_args!("server {number}: {status}{}", if late { ", late" } else { "" }));

    if (200..300).contains(&status) {
        let truth = &mut record.truth;
        let asked = request.json().unwrap_or_default();
        let users = || asked["user_ids"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let known = workspace.and_then(|id| truth.get_mut(id));
        match (request.operation.as_deref().unwrap_or_default(), known) {
            ("create_workspace", _) => {
                truth.created(now, Some(doer), body["data"].clone());
                workspace = id_of(&body["data"]);
            }
            ("update_workspace", _) => truth.updated(now, Some(doer), body["data"].clone()),
            ("delete_workspace", _) => workspace.into_iter().for_each(|id| truth.deleted(now, id)),
            ("bulk_add_workspace_members", Some(known)) => known.members.extend(users().map(str::to_owned)),
            ("bulk_remove_workspace_members", Some(known)) => {
                known.members.retain(|member| users().all(|user| user != member));
            }
            ("upsert_workspace_budget", Some(known)) => {
                let limit = body["data"]["limit_usd"].as_f64().unwrap_or_default();
                known.budgets.insert(last.to_owned(), limit);
                known.fields["include_byok_in_budgets"] = body["include_byok_in_budgets"].clone();
            }
            ("delete_workspace_budget", Some(known)) => drop(known.budgets.remove(last)),
            _ => {}
        }
    }
    record.requests[number].processed = Some(Processed { late, status, workspace, body });
}

/// Holds the truth against what the server has in the end.
pub(crate) fn compare(sandbox: &Sandbox, record: &mut Record) {
    let mut problems = Vec::new();
    let present = sandbox.workspaces();
    if present.len() != record.truth.present().count() {
        problems.push(format!("the server has {} workspaces", present.len()));
    }
    for there in present {
        let known = id_of(&there).and_then(|id| record.truth.get(id));
        let Some(known) = known else {
            problems.push(format!("nobody has created {there}"));
            continue;
        };
        if known.fields != there {
            problems.push(format!("{} is {there} instead of {}", known.id, known.fields));
        }
        problems.extend(details_differ(sandbox, known.id, known));
    }
    for problem in problems {
        record.broken(Promise::Lost, None, problem);
    }
}

fn details_differ(sandbox: &Sandbox, id: Uuid, known: &Workspace) -> Option<String> {
    let reference = id.to_string();
    let text = |row: &Value, field: &str| row[field].as_str().map(str::to_owned);
    let members: Option<_> = sandbox.members(&reference).ok()?.iter().map(|row| text(row, "user_id")).collect();
    let budgets = sandbox.budgets(&reference).ok()?;
    let interval = |row| text(row, "reset_interval").unwrap_or_else(|| "lifetime".to_owned());
    let budgets = budgets.iter().map(|row| (interval(row), row["limit_usd"].as_f64().unwrap_or_default())).collect();
    let is_default = known.creator.is_none() && !known.fields["created_by"].is_string();
    if !is_default && members.as_ref() != Some(&known.members) {
        return Some(format!("{id} has the members {members:?} instead of {:?}", known.members));
    }
    (known.budgets != budgets).then(|| format!("{id} has the budgets {budgets:?} instead of {:?}", known.budgets))
}
