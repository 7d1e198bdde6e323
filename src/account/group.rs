//! A group, as the directory keeps it.

use crate::clock::Timestamp;
use crate::principal::user::GroupName;

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: GroupName,
    /// What it is for, in its administrators' words.
    pub description: Option<String>,
    /// Whether it selects its members for certificates.
    pub certificates_required: bool,
    /// Since when it is there.
    pub created_at: Timestamp,
}
