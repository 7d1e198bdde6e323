//! Pages of the register: read in memory, in the order of the fingerprints.

use std::collections::BinaryHeap;

use super::ClientCertificates;
use crate::certificate::entry::RegisterEntry;
use crate::principal::certificate::{Fingerprint, Holder};
use crate::principal::user::UserId;

impl ClientCertificates {
    /// The first entries behind `after` that are wanted, in the order of the fingerprints: the register is looked through, and
    /// these alone are copied.
    pub fn page(&self, wanted: impl Fn(&RegisterEntry) -> bool, after: Option<Fingerprint>, limit: usize) -> Vec<RegisterEntry> {
        let mut first = BinaryHeap::new();
        for held in &self.register {
            let fingerprint = *held.key();
            let is_late = first.len() >= limit && first.peek().is_some_and(|last| fingerprint > *last);
            if is_late || after.is_some_and(|after| fingerprint <= after) || !wanted(&held.entry) {
                continue;
            }
            first.push(fingerprint);
            if first.len() > limit {
                first.pop();
            }
        }
        // A holder who was removed at this moment is nobody.
        first.into_sorted_vec().into_iter().filter_map(|one| self.find(one)).filter(|entry| wanted(entry)).collect()
    }

    /// The certificates that are a user's own.
    pub fn of_user(&self, user: &UserId) -> Vec<RegisterEntry> {
        self.page(|entry| matches!(&entry.holder, Holder::User(holder) if holder == user), None, usize::MAX)
    }
}
