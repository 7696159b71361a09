//! The account: what it consists of, what the server remembers of it, and how a test reaches it.

pub(crate) mod handle;
pub(crate) mod membership;
pub(crate) mod model;
pub(crate) mod order;
pub(crate) mod state;
