//! Pages of the register: read in memory, in the order of the fingerprints.

use std::collections::BinaryHeap;

use super::ClientCertificates;
use crate::certificate::entry::RegisterEntry;
use crate::principal::certificate::{Fingerprint, Holder};
use crate::principal::user::{UserId, UserStanding};

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

    /// The certificates that were issued here and are for this user: their own, and, where certificates count for them, those of
    /// their groups and of anybody that may still count.
    pub fn issued_for(&self, user: &UserStanding) -> Vec<RegisterEntry> {
        let now = self.clock.now();
        let is_for = |entry: &RegisterEntry| match &entry.holder {
            Holder::User(holder) => *holder == user.user,
            Holder::Group(group) => user.is_in(group) && user.certificates.counts() && entry.is_alive(now),
            Holder::Shared => user.certificates.counts() && entry.is_alive(now),
            Holder::Machine(_) | Holder::Nobody => false,
        };
        self.page(|entry| entry.issued.is_some() && is_for(entry), None, usize::MAX)
    }

    /// The certificates that are a user's own.
    pub fn of_user(&self, user: &UserId) -> Vec<RegisterEntry> {
        self.page(|entry| matches!(&entry.holder, Holder::User(holder) if holder == user), None, usize::MAX)
    }
}
