//! What a sign-in by an identity provider leaves until its session is made.

use serde::{Deserialize, Serialize};

use crate::principal::method::CredentialId;

/// What a sign-in by a provider leaves until its session is made.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PendingIdp {
    pub(super) link: CredentialId,
    pub(super) provider: String,
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) session_there: Option<String>,
    pub(super) sealed: Vec<u8>,
}
