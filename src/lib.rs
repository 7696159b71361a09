// Here the links of the README lead to this version of the documentation: the first definition of a link is the one that holds.
//! [list]: Client::list
//! [create]: Client::create
//! [get]: Client::get
//! [update]: Client::update
//! [delete]: Client::delete
//! [list_members]: Client::list_members
//! [bulk_add_members]: Client::bulk_add_members
//! [bulk_remove_members]: Client::bulk_remove_members
//! [list_budgets]: Client::list_budgets
//! [get_budget]: Client::get_budget
//! [set_budget]: Client::set_budget
//! [delete_budget]: Client::delete_budget
//! [ensure]: Client::ensure
//! [sync_members]: Client::sync_members
//! [add_members]: Client::add_members
//! [set_budgets]: Client::set_budgets
//! [snapshot]: Client::snapshot
//! [guide-retries]: crate::guide::retries
//! [guide-pagination]: crate::guide::pagination
//! [guide-deadlines]: crate::guide::deadlines
//! [guide-secrets]: crate::guide::secrets
//! [guide-reading]: crate::guide::reading
//! [guide-jobs]: crate::guide::jobs
//! [guide-blocking]: crate::guide::blocking
//! [guide-testing]: crate::guide::testing
//! [proxies]: ClientBuilder#proxies
//! [errors]: Error
//! [request]: Request
//! [job]: Job
//! [delivery]: Error::delivery
//! [http-service]: HttpService
#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![deny(missing_docs, missing_debug_implementations)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod api_key;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod client;
mod endpoint;
mod error;
mod generated;
pub mod guide;
mod headers;
pub mod jobs;
mod json;
#[cfg(feature = "schemars")]
mod json_schema;
mod names;
mod not_a_future;
mod nullable;
pub mod operation;
mod paging;
mod redact;
mod rules;
#[cfg(feature = "test-util")]
mod test_util;
mod tolerant;
mod transport;
mod unknown_value;

pub use api_key::{ApiKey, BoxError};
pub use builder::ClientBuilder;
pub use client::Client;
pub use error::{
    ApiError, CallSummary, DecodeError, Delivery, Error, GaveUp, InvalidInput, PaginationError, TimeoutError,
    TransportError, WrongEndpointError,
};
pub use generated::SERVER_URL;
pub use generated::enums::{BudgetInterval, ProviderSort, ResetInterval, Role, ServerTool};
pub use generated::types::{
    BulkAddWorkspaceMembersResponse, BulkRemoveWorkspaceMembersResponse, DeletedResponse, ListWorkspaceBudgetsResponse,
    Workspace, WorkspaceBudget, WorkspaceMember,
};
#[doc(no_inline)]
pub use http::HeaderMap;
pub use jobs::{BudgetSet, Job, JobError};
pub use names::{UserRef, WorkspaceRef};
pub use nullable::Nullable;
pub use operation::{Page, Request};
pub use paging::{Items, MAX_CONCURRENCY, Pages, ResumePoint};
/// The HTTP client that is used, so that one of your own is of the same version.
#[doc(no_inline)]
pub use reqwest;
pub use transport::{Evidence, HttpError, HttpFuture, HttpService, Jitter, Response, RetryConfig};
pub use unknown_value::UnknownValue;

/// What travels as JSON, where it is not the result of a call: the bodies of requests, the answers around the results,
/// and errors.
///
/// These are for programs that get or give them as JSON, such as tools that a language model calls:
/// [`Client::create_from`] and [`Client::update_from`] send what was read. A setting that can be cleared is an
/// `Option<Option<T>>`: `None` leaves it out, `Some(None)` is null. A request with a field that this version does not
/// know, such as one that is misspelt, is an error when it is read, for it would not be sent; and so is null where it clears
/// nothing. A value that an enum does not have is read as `Other`, and sent: JSON has no other way to give one that is meant.
///
/// With the feature `schemars` these types, those of the results and the enums implement `JsonSchema`.
/// [`Page`] does not, for it knows more than what travels, which is a
/// [`ListWorkspacesResponse`](body::ListWorkspacesResponse).
pub mod body {
    pub use crate::generated::types::{
        BulkAddWorkspaceMembersRequest, BulkRemoveWorkspaceMembersRequest, CreateWorkspaceRequest, ErrorDetail,
        ErrorResponse, ListWorkspaceMembersResponse, ListWorkspacesResponse, UpdateWorkspaceRequest,
        UpsertWorkspaceBudgetRequest, WorkspaceBudgetResponse, WorkspaceResponse,
    };
}

/// The text of the contract that this client is generated from: an OpenAPI 3.0.3 document in YAML.
///
/// ```
/// assert!(openrouter_workspaces::CONTRACT.contains("operationId: create_workspace"));
/// ```
pub const CONTRACT: &str = include_str!("../openapi/workspaces.yaml");

/// The programs in `MIGRATION.md`.
#[cfg(doctest)]
#[doc = include_str!("../MIGRATION.md")]
mod migration {}
