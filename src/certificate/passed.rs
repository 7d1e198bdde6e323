//! Who has passed check 2 with what, or would have passed: what the introduction of certificates goes by.

use crate::clock::Timestamp;
use crate::principal::certificate::Fingerprint;
use crate::principal::user::UserId;

/// A certificate with which check 2 passed for a user, or would have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedCertificate {
    /// Who showed it.
    pub user: UserId,
    /// SHA-256 of its DER.
    pub fingerprint: Fingerprint,
    /// When it did the last time.
    pub last_at: Timestamp,
    /// What stood behind it then.
    pub backing: Backing,
}

/// What stood behind a certificate that was shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backing {
    /// The names of the bundles that led to it.
    pub trusted_by: Vec<String>,
    /// The end that it says itself, as far as that was noted.
    pub not_after: Option<Timestamp>,
    /// Whether the register said whose it was.
    pub is_registered: bool,
}
