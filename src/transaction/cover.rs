//! Covers: the time within which one approval releases further requests of its kind and owner, where the rule says so.

use std::fmt;
use std::sync::Arc;

use dashmap::DashMap;

use super::held::{Held, Owner, TransactionId};
use crate::approval::Consent;
use crate::chain::policy::transaction::Transaction;
use crate::clock::Timestamp;

/// Whose requests are covered, of which app, and which of its transactions.
type CoverKey = (Owner, Arc<str>, Arc<str>);

/// A time within which one approval covers others of its kind.
struct Cover {
    consents: Arc<Vec<Consent>>,
    id: TransactionId,
    until: Timestamp,
}

/// All covers, in memory only: none outlives the process.
#[derive(Default)]
pub(super) struct Covers {
    by_kind: DashMap<CoverKey, Cover>,
}

impl fmt::Debug for Covers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Covers({})", self.by_kind.len())
    }
}

impl Covers {
    /// Lets the consents of this transaction cover further ones of its kind and owner until `until`.
    pub(super) fn begin(&self, held: &Held, consents: Arc<Vec<Consent>>, until: Timestamp) {
        let key = (held.owner, Arc::clone(&held.rule.app), Arc::clone(&held.rule.name));
        self.by_kind.insert(key, Cover { consents, id: held.id.clone(), until });
    }

    /// The consents that cover a request of this kind at `now`, and the transaction that they were given for.
    pub(super) fn find(&self, owner: Owner, rule: &Transaction, now: Timestamp) -> Option<(Arc<Vec<Consent>>, TransactionId)> {
        if self.by_kind.is_empty() {
            return None;
        }
        let key = (owner, Arc::clone(&rule.app), Arc::clone(&rule.name));
        let cover = self.by_kind.get(&key).filter(|cover| now < cover.until)?;
        Some((Arc::clone(&cover.consents), cover.id.clone()))
    }

    /// Ends every cover that rests on a consent that `which` selects.
    pub(super) fn end(&self, which: impl Fn(&Consent) -> bool) {
        self.by_kind.retain(|_, cover| !cover.consents.iter().any(&which));
    }

    /// Forgets covers whose time is over.
    pub(super) fn sweep(&self, now: Timestamp) {
        self.by_kind.retain(|_, cover| now < cover.until);
    }
}
