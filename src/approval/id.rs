//! The id of an approval.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::random::base64url;

/// The id of an approval: 128 bits, base64url. It names, it opens nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ApprovalId(String);

impl ApprovalId {
    pub(super) fn new(id: [u8; 16]) -> Self {
        Self(base64url(&id))
    }

    /// Reads the text of an id.
    pub fn parse(text: &str) -> Option<Self> {
        crate::random::from_base64url::<16>(text).map(|_| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ApprovalId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}
