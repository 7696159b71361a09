#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![deny(missing_docs, missing_debug_implementations)]

mod account;
mod apply;
mod export;
pub mod guide;
mod manifest;
mod plan;
mod schema;
mod settings;

pub use account::{Account, AccountWorkspace, Part, PartFailure, ReadAccount, ReadProgress};
pub use apply::{
    ActionReport, Apply, ApplyError, ApplyReport, Event, Failure, Moved, Outcome, SoFar, WorkspaceReport, apply,
};
pub use export::{Export, LeftOut, export};
pub use manifest::{Manifest, ManifestError, ManifestErrors, Members, Place, Source, WorkspaceEntry};
pub use plan::{
    Action, ByokChange, Change, Counts, FieldChange, Plan, PlanError, PlanOptions, PlanProblem, WorkspacePlan, plan,
};
pub use schema::manifest_schema;

/// The slug of the workspace that every account has, and to which everyone in the organization belongs. It is never
/// created, renamed, or deleted here, and nobody is added to it or removed from it.
pub const DEFAULT_WORKSPACE: &str = "default";
