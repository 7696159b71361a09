//! What happens to a request, from the outside in: it is recorded, may be answered by a script or meet a fault, must
//! carry a management key, is routed and validated, and changes the account.

pub(crate) mod access_log;
pub(crate) mod apply_fault;
pub(crate) mod body;
pub(crate) mod context;
pub(crate) mod hooks;
pub(crate) mod journal;
pub(crate) mod layers;
pub(crate) mod log_entry;
pub(crate) mod observers;
pub(crate) mod router;
pub(crate) mod server_state;
