//! One link between a user of ours and an entry of a directory.

use crate::clock::Timestamp;
use crate::principal::user::UserId;

/// Which entry a user is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryLink {
    /// Whose.
    pub user: UserId,
    /// The table of the directory.
    pub directory: String,
    /// What names the entry for good.
    pub entry_id: String,
    /// What the entry was called when it was seen last.
    pub dn: String,
    /// Since when.
    pub linked_at: Timestamp,
    /// Whether the user is switched off here because the directory says so.
    pub switched_off: bool,
}
