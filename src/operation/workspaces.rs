//! The operations on workspaces.

use reqwest::Url;
use uuid::Uuid;

use crate::error::{Failure, InvalidInput};
use crate::generated::endpoints;
use crate::generated::types::{
    CreateWorkspaceRequest, DeletedResponse, ListWorkspacesResponse, UpdateWorkspaceRequest, Workspace,
    WorkspaceResponse,
};
use crate::operation::{Operation, Page, PageParameters, Paged, Request, reconcile, validate};
use crate::transport::{Call, Response};

/// Lists workspaces. Made by [`Client::list`](crate::Client::list).
#[derive(Clone, Debug, Default)]
pub struct ListWorkspaces {
    page: PageParameters,
}

impl Operation for ListWorkspaces {
    type Output = Page<Workspace>;
    type Endpoint = endpoints::ListWorkspaces;
    const NAME: &'static str = "list";

    fn check(&self) -> Result<(), InvalidInput> {
        self.page.check::<Self::Endpoint>()
    }

    fn request(&self, base_url: &Url) -> Result<reqwest::Request, serde_json::Error> {
        endpoints::ListWorkspaces::request(base_url, self.page.limit, self.page.offset)
    }

    fn output(&self, wire: ListWorkspacesResponse) -> Self::Output {
        Page::new(wire.data, wire.total_count, &self.page)
    }
}

impl Paged for ListWorkspaces {
    type Item = Workspace;

    fn parameters(&mut self) -> &mut PageParameters {
        &mut self.page
    }

    fn id(item: &Workspace) -> Uuid {
        item.id
    }
}

/// Creates a workspace. Made by [`Client::create`](crate::Client::create).
#[derive(Clone, Debug)]
pub struct CreateWorkspace {
    pub(crate) body: CreateWorkspaceRequest,
}

/// The settings of the new workspace. `None` is sent as null, and so is the same as not to call the setter.
impl Request<CreateWorkspace> {
    crate::generated::create_workspace_setters!();
}

impl Operation for CreateWorkspace {
    type Output = Workspace;
    type Endpoint = endpoints::CreateWorkspace;
    const NAME: &'static str = "create";

    fn check(&self) -> Result<(), InvalidInput> {
        validate::body::<Self::Endpoint>(&self.body)
    }

    fn request(&self, base_url: &Url) -> Result<reqwest::Request, serde_json::Error> {
        endpoints::CreateWorkspace::request(base_url, &self.body)
    }

    async fn perform(&self, call: &mut Call) -> Result<Response<WorkspaceResponse>, Failure> {
        reconcile::create(call, &self.body, |base_url| self.request(base_url)).await
    }

    fn output(&self, wire: WorkspaceResponse) -> Self::Output {
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
    type Endpoint = endpoints::GetWorkspace;
    const NAME: &'static str = "get";

    fn check(&self) -> Result<(), InvalidInput> {
        validate::path_segment::<Self::Endpoint>("id", &self.workspace)
    }

    fn request(&self, base_url: &Url) -> Result<reqwest::Request, serde_json::Error> {
        endpoints::GetWorkspace::request(base_url, &self.workspace)
    }

    fn output(&self, wire: WorkspaceResponse) -> Self::Output {
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

/// What is changed. `None` clears a setting; a setter that is not called leaves it as it is.
impl Request<UpdateWorkspace> {
    crate::generated::update_workspace_setters!();
}

impl Operation for UpdateWorkspace {
    type Output = Workspace;
    type Endpoint = endpoints::UpdateWorkspace;
    const NAME: &'static str = "update";

    fn check(&self) -> Result<(), InvalidInput> {
        validate::path_segment::<Self::Endpoint>("id", &self.workspace)?;
        validate::body::<Self::Endpoint>(&self.body)
    }

    fn request(&self, base_url: &Url) -> Result<reqwest::Request, serde_json::Error> {
        endpoints::UpdateWorkspace::request(base_url, &self.workspace, &self.body)
    }

    async fn perform(&self, call: &mut Call) -> Result<Response<WorkspaceResponse>, Failure> {
        let request = |base_url: &Url, workspace: &str| Self::Endpoint::request(base_url, workspace, &self.body);
        reconcile::update(call, &self.workspace, &self.body, request).await
    }

    fn output(&self, wire: WorkspaceResponse) -> Self::Output {
        wire.data
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
    type Endpoint = endpoints::DeleteWorkspace;
    const NAME: &'static str = "delete";

    fn check(&self) -> Result<(), InvalidInput> {
        validate::path_segment::<Self::Endpoint>("id", &self.workspace)
    }

    fn request(&self, base_url: &Url) -> Result<reqwest::Request, serde_json::Error> {
        endpoints::DeleteWorkspace::request(base_url, &self.workspace, self.confirm_default)
    }

    async fn perform(&self, call: &mut Call) -> Result<Response<DeletedResponse>, Failure> {
        let request =
            |base_url: &Url, workspace: &str| Self::Endpoint::request(base_url, workspace, self.confirm_default);
        reconcile::delete(call, &self.workspace, request).await
    }

    fn output(&self, wire: DeletedResponse) -> Self::Output {
        wire
    }
}
