#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![deny(missing_docs, missing_debug_implementations)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod api_error;
mod api_key;
mod budgets;
mod builder;
mod client;
mod course;
mod error;
mod exchange;
mod failure;
mod generated;
#[cfg(feature = "schemars")]
mod json_schema;
mod members;
mod nullable;
mod pagination;
mod plan;
mod request;
mod response;
mod retry;
mod retry_after;
mod settle;
mod stream;
mod transport;
mod validate;
mod walk;
mod workspaces;

pub use api_error::ApiError;
pub use api_key::{ApiKey, BoxError};
pub use builder::ClientBuilder;
pub use client::Client;
pub use error::{Delivery, Error};
pub use failure::{DecodeError, InvalidInput, PaginationError, TimeoutError, TransportError};
pub use generated::SERVER_URL;
pub use generated::enums::{BudgetInterval, ProviderSort, ResetInterval, Role, ServerTool};
pub use generated::types::{
    BulkAddWorkspaceMembersResponse, BulkRemoveWorkspaceMembersResponse, DeletedResponse, ListWorkspaceBudgetsResponse,
    Workspace, WorkspaceBudget, WorkspaceBudgetResponse, WorkspaceMember,
};
pub use http::HeaderMap;
pub use nullable::Nullable;
pub use pagination::Page;
pub use request::Request;
pub use response::Response;
pub use retry::{GaveUp, Jitter, RetryConfig};
pub use stream::{Items, Pages, ResumePoint};

/// What travels as JSON, where it is not the result of a call: the bodies of requests, the answers around the results,
/// and errors.
///
/// These are for programs that get or give them as JSON, such as tools that a language model calls:
/// [`Client::create_from`] and [`Client::update_from`] send what was read. A setting that can be cleared is an
/// `Option<Option<T>>`: `None` leaves it out, `Some(None)` is null. A request with a field that this version does not
/// know, such as one that is misspelt, is an error when it is read, for it would not be sent.
///
/// With the feature `schemars` these types, those of the results and the enums implement `JsonSchema`.
/// [`Page`] does not, because it is never JSON; the page as it travels is a
/// [`ListWorkspacesResponse`](body::ListWorkspacesResponse).
pub mod body {
    pub use crate::generated::types::{
        BulkAddWorkspaceMembersRequest, BulkRemoveWorkspaceMembersRequest, CreateWorkspaceRequest, ErrorDetail,
        ErrorResponse, ListWorkspaceMembersResponse, ListWorkspacesResponse, UpdateWorkspaceRequest,
        UpsertWorkspaceBudgetRequest, WorkspaceResponse,
    };
}

/// The operations, as the type parameter of [`Request`], and what they have in common.
pub mod operation {
    pub use crate::budgets::{DeleteBudget, GetBudget, ListBudgets, SetBudget};
    pub use crate::members::{BulkAddMembers, BulkRemoveMembers, ListMembers};
    pub use crate::pagination::Paged;
    pub use crate::request::Operation;
    pub use crate::workspaces::{
        CreateWorkspace, DeleteWorkspace, GetWorkspace, ListWorkspaces, Settings, UpdateWorkspace,
    };
}

/// The text of the contract that this client is generated from: an OpenAPI 3.0.3 document in YAML.
///
/// ```
/// assert!(openrouter_workspaces::CONTRACT.contains("operationId: create_workspace"));
/// ```
pub const CONTRACT: &str = include_str!("../openapi/workspaces.yaml");
