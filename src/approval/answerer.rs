//! What an answer was given with: the key of a registered approver, or a passkey on a phone that is none.

use serde::{Deserialize, Serialize};

use super::key::ApproverId;
use crate::principal::method::CredentialId;

/// What an answer was given with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answerer {
    /// A registered approver.
    Approver(ApproverId),
    /// A passkey of the user who is asked.
    Passkey(CredentialId),
}

impl Answerer {
    /// What evidence, and a browser that was registered by it, names.
    pub fn credential(&self) -> CredentialId {
        match self {
            Self::Approver(approver) => CredentialId(approver.credential()),
            Self::Passkey(passkey) => *passkey,
        }
    }

    /// What it is, as the audit log and the metrics call it, and which one.
    pub fn word(&self) -> (&'static str, String) {
        match self {
            Self::Approver(approver) => ("approver", approver.to_string()),
            Self::Passkey(passkey) => ("passkey", passkey.text()),
        }
    }

    /// Whether it is this approver.
    pub fn is(&self, approver: &ApproverId) -> bool {
        matches!(self, Self::Approver(own) if own == approver)
    }
}
