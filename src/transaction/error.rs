//! Why a request cannot be held, or why a held request does not go on: one type for the whole way, so that the gateway and
//! the pages have one place where an error becomes a status and a stable code.

use super::spool::SpoolError;
use super::stage::Phase;
use crate::approval::Rejected;
use crate::chain::Unreleased;
use crate::store::database::DatabaseError;
use crate::store::shared::SharedStateError;

/// Why a request is not held, or is not forwarded after it was held.
#[derive(Debug, thiserror::Error)]
pub enum HeldError {
    /// Its body cannot be kept: it is too long, or there is no space for it.
    #[error(transparent)]
    Spool(#[from] SpoolError),
    /// Its body does not arrive in time.
    #[error("hold the request: its body arrives too slowly")]
    BodyTooSlow,
    /// Its body breaks the framing of HTTP, or ends too early.
    #[error("hold the request: its body is malformed")]
    BodyMalformed,
    /// Fewer of those who may approve it have a phone than must say yes.
    #[error("hold the request: it needs {0} approvers with a phone, and fewer users who may approve it have one")]
    NobodyToAsk(usize),
    /// The requester has set no transaction password yet.
    #[error("hold the request: its user has not set a transaction password")]
    NoPassword,
    /// The requester has no authenticator app.
    #[error("hold the request: its user has no authenticator")]
    NoAuthenticator,
    /// A machine sent it, and its user would have to approve.
    #[error("hold the request: it has no user, so nobody can approve it")]
    NoUser,
    /// As many requests are held as may be, of this owner or in all.
    #[error("hold the request: too many requests are held")]
    TooMany,
    /// It is not approved, or it was released before.
    #[error("forward the held request: it is {0}")]
    NotNow(Phase),
    /// The chain does not count what was approved.
    #[error(transparent)]
    Unreleased(#[from] Unreleased),
    /// It could not be written down, so it is neither held nor sent.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The approvers could not be asked.
    #[error(transparent)]
    Approval(#[from] Rejected),
    /// The short-lived state.
    #[error(transparent)]
    Shared(#[from] SharedStateError),
}

impl HeldError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Spool(SpoolError::TooLong(_)) => "transaction_body_too_long",
            Self::Spool(SpoolError::OwnFull(..)) | Self::TooMany => "transaction_too_many",
            Self::Spool(SpoolError::Full) => "transaction_no_room",
            Self::Spool(SpoolError::Disk(_) | SpoolError::Damaged) => "transaction_not_held",
            Self::BodyTooSlow => "transaction_body_too_slow",
            Self::BodyMalformed => "body_malformed",
            Self::NobodyToAsk(_) => "transaction_nobody_to_ask",
            Self::NoPassword => "transaction_password_not_set",
            Self::NoAuthenticator => "transaction_no_authenticator",
            Self::NoUser => "transaction_without_user",
            Self::NotNow(_) | Self::Unreleased(_) => "transaction_refused",
            Self::Database(_) | Self::Approval(_) | Self::Shared(_) => "state_unavailable",
        }
    }
}
