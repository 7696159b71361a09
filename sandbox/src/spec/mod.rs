//! What the contract says, and how a request is held against it.

pub(crate) mod contract;
pub(crate) mod refusal;
pub(crate) mod request;
pub(crate) mod schema;
