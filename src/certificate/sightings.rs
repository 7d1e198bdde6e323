//! Who presented which certificate, and when. Noted in memory while requests are served, written periodically.
//! Anybody can make any number of certificates: of unknown ones only a few are kept, for a limited time, so that an
//! administrator can enter one in the register. Unknown ones replace each other, never a known one.
//! Invariant: noting waits for nothing.

use std::collections::HashMap;
use std::net::IpAddr;

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use parking_lot::Mutex;

use super::names::CertificateText;
use super::sighting::{Sighting, SightingQuery};
use super::{names, records};
use crate::clock::{SharedClock, Timestamp};
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::Fingerprint;
use crate::principal::user::UserId;
use crate::store::database::{Database, DatabaseError};

/// Sightings that wait to be written at most; beyond it new ones are left out.
const WAITING: usize = 10_000;

/// Certificates of strangers that are kept at most …
const STRANGERS: usize = 200;

/// … and of one network of theirs.
const OF_NETWORK: usize = 10;

/// The list.
#[derive(Debug)]
pub struct Sightings {
    database: Database,
    clock: SharedClock,
    waiting: DashMap<(Fingerprint, Option<UserId>), PendingSighting>,
    strangers: Mutex<Strangers>,
    flushing: tokio::sync::Mutex<()>,
}

/// What was shown, from where, when.
#[derive(Clone, Debug)]
struct PendingSighting {
    words: CertificateText,
    address: ClientAddress,
    at: Timestamp,
}

/// What strangers showed since the last writing.
#[derive(Debug, Default)]
struct Strangers {
    waiting: HashMap<Fingerprint, PendingSighting>,
    networks: HashMap<IpAddr, usize>,
}

impl Sightings {
    pub(super) fn new(database: Database, clock: SharedClock) -> Self {
        Self { database, clock, waiting: DashMap::new(), strangers: Mutex::default(), flushing: tokio::sync::Mutex::default() }
    }

    /// Notes that a certificate was presented: once a connection, and when its user becomes known. `is_known`: an authority
    /// of ours stands behind it, or it is in the register.
    pub fn note(&self, presented: &PresentedCertificate, user: Option<&UserId>, address: ClientAddress, is_known: bool) {
        let at = self.clock.now();
        // A few words are kept of it, never the chain: that may have 64 KiB.
        let words = || presented.chain().first().and_then(|der| names::words(der));
        if !is_known {
            return self.strangers.lock().note(presented.fingerprint(), address, at, words);
        }
        let is_full = self.waiting.len() >= WAITING;
        match self.waiting.entry((presented.fingerprint(), user.cloned())) {
            Entry::Occupied(mut present) => {
                let waiting = present.get_mut();
                (waiting.address, waiting.at) = (address, at);
            }
            Entry::Vacant(free) if !is_full => {
                if let Some(words) = words() {
                    free.insert(PendingSighting { words, address, at });
                }
            }
            Entry::Vacant(_) => {}
        }
    }

    /// Writes what waits: when this resolves, what was noted before can be read, also what another flush was about to write.
    ///
    /// # Errors
    /// [`DatabaseError`]: what waited is lost.
    pub async fn flush(&self) -> Result<(), DatabaseError> {
        let _alone = self.flushing.lock().await;
        let keys: Vec<_> = self.waiting.iter().map(|waiting| waiting.key().clone()).collect();
        let known = keys.iter().filter_map(|key| self.waiting.remove(key));
        let mut seen: Vec<_> = known.map(|((fingerprint, user), waiting)| (waiting.sighting(fingerprint, user), None)).collect();
        let strangers = std::mem::take(&mut *self.strangers.lock()).waiting;
        let any_stranger = !strangers.is_empty();
        seen.extend(strangers.into_iter().map(|(fingerprint, waiting)| {
            let network = waiting.address.counting_network();
            (waiting.sighting(fingerprint, None), Some(network))
        }));
        if !seen.is_empty() {
            records::see(&self.database, &seen).await?;
        }
        if any_stranger {
            records::thin_strangers(&self.database, OF_NETWORK, STRANGERS).await?;
        }
        Ok(())
    }

    /// What was presented that a query finds, the latest first.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn list(&self, query: &SightingQuery) -> Result<Vec<Sighting>, DatabaseError> {
        self.flush().await?;
        records::sightings(&self.database, query).await
    }

    /// Forgets what was last seen before `before`, of strangers what was before `strangers`, and all of users that are gone.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn forget(&self, before: Timestamp, strangers: Timestamp) -> Result<(), DatabaseError> {
        records::forget_sightings(&self.database, before, strangers).await
    }
}

impl Strangers {
    fn note(
        &mut self,
        which: Fingerprint,
        address: ClientAddress,
        at: Timestamp,
        words: impl FnOnce() -> Option<CertificateText>,
    ) {
        if let Some(waiting) = self.waiting.get_mut(&which) {
            (waiting.address, waiting.at) = (address, at);
            return;
        }
        let network = address.counting_network();
        let of_network = self.networks.get(&network).copied().unwrap_or(0);
        if self.waiting.len() >= STRANGERS || of_network >= OF_NETWORK {
            return;
        }
        if let Some(words) = words() {
            self.networks.insert(network, of_network + 1);
            self.waiting.insert(which, PendingSighting { words, address, at });
        }
    }
}

impl PendingSighting {
    fn sighting(self, fingerprint: Fingerprint, user: Option<UserId>) -> Sighting {
        let Self { words: CertificateText { subject, issuer, serial, not_after }, address, at } = self;
        Sighting { fingerprint, user, subject, issuer, serial, not_after, address, first_seen: at, last_seen: at }
    }
}
