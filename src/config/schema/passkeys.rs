//! `[passkeys]`: credentials of WebAuthn.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::units::TimeSpan;

/// Passkeys (WebAuthn). They are used where a policy names `passkey` among its methods.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PasskeysSection {
    /// The domain that passkeys are made for: the host of `portal.url`, which is the default, or a domain above it. A passkey
    /// can never be moved to another domain: if you change this, every user must register a passkey again.
    pub rp_id: Option<String>,
    /// The name that authenticators show; `portal.title` by default.
    pub name: Option<String>,
    /// Passkeys of one user at most.
    pub per_user: usize,
    /// How long one registration or use of a passkey may take: from 30 seconds to 15 minutes.
    pub lifetime: TimeSpan,
    /// Whether passkeys are taken that their provider copies to other devices of the user. `false` takes only those that stay
    /// in one device, and refuses one that becomes a copied one later.
    pub synced: bool,
    /// PEM file with the authorities of the makers of authenticators. If it is given, only authenticators of `models` that
    /// prove their model by attestation can be registered. Most phones and password managers prove nothing.
    pub attestation_authorities: Option<PathBuf>,
    /// The models that can be registered, by AAGUID: `"2fc0579f-8113-47ea-b116-bb5a8db9202a"`.
    pub models: Vec<String>,
}

impl Default for PasskeysSection {
    fn default() -> Self {
        Self {
            rp_id: None,
            name: None,
            per_user: 10,
            lifetime: TimeSpan::minutes(5),
            synced: true,
            attestation_authorities: None,
            models: Vec::new(),
        }
    }
}
