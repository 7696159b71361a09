//! The operations on workspaces.

use serde_json::{Value, json};

use crate::account::model::{Workspace, WorkspaceSettings};
use crate::account::state::AccountState;
use crate::profile::Behaviour;
use crate::spec::refusal::Refusal;
use crate::spec::request::ValidatedRequest;

/// Confirms that the default workspace is to be deleted.
const CONFIRMATION: &str = "confirm_default_workspace_deletion";

pub(crate) fn list(state: &mut AccountState, request: &ValidatedRequest) -> Result<Value, Refusal> {
    let offset = request.parameter("offset")?;
    let page = state.page(offset, state.page_size(request.parameter("limit")?));
    Ok(json!({"data": page, "total_count": state.workspaces().len()}))
}

pub(crate) fn create(state: &mut AccountState, request: &ValidatedRequest) -> Result<Value, Refusal> {
    let settings = request.body::<WorkspaceSettings>()?.normalized().known_to(&state.server);
    state.check_slug(&settings.slug, None)?;
    let workspace = Workspace::new(state.ids.next(), settings, Some(request.user_id.clone()), state.now());
    let answer = json!({"data": workspace});
    state.insert(workspace);
    Ok(answer)
}

pub(crate) fn get(state: &mut AccountState, request: &ValidatedRequest) -> Result<Value, Refusal> {
    let record = state.record(&request.workspace()?)?;
    Ok(json!({"data": record.workspace}))
}

pub(crate) fn update(state: &mut AccountState, request: &ValidatedRequest) -> Result<Value, Refusal> {
    let reference = request.workspace()?;
    let old = &state.record(&reference)?.workspace.settings;
    let new = old.patched(request.fields()).map_err(|error| Refusal::bad_request(format!("body: {error}")))?;
    Ok(json!({"data": state.update(&reference, new)?}))
}

pub(crate) fn delete(state: &mut AccountState, request: &ValidatedRequest) -> Result<Value, Refusal> {
    let record = state.record(&request.workspace()?)?;
    let confirmed: Option<bool> = request.parameter(CONFIRMATION)?;
    if state.is_default(record) && state.server.has(Behaviour::DefaultDeletionForbidden) {
        return Err(Refusal::forbidden("Deleting the default workspace is not enabled for this account"));
    }
    if state.is_default(record) && confirmed != Some(true) {
        let confirmation = state.server.parameter(CONFIRMATION);
        let message = format!("The default workspace is only deleted with {confirmation}=true");
        return Err(Refusal::bad_request(message));
    }
    if !record.key_owners.is_empty() {
        return Err(Refusal::bad_request("The workspace has active API keys: revoke them first"));
    }
    let id = record.workspace.id;
    state.remove(id);
    Ok(json!({"deleted": true}))
}
