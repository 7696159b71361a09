//! The server, its listening socket, and its connections; and what takes their place where there is no network.

pub(crate) mod connection;
pub(crate) mod listener;
pub(crate) mod memory;
pub(crate) mod port;
pub(crate) mod server;
