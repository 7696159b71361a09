//! Walks among other calls: what existed throughout comes exactly once, and nothing comes twice or that never was.

use std::collections::BTreeMap;
use std::time::Duration;

use openrouter_sandbox::{Fault, Sandbox};
use openrouter_workspaces::Error;
use tokio::time::timeout;

use crate::KEY;
use crate::operations::promise::Promise;
use crate::operations::record::Record;
use crate::operations::wire::CALL;
use crate::operations::worker::{PATIENCE, Worker};

/// Walks over all workspaces.
pub(crate) async fn workspaces(worker: &mut Worker) {
    let request = worker.client.list().limit(worker.rng.u64(20..=100));
    let call = worker.begin_walk(&request, "");
    let request = request.header(CALL, &call.to_string());
    let walk = request.items().concurrency(worker.rng.usize(1..=4)).try_collect();
    let Some(result) = walked(worker, call, walk).await else { return };
    let mut record = worker.record.lock();
    let (began, now) = (record.calls[call].began, record.now());
    let Some(rows) = rows(&mut record, call, result) else { return };
    let mut times = BTreeMap::new();
    for row in &rows {
        *times.entry(row.id).or_insert(0) += 1;
    }
    let came = |id| times.get(&id).copied().unwrap_or(0);
    let mut problems: Vec<String> = Vec::new();
    for workspace in record.truth.workspaces.values() {
        // Where the list is in the order of slugs, a change of the slug moves a row.
        let stayed = workspace.existed(began, now) && (workspace.named < began || workspace.named == workspace.created);
        match came(workspace.id) {
            0 if stayed => problems.push(format!("{} ({}) did not come", workspace.slug, workspace.id)),
            1 if !workspace.existed_within(began, now) => problems.push(format!("{} was not there", workspace.id)),
            0 | 1 => {}
            n => problems.push(format!("{} came {n} times", workspace.id)),
        }
    }
    let known = |id: &&uuid::Uuid| record.truth.get(**id).is_none();
    problems.extend(times.keys().filter(known).map(|id| format!("{id} never was")));
    drop(record);
    complain(worker, call, &problems);
}

/// Walks over the members of a workspace.
pub(crate) async fn members(worker: &mut Worker, reference: &str) {
    let request = worker.client.list_members(reference).limit(worker.rng.u64(3..=100));
    let call = worker.begin_walk(&request, reference);
    let request = request.header(CALL, &call.to_string());
    let before = {
        let record = worker.record.lock();
        let holder = record.calls[call].holder.and_then(|id| record.truth.get(id));
        holder.map(|workspace| (workspace.id, workspace.members.clone()))
    };
    let walk = request.items().concurrency(2).try_collect();
    let Some(result) = walked(worker, call, walk).await else { return };
    let mut record = worker.record.lock();
    let Some(rows) = rows(&mut record, call, result) else { return };
    let mut problems = Vec::new();
    let mut users: Vec<&str> = rows.iter().map(|row| row.user_id.as_str()).collect();
    users.sort_unstable();
    // Pages of two workspaces that had the slug one after the other may have the same user each.
    let one = rows.iter().all(|row| row.workspace_id == rows[0].workspace_id);
    if one && let Some(twice) = users.windows(2).find(|pair| pair[0] == pair[1]) {
        problems.push(format!("{} came twice", twice[0]));
    }
    if let Some((id, before)) = before
        && let Some(now) = record.truth.get(id).filter(|w| w.deleted.is_none() && one)
        && rows.first().is_none_or(|row| row.workspace_id == id)
        && now.named < record.calls[call].began
    {
        let throughout = before.intersection(&now.members).filter(|user| !users.contains(&user.as_str()));
        problems.extend(throughout.map(|user| format!("{user} of {id} did not come")));
    }
    drop(record);
    complain(worker, call, &problems);
}

/// The result of a walk; `None` if it was given up half way.
async fn walked<T>(
    worker: &mut Worker,
    call: usize,
    walk: impl Future<Output = Result<Vec<T>, Error>>,
) -> Option<Result<Vec<T>, Error>> {
    let patience = worker.rng.usize(0..PATIENCE.len());
    let patience = match worker.rng.u8(0..10) {
        0 => Duration::from_millis(worker.rng.u64(0..PATIENCE[patience])),
        _ => Duration::MAX,
    };
    let result = timeout(patience, walk).await;
    // The tasks of its pages are told to end, and do so when it is their turn.
    for _ in 0..3 {
        tokio::task::yield_now().await;
    }
    let mut record = worker.record.lock();
    let now = record.now();
    record.calls[call].ended = Some(now);
    if record.requests_of(call).any(|request| request.answer.is_none() && !request.dropped) {
        record.broken(Promise::Stray, Some(call), "a page is still fetched after the end of its walk");
    }
    match result {
        Ok(result) => Some(result),
        Err(_) => {
            record.note(Some(call), "dropped");
            None
        }
    }
}

/// The rows of a walk that came to its end. Where the server contradicts itself, it may end with an error instead.
fn rows<T>(record: &mut Record, call: usize, result: Result<Vec<T>, Error>) -> Option<Vec<T>> {
    match result {
        Ok(rows) => {
            record.note(Some(call), format_args!("{} rows", rows.len()));
            Some(rows)
        }
        Err(error) => {
            record.note(Some(call), format_args!("failed: {error}"));
            if format!("{error} {error:?} {error:#?}").contains(KEY) {
                record.broken(Promise::KeyLeak, Some(call), "the key is in the error");
            }
            if matches!(error, Error::Pagination(_)) && record.honest {
                record.broken(Promise::WrongAnswer, Some(call), error);
            }
            None
        }
    }
}

/// Complains of a walk, unless the server has lied to it: then what a walk can still promise is for the simulation of walks.
fn complain(worker: &Worker, call: usize, problems: &[String]) {
    if !problems.is_empty() && !was_lied_to(&worker.sandbox, call) {
        worker.record.lock().broken(Promise::WrongAnswer, Some(call), problems.join(", "));
    }
}

fn was_lied_to(sandbox: &Sandbox, call: usize) -> bool {
    let call = call.to_string();
    let lies = |fault: &Fault| matches!(fault, Fault::IgnoreOffset | Fault::RepeatPage | Fault::TotalCount(_));
    let requests = sandbox.journal();
    let own = requests.iter().filter(|request| request.header(CALL) == Some(&call));
    own.filter_map(|request| request.fault.as_ref()).any(lies)
}
