//! The approval that a sign-in waits for, as the short-lived state keeps it.

use serde::{Deserialize, Serialize};

use crate::approval::id::ApprovalId;
use crate::approval::question::Purpose;

/// What a sign-in waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwaitedApproval {
    /// The name, as it was typed.
    pub name: String,
    /// Which approval.
    pub approval: ApprovalId,
    /// What for.
    pub purpose: Purpose,
}
