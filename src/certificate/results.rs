//! How check 2 ended for each user, and why it did not pass. Noted in memory while requests are served, written
//! periodically, for each app by itself. A user may present any number of certificates: of each user the latest results are kept,
//! up to a bound.
//! Invariant: noting waits for nothing.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use parking_lot::Mutex;

use super::passed::{Backing, PassedCertificate};
use super::result::{CertificateOutcome, CertificateResult, CertificateResultQuery};
use super::{names, result_records};
use crate::clock::{SharedClock, Timestamp};
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::Fingerprint;
use crate::principal::user::UserId;
use crate::store::database::{Database, DatabaseError};

/// Results that wait to be written at most; beyond it new ones are left out.
const WAITING: usize = 10_000;

/// Results of one user that are kept at most: of those that passed, and of all others. What a user is refused with never takes
/// the place of what passed.
pub const OF_USER: usize = 50;

type Key = (UserId, Option<Fingerprint>, CertificateOutcome, &'static str, Arc<str>);

/// The list.
#[derive(Debug)]
pub struct CertificateResults {
    database: Database,
    clock: SharedClock,
    waiting: Mutex<HashMap<Key, CertificateResult>>,
    flushing: tokio::sync::Mutex<()>,
}

impl CertificateResults {
    pub(super) fn new(database: Database, clock: SharedClock) -> Self {
        Self { database, clock, waiting: Mutex::default(), flushing: tokio::sync::Mutex::default() }
    }

    /// Notes how check 2 ended for a user; `reason` is empty where it passed. To be called when that differs from the last time on
    /// a connection, and every few minutes.
    pub(super) fn note(
        &self,
        user: &UserId,
        presented: Option<(&PresentedCertificate, Backing)>,
        (outcome, reason): (CertificateOutcome, &'static str),
        app: &Arc<str>,
        address: ClientAddress,
    ) {
        let now = self.clock.now();
        let (presented, backing) = presented.unzip();
        let fingerprint = presented.map(PresentedCertificate::fingerprint);
        let key = (user.clone(), fingerprint, outcome, reason, Arc::clone(app));
        let backing = backing.unwrap_or_default();
        let mut waiting = self.waiting.lock();
        if let Some(waiting) = waiting.get_mut(&key) {
            let backing = Backing { not_after: waiting.backing.not_after, ..backing };
            (waiting.backing, waiting.address, waiting.last_at) = (backing, address, now);
            return;
        }
        if waiting.len() >= WAITING {
            return;
        }
        let words = presented.and_then(|presented| names::words(presented.chain().first()?));
        let result = CertificateResult {
            user: user.clone(),
            fingerprint,
            backing: Backing { not_after: words.as_ref().map(|words| words.not_after), ..backing },
            subject: words.map(|words| words.subject).unwrap_or_default(),
            outcome,
            reason: reason.to_owned(),
            app: Arc::clone(app),
            address,
            first_at: now,
            last_at: now,
        };
        waiting.insert(key, result);
    }

    /// Writes what waits: when this resolves, what was noted before can be read.
    ///
    /// # Errors
    /// [`DatabaseError`]: what waited is lost.
    pub async fn flush(&self) -> Result<(), DatabaseError> {
        let _alone = self.flushing.lock().await;
        let waiting = std::mem::take(&mut *self.waiting.lock());
        if waiting.is_empty() {
            return Ok(());
        }
        let results: Vec<CertificateResult> = waiting.into_values().collect();
        result_records::write(&self.database, &results, OF_USER).await
    }

    /// The results that a query finds, the latest first, each with its place in the list: its moment and its id.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn list(&self, query: &CertificateResultQuery) -> Result<Vec<(CertificateResult, String)>, DatabaseError> {
        self.flush().await?;
        result_records::page(&self.database, query).await
    }

    /// With which certificates check 2 passed for whom, and what stood behind them.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn passed(&self) -> Result<Vec<PassedCertificate>, DatabaseError> {
        self.flush().await?;
        result_records::passed(&self.database, None).await
    }

    /// The same for one user, found by an index.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn passed_of(&self, user: &UserId) -> Result<Vec<PassedCertificate>, DatabaseError> {
        self.flush().await?;
        result_records::passed(&self.database, Some(user)).await
    }

    /// Which certificates of the register have ended by what they say themselves, of those that were not issued here and were shown.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn ended(&self, now: Timestamp) -> Result<HashSet<Fingerprint>, DatabaseError> {
        result_records::ended(&self.database, now, None).await
    }

    /// Whether this certificate has, found by an index.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn has_ended(&self, certificate: Fingerprint, now: Timestamp) -> Result<bool, DatabaseError> {
        Ok(!result_records::ended(&self.database, now, Some(certificate)).await?.is_empty())
    }

    /// Forgets what last ended so before `before`, and all of users that are gone.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn forget(&self, before: Timestamp) -> Result<(), DatabaseError> {
        result_records::forget(&self.database, before).await
    }
}
