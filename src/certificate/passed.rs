//! Who has passed check 2 with what, or would have passed: what the introduction of certificates goes by.

use std::sync::Arc;

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
    /// The app where it passed the last time.
    pub app: Arc<str>,
    /// When it did.
    pub last_at: Timestamp,
    /// The end that it says itself, as far as that was noted.
    pub not_after: Option<Timestamp>,
}
