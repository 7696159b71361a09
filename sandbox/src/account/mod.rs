//! The account: what it consists of, what the server remembers of it, how it is saved, and how a test reaches it.

pub(crate) mod budget_order;
pub(crate) mod handle;
pub(crate) mod membership;
pub(crate) mod model;
pub(crate) mod order;
pub(crate) mod restore;
pub(crate) mod saved;
pub(crate) mod state;
