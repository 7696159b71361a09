//! The operations on workspaces.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::account::state::State;
use crate::spec::refusal::Refusal;
use crate::spec::request::Call;

/// A workspace as the API shows it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Workspace {
    pub(crate) id: Uuid,
    default_guardrail_id: Uuid,
    #[serde(flatten)]
    pub(crate) settings: Settings,
    pub(crate) include_byok_in_budgets: bool,
    created_at: String,
    updated_at: Option<String>,
    created_by: Option<String>,
}

/// The part of a workspace that requests set: what they leave out has these defaults.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Settings {
    name: String,
    pub(crate) slug: String,
    description: Option<String>,
    default_text_model: Option<String>,
    default_image_model: Option<String>,
    default_provider_sort: Option<String>,
    disabled_server_tools: Option<Vec<String>>,
    #[serde(default = "all_requests")]
    io_logging_sampling_rate: f64,
    io_logging_api_key_ids: Option<Vec<i64>>,
    #[serde(default)]
    is_observability_io_logging_enabled: bool,
    #[serde(default)]
    is_observability_broadcast_enabled: bool,
    #[serde(default)]
    is_data_discount_logging_enabled: bool,
}

fn all_requests() -> f64 {
    1.0
}

impl Settings {
    /// The defaults under a name and a slug.
    pub(crate) fn named(name: impl Into<String>, slug: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            slug: slug.into(),
            description: None,
            default_text_model: None,
            default_image_model: None,
            default_provider_sort: None,
            disabled_server_tools: None,
            io_logging_sampling_rate: all_requests(),
            io_logging_api_key_ids: None,
            is_observability_io_logging_enabled: false,
            is_observability_broadcast_enabled: false,
            is_data_discount_logging_enabled: false,
        }
    }

    /// Disabling an empty list of tools is disabling none.
    fn normalized(mut self) -> Self {
        self.disabled_server_tools = self.disabled_server_tools.filter(|tools| !tools.is_empty());
        self
    }

    /// These settings with the fields that a request names.
    fn patched(&self, call: &Call) -> Result<Self, Refusal> {
        let mut fields = json!(self);
        for (name, value) in call.fields() {
            fields[name] = value.clone();
        }
        let patched = Self::deserialize(fields).map_err(|error| Refusal::bad_request(format!("body: {error}")))?;
        Ok(patched.normalized())
    }
}

impl Workspace {
    pub(crate) fn new(settings: Settings, created_by: Option<String>, created_at: String) -> Self {
        let id = Uuid::new_v4();
        Self {
            id,
            default_guardrail_id: Uuid::new_v5(&id, b"default guardrail"),
            settings,
            include_byok_in_budgets: false,
            created_at,
            updated_at: None,
            created_by,
        }
    }
}

pub(crate) fn list(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let offset = call.parameter("offset")?;
    let page = state.page(offset, state.limit(call)?);
    Ok(json!({"data": page, "total_count": state.workspaces().len()}))
}

pub(crate) fn create(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let settings = call.body::<Settings>()?.normalized();
    state.check_slug(&settings.slug, None)?;
    let workspace = Workspace::new(settings, Some(call.user_id.clone()), state.now());
    let answer = json!({"data": workspace});
    state.insert(workspace);
    Ok(answer)
}

pub(crate) fn get(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let record = state.record(&call.workspace()?)?;
    Ok(json!({"data": record.workspace}))
}

pub(crate) fn update(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let reference = call.workspace()?;
    let workspace = &state.record(&reference)?.workspace;
    let old = workspace.settings.clone();
    let new = old.patched(call)?;
    state.check_slug(&new.slug, Some(workspace.id))?;

    let now = state.now();
    let workspace = &mut state.record_mut(&reference)?.workspace;
    if new != old {
        workspace.settings = new.clone();
        workspace.updated_at = Some(now);
    }
    let answer = json!({"data": workspace});
    state.rename(&old.slug, &new.slug);
    Ok(answer)
}

pub(crate) fn delete(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let record = state.record(&call.workspace()?)?;
    let id = record.workspace.id;
    let confirmed: Option<bool> = call.parameter("confirm_default_workspace_deletion")?;
    if id == state.default_workspace && confirmed != Some(true) {
        return Err(Refusal::bad_request(
            "The default workspace is only deleted with confirm_default_workspace_deletion=true",
        ));
    }
    if !record.key_owners.is_empty() {
        return Err(Refusal::bad_request("The workspace has active API keys: revoke them first"));
    }
    state.remove(id);
    Ok(json!({"deleted": true}))
}
