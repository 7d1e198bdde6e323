//! A request as the shared state keeps it.

use serde::{Deserialize, Serialize};

use crate::approval::id::ApprovalId;
use crate::clock::Timestamp;
use crate::principal::user::UserId;

/// One request of an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredRequest {
    /// The app that asked; no other app learns anything of it.
    pub(super) app: String,
    /// The user who is asked, as the app named them.
    pub(super) user: UserId,
    /// What the phone is asked.
    pub(super) approval: ApprovalId,
    /// Whether it is exchanged for tokens.
    pub(super) openid: bool,
    /// From when on nobody may answer.
    pub(super) expires_at: Timestamp,
    /// Seconds between two looks.
    pub(super) interval: u64,
    /// The last look without a result.
    pub(super) looked_at: Option<Timestamp>,
    /// What was given.
    pub(super) given: Option<ApprovedStatement>,
    /// Whether it was exchanged for tokens.
    pub(super) exchanged: bool,
}

/// What an approver gave, as it is stated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ApprovedStatement {
    /// The statement, a JWS.
    pub(super) statement: String,
    /// When it was approved.
    pub(super) at: Timestamp,
    /// The digest of what was shown, as the approver signed it.
    pub(super) shown: String,
}
