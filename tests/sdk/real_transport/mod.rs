//! The client over real sockets: TLS, HTTP/2 and HTTP/1.1, IPv6, and connections that end at the wrong moment.

mod api;
mod certificates;
#[allow(dead_code, reason = "one of them is used")]
use crate::common::fixtures;
mod http1;
mod http2;
mod server;

mod handshake;
mod ipv6;
mod lost_answers;
mod stale_connections;

use std::time::Duration;

use certificates::Authority;
use openrouter_workspaces::{Client, RetryConfig};
use server::Server;

/// An HTTP client as this crate sets up its own, which trusts one authority and no other.
fn http_client(trusted: &Authority) -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .tcp_nodelay(true)
        .tls_backend_rustls()
        .tls_certs_only([trusted.root()])
        .no_proxy()
        .build()
        .expect("the settings are valid")
}

/// A client whose time limits are never reached.
fn client(server: &Server, trusted: &Authority, retry: RetryConfig) -> Client {
    Client::builder()
        .api_key("sk-or-v1-TESTKEY")
        .base_url(server.url())
        .http_client(http_client(trusted))
        .timeout(Duration::from_secs(60))
        .attempt_timeout(Duration::from_secs(60))
        .retry(retry)
        .build()
        .expect("the settings are valid")
}

/// Retries that hardly wait.
fn quick() -> RetryConfig {
    RetryConfig::default().initial_interval(Duration::from_millis(1)).max_attempts(10)
}
