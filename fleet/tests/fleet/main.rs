//! Workspaces as code, against the sandbox in memory and on simulated time.

mod accounts;
mod applies;
#[path = "../../../tests/common/cases.rs"]
mod cases;
mod convergence;
mod examples;
mod exports;
mod files;
mod guide;
mod manifests;
mod plans;
mod properties;
mod random;
mod refusals;
mod saved_plans;
mod scale;
mod schema;
#[path = "../../../tests/common/simulated.rs"]
mod simulated;
mod state;
mod support;
