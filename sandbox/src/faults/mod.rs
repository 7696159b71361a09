//! What can go wrong between a client and the API, and when.

pub(crate) mod corruption;
pub(crate) mod fault;
pub(crate) mod name;
pub(crate) mod plan;
pub(crate) mod script;
pub(crate) mod transfer;
