//! The operations on members.

use uuid::Uuid;

use crate::generated::endpoints::{BulkAddWorkspaceMembers, BulkRemoveWorkspaceMembers, ListWorkspaceMembers};
use crate::generated::types::{
    BulkAddWorkspaceMembersResponse, BulkRemoveWorkspaceMembersResponse, ListWorkspaceMembersResponse, WorkspaceMember,
};
use crate::operation::{Operation, Page, Paged};

impl Operation for ListWorkspaceMembers {
    type Output = Page<WorkspaceMember>;
    const NAME: &'static str = "list_members";

    fn output(&self, wire: ListWorkspaceMembersResponse) -> Self::Output {
        Page::new(wire.data, wire.total_count, self.offset)
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

    fn output(&self, wire: BulkAddWorkspaceMembersResponse) -> Self::Output {
        wire
    }
}

impl Operation for BulkRemoveWorkspaceMembers {
    type Output = BulkRemoveWorkspaceMembersResponse;
    const NAME: &'static str = "bulk_remove_members";

    fn output(&self, wire: BulkRemoveWorkspaceMembersResponse) -> Self::Output {
        wire
    }
}
