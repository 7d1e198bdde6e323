//! `[tls]`: versions and the server’s certificates.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Certificates of the gateway itself.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Tls", deny_unknown_fields)]
pub struct TlsSection {
    /// One `[[tls.certificate]]` each; chosen by the name a client asks for.
    pub certificate: Vec<CertificateFiles>,
    /// The lowest TLS version: `"1.2"` or `"1.3"`.
    #[serde(default)]
    pub minimum: TlsVersion,
}

/// The lowest TLS version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum TlsVersion {
    /// TLS 1.2, AEAD suites with forward secrecy only.
    #[default]
    #[serde(rename = "1.2")]
    V12,
    /// TLS 1.3.
    #[serde(rename = "1.3")]
    V13,
}

/// A certificate chain and its key.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Certificate", deny_unknown_fields)]
pub struct CertificateFiles {
    /// PEM file: the certificate first, then the intermediates.
    pub chain: PathBuf,
    /// PEM file: the private key (PKCS#8, SEC1 or PKCS#1).
    pub key: PathBuf,
}
