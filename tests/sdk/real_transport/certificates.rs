//! An authority that signs certificates for the servers of a test.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;

pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, key()).expect("a certificate"))
    }

    /// What a client has to trust.
    pub fn root(&self) -> reqwest::Certificate {
        reqwest::Certificate::from_der(self.0.der()).expect("a certificate")
    }

    /// The TLS of a server on this machine.
    pub fn tls(&self, protocols: &[&str]) -> Arc<ServerConfig> {
        self.tls_with(protocols, local())
    }

    /// The TLS of a server with a certificate of one's own making.
    pub fn tls_with(&self, protocols: &[&str], certificate: CertificateParams) -> Arc<ServerConfig> {
        let key = key();
        let signed = certificate.signed_by(&key, &self.0).expect("a certificate");
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions that the provider knows")
            .with_no_client_auth()
            .with_single_cert(vec![signed.der().clone()], key.into())
            .expect("a certificate with its key");
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        Arc::new(config)
    }
}

/// A certificate for this machine, under all its names.
pub fn local() -> CertificateParams {
    named(["localhost", "127.0.0.1", "::1"])
}

/// A certificate for names and addresses.
pub fn named<const N: usize>(names: [&str; N]) -> CertificateParams {
    CertificateParams::new(names.map(str::to_owned)).expect("names and addresses")
}

fn key() -> KeyPair {
    KeyPair::generate().expect("a key")
}
