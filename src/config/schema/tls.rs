//! `[tls]`: versions and the server’s certificates.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acme::AcmeChallenge;

/// Certificates of the gateway itself.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Tls", deny_unknown_fields)]
pub struct TlsSection {
    /// One `[[tls.certificate]]` each; chosen by the name a client asks for.
    pub certificate: Vec<TlsCertificate>,
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

/// A certificate of the gateway: from files, with `chain` and `key`, or issued by an authority, with `acme` and `names`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Certificate", deny_unknown_fields)]
pub struct TlsCertificate {
    /// PEM file: the certificate first, then the intermediates.
    #[serde(default)]
    pub chain: Option<PathBuf>,
    /// PEM file: the private key (PKCS#8, SEC1 or PKCS#1).
    #[serde(default)]
    pub key: Option<PathBuf>,
    /// The authorities of `[acme]` that issue it, by name: the first is asked first, the others where it fails.
    #[serde(default)]
    pub acme: Vec<String>,
    /// The names that they issue it for: DNS names, or IP addresses.
    #[serde(default)]
    pub names: Vec<String>,
    /// How it is proved to them that these names are the gateway's; `tls-alpn-01` by default.
    #[serde(default)]
    pub challenge: Option<AcmeChallenge>,
}
