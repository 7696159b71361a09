//! The operations on members.

use crate::generated::endpoints::{BulkAddWorkspaceMembers, BulkRemoveWorkspaceMembers, ListWorkspaceMembers};
use crate::generated::types::{BulkAddWorkspaceMembersResponse, BulkRemoveWorkspaceMembersResponse, WorkspaceMember};
use crate::operation::Operation;
use crate::operation::page::list;

list!(ListWorkspaceMembers, WorkspaceMember, "list_members");

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
