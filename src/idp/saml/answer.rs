//! What is asked of a provider by SAML, and what comes back, in plain words.

use serde_json::{Map, Value};

use crate::clock::Timestamp;
use crate::idp::failure::IdpReason;

/// A request, as one flow needs it.
#[cfg_attr(not(feature = "saml"), expect(dead_code, reason = "of use where SAML is built"))]
#[derive(Clone, Copy, Debug)]
pub(in crate::idp) struct SamlRequest<'a> {
    /// Its id, which the response repeats.
    pub(in crate::idp) id: &'a str,
    /// What the provider brings back untouched.
    pub(in crate::idp) relay: &'a str,
    /// When it is.
    pub(in crate::idp) now: Timestamp,
    /// Whether the person must sign in again there.
    pub(in crate::idp) afresh: bool,
}

/// What a response said, verified.
#[derive(Debug)]
pub(in crate::idp) struct SamlAnswer {
    /// The id of the assertion.
    pub(in crate::idp) assertion: String,
    /// What it says of the person: attributes under their names, and `sub`, `acr`, `auth_time`, `email` and `name` as an ID
    /// token has them.
    pub(in crate::idp) claims: Map<String, Value>,
}

/// Why a response signs nobody in.
#[cfg_attr(not(feature = "saml"), expect(dead_code, reason = "of use where SAML is built"))]
#[derive(Debug)]
pub(in crate::idp) enum SamlRefusal {
    /// The provider says that it signed nobody in: its word in those of OpenID Connect, and what it says to it.
    Status(&'static str, String),
    /// It is not what it must be.
    Reason(IdpReason),
}

impl From<IdpReason> for SamlRefusal {
    fn from(reason: IdpReason) -> Self {
        Self::Reason(reason)
    }
}
