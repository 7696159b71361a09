//! The operations on members.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::error::Error;
use crate::generated::types::{
    BulkAddWorkspaceMembersRequest, BulkAddWorkspaceMembersResponse, BulkRemoveWorkspaceMembersRequest,
    BulkRemoveWorkspaceMembersResponse, ListWorkspaceMembersResponse, WorkspaceMember,
};
use crate::generated::{self, rules};
use crate::pagination::{Page, Paged, Window};
use crate::request::{Answer, Operation};
use crate::validate;

/// Lists members. Made by [`Client::list_members`](crate::Client::list_members).
#[derive(Clone, Debug)]
pub struct ListMembers {
    workspace: String,
    window: Window,
}

impl ListMembers {
    pub(crate) fn new(workspace: String) -> Self {
        Self { workspace, window: Window::default() }
    }
}

impl Operation for ListMembers {
    type Output = Page<WorkspaceMember>;
    type Wire = ListWorkspaceMembersResponse;

    fn check(&self) -> Result<(), Error> {
        validate::path_segment(rules::LIST_WORKSPACE_MEMBERS, "id", &self.workspace)?;
        self.window.check(rules::LIST_WORKSPACE_MEMBERS)
    }

    async fn call(self, api: generated::Client) -> Answer<Self::Wire> {
        api.list_workspace_members(&self.workspace, self.window.limit, self.window.offset).await
    }

    fn output(&self, wire: Self::Wire) -> Self::Output {
        Page::new(wire.data, wire.total_count, &self.window)
    }
}

impl Paged for ListMembers {
    type Item = WorkspaceMember;
    const RULES: &'static [validate::Field] = rules::LIST_WORKSPACE_MEMBERS;

    fn window(&mut self) -> &mut Window {
        &mut self.window
    }

    fn id(item: &WorkspaceMember) -> Uuid {
        item.id
    }

    fn created_at(item: &WorkspaceMember) -> DateTime<Utc> {
        item.created_at
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
    type Wire = BulkAddWorkspaceMembersResponse;

    fn check(&self) -> Result<(), Error> {
        validate::path_segment(rules::BULK_ADD_WORKSPACE_MEMBERS, "id", &self.workspace)?;
        validate::body(rules::BULK_ADD_WORKSPACE_MEMBERS, &self.body)
    }

    async fn call(self, api: generated::Client) -> Answer<Self::Wire> {
        api.bulk_add_workspace_members(&self.workspace, &self.body).await
    }

    fn output(&self, wire: Self::Wire) -> Self::Output {
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
    type Wire = BulkRemoveWorkspaceMembersResponse;

    fn check(&self) -> Result<(), Error> {
        validate::path_segment(rules::BULK_REMOVE_WORKSPACE_MEMBERS, "id", &self.workspace)?;
        validate::body(rules::BULK_REMOVE_WORKSPACE_MEMBERS, &self.body)
    }

    async fn call(self, api: generated::Client) -> Answer<Self::Wire> {
        api.bulk_remove_workspace_members(&self.workspace, &self.body).await
    }

    fn output(&self, wire: Self::Wire) -> Self::Output {
        wire
    }
}
