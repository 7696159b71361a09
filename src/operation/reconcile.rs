//! Writes that may have been applied without an answer that says so.
//!
//! Creating a workspace must not be sent again blindly, so it is looked up first. An update or a delete may be repeated, but
//! under a slug it could meet another workspace than the first attempt did, so the workspace is looked up before that, and
//! the repeated request names it by its id.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::endpoint::Endpoint;
use crate::error::{Failure, GaveUp};
use crate::generated::endpoints::{CreateWorkspace, DeleteWorkspace, GetWorkspace, UpdateWorkspace};
use crate::generated::types::{DeletedResponse, Workspace, WorkspaceResponse};
use crate::operation::age::{Age, age};
use crate::rules::Field;
use crate::transport::{Call, Repeat, Response};

type Outcome = Result<Response<WorkspaceResponse>, Failure>;

/// Creates a workspace once, whatever becomes of the answers.
pub(crate) async fn create(call: &mut Call, create: &CreateWorkspace) -> Outcome {
    let body = &create.body;
    let mut seen_absent = false;
    loop {
        let failure = match call.send(create, Repeat::IfNothingWasDone).await {
            Ok(response) => return Ok(response),
            Err(failure) => failure,
        };
        let failure = doubtful(call, failure).await?;
        let (found, failure) = match look_up(call, &body.slug, failure).await? {
            (Some(found), failure) => (found, failure),
            (None, failure) => {
                // What was refused is not repeated: it would be refused again.
                if !failure.is_retryable(call.policy().retry_connection_errors) {
                    return Err(call.give_up(None, failure));
                }
                call.repeat_after(failure)?;
                seen_absent = true;
                continue;
            }
        };
        let there = &found.data.data;
        let differs = differing_field(CreateWorkspace::FIELDS, body, there).or_else(|| differing_creator(call, there));
        let why = match differs {
            Some(field) => format!("its {field} differs"),
            None => match age(call, &body.slug, &found, there.created_at).await {
                Age::DuringCall => return Ok(found.inferred()),
                Age::Unclear(_) if seen_absent => return Ok(found.inferred()),
                Age::BeforeCall => "it is older than this call".to_owned(),
                Age::Unclear(why) => why,
            },
        };
        // A refusal tells for certain what became of this attempt, and of the one before there is no trace.
        if !failure.is_ambiguous() {
            return Err(call.give_up(None, failure));
        }
        return Err(unreconciled(call, failure, format!("there is a workspace {}, but {why}", body.slug)));
    }
}

/// Changes a workspace. A new slug may be in force already when an attempt is repeated under the old one.
pub(crate) async fn update(call: &mut Call, update: &UpdateWorkspace) -> Outcome {
    let created_at = |there: &Workspace| there.created_at;
    let (found, failure) = match send_then_find(call, &update.id, update, created_at).await? {
        Repeated::Answered(response) => return Ok(response),
        Repeated::Found(found, failure) => (found, failure),
    };
    match found {
        Target::Id(id) => {
            call.repeat_after(failure)?;
            let pinned = UpdateWorkspace { id: id.to_string(), body: update.body.clone() };
            call.send(&pinned, Repeat::Always).await
        }
        Target::Other(why) => Err(unreconciled(call, failure, why)),
        Target::Absent(not_found) => {
            let Some(slug) = &update.body.slug else { return Err(not_found) };
            let failure = call.allow_another(failure)?;
            let (found, failure) = match look_up(call, slug, failure).await? {
                (Some(found), failure) => (found, failure),
                (None, _) => return Err(not_found),
            };
            let there = &found.data.data;
            let why = match (differing_field(&[], &update.body, there), there.updated_at) {
                (Some(field), _) => format!("its {field} differs"),
                (None, None) => "it was never changed".to_owned(),
                (None, Some(updated_at)) => match age(call, slug, &found, there.created_at).await {
                    Age::DuringCall => "it was created during this call".to_owned(),
                    Age::Unclear(why) => why,
                    Age::BeforeCall => match age(call, slug, &found, updated_at).await {
                        Age::DuringCall => return Ok(found.inferred()),
                        Age::BeforeCall => "it was changed before this call".to_owned(),
                        Age::Unclear(why) => why,
                    },
                },
            };
            Err(unreconciled(call, failure, format!("there is a workspace {slug}, but {why}")))
        }
    }
}

/// Deletes a workspace. That there is none is a success only if there was one when a repeated attempt was about to be sent.
pub(crate) async fn delete(call: &mut Call, delete: &DeleteWorkspace) -> Result<Response<DeletedResponse>, Failure> {
    // It may have got its slug by a change. What is deleted in error does not come back, so that counts, too.
    let changed_at = |there: &Workspace| there.updated_at.unwrap_or(there.created_at).max(there.created_at);
    let (found, failure) = match send_then_find(call, &delete.id, delete, changed_at).await? {
        Repeated::Answered(response) => return Ok(response),
        Repeated::Found(found, failure) => (found, failure),
    };
    match found {
        Target::Id(id) => {
            call.repeat_after(failure)?;
            let pinned = DeleteWorkspace { id: id.to_string(), ..*delete };
            match call.send(&pinned, Repeat::Always).await {
                Err(Failure::Api(gone)) if gone.status() == 404 => {
                    Ok(Response::inferred_from(*gone, DeletedResponse { deleted: true }))
                }
                other => other,
            }
        }
        Target::Other(why) => Err(unreconciled(call, failure, why)),
        Target::Absent(not_found) => Err(not_found),
    }
}

/// What becomes of a request that names a workspace.
enum Repeated<T> {
    Answered(Response<T>),
    /// It may have been applied, and this is what is there now.
    Found(Target, Failure),
}

/// What a repeated request would be about.
enum Target {
    /// The workspace that the first attempt was about.
    Id(Uuid),
    /// Another one, or one of which that cannot be told.
    Other(String),
    /// None. This is the answer that says so.
    Absent(Failure),
}

/// Sends a request that names a workspace, as long as that cannot have been applied; then looks the workspace up. It is the
/// one that the first attempt was about if `since` says a time before the call.
///
/// What is named by an id is repeated at once, for it cannot be about another workspace.
async fn send_then_find<E: Endpoint>(
    call: &mut Call,
    workspace: &str,
    request: &E,
    since: impl Fn(&Workspace) -> DateTime<Utc>,
) -> Result<Repeated<E::Response>, Failure> {
    if is_id(workspace) || !call.policy().reconcile {
        return call.send(request, Repeat::Always).await.map(Repeated::Answered);
    }
    let failure = match call.send(request, Repeat::IfNothingWasDone).await {
        Ok(response) => return Ok(Repeated::Answered(response)),
        Err(failure) => failure,
    };
    // It is looked up so that it can be repeated.
    if !failure.is_retryable(call.policy().retry_connection_errors) {
        return Err(failure);
    }
    let failure = doubtful(call, failure).await?;
    call.trace_look_up(workspace);
    let found = call.send(&GetWorkspace { id: workspace.to_owned() }, Repeat::Always).await;
    let target = match found {
        Ok(found) => {
            let there = &found.data.data;
            match age(call, workspace, &found, since(there)).await {
                Age::BeforeCall => Target::Id(there.id),
                Age::DuringCall => {
                    Target::Other(format!("the workspace {workspace} was created or changed during this call"))
                }
                Age::Unclear(why) => Target::Other(format!("there is a workspace {workspace}, but {why}")),
            }
        }
        Err(not_found) if not_found.is_not_found() => Target::Absent(not_found),
        Err(other) => return Err(look_up_failed(call, workspace, failure, other)),
    };
    Ok(Repeated::Found(target, failure))
}

/// Whether a workspace is named by its id. Without its hyphens an id would be a slug like any other.
fn is_id(workspace: &str) -> bool {
    workspace.len() == 36 && Uuid::try_parse(workspace).is_ok()
}

/// The failure again after a wait, if looking up what became of the request may tell more; else as an error, at once.
async fn doubtful(call: &mut Call, failure: Failure) -> Result<Failure, Failure> {
    // A refusal after a doubtful attempt may be about what that attempt has done.
    let of_its_own = matches!(&failure, Failure::Api(e) if matches!(e.status(), 400 | 409));
    let doubtful = failure.is_ambiguous() || (of_its_own && call.context().ambiguous);
    if !doubtful || !call.policy().reconcile {
        return Err(failure);
    }
    call.wait_to_look_up(failure).await
}

/// The workspace with a slug, if there is one, and the failure because of which it is looked up.
async fn look_up(
    call: &mut Call,
    slug: &str,
    failure: Failure,
) -> Result<(Option<Response<WorkspaceResponse>>, Failure), Failure> {
    call.trace_look_up(slug);
    match call.send(&GetWorkspace { id: slug.to_owned() }, Repeat::Always).await {
        Ok(found) => Ok((Some(found), failure)),
        Err(not_found) if not_found.is_not_found() => Ok((None, failure)),
        Err(other) => Err(look_up_failed(call, slug, failure, other)),
    }
}

/// The end of a call whose look-up failed: what went wrong in the write is what counts.
fn look_up_failed(call: &mut Call, slug: &str, failure: Failure, look_up: Failure) -> Failure {
    unreconciled(call, failure, format!("looking up {slug} failed: {look_up}"))
}

/// The end of a call of which it is not known what became of it.
fn unreconciled(call: &mut Call, failure: Failure, why: String) -> Failure {
    let reason = match call.context().gave_up.clone() {
        Some(no_key @ GaveUp::NoKey { .. }) => no_key,
        _ => GaveUp::Unreconciled { why },
    };
    call.give_up(reason, failure)
}

/// The longest list that is compared. One that is longer was not written here.
const MAX_ITEMS: usize = 10_000;

/// The field whose value is not the one that was written. Fields that were not written have the server's defaults.
fn differing_field(fields: &[Field], written: &impl Serialize, there: &Workspace) -> Option<String> {
    let tools = there.disabled_server_tools.as_ref().map_or(0, Vec::len);
    let keys = there.io_logging_api_key_ids.as_ref().map_or(0, Vec::len);
    if tools.max(keys) > MAX_ITEMS {
        return Some("content".to_owned());
    }
    let there = serde_json::to_value(there).unwrap_or_default();
    let Ok(Value::Object(mut written)) = serde_json::to_value(written) else { return Some("content".to_owned()) };
    for field in fields {
        if let Some(default) = field.default.and_then(|json| serde_json::from_str(json).ok()) {
            written.entry(field.name).or_insert(default);
        }
    }
    written.into_iter().find(|(field, value)| !means_the_same(value, &there[field.as_str()])).map(|(field, _)| field)
}

/// Lists are sets here, and an empty one says the same as null.
fn means_the_same(a: &Value, b: &Value) -> bool {
    fn items(value: &Value) -> Option<Vec<String>> {
        let mut items: Vec<String> = match value {
            Value::Null => Vec::new(),
            Value::Array(items) => items.iter().map(ToString::to_string).collect(),
            _ => return None,
        };
        items.sort();
        items.dedup();
        Some(items)
    }
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a == b,
        _ => a == b || items(a).is_some_and(|a| Some(a) == items(b)),
    }
}

/// The field with the creator, if that is another user than the one for whom the server answered.
fn differing_creator(call: &Call, there: &Workspace) -> Option<String> {
    let (user, creator) = (call.context().user_id.as_deref()?, there.created_by.as_deref()?);
    (user != creator).then(|| "created_by".to_owned())
}
