//! Why a question is not asked, or an answer does not count.

use super::question::Late;
use super::signed::Unsigned;
use crate::store::database::DatabaseError;
use crate::store::shared::SharedStateError;

/// Why an answer is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Rejected {
    /// There is no such approval for this approver.
    #[error("find the approval: this approver has none with that id")]
    Unknown,
    /// The approver is not registered for the user, or was removed.
    #[error("answer the approval: the approver is not registered for this user")]
    NotRegistered,
    /// The user's approvals are suspended or locked.
    #[error("answer the approval: approvals of this user are suspended or locked")]
    Suspended,
    /// What is signed.
    #[error(transparent)]
    Unsigned(#[from] Unsigned),
    /// Something else was shown than what was answered.
    #[error("answer the approval: the user was shown something else than what is asked")]
    ShownOtherwise,
    /// An approval without the number that was to be typed or scanned.
    #[error(
        "answer the approval: a number that the other screen shows has to be carried over, and this approver sends none: it \
         is too old for the way that is asked for; update it, or answer with another"
    )]
    NumberMissing,
    /// The passkey proved nothing, or is none of the user who is asked: the same answer.
    #[error("answer the approval: the passkey was not accepted")]
    Passkey,
    /// The authenticator did not verify its user.
    #[error("answer the approval: the authenticator did not check that it is its owner (PIN, fingerprint or face)")]
    NotVerified,
    /// The challenge was used, has ended or was made for another answer; or too many were drawn for one question.
    #[error("answer the approval: the challenge is used up, has ended, or was made for another answer")]
    Challenge,
    /// Too late.
    #[error(transparent)]
    Late(#[from] Late),
    /// The short-lived state.
    #[error(transparent)]
    Shared(#[from] SharedStateError),
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl Rejected {
    /// The word in the API.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "approval_unknown",
            Self::NotRegistered => "approver_not_registered",
            Self::Suspended => "approvals_suspended",
            Self::Unsigned(Unsigned::Replayed) => "signature_replayed",
            Self::Unsigned(Unsigned::Shared(_)) | Self::Shared(_) | Self::Database(_) => "state_unavailable",
            Self::Unsigned(_) => "signature_invalid",
            Self::ShownOtherwise => "shown_otherwise",
            Self::NumberMissing => "number_missing",
            Self::Passkey => "passkey_refused",
            Self::NotVerified => "passkey_not_verified",
            Self::Challenge => "passkey_over",
            Self::Late(Late::Closed) => "approval_closed",
            Self::Late(Late::Expired) => "approval_expired",
        }
    }
}
