//! What every group stands on: time, randomness, keys and the two stores.

use std::sync::Arc;

use crate::clock::SharedClock;
use crate::random::SharedRandom;
use crate::seal::{MasterKeys, TokenHash};
use crate::store::database::Database;
use crate::store::memory::Memory;
use crate::store::shared::SharedState;

/// Handles that are cheap to clone; [`super::Core`] hands out none of them but time, randomness and the short-lived store.
pub(super) struct Foundation {
    pub(super) clock: SharedClock,
    pub(super) random: SharedRandom,
    pub(super) keys: Arc<MasterKeys>,
    pub(super) forward_auth_key: TokenHash,
    pub(super) database: Database,
    pub(super) shared: Arc<dyn SharedState>,
    pub(super) memory: Arc<Memory>,
}

impl Foundation {
    /// Where time comes from.
    pub(super) fn clock(&self) -> SharedClock {
        Arc::clone(&self.clock)
    }

    /// Where secrets come from.
    pub(super) fn random(&self) -> SharedRandom {
        Arc::clone(&self.random)
    }

    /// What seals secrets at rest.
    pub(super) fn keys(&self) -> Arc<MasterKeys> {
        Arc::clone(&self.keys)
    }

    /// The durable store.
    pub(super) fn database(&self) -> Database {
        self.database.clone()
    }

    /// The short-lived store.
    pub(super) fn shared(&self) -> Arc<dyn SharedState> {
        Arc::clone(&self.shared)
    }
}

/// The parts of the short-lived state that any client can fill, with any user name (password attempts, approvals), and the
/// divisor of each part's share. Together they are three quarters: a quarter of the whole stays for known users.
pub(super) const ANYBODYS: [(&str, usize); 14] = [
    ("regulation", 4),
    ("approval", 16),
    ("approval_by", 16),
    ("sign_in_push", 16),
    ("approval_number", 32),
    ("approvals_asked", 64),
    ("approval_challenges", 32),
    ("passkey_answer", 16),
    ("passkey_use", 16),
    ("passkeys_asked", 32),
    ("matrix_used", 32),
    ("matrix_asked", 64),
    ("idp_returned", 64),
    ("idp_goal", 64),
];

#[cfg(test)]
mod tests {
    use super::ANYBODYS;

    #[test]
    fn what_strangers_fill_together_leaves_a_quarter_of_the_whole() {
        let whole = 1_000_000_usize;
        let theirs: usize = ANYBODYS.iter().map(|(_, part)| whole.div_ceil(*part)).sum();
        assert!(theirs <= whole - whole / 4, "{theirs}");
        let mut words: Vec<&str> = ANYBODYS.iter().map(|(word, _)| *word).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), ANYBODYS.len());
    }
}
