//! The operations, each with a name for its request. The documentation of such a name shows what can be called on this
//! request, and not on those of other operations.

use crate::operation::Request;

/// The operation of a [`ListRequest`].
pub use crate::generated::endpoints::ListWorkspaces;

/// The request of [`Client::list`](crate::Client::list).
///
/// Settings of its own: [`limit`](ListRequest#method.limit) and [`offset`](ListRequest#method.offset);
/// or all pages by [`items`](ListRequest#method.items), [`pages`](ListRequest#method.pages)
/// and [`all`](ListRequest#method.all).
///
/// The options of every [`Request`] besides.
pub type ListRequest = Request<ListWorkspaces>;

/// The operation of a [`CreateRequest`].
pub use crate::generated::endpoints::CreateWorkspace;

/// The request of [`Client::create`](crate::Client::create).
///
/// Settings of its own:
#[doc = crate::generated::create_workspace_settings!("CreateRequest")]
///
/// The options of every [`Request`] besides.
pub type CreateRequest = Request<CreateWorkspace>;

/// The operation of a [`GetRequest`].
pub use crate::generated::endpoints::GetWorkspace;

/// The request of [`Client::get`](crate::Client::get).
///
/// It has no settings of its own, only the options of every [`Request`].
pub type GetRequest = Request<GetWorkspace>;

/// The operation of an [`UpdateRequest`].
pub use crate::generated::endpoints::UpdateWorkspace;

/// The request of [`Client::update`](crate::Client::update).
///
/// Settings of its own:
#[doc = crate::generated::update_workspace_settings!("UpdateRequest")]
///
/// The options of every [`Request`] besides.
pub type UpdateRequest = Request<UpdateWorkspace>;

/// The operation of a [`DeleteRequest`].
pub use crate::generated::endpoints::DeleteWorkspace;

/// The request of [`Client::delete`](crate::Client::delete).
///
/// Setting of its own: [`confirm_default_workspace_deletion`](DeleteRequest#method.confirm_default_workspace_deletion).
///
/// The options of every [`Request`] besides.
pub type DeleteRequest = Request<DeleteWorkspace>;

/// The operation of a [`ListMembersRequest`].
pub use crate::generated::endpoints::ListWorkspaceMembers as ListMembers;

/// The request of [`Client::list_members`](crate::Client::list_members).
///
/// Settings of its own: [`limit`](ListMembersRequest#method.limit) and [`offset`](ListMembersRequest#method.offset);
/// or all pages by [`items`](ListMembersRequest#method.items), [`pages`](ListMembersRequest#method.pages)
/// and [`all`](ListMembersRequest#method.all).
///
/// The options of every [`Request`] besides.
pub type ListMembersRequest = Request<ListMembers>;

/// The operation of a [`BulkAddMembersRequest`].
pub use crate::generated::endpoints::BulkAddWorkspaceMembers as BulkAddMembers;

/// The request of [`Client::bulk_add_members`](crate::Client::bulk_add_members).
///
/// It has no settings of its own, only the options of every [`Request`].
pub type BulkAddMembersRequest = Request<BulkAddMembers>;

/// The operation of a [`BulkRemoveMembersRequest`].
pub use crate::generated::endpoints::BulkRemoveWorkspaceMembers as BulkRemoveMembers;

/// The request of [`Client::bulk_remove_members`](crate::Client::bulk_remove_members).
///
/// It has no settings of its own, only the options of every [`Request`].
pub type BulkRemoveMembersRequest = Request<BulkRemoveMembers>;

/// The operation of a [`ListBudgetsRequest`].
pub use crate::generated::endpoints::ListWorkspaceBudgets as ListBudgets;

/// The request of [`Client::list_budgets`](crate::Client::list_budgets).
///
/// It has no settings of its own, only the options of every [`Request`].
pub type ListBudgetsRequest = Request<ListBudgets>;

/// The operation of a [`GetBudgetRequest`].
pub use crate::generated::endpoints::GetWorkspaceBudget as GetBudget;

/// The request of [`Client::get_budget`](crate::Client::get_budget).
///
/// It has no settings of its own, only the options of every [`Request`].
pub type GetBudgetRequest = Request<GetBudget>;

/// The operation of a [`SetBudgetRequest`].
pub use crate::generated::endpoints::UpsertWorkspaceBudget as SetBudget;

/// The request of [`Client::set_budget`](crate::Client::set_budget).
///
/// Settings of its own:
#[doc = crate::generated::upsert_workspace_budget_settings!("SetBudgetRequest")]
///
/// The options of every [`Request`] besides.
pub type SetBudgetRequest = Request<SetBudget>;

/// The operation of a [`DeleteBudgetRequest`].
pub use crate::generated::endpoints::DeleteWorkspaceBudget as DeleteBudget;

/// The request of [`Client::delete_budget`](crate::Client::delete_budget).
///
/// It has no settings of its own, only the options of every [`Request`].
pub type DeleteBudgetRequest = Request<DeleteBudget>;
