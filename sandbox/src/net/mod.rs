//! The server, its listening socket, and its connections.

pub(crate) mod connection;
pub(crate) mod listener;
pub(crate) mod server;
