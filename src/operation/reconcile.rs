//! Writes that may have been applied without an answer that says so.
//!
//! Creating a workspace must not be sent again blindly, so it is looked up first. An update or a delete may be repeated, but
//! under a slug it could meet another workspace than the first attempt did, so the workspace is looked up before that, and
//! the repeated request names it by its id.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::endpoint::Endpoint;
use crate::error::{Error, GaveUp};
use crate::generated::endpoints::{CreateWorkspace, DeleteWorkspace, UpdateWorkspace};
use crate::generated::types::{
    CreateWorkspaceRequest, DeletedResponse, UpdateWorkspaceRequest, Workspace, WorkspaceResponse,
};
use crate::names::is_workspace_id;
use crate::operation::look_up::{Age, age, but, look_up};
use crate::rules::Field;
use crate::transport::{Call, Repeat, Response};

/// A workspace that is what a call has made, if there is one; or why that cannot be told.
type Found = Result<Option<Response<WorkspaceResponse>>, String>;

/// Creates a workspace once, whatever becomes of the answers.
pub(crate) async fn create(call: &mut Call, create: &CreateWorkspace) -> Result<Response<WorkspaceResponse>, Error> {
    let mut seen_absent = false;
    loop {
        let failure = match call.send(create, Repeat::IfNothingWasDone).await {
            Ok(response) => return Ok(response),
            Err(failure) => doubtful(call, failure).await?,
        };
        match created(call, &create.body, &failure, seen_absent).await {
            Ok(Some(found)) => return Ok(found.inferred()),
            Err(why) => return Err(unreconciled(call, failure, why)),
            Ok(None) if is_repeatable(call, &failure) => call.repeat_after(failure)?,
            // What was refused is not repeated: it would be refused again.
            Ok(None) => return Err(call.context.give_up(None, failure)),
        }
        seen_absent = true;
    }
}

/// The workspace that the call has created, if an attempt before has left one.
async fn created(call: &mut Call, body: &CreateWorkspaceRequest, failure: &Error, seen_absent: bool) -> Found {
    let Ok(found) = look_up(call, &body.slug).await? else { return Ok(None) };
    let there = &found.data.data;
    let differs = differing_field(CreateWorkspace::FIELDS, with_defaults(CreateWorkspace::FIELDS, body), there);
    let differs = differs.or_else(|| differing_creator(call, there));
    let why = match differs {
        Some(field) => but(&body.slug, format_args!("its {field} differs")),
        None => match age(call, &body.slug, &found, there.created_at).await {
            Ok(Age::DuringCall) => return Ok(Some(found)),
            Err(_) if seen_absent => return Ok(Some(found)),
            Ok(Age::BeforeCall) => but(&body.slug, "it is older than this call"),
            Err(why) => why,
        },
    };
    // A refusal tells for certain what became of this attempt, and of the one before there is no trace.
    if failure.is_ambiguous() { Err(why) } else { Ok(None) }
}

/// Changes a workspace. A new slug may be in force already when an attempt is repeated under the old one.
pub(crate) async fn update(call: &mut Call, update: &UpdateWorkspace) -> Result<Response<WorkspaceResponse>, Error> {
    let (failure, not_found) = match send_then_find(call, &update.id, update, |there| there.created_at).await? {
        Target::Answered(response) => return Ok(response),
        Target::Id(id) => {
            let pinned = UpdateWorkspace { id: id.to_string(), body: update.body.clone() };
            return call.send(&pinned, Repeat::Always).await;
        }
        Target::Absent(failure, not_found) => (failure, not_found),
    };
    let Some(slug) = &update.body.slug else { return Err(not_found) };
    let failure = call.allow_another(failure)?;
    match renamed(call, &update.body, slug).await {
        Ok(Some(found)) => Ok(found.inferred()),
        Ok(None) => Err(not_found),
        Err(why) => Err(unreconciled(call, failure, why)),
    }
}

/// The workspace that the call has given a new slug, if an attempt before has done so.
async fn renamed(call: &mut Call, body: &UpdateWorkspaceRequest, slug: &str) -> Found {
    let Ok(found) = look_up(call, slug).await? else { return Ok(None) };
    let there = &found.data.data;
    let written = serde_json::to_value(body).unwrap_or_default();
    if let Some(field) = differing_field(UpdateWorkspace::FIELDS, written, there) {
        return Err(but(slug, format_args!("its {field} differs")));
    }
    let Some(updated_at) = there.updated_at else { return Err(but(slug, "it was never changed")) };
    if age(call, slug, &found, there.created_at).await? == Age::DuringCall {
        return Err(but(slug, "it was created during this call"));
    }
    if age(call, slug, &found, updated_at).await? == Age::BeforeCall {
        return Err(but(slug, "it was changed before this call"));
    }
    Ok(Some(found))
}

/// Deletes a workspace. That there is none is a success only if there was one when a repeated attempt was about to be sent.
pub(crate) async fn delete(call: &mut Call, delete: &DeleteWorkspace) -> Result<Response<DeletedResponse>, Error> {
    // It may have got its slug by a change. What is deleted in error does not come back, so that counts, too.
    let changed_at = |there: &Workspace| there.updated_at.unwrap_or(there.created_at).max(there.created_at);
    match send_then_find(call, &delete.id, delete, changed_at).await? {
        Target::Answered(response) => Ok(response),
        Target::Id(id) => match call.send(&DeleteWorkspace { id: id.to_string(), ..*delete }, Repeat::Always).await {
            Err(Error::NotFound(gone)) => Ok(Response::inferred_from(*gone, DeletedResponse { deleted: true })),
            other => other,
        },
        Target::Absent(_, not_found) => Err(not_found),
    }
}

/// What becomes of a request that names a workspace.
enum Target<T> {
    Answered(Response<T>),
    /// It may have been applied, and is to be repeated, about the workspace that it was about: the one with this id.
    Id(Uuid),
    /// It may have been applied, for that reason, and now there is no workspace, as this answer says.
    Absent(Error, Error),
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
) -> Result<Target<E::Response>, Error> {
    if is_workspace_id(workspace) || !call.options.retry.reconcile {
        return call.send(request, Repeat::Always).await.map(Target::Answered);
    }
    let failure = match call.send(request, Repeat::IfNothingWasDone).await {
        Ok(response) => return Ok(Target::Answered(response)),
        // It is looked up so that it can be repeated.
        Err(failure) if !is_repeatable(call, &failure) => return Err(failure),
        Err(failure) => doubtful(call, failure).await?,
    };
    let why = match look_up(call, workspace).await {
        Ok(Err(not_found)) => return Ok(Target::Absent(failure, not_found)),
        Ok(Ok(found)) => match age(call, workspace, &found, since(&found.data.data)).await {
            Ok(Age::BeforeCall) => {
                call.repeat_after(failure)?;
                return Ok(Target::Id(found.data.data.id));
            }
            Ok(Age::DuringCall) => format!("the workspace {workspace} was created or changed during this call"),
            Err(why) => why,
        },
        Err(why) => why,
    };
    Err(unreconciled(call, failure, why))
}

fn is_repeatable(call: &Call, failure: &Error) -> bool {
    failure.is_repeatable(call.options.retry.retry_connection_errors)
}

/// The failure again after a wait, if looking up what became of the request may tell more; else as an error, at once.
async fn doubtful(call: &mut Call, failure: Error) -> Result<Error, Error> {
    // A refusal after a doubtful attempt may be about what that attempt has done.
    let of_its_own = matches!(failure, Error::BadRequest(_) | Error::Conflict(_));
    let doubtful = failure.is_ambiguous() || (of_its_own && call.context.ambiguous);
    if !doubtful || !call.options.retry.reconcile {
        return Err(failure);
    }
    call.wait_to_look_up(failure).await
}

/// The end of a call of which it is not known what became of it.
fn unreconciled(call: &mut Call, failure: Error, why: String) -> Error {
    let reason = match call.context.gave_up.take() {
        Some(no_key @ GaveUp::NoKey { .. }) => no_key,
        _ => GaveUp::Unreconciled { why },
    };
    call.context.give_up(reason, failure)
}

/// The longest list that is compared. One that is longer was not written here.
const MAX_ITEMS: usize = 10_000;

/// The body of a request with the server's defaults for all that it leaves out.
fn with_defaults(fields: &[Field], body: &impl Serialize) -> Value {
    let mut written = serde_json::to_value(body).unwrap_or_default();
    if let Value::Object(written) = &mut written {
        for field in fields {
            if let Some(default) = field.default.and_then(|json| serde_json::from_str(json).ok()) {
                written.entry(field.name).or_insert(default);
            }
        }
    }
    written
}

/// The field whose value is not the one that was written.
fn differing_field(fields: &[Field], written: Value, there: &Workspace) -> Option<String> {
    let tools = there.disabled_server_tools.as_ref().map_or(0, Vec::len);
    let keys = there.io_logging_api_key_ids.as_ref().map_or(0, Vec::len);
    let Value::Object(written) = written else { return Some("content".to_owned()) };
    if tools.max(keys) > MAX_ITEMS {
        return Some("content".to_owned());
    }
    differing(fields, written, there).into_iter().next().map(|(field, _)| field)
}

/// Of the fields of a request body, those whose values the workspace does not have.
pub(crate) fn differing(fields: &[Field], mut written: Map<String, Value>, there: &Workspace) -> Map<String, Value> {
    let there = serde_json::to_value(there).unwrap_or_default();
    written.retain(|field, value| !means_the_same(fields, field, value, &there[field.as_str()]));
    written
}

/// Whether two values of a field say the same. Lists are sets here.
fn means_the_same(fields: &[Field], name: &str, a: &Value, b: &Value) -> bool {
    let null_means = fields.iter().find(|field| field.name == name).and_then(|field| field.null_means);
    let null_means: Value = null_means.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    let value = |value| if value == &Value::Null { &null_means } else { value }.clone();
    match (value(a), value(b)) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => distinct(&a) == distinct(&b),
        (a, b) => a == b,
    }
}

fn distinct(items: &[Value]) -> BTreeSet<String> {
    items.iter().map(ToString::to_string).collect()
}

/// The field with the creator, if that is another user than the one for whom the server answered.
fn differing_creator(call: &Call, there: &Workspace) -> Option<String> {
    let (user, creator) = (call.context.user_id.as_deref()?, there.created_by.as_deref()?);
    (user != creator).then(|| "created_by".to_owned())
}
