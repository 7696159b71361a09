//! The operations on workspaces.

use serde_json::{Value, json};

use crate::account::model::{Workspace, WorkspaceSettings};
use crate::account::state::AccountState;
use crate::spec::refusal::Refusal;
use crate::spec::request::ValidatedRequest;

pub(crate) fn list(state: &mut AccountState, request: &ValidatedRequest) -> Result<Value, Refusal> {
    let offset = request.parameter("offset")?;
    let page = state.page(offset, state.page_size(request.parameter("limit")?));
    Ok(json!({"data": page, "total_count": state.workspaces().len()}))
}

pub(crate) fn create(state: &mut AccountState, request: &ValidatedRequest) -> Result<Value, Refusal> {
    let settings = request.body::<WorkspaceSettings>()?.normalized();
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
    let confirmed: Option<bool> = request.parameter("confirm_default_workspace_deletion")?;
    if state.is_default(record) && confirmed != Some(true) {
        return Err(Refusal::bad_request(
            "The default workspace is only deleted with confirm_default_workspace_deletion=true",
        ));
    }
    if !record.key_owners.is_empty() {
        return Err(Refusal::bad_request("The workspace has active API keys: revoke them first"));
    }
    let id = record.workspace.id;
    state.remove(id);
    Ok(json!({"deleted": true}))
}
