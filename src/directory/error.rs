//! Why a directory gave no answer that counts. The four kinds differ in who is to act: the person, nobody, the people who
//! run the directory, and those who wrote our config.

use std::time::Duration;

use super::reason::Reason;
use crate::store::database::DatabaseError;

/// Why a directory proved nothing.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The directory said no, or was not asked because nothing good could come of it.
    #[error("verify the password of the directory: {0}")]
    Refused(Reason),
    /// The limit of concurrent verifications is reached; the caller may retry after this.
    #[error("verify the password of the directory: too many are being verified")]
    Busy(Duration),
    /// The directory did not answer, or not as itself.
    #[error("ask the directory: {0}")]
    Unreachable(String),
    /// It answers, and what the config says of it cannot be right.
    #[error("ask the directory: {0}")]
    Misconfigured(String),
    /// Which entry a user is cannot be read or noted.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// A text of a server as it may be logged: no control characters, and no longer than this.
pub(super) fn printable(text: &str, longest: usize) -> String {
    text.chars().take(longest).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
