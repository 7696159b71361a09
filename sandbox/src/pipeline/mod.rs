//! What happens to a request, from the outside in.

pub(crate) mod apply_fault;
pub(crate) mod hooks;
pub(crate) mod journal;
pub(crate) mod router;
