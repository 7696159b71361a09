//! The operations of the API on an account.

pub(crate) mod budgets;
pub(crate) mod members;
pub(crate) mod workspaces;
