//! A certificate of the register, as the directory keeps it.

use crate::clock::Timestamp;
use crate::principal::certificate::{Fingerprint, Holder};

/// A certificate of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterEntry {
    /// SHA-256 of its DER.
    pub fingerprint: Fingerprint,
    /// Whose it is; `Nobody` if its holder was removed.
    pub holder: Holder,
    /// What it is called here.
    pub label: Option<String>,
    /// The switch.
    pub enabled: bool,
    /// Counts from here on, if the certificate itself does not begin later.
    pub valid_from: Option<Timestamp>,
    /// Counts to here, if the certificate itself does not end sooner.
    pub valid_until: Option<Timestamp>,
    /// When it was added.
    pub added_at: Timestamp,
}
