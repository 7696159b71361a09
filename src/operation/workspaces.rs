//! The operations on workspaces.

use serde_json::Value;

use crate::endpoint::Endpoint;
use crate::error::{Error, InvalidInput};
use crate::generated::endpoints::{CreateWorkspace, DeleteWorkspace, GetWorkspace, ListWorkspaces, UpdateWorkspace};
use crate::generated::types::{
    CreateWorkspaceRequest, DeletedResponse, UpdateWorkspaceRequest, Workspace, WorkspaceResponse,
};
use crate::operation::page::list;
use crate::operation::{Operation, Request, differing, reconcile, validate};
use crate::transport::{Call, Response};

impl From<WorkspaceResponse> for Workspace {
    fn from(body: WorkspaceResponse) -> Self {
        body.data
    }
}

list!(ListWorkspaces, Workspace, "list");

impl CreateWorkspaceRequest {
    /// Checks the fields by the contract's limits, as sending does.
    pub fn check(&self) -> Result<(), InvalidInput> {
        validate::body(CreateWorkspace::FIELDS, serde_json::to_value(self), None)
    }
}

impl UpdateWorkspaceRequest {
    /// The names of the fields whose values the workspace does not have. The order of a list says nothing, and null is the
    /// value that says the same where the contract names one, as an empty list of disabled tools.
    ///
    /// ```
    /// # #[cfg(feature = "test-util")] {
    /// use openrouter_workspaces::{Workspace, body::UpdateWorkspaceRequest};
    ///
    /// let there = Workspace::example();
    /// let mut body = UpdateWorkspaceRequest::default();
    /// body.name = Some(there.name.clone());
    /// body.description = Some(Some("Another one".to_owned()));
    /// assert_eq!(body.differing_fields(&there), ["description"]);
    /// # }
    /// ```
    pub fn differing_fields(&self, workspace: &Workspace) -> Vec<String> {
        let Ok(Value::Object(written)) = serde_json::to_value(self) else { return Vec::new() };
        differing(UpdateWorkspace::FIELDS, written, workspace).into_iter().map(|(field, _)| field).collect()
    }

    /// Checks the fields by the contract's limits, as sending does.
    pub fn check(&self) -> Result<(), InvalidInput> {
        validate::body(UpdateWorkspace::FIELDS, serde_json::to_value(self), None)
    }
}

/// Only for a [`CreateRequest`](crate::operation::CreateRequest): the settings of the new workspace.
/// `None` is sent as null, and means the same as not to call the setter.
impl Request<CreateWorkspace> {
    crate::generated::create_workspace_setters!();
}

impl Operation for CreateWorkspace {
    type Output = Workspace;
    const NAME: &'static str = "create";

    async fn perform(&self, call: &mut Call) -> Result<Response<WorkspaceResponse>, Error> {
        reconcile::create(call, self).await
    }
}

impl Operation for GetWorkspace {
    type Output = Workspace;
    const NAME: &'static str = "get";
}

/// Only for an [`UpdateRequest`](crate::operation::UpdateRequest): what is changed. `None` clears a
/// setting; a setter that is not called leaves it as it is.
impl Request<UpdateWorkspace> {
    crate::generated::update_workspace_setters!();
}

impl Operation for UpdateWorkspace {
    type Output = Workspace;
    const NAME: &'static str = "update";

    async fn perform(&self, call: &mut Call) -> Result<Response<WorkspaceResponse>, Error> {
        reconcile::update(call, self).await
    }
}

/// Only for a [`DeleteRequest`](crate::operation::DeleteRequest).
impl Request<DeleteWorkspace> {
    /// Confirms that the default workspace may be deleted, which also disables the account's inference keys that belong
    /// to no workspace. It means nothing for any other workspace.
    pub fn confirm_default_workspace_deletion(mut self, confirm: bool) -> Self {
        self.operation.confirm_default_workspace_deletion = Some(confirm);
        self
    }
}

impl Operation for DeleteWorkspace {
    type Output = DeletedResponse;
    const NAME: &'static str = "delete";

    async fn perform(&self, call: &mut Call) -> Result<Response<DeletedResponse>, Error> {
        reconcile::delete(call, self).await
    }
}
