//! `[acme]`: authorities that issue the gateway's own certificates.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An authority that issues certificates of the gateway itself by ACME (RFC 8555), for every `[[tls.certificate]]` that names it.
/// See docs/tls.md.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "AcmeAuthority", deny_unknown_fields)]
pub struct AcmeSection {
    /// The URL of its directory, as in `"https://acme-v02.api.letsencrypt.org/directory"`.
    pub directory: String,
    /// Whether its terms of service are agreed to: without `true` no account is made.
    #[serde(default)]
    pub agree_to_terms: bool,
    /// Mail addresses at which the authority reaches the operator.
    #[serde(default)]
    pub contact: Vec<String>,
    /// The profile of certificates to ask for, as in `"shortlived"`. Where the authority does not know it, the usual one is taken,
    /// and a warning says so.
    #[serde(default)]
    pub profile: Option<String>,
    /// The key id of an external account binding, where the authority wants one.
    #[serde(default)]
    pub eab_key_id: Option<String>,
    /// File with the HMAC key of that binding, in base64url as the authority shows it; only the user that runs the gateway may
    /// read it.
    #[serde(default)]
    pub eab_key_file: Option<PathBuf>,
    /// PEM file with the authority of its own TLS certificate, for one inside; the system's authorities by default.
    #[serde(default)]
    pub authority: Option<PathBuf>,
}

/// How it is proved to the authority that the names are the gateway's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum AcmeChallenge {
    /// By a TLS handshake on port 443 (RFC 8737).
    #[default]
    #[serde(rename = "tls-alpn-01")]
    TlsAlpn01,
    /// By plain HTTP on port 80 (RFC 8555 §8.3): needs `server.redirect_listen`.
    #[serde(rename = "http-01")]
    Http01,
}
