//! The operations on members.

use reqwest::Url;
use uuid::Uuid;

use crate::error::InvalidInput;
use crate::generated::endpoints;
use crate::generated::types::{
    BulkAddWorkspaceMembersRequest, BulkAddWorkspaceMembersResponse, BulkRemoveWorkspaceMembersRequest,
    BulkRemoveWorkspaceMembersResponse, ListWorkspaceMembersResponse, WorkspaceMember,
};
use crate::operation::{Operation, Page, PageParameters, Paged, validate};

/// Lists members. Made by [`Client::list_members`](crate::Client::list_members).
#[derive(Clone, Debug)]
pub struct ListMembers {
    workspace: String,
    page: PageParameters,
}

impl ListMembers {
    pub(crate) fn new(workspace: String) -> Self {
        Self { workspace, page: PageParameters::default() }
    }
}

impl Operation for ListMembers {
    type Output = Page<WorkspaceMember>;
    type Endpoint = endpoints::ListWorkspaceMembers;
    const NAME: &'static str = "list_members";

    fn check(&self) -> Result<(), InvalidInput> {
        validate::path_segment::<Self::Endpoint>("id", &self.workspace)?;
        self.page.check::<Self::Endpoint>()
    }

    fn request(&self, base_url: &Url) -> Result<reqwest::Request, serde_json::Error> {
        endpoints::ListWorkspaceMembers::request(base_url, &self.workspace, self.page.limit, self.page.offset)
    }

    fn output(&self, wire: ListWorkspaceMembersResponse) -> Self::Output {
        Page::new(wire.data, wire.total_count, &self.page)
    }
}

impl Paged for ListMembers {
    type Item = WorkspaceMember;

    fn parameters(&mut self) -> &mut PageParameters {
        &mut self.page
    }

    fn id(item: &WorkspaceMember) -> Uuid {
        item.id
    }
}

/// Adds members. Made by [`Client::bulk_add_members`](crate::Client::bulk_add_members).
#[derive(Clone, Debug)]
pub struct BulkAddMembers {
    workspace: String,
    body: BulkAddWorkspaceMembersRequest,
}

impl BulkAddMembers {
    pub(crate) fn new(workspace: String, user_ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let user_ids = user_ids.into_iter().map(Into::into).collect();
        Self { workspace, body: BulkAddWorkspaceMembersRequest { user_ids } }
    }
}

impl Operation for BulkAddMembers {
    type Output = BulkAddWorkspaceMembersResponse;
    type Endpoint = endpoints::BulkAddWorkspaceMembers;
    const NAME: &'static str = "bulk_add_members";

    fn check(&self) -> Result<(), InvalidInput> {
        validate::path_segment::<Self::Endpoint>("id", &self.workspace)?;
        validate::body::<Self::Endpoint>(&self.body)
    }

    fn request(&self, base_url: &Url) -> Result<reqwest::Request, serde_json::Error> {
        endpoints::BulkAddWorkspaceMembers::request(base_url, &self.workspace, &self.body)
    }

    fn output(&self, wire: BulkAddWorkspaceMembersResponse) -> Self::Output {
        wire
    }
}

/// Removes members. Made by [`Client::bulk_remove_members`](crate::Client::bulk_remove_members).
#[derive(Clone, Debug)]
pub struct BulkRemoveMembers {
    workspace: String,
    body: BulkRemoveWorkspaceMembersRequest,
}

impl BulkRemoveMembers {
    pub(crate) fn new(workspace: String, user_ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let user_ids = user_ids.into_iter().map(Into::into).collect();
        Self { workspace, body: BulkRemoveWorkspaceMembersRequest { user_ids } }
    }
}

impl Operation for BulkRemoveMembers {
    type Output = BulkRemoveWorkspaceMembersResponse;
    type Endpoint = endpoints::BulkRemoveWorkspaceMembers;
    const NAME: &'static str = "bulk_remove_members";

    fn check(&self) -> Result<(), InvalidInput> {
        validate::path_segment::<Self::Endpoint>("id", &self.workspace)?;
        validate::body::<Self::Endpoint>(&self.body)
    }

    fn request(&self, base_url: &Url) -> Result<reqwest::Request, serde_json::Error> {
        endpoints::BulkRemoveWorkspaceMembers::request(base_url, &self.workspace, &self.body)
    }

    fn output(&self, wire: BulkRemoveWorkspaceMembersResponse) -> Self::Output {
        wire
    }
}
