//! Who presented which certificate, and when. Noted in memory on the road, written now and then.
//! Invariant: noting waits for nothing.

use std::sync::Arc;

use dashmap::DashMap;

use super::{Fingerprint, names, records};
use crate::account::UserId;
use crate::clock::{SharedClock, Timestamp};
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::store::database::{Database, DatabaseError};

/// Sightings that wait to be written at most; beyond it new ones are left out.
const WAITING: usize = 10_000;

/// One user's use of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// SHA-256 of its DER.
    pub fingerprint: Fingerprint,
    /// Who was signed in; `None`: nobody.
    pub user: Option<UserId>,
    /// Its subject, as text.
    pub subject: String,
    /// Its issuer, as text.
    pub issuer: String,
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// Its own end.
    pub not_after: Timestamp,
    /// Where it was presented from the last time.
    pub address: ClientAddress,
    /// The first time.
    pub first_seen: Timestamp,
    /// The last time, to a few minutes.
    pub last_seen: Timestamp,
}

/// The list.
#[derive(Debug)]
pub struct Sightings {
    database: Database,
    clock: SharedClock,
    waiting: DashMap<(Fingerprint, Option<UserId>), Waiting>,
}

/// What was shown, from where, when.
type Waiting = (Arc<PresentedCertificate>, ClientAddress, Timestamp);

impl Sightings {
    pub(super) fn new(database: Database, clock: SharedClock) -> Self {
        Self { database, clock, waiting: DashMap::new() }
    }

    /// Notes that a certificate was presented: once a connection, and when its user becomes known.
    pub fn note(&self, presented: &Arc<PresentedCertificate>, user: Option<&UserId>, address: ClientAddress) {
        let key = (presented.fingerprint(), user.cloned());
        if self.waiting.len() < WAITING || self.waiting.contains_key(&key) {
            self.waiting.insert(key, (Arc::clone(presented), address, self.clock.now()));
        }
    }

    /// Writes what waits.
    ///
    /// # Errors
    /// [`DatabaseError`]: what waited is lost.
    pub async fn flush(&self) -> Result<(), DatabaseError> {
        let keys: Vec<_> = self.waiting.iter().map(|waiting| waiting.key().clone()).collect();
        let mut seen = Vec::new();
        for key in keys {
            let Some(((fingerprint, user), (presented, address, at))) = self.waiting.remove(&key) else { continue };
            let Some(words) = presented.chain().first().and_then(|der| names::words(der)) else { continue };
            seen.push(Sighting {
                fingerprint,
                user,
                subject: words.subject,
                issuer: words.issuer,
                serial: words.serial,
                not_after: words.not_after,
                address,
                first_seen: at,
                last_seen: at,
            });
        }
        if seen.is_empty() { Ok(()) } else { records::see(&self.database, &seen).await }
    }

    /// What a user presented, or what anybody did; the latest first, at most 1,000.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn list(&self, user: Option<&UserId>) -> Result<Vec<Sighting>, DatabaseError> {
        self.flush().await?;
        records::sightings(&self.database, user).await
    }

    /// Who presented a certificate.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn of(&self, fingerprint: Fingerprint) -> Result<Vec<Sighting>, DatabaseError> {
        let mut found = self.list(None).await?;
        found.retain(|sighting| sighting.fingerprint == fingerprint);
        Ok(found)
    }

    /// Forgets what was last seen before `before`, and all of users that are gone.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn forget(&self, before: Timestamp) -> Result<(), DatabaseError> {
        records::forget_sightings(&self.database, before).await
    }
}
