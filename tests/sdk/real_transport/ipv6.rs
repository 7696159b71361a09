//! Servers on `[::1]`.

use std::io;

use crate::real_transport::certificates::Authority;
use crate::real_transport::server::Server;
use crate::real_transport::{client, quick};

/// Creates a workspace at a server on `[::1]`. Only a machine without IPv6 need not be able to run one.
async fn assert_reached(authority: &Authority, server: io::Result<Server>) {
    let server = match server {
        Ok(server) => server,
        Err(error) => {
            let interfaces = std::fs::read_to_string("/proc/net/if_inet6").unwrap_or_default();
            assert!(interfaces.trim().is_empty(), "cannot listen on [::1], but this machine has IPv6: {error}");
            eprintln!("not tested: this machine has no IPv6 ({error})");
            return;
        }
    };
    let created = client(&server, authority, quick()).create("Production", "production").await.expect("no faults");
    assert_eq!(created.id.to_string(), server.api().workspaces()[0]["id"]);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_server_on_the_ipv6_loopback_is_reached_without_tls() {
    assert_reached(&Authority::new("Trusted"), Server::http("[::1]").await).await;
}

#[tokio::test]
async fn a_server_on_the_ipv6_loopback_is_reached_with_tls() {
    let authority = Authority::new("Trusted");
    let server = Server::https("[::1]", authority.tls(&["h2", "http/1.1"])).await;
    assert_reached(&authority, server).await;
}
