//! Writes whose first attempt may have been applied without an answer that says so.
//!
//! Creating a workspace must not be sent again blindly: it is looked up first. Deleting one is safe to repeat, but the
//! second attempt then finds nothing; and so does a change of the slug, under the old one.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::error::Error;
use crate::generated::types::{DeletedResponse, Workspace, WorkspaceResponse};
use crate::request::Operation;
use crate::response::Response;
use crate::retry::GaveUp;
use crate::retry_after::server_time;
use crate::transport::Sender;
use crate::workspaces::{CreateWorkspace, DeleteWorkspace, GetWorkspace, UpdateWorkspace};

/// Creates a workspace once, whatever becomes of the answers.
pub(crate) async fn create(create: CreateWorkspace, sender: &mut Sender) -> Result<Response<WorkspaceResponse>, Error> {
    loop {
        let attempt = create.clone();
        let mut error = match sender.send(false, |api| attempt.call(api)).await {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        // A refusal after a retry may be about the workspace that an attempt before has created.
        let refused = sender.course.attempts > 1 && matches!(error, Error::BadRequest(_) | Error::Conflict(_));
        if !(sender.course.ambiguous || refused) || !sender.options.retry.settle_creates {
            return Err(error);
        }
        let body = create.clone().body();
        let reason = match look_up(create.slug(), &body, |workspace| Some(workspace.created_at), sender).await {
            Found::Ours(response) => return Ok(*response),
            Found::Nothing => match sender.pause(&error, true).await {
                Ok(()) => continue,
                Err(reason) => reason,
            },
            Found::Unclear(_) if !sender.course.ambiguous => return Err(error),
            Found::Unclear(why) => Some(GaveUp::Unsettled { why }),
        };
        error.set_tries(sender.course.tries(reason));
        return Err(error);
    }
}

/// Changes a workspace. A new slug may be in force already when an attempt is repeated under the old one.
pub(crate) async fn update(update: UpdateWorkspace, sender: &mut Sender) -> Result<Response<WorkspaceResponse>, Error> {
    let attempt = update.clone();
    let error = match sender.send(true, |api| attempt.call(api)).await {
        Err(error @ Error::NotFound(_)) if sender.course.ambiguous => error,
        other => return other,
    };
    let Some(slug) = &update.body.slug else { return Err(error) };
    match look_up(slug, &update.body, |workspace| workspace.updated_at, sender).await {
        Found::Ours(response) => Ok(*response),
        Found::Nothing | Found::Unclear(_) => Err(error),
    }
}

/// Deletes a workspace. That there is none is a success, if an attempt before may have deleted it.
pub(crate) async fn delete(delete: DeleteWorkspace, sender: &mut Sender) -> Result<Response<DeletedResponse>, Error> {
    match sender.send(true, |api| delete.call(api)).await {
        Err(Error::NotFound(error)) if sender.course.ambiguous => {
            Ok(error.into_response(DeletedResponse { deleted: true }))
        }
        other => other,
    }
}

/// What is found under a slug.
enum Found {
    /// The workspace as this call wrote it.
    Ours(Box<Response<WorkspaceResponse>>),
    Nothing,
    /// Something else, or nothing that can be relied on.
    Unclear(String),
}

/// Looks for a workspace that has the fields that were written, and was written since the call began.
async fn look_up(
    slug: &str,
    written: &impl Serialize,
    written_at: impl Fn(&Workspace) -> Option<DateTime<Utc>>,
    sender: &Sender,
) -> Found {
    let get = GetWorkspace { workspace: slug.to_owned() };
    let mut asked = 0;
    let response = loop {
        let get = get.clone();
        let error = match sender.part().send(true, |api| get.call(api)).await {
            Ok(response) => break response,
            Err(Error::NotFound(_)) => return Found::Nothing,
            Err(error) => error,
        };
        // More is at stake than in a read: it is asked again even where one would be over.
        asked += 1;
        if !sender.rest(asked).await {
            return Found::Unclear(format!("looking up {slug} failed: {error}"));
        }
    };
    let Some(now) = server_time(response.headers()) else {
        return Found::Unclear(format!("there is a workspace {slug}, but the server does not tell its time"));
    };
    let elapsed = TimeDelta::from_std(sender.course.elapsed()).unwrap_or(TimeDelta::MAX);
    let earliest = now.checked_sub_signed(elapsed).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let workspace = &response.data.data;
    // A server may keep whole seconds, as it tells its time in.
    let since = |at: DateTime<Utc>| match at.timestamp_subsec_nanos() {
        0 => at >= earliest.trunc_subsecs(0),
        _ => at >= earliest,
    };
    if !written_at(workspace).is_some_and(since) {
        return Found::Unclear(format!("there is a workspace {slug}, but it is older than this call"));
    }
    match differing_field(written, workspace) {
        Some(field) => Found::Unclear(format!("there is a workspace {slug}, but its {field} differs")),
        None => Found::Ours(Box::new(response.after(sender.course.attempts))),
    }
}

/// The first field that was written and is not there as it was written.
fn differing_field(written: &impl Serialize, workspace: &Workspace) -> Option<String> {
    let there = serde_json::to_value(workspace).unwrap_or_default();
    let Ok(Value::Object(written)) = serde_json::to_value(written) else { return Some("content".to_owned()) };
    // An empty list and null say the same.
    let plain = |value: &Value| match value {
        Value::Array(items) if items.is_empty() => Value::Null,
        other => other.clone(),
    };
    written.into_iter().find(|(field, value)| plain(value) != plain(&there[field.as_str()])).map(|(field, _)| field)
}
