//! What TLS agrees on: the protocol, and whom to trust.

use openrouter_workspaces::{Delivery, Error};
use rcgen::{CertificateParams, date_time_ymd};

use crate::real_transport::certificates::{Authority, local, named};
use crate::real_transport::server::{Request, Server};
use crate::real_transport::{client, quick};

/// Creates a workspace, and returns the request as the server saw it.
async fn create_at_a_server_that_offers(protocols: &[&str]) -> Request {
    let authority = Authority::new("Trusted");
    let server = Server::https("localhost", authority.tls(protocols)).await.expect("a free port");
    let created = client(&server, &authority, quick()).create("Production", "production").await.expect("no faults");
    assert_eq!(created.id.to_string(), server.api().workspaces()[0]["id"]);
    let [request] = server.requests().try_into().expect("one request");
    request
}

#[tokio::test]
async fn http2_is_spoken_where_the_server_offers_it() {
    let request = create_at_a_server_that_offers(&["h2", "http/1.1"]).await;
    assert_eq!(request.protocol.as_deref(), Some("h2"));
    assert_eq!(request.line, "POST /api/v1/workspaces");
}

#[tokio::test]
async fn http1_is_spoken_where_the_server_offers_nothing_else() {
    let request = create_at_a_server_that_offers(&["http/1.1"]).await;
    assert_eq!(request.protocol.as_deref(), Some("http/1.1"));
    assert_eq!(request.line, "POST /api/v1/workspaces");
}

#[tokio::test]
async fn http1_is_spoken_where_the_server_negotiates_no_protocol() {
    let request = create_at_a_server_that_offers(&[]).await;
    assert_eq!(request.protocol, None);
    assert_eq!(request.line, "POST /api/v1/workspaces");
}

/// Calls a server whose certificate is refused, and checks that nothing was sent, and that it was tried once.
async fn assert_refused(certificate: CertificateParams, signer: &Authority, trusted: &Authority) {
    let server = Server::https("localhost", signer.tls_with(&["h2"], certificate)).await.expect("a free port");
    let error = client(&server, trusted, quick()).create("Production", "production").await.expect_err("no trust");
    assert!(matches!(error, Error::Connect(_)), "{error:?}");
    assert!(error.to_string().contains("certificate"), "{error}");
    assert_eq!(error.delivery(), Delivery::NotSent, "{error}");
    assert_eq!(server.requests(), []);
    assert_eq!(error.attempts(), 1, "{error}");
    assert_eq!(server.connections(), 1, "{error}");
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_a_connect_error_and_is_not_retried() {
    assert_refused(local(), &Authority::new("Unknown"), &Authority::new("Trusted")).await;
}

#[tokio::test]
async fn a_certificate_for_another_host_is_a_connect_error_and_is_not_retried() {
    let authority = Authority::new("Trusted");
    assert_refused(named(["openrouter.example"]), &authority, &authority).await;
}

#[tokio::test]
async fn a_certificate_that_has_expired_is_a_connect_error_and_is_not_retried() {
    let authority = Authority::new("Trusted");
    let mut expired = local();
    expired.not_after = date_time_ymd(2001, 1, 1);
    assert_refused(expired, &authority, &authority).await;
}
