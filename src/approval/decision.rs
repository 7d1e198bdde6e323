//! What is said to a question.

use serde::{Deserialize, Serialize};

/// What an approver, or a passkey, answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Yes.
    Approve,
    /// No.
    Deny,
    /// No, and it was somebody else who asked.
    NotMe,
}

impl Decision {
    /// The word in what is signed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Deny => "deny",
            Self::NotMe => "not_me",
        }
    }
}
