//! The server and its sockets.

pub(crate) mod connection;
pub(crate) mod listener;
pub(crate) mod server;
