//! The account: what it consists of, what it remembers, and how tests reach it.

pub(crate) mod handle;
pub(crate) mod order;
pub(crate) mod state;
