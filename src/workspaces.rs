//! The operations on workspaces.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::error::Error;
use crate::generated::enums::{ProviderSort, ServerTool};
use crate::generated::types::{
    CreateWorkspaceRequest, DeletedResponse, ListWorkspacesResponse, UpdateWorkspaceRequest, Workspace,
    WorkspaceResponse,
};
use crate::generated::{self, rules};
use crate::nullable::Nullable;
use crate::pagination::{Page, Paged, Window};
use crate::request::{Answer, Operation, Request};
use crate::response::Response;
use crate::settle;
use crate::transport::Sender;
use crate::validate;

/// Lists workspaces. Made by [`Client::list`](crate::Client::list).
#[derive(Clone, Debug, Default)]
pub struct ListWorkspaces {
    window: Window,
}

impl Operation for ListWorkspaces {
    type Output = Page<Workspace>;
    type Wire = ListWorkspacesResponse;

    fn check(&self) -> Result<(), Error> {
        self.window.check(rules::LIST_WORKSPACES)
    }

    async fn call(self, api: generated::Client) -> Answer<Self::Wire> {
        api.list_workspaces(self.window.limit, self.window.offset).await
    }

    fn output(&self, wire: Self::Wire) -> Self::Output {
        Page::new(wire.data, wire.total_count, &self.window)
    }
}

impl Paged for ListWorkspaces {
    type Item = Workspace;
    const RULES: &'static [validate::Field] = rules::LIST_WORKSPACES;

    fn window(&mut self) -> &mut Window {
        &mut self.window
    }

    fn id(item: &Workspace) -> Uuid {
        item.id
    }

    fn created_at(item: &Workspace) -> DateTime<Utc> {
        item.created_at
    }
}

/// Creates a workspace. Made by [`Client::create`](crate::Client::create).
#[derive(Clone, Debug)]
pub struct CreateWorkspace {
    name: String,
    slug: String,
    settings: UpdateWorkspaceRequest,
}

impl CreateWorkspace {
    pub(crate) fn new(name: String, slug: String) -> Self {
        Self { name, slug, settings: UpdateWorkspaceRequest::default() }
    }

    pub(crate) fn from_body(body: CreateWorkspaceRequest) -> Self {
        let settings = UpdateWorkspaceRequest {
            name: None,
            slug: None,
            default_image_model: body.default_image_model,
            default_provider_sort: body.default_provider_sort,
            default_text_model: body.default_text_model,
            description: body.description,
            disabled_server_tools: body.disabled_server_tools,
            io_logging_api_key_ids: body.io_logging_api_key_ids,
            io_logging_sampling_rate: body.io_logging_sampling_rate,
            is_data_discount_logging_enabled: body.is_data_discount_logging_enabled,
            is_observability_broadcast_enabled: body.is_observability_broadcast_enabled,
            is_observability_io_logging_enabled: body.is_observability_io_logging_enabled,
        };
        Self { name: body.name, slug: body.slug, settings }
    }

    pub(crate) fn slug(&self) -> &str {
        &self.slug
    }

    pub(crate) fn body(self) -> CreateWorkspaceRequest {
        let settings = self.settings;
        CreateWorkspaceRequest {
            name: self.name,
            slug: self.slug,
            default_image_model: settings.default_image_model,
            default_provider_sort: settings.default_provider_sort,
            default_text_model: settings.default_text_model,
            description: settings.description,
            disabled_server_tools: settings.disabled_server_tools,
            io_logging_api_key_ids: settings.io_logging_api_key_ids,
            io_logging_sampling_rate: settings.io_logging_sampling_rate,
            is_data_discount_logging_enabled: settings.is_data_discount_logging_enabled,
            is_observability_broadcast_enabled: settings.is_observability_broadcast_enabled,
            is_observability_io_logging_enabled: settings.is_observability_io_logging_enabled,
        }
    }
}

impl Operation for CreateWorkspace {
    type Output = Workspace;
    type Wire = WorkspaceResponse;

    fn check(&self) -> Result<(), Error> {
        validate::body(rules::CREATE_WORKSPACE, self.clone().body())
    }

    async fn call(self, api: generated::Client) -> Answer<Self::Wire> {
        api.create_workspace(&self.body()).await
    }

    async fn perform(self, sender: &mut Sender) -> Result<Response<Self::Wire>, Error> {
        settle::create(self, sender).await
    }

    fn output(&self, wire: Self::Wire) -> Self::Output {
        wire.data
    }
}

/// Gets a workspace. Made by [`Client::get`](crate::Client::get).
#[derive(Clone, Debug)]
pub struct GetWorkspace {
    pub(crate) workspace: String,
}

impl Operation for GetWorkspace {
    type Output = Workspace;
    type Wire = WorkspaceResponse;

    fn check(&self) -> Result<(), Error> {
        validate::path_segment(rules::GET_WORKSPACE, "id", &self.workspace)
    }

    async fn call(self, api: generated::Client) -> Answer<Self::Wire> {
        api.get_workspace(&self.workspace).await
    }

    fn output(&self, wire: Self::Wire) -> Self::Output {
        wire.data
    }
}

/// Changes a workspace. Made by [`Client::update`](crate::Client::update).
#[derive(Clone, Debug)]
pub struct UpdateWorkspace {
    workspace: String,
    pub(crate) body: UpdateWorkspaceRequest,
}

impl UpdateWorkspace {
    pub(crate) fn new(workspace: String, body: UpdateWorkspaceRequest) -> Self {
        Self { workspace, body }
    }
}

impl Request<UpdateWorkspace> {
    /// A new name, 1 to 100 characters.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.operation.body.name = Some(name.into());
        self
    }

    /// A new slug, 1 to 50 lowercase letters, digits, and single hyphens between them.
    pub fn slug(mut self, slug: impl Into<String>) -> Self {
        self.operation.body.slug = Some(slug.into());
        self
    }
}

impl Operation for UpdateWorkspace {
    type Output = Workspace;
    type Wire = WorkspaceResponse;

    fn check(&self) -> Result<(), Error> {
        validate::path_segment(rules::UPDATE_WORKSPACE, "id", &self.workspace)?;
        validate::body(rules::UPDATE_WORKSPACE, &self.body)
    }

    async fn call(self, api: generated::Client) -> Answer<Self::Wire> {
        api.update_workspace(&self.workspace, &self.body).await
    }

    async fn perform(self, sender: &mut Sender) -> Result<Response<Self::Wire>, Error> {
        settle::update(self, sender).await
    }

    fn output(&self, wire: Self::Wire) -> Self::Output {
        wire.data
    }
}

/// The operations that settings can be given to.
pub trait Settings: Operation {
    #[doc(hidden)]
    fn settings(&mut self) -> &mut UpdateWorkspaceRequest;
}

impl Settings for CreateWorkspace {
    fn settings(&mut self) -> &mut UpdateWorkspaceRequest {
        &mut self.settings
    }
}

impl Settings for UpdateWorkspace {
    fn settings(&mut self) -> &mut UpdateWorkspaceRequest {
        &mut self.body
    }
}

/// The settings of a workspace, for [`Client::create`](crate::Client::create) and
/// [`Client::update`](crate::Client::update). `None` clears a setting.
impl<O: Settings> Request<O> {
    /// What the workspace is for, at most 500 characters.
    pub fn description(mut self, description: impl Into<Nullable<String>>) -> Self {
        self.operation.settings().description = Some(description.into().into_option());
        self
    }

    /// The text model used where a request names none.
    pub fn default_text_model(mut self, model: impl Into<Nullable<String>>) -> Self {
        self.operation.settings().default_text_model = Some(model.into().into_option());
        self
    }

    /// The image model used where a request names none.
    pub fn default_image_model(mut self, model: impl Into<Nullable<String>>) -> Self {
        self.operation.settings().default_image_model = Some(model.into().into_option());
        self
    }

    /// What providers are sorted by where a request does not say.
    pub fn default_provider_sort(mut self, sort: impl Into<Nullable<ProviderSort>>) -> Self {
        self.operation.settings().default_provider_sort = Some(sort.into().into_option());
        self
    }

    /// The server tools that requests in this workspace may not call. An empty list clears it, as `None` does.
    pub fn disabled_server_tools(mut self, tools: impl Into<Nullable<Vec<ServerTool>>>) -> Self {
        self.operation.settings().disabled_server_tools = Some(tools.into().into_option());
        self
    }

    /// The share of requests that input and output logging records: 0.0001 to 1, 1 being all of them.
    pub fn io_logging_sampling_rate(mut self, rate: f64) -> Self {
        self.operation.settings().io_logging_sampling_rate = Some(rate);
        self
    }

    /// The API keys whose requests are logged. `None` means all of them.
    pub fn io_logging_api_key_ids(mut self, ids: impl Into<Nullable<Vec<i64>>>) -> Self {
        self.operation.settings().io_logging_api_key_ids = Some(ids.into().into_option());
        self
    }

    /// Whether inputs and outputs are logged privately.
    pub fn is_observability_io_logging_enabled(mut self, enabled: bool) -> Self {
        self.operation.settings().is_observability_io_logging_enabled = Some(enabled);
        self
    }

    /// Whether traces are sent to the broadcast destinations.
    pub fn is_observability_broadcast_enabled(mut self, enabled: bool) -> Self {
        self.operation.settings().is_observability_broadcast_enabled = Some(enabled);
        self
    }

    /// Whether data is logged in exchange for a discount.
    pub fn is_data_discount_logging_enabled(mut self, enabled: bool) -> Self {
        self.operation.settings().is_data_discount_logging_enabled = Some(enabled);
        self
    }
}

/// Deletes a workspace. Made by [`Client::delete`](crate::Client::delete).
#[derive(Clone, Debug)]
pub struct DeleteWorkspace {
    workspace: String,
    confirm_default: Option<bool>,
}

impl DeleteWorkspace {
    pub(crate) fn new(workspace: String) -> Self {
        Self { workspace, confirm_default: None }
    }
}

impl Request<DeleteWorkspace> {
    /// Confirms that the default workspace may be deleted, which also disables the account's inference keys that belong
    /// to no workspace. It means nothing for any other workspace.
    pub fn confirm_default_workspace_deletion(mut self, confirm: bool) -> Self {
        self.operation.confirm_default = Some(confirm);
        self
    }
}

impl Operation for DeleteWorkspace {
    type Output = DeletedResponse;
    type Wire = DeletedResponse;

    fn check(&self) -> Result<(), Error> {
        validate::path_segment(rules::DELETE_WORKSPACE, "id", &self.workspace)
    }

    async fn call(self, api: generated::Client) -> Answer<Self::Wire> {
        api.delete_workspace(&self.workspace, self.confirm_default).await
    }

    async fn perform(self, sender: &mut Sender) -> Result<Response<Self::Wire>, Error> {
        settle::delete(self, sender).await
    }

    fn output(&self, wire: Self::Wire) -> Self::Output {
        wire
    }
}
