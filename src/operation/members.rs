//! The operations on members.

use uuid::Uuid;

use crate::generated::endpoints::{BulkAddWorkspaceMembers, BulkRemoveWorkspaceMembers, ListWorkspaceMembers};
use crate::generated::types::{
    BulkAddWorkspaceMembersResponse, BulkRemoveWorkspaceMembersResponse, ListWorkspaceMembersResponse, WorkspaceMember,
};
use crate::operation::{Operation, Page, Paged};

impl From<ListWorkspaceMembersResponse> for Page<WorkspaceMember> {
    fn from(body: ListWorkspaceMembersResponse) -> Self {
        Self::new(body.data, body.total_count)
    }
}

impl Operation for ListWorkspaceMembers {
    type Output = Page<WorkspaceMember>;
    const NAME: &'static str = "list_members";

    fn output(&self, body: ListWorkspaceMembersResponse) -> Self::Output {
        Page { offset: self.offset.unwrap_or(0), ..body.into() }
    }
}

impl Paged for ListWorkspaceMembers {
    type Item = WorkspaceMember;

    fn offset(&mut self) -> &mut Option<u64> {
        &mut self.offset
    }

    fn limit(&mut self) -> &mut Option<u64> {
        &mut self.limit
    }

    fn id(item: &WorkspaceMember) -> Uuid {
        item.id
    }
}

impl Operation for BulkAddWorkspaceMembers {
    type Output = BulkAddWorkspaceMembersResponse;
    const NAME: &'static str = "bulk_add_members";
    const ANY_NUMBER: Option<&'static str> = Some("add_members");
}

impl Operation for BulkRemoveWorkspaceMembers {
    type Output = BulkRemoveWorkspaceMembersResponse;
    const NAME: &'static str = "bulk_remove_members";
    const ANY_NUMBER: Option<&'static str> = Some("remove_members");
}
