//! The client: twelve operations.

use std::fmt;
use std::sync::Arc;

use crate::generated::enums::BudgetInterval;
use crate::generated::types::{
    BulkAddWorkspaceMembersRequest, BulkRemoveWorkspaceMembersRequest, CreateWorkspaceRequest, UpdateWorkspaceRequest,
    UpsertWorkspaceBudgetRequest,
};
use crate::names::{UserRef, WorkspaceRef};
use crate::operation::{
    BulkAddMembers, BulkAddMembersRequest, BulkRemoveMembers, BulkRemoveMembersRequest, CreateRequest, CreateWorkspace,
    DeleteBudget, DeleteBudgetRequest, DeleteRequest, DeleteWorkspace, GetBudget, GetBudgetRequest, GetRequest,
    GetWorkspace, ListBudgets, ListBudgetsRequest, ListMembers, ListMembersRequest, ListRequest, ListWorkspaces,
    Request, SetBudget, SetBudgetRequest, UpdateRequest, UpdateWorkspace,
};
use crate::transport::ClientInner;
use crate::unknown_value::UnknownValue;

/// Stands for an interval that was not given, or is refused. No request is sent with it, for it is no segment of a path.
const NO_INTERVAL: BudgetInterval = BudgetInterval::Other(String::new());

/// A client for the Workspaces API.
///
/// Every operation returns a [`Request`], which takes options and is sent by `.await`. What each returns, such as an
/// [`UpdateRequest`], is a name for its kind of request; its page shows the settings that it takes. A workspace is named by its id (a
/// UUID) or by its slug, or by a [`Workspace`](crate::Workspace) that was read: see [`WorkspaceRef`]. Users are named by their
/// ids, or by members that were read: see [`UserRef`].
///
/// Clones are cheap, and share connections. Make one client and clone it.
///
/// A call that is about one workspace or one budget results in just that. The API sends it in an envelope; what else stands
/// in there is told by the [`Response`](crate::Response). A list with pages results in a [`Page`](crate::Page). All other
/// calls result in the whole answer: members with their number, budgets with what holds for all of them, the confirmation
/// of a deletion.
///
/// All operations fail with the errors that [`Error`](crate::Error) describes. An argument that breaks a rule of the
/// contract is [`Error::InvalidInput`](crate::Error::InvalidInput), and nothing is sent.
#[derive(Clone)]
pub struct Client {
    inner: Arc<ClientInner>,
}

/// With the key hidden, which may be a part of the base URL, or of a header, too.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.inner;
        let text = if f.alternate() { format!("{inner:#?}") } else { format!("{inner:?}") };
        f.debug_tuple("Client").field(&format_args!("{}", inner.keys.redactor(None).text(text))).finish()
    }
}

impl Client {
    pub(crate) fn from_inner(inner: ClientInner) -> Self {
        Self { inner: Arc::new(inner) }
    }

    /// Lists workspaces: all of them with [`items`](Request::items), [`pages`](Request::pages) or [`all`](Request::all).
    /// `.await` alone gives one [`Page`](crate::Page), of 50 rows unless [`limit`](Request::limit) says otherwise.
    ///
    /// `GET /workspaces`
    ///
    /// ```
    /// # use openrouter_workspaces::{Client, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let mut all = client.list().items();
    /// while let Some(workspace) = all.try_next().await? {
    ///     println!("{}", workspace.slug);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> ListRequest {
        Request::new(&self.inner, ListWorkspaces { limit: None, offset: None })
    }

    /// Creates a workspace. A slug that is taken is [`Error::Conflict`](crate::Error::Conflict).
    ///
    /// The name has 1 to 100 characters; the slug has 1 to 50, lowercase letters, digits, and single hyphens between
    /// them.
    ///
    /// Settings of the request:
    #[doc = crate::generated::create_workspace_settings!("CreateRequest")]
    ///
    /// `POST /workspaces`
    ///
    /// ```
    /// # use openrouter_workspaces::{Client, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let workspace = client
    ///     .create("Production", "production")
    ///     .description("Live traffic")
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(&self, name: impl Into<String>, slug: impl Into<String>) -> CreateRequest {
        Request::new(&self.inner, CreateWorkspace { body: CreateWorkspaceRequest::new(name, slug) })
    }

    /// Creates a workspace as a request body says, which was read from JSON as a rule.
    ///
    /// `POST /workspaces`
    pub fn create_from(&self, body: CreateWorkspaceRequest) -> CreateRequest {
        Request::new(&self.inner, CreateWorkspace { body })
    }

    /// Gets a workspace.
    ///
    /// `GET /workspaces/{id}`
    pub fn get(&self, workspace: impl Into<WorkspaceRef>) -> GetRequest {
        Request::new(&self.inner, GetWorkspace { id: workspace.into().0 })
    }

    /// Changes the settings of a workspace that are named; all others stay as they are.
    ///
    /// Settings of the request:
    #[doc = crate::generated::update_workspace_settings!("UpdateRequest")]
    ///
    /// `PATCH /workspaces/{id}`
    ///
    /// ```
    /// # use openrouter_workspaces::{Client, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// // A new name, no description any more, everything else unchanged.
    /// client.update("production").name("Prod").description(None).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn update(&self, workspace: impl Into<WorkspaceRef>) -> UpdateRequest {
        self.update_from(workspace, UpdateWorkspaceRequest::default())
    }

    /// Changes the settings of a workspace that a request body names, which was read from JSON as a rule.
    ///
    /// `PATCH /workspaces/{id}`
    ///
    /// ```
    /// # use openrouter_workspaces::{Client, body::UpdateWorkspaceRequest};
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// // A new name, no description any more, everything else unchanged.
    /// let body: UpdateWorkspaceRequest = serde_json::from_str(r#"{"name": "Prod", "description": null}"#)?;
    /// client.update_from("production", body).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn update_from(&self, workspace: impl Into<WorkspaceRef>, body: UpdateWorkspaceRequest) -> UpdateRequest {
        Request::new(&self.inner, UpdateWorkspace { id: workspace.into().0, body })
    }

    /// Deletes a workspace for good, with its budgets and guardrails. Refused with
    /// [`Error::BadRequest`](crate::Error::BadRequest) while API keys are active in it. The default workspace takes a
    /// confirmation: [`confirm_default_workspace_deletion`](DeleteRequest#method.confirm_default_workspace_deletion).
    ///
    /// `DELETE /workspaces/{id}`
    pub fn delete(&self, workspace: impl Into<WorkspaceRef>) -> DeleteRequest {
        Request::new(&self.inner, DeleteWorkspace { id: workspace.into().0, confirm_default_workspace_deletion: None })
    }

    /// Lists the members of a workspace: all of them with [`items`](Request::items), [`pages`](Request::pages) or
    /// [`all`](Request::all). `.await` alone gives one [`Page`](crate::Page), of 50 rows unless [`limit`](Request::limit)
    /// says otherwise. The default workspace lists every member of the organization.
    ///
    /// `GET /workspaces/{id}/members`
    pub fn list_members(&self, workspace: impl Into<WorkspaceRef>) -> ListMembersRequest {
        Request::new(&self.inner, ListMembers { id: workspace.into().0, limit: None, offset: None })
    }

    /// Adds 1 to 100 members of the organization, each with the role it has there. Who is a member already stays one.
    /// `added_count` is the number of users that were named, new or not.
    ///
    /// Refused, with nothing added:
    ///
    /// - for the default workspace, to which all members of the organization belong, with
    ///   [`Error::Forbidden`](crate::Error::Forbidden);
    /// - for users who are not in the organization, with [`Error::BadRequest`](crate::Error::BadRequest).
    ///
    /// The error's `message` says which.
    ///
    /// `POST /workspaces/{id}/members/add`
    ///
    /// ```
    /// # use openrouter_workspaces::{Client, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let added = client.bulk_add_members("production", ["user_a", "user_b"]).await?;
    /// println!("{} added", added.added_count);
    /// # Ok(())
    /// # }
    /// ```
    pub fn bulk_add_members(
        &self,
        workspace: impl Into<WorkspaceRef>,
        user_ids: impl IntoIterator<Item = impl Into<UserRef>>,
    ) -> BulkAddMembersRequest {
        let body = BulkAddWorkspaceMembersRequest::new(user_ids.into_iter().map(|user| user.into().0));
        Request::new(&self.inner, BulkAddMembers { id: workspace.into().0, body })
    }

    /// Removes 1 to 100 members. Who is no member is passed over, and not counted in `removed_count`.
    ///
    /// Refused, with nobody removed:
    ///
    /// - for the default workspace, to which all members of the organization belong, with
    ///   [`Error::Forbidden`](crate::Error::Forbidden);
    /// - for members that an identity provider manages (SCIM), with [`Error::Forbidden`](crate::Error::Forbidden);
    /// - for members with active API keys in the workspace, with [`Error::BadRequest`](crate::Error::BadRequest).
    ///
    /// The error's `message` says which, and names all users whom it is about.
    ///
    /// `POST /workspaces/{id}/members/remove`
    pub fn bulk_remove_members(
        &self,
        workspace: impl Into<WorkspaceRef>,
        user_ids: impl IntoIterator<Item = impl Into<UserRef>>,
    ) -> BulkRemoveMembersRequest {
        let body = BulkRemoveWorkspaceMembersRequest::new(user_ids.into_iter().map(|user| user.into().0));
        Request::new(&self.inner, BulkRemoveMembers { id: workspace.into().0, body })
    }

    /// Lists the budgets of a workspace, at most one for each interval. Of a workspace that never had one, there are none,
    /// and one that does not exist is [`Error::NotFound`](crate::Error::NotFound).
    ///
    /// The API answers both with 404. So after a 404 the workspace is looked up, once, within the limits of the call: that
    /// is an attempt, and is retried as any. If it is there, the result is an empty list that does not tell
    /// `include_byok_in_budgets`, with [`Evidence::Inferred`](crate::Evidence::Inferred), and status, headers and body of the
    /// look-up. If the look-up fails, its error is the call's. With
    /// [`RetryConfig::none`](crate::RetryConfig::none), or where no attempt is left, of which `gave_up` tells, the 404 stays
    /// `NotFound` in both cases.
    ///
    /// `GET /workspaces/{id}/budgets`
    pub fn list_budgets(&self, workspace: impl Into<WorkspaceRef>) -> ListBudgetsRequest {
        Request::new(&self.inner, ListBudgets { id: workspace.into().0 })
    }

    /// Gets a budget. Where there is none, it is [`Error::NotFound`](crate::Error::NotFound).
    ///
    /// Whether spend on one's own provider keys counts is told beside it:
    /// [`Response::include_byok_in_budgets`](crate::Response::include_byok_in_budgets); or, for all budgets, by
    /// [`get_budgets`](Self::get_budgets).
    ///
    /// The interval may be given as text, as the `reset_interval` of a budget, or as a budget that was read. Text that is no
    /// known interval is refused before anything is sent; any other interval is given as [`BudgetInterval::Other`].
    ///
    /// `GET /workspaces/{id}/budgets/{interval}`
    pub fn get_budget(
        &self,
        workspace: impl Into<WorkspaceRef>,
        interval: impl TryInto<BudgetInterval, Error: Into<UnknownValue>>,
    ) -> GetBudgetRequest {
        let request = Request::new(&self.inner, GetBudget { id: workspace.into().0, interval: NO_INTERVAL });
        request.given("interval", interval.try_into(), |operation, interval| operation.interval = interval)
    }

    /// Creates or replaces a budget. The limit is in US dollars and greater than 0; among the budgets that are set,
    /// limits strictly decrease from lifetime to monthly to weekly to daily, or it is
    /// [`Error::BadRequest`](crate::Error::BadRequest).
    ///
    /// The interval may be given as for [`get_budget`](Self::get_budget).
    ///
    /// Settings of the request:
    #[doc = crate::generated::upsert_workspace_budget_settings!("SetBudgetRequest")]
    ///
    /// `PUT /workspaces/{id}/budgets/{interval}`
    ///
    /// ```
    /// # use openrouter_workspaces::{BudgetInterval, Client, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// client.set_budget("production", BudgetInterval::Monthly, 100.0).await?;
    /// client.set_budget("production", "weekly", 40.0).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_budget(
        &self,
        workspace: impl Into<WorkspaceRef>,
        interval: impl TryInto<BudgetInterval, Error: Into<UnknownValue>>,
        limit_usd: f64,
    ) -> SetBudgetRequest {
        let body = UpsertWorkspaceBudgetRequest::new(limit_usd);
        let request = Request::new(&self.inner, SetBudget { id: workspace.into().0, interval: NO_INTERVAL, body });
        request.given("interval", interval.try_into(), |operation, interval| operation.interval = interval)
    }

    /// Deletes a budget. It succeeds as well where there is none.
    ///
    /// The interval may be given as for [`get_budget`](Self::get_budget).
    ///
    /// `DELETE /workspaces/{id}/budgets/{interval}`
    pub fn delete_budget(
        &self,
        workspace: impl Into<WorkspaceRef>,
        interval: impl TryInto<BudgetInterval, Error: Into<UnknownValue>>,
    ) -> DeleteBudgetRequest {
        let request = Request::new(&self.inner, DeleteBudget { id: workspace.into().0, interval: NO_INTERVAL });
        request.given("interval", interval.try_into(), |operation, interval| operation.interval = interval)
    }
}
