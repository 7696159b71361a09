//! Workspaces, members and budgets as the API shows them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::profile::{Behaviour, ServerProfile};

/// A workspace.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Workspace {
    pub(crate) id: Uuid,
    pub(crate) default_guardrail_id: Option<Uuid>,
    #[serde(flatten)]
    pub(crate) settings: WorkspaceSettings,
    /// Missing where it is `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) include_byok_in_budgets: Option<bool>,
    pub(crate) created_at: String,
    pub(crate) updated_at: Option<String>,
    pub(crate) created_by: Option<String>,
}

impl Workspace {
    pub(crate) fn new(id: Uuid, settings: WorkspaceSettings, created_by: Option<String>, created_at: String) -> Self {
        Self {
            id,
            default_guardrail_id: Some(guardrail(id)),
            settings,
            include_byok_in_budgets: Some(false),
            created_at,
            updated_at: None,
            created_by,
        }
    }

    /// The default workspace of a new account, which is older than some of its fields.
    pub(crate) fn default_of_account(id: Uuid, created_at: String, server: &ServerProfile) -> Self {
        let mut workspace =
            Self::new(id, WorkspaceSettings::named("Default", "default").known_to(server), None, created_at);
        if server.has(Behaviour::NullGuardrail) {
            workspace.default_guardrail_id = None;
        }
        if server.has(Behaviour::MissingFields) {
            workspace.include_byok_in_budgets = None;
            workspace.settings.disabled_server_tools = None;
        }
        workspace
    }
}

/// The default guardrail of a workspace: its id follows from that of the workspace.
pub(crate) fn guardrail(workspace: Uuid) -> Uuid {
    Uuid::new_v5(&workspace, b"default guardrail")
}

/// The part of a workspace that requests set: what they leave out has these defaults.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct WorkspaceSettings {
    name: String,
    pub(crate) slug: String,
    description: Option<String>,
    default_text_model: Option<String>,
    default_image_model: Option<String>,
    default_provider_sort: Option<String>,
    /// Missing where it is `None`, and null where no tool is disabled.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(crate) disabled_server_tools: Option<Option<Vec<String>>>,
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

/// Reads a field that is there, be it null.
pub(crate) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

fn all_requests() -> f64 {
    1.0
}

impl WorkspaceSettings {
    /// The defaults under a name and a slug.
    pub(crate) fn named(name: impl Into<String>, slug: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            slug: slug.into(),
            description: None,
            default_text_model: None,
            default_image_model: None,
            default_provider_sort: None,
            disabled_server_tools: Some(None),
            io_logging_sampling_rate: all_requests(),
            io_logging_api_key_ids: None,
            is_observability_io_logging_enabled: false,
            is_observability_broadcast_enabled: false,
            is_data_discount_logging_enabled: false,
        }
    }

    /// These settings on a server that may be older than some of them.
    pub(crate) fn known_to(mut self, server: &ServerProfile) -> Self {
        self.disabled_server_tools = match server.has(Behaviour::NoServerTools) {
            true => None,
            false => Some(self.disabled_server_tools.flatten()),
        };
        self
    }

    /// Disabling an empty list of tools is disabling none.
    pub(crate) fn normalized(mut self) -> Self {
        if let Some(tools) = &mut self.disabled_server_tools {
            *tools = tools.take().filter(|tools| !tools.is_empty());
        }
        self
    }

    /// These settings with other values for some fields.
    pub(crate) fn patched<'a>(
        &self,
        changes: impl IntoIterator<Item = (&'a String, &'a Value)>,
    ) -> serde_json::Result<Self> {
        let mut fields = json!(self);
        for (name, value) in changes {
            fields[name] = value.clone();
        }
        Self::deserialize(fields).map(Self::normalized)
    }
}

/// A user of the organization.
#[derive(Clone, Debug)]
pub(crate) struct OrganizationMember {
    pub(crate) role: String,
    pub(crate) created_at: String,
    /// Whether an identity provider manages the user by SCIM.
    pub(crate) scim_managed: bool,
}

/// A user's membership in a workspace.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Member {
    pub(crate) id: Uuid,
    pub(crate) workspace_id: Uuid,
    pub(crate) user_id: String,
    pub(crate) role: String,
    pub(crate) created_at: String,
}

impl Member {
    pub(crate) fn new(
        id: Uuid,
        workspace_id: Uuid,
        user_id: &str,
        user: &OrganizationMember,
        created_at: String,
    ) -> Self {
        Self { id, workspace_id, user_id: user_id.to_owned(), role: user.role.clone(), created_at }
    }

    /// A membership that exists without having been added: its id follows from the user and the workspace.
    pub(crate) fn implicit(workspace_id: Uuid, user_id: &str, user: &OrganizationMember) -> Self {
        let id = Uuid::new_v5(&workspace_id, user_id.as_bytes());
        Self::new(id, workspace_id, user_id, user, user.created_at.clone())
    }
}

/// The interval of a budget, ordered from the narrowest to the widest.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Interval {
    Daily,
    Weekly,
    Monthly,
    Lifetime,
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Lifetime => "lifetime",
        })
    }
}

/// A budget of a workspace.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Budget {
    pub(crate) id: Uuid,
    workspace_id: Uuid,
    pub(crate) limit_usd: f64,
    reset_interval: Option<Interval>,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
}

impl Budget {
    pub(crate) fn new(id: Uuid, workspace_id: Uuid, interval: Interval, limit_usd: f64, created_at: String) -> Self {
        Self {
            id,
            workspace_id,
            limit_usd,
            reset_interval: (interval != Interval::Lifetime).then_some(interval),
            updated_at: created_at.clone(),
            created_at,
        }
    }
}
