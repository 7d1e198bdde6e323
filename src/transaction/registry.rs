//! The registry of all held requests: which are held, which of the same came before, what is written down when one ends.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use parking_lot::Mutex as PlainMutex;

use super::cover::Covers;
use super::error::HeldError;
use super::held::{Held, NewTransaction, Owner, TransactionId};
use super::records::{self, EndedTransaction, GivenAnswer, RecordedTransaction, TransactionQuery};
use super::spool::Spool;
use super::stage::Ending;
use crate::approval::Consent;
use crate::chain::policy::transaction::Transaction;
use crate::clock::{SharedClock, Timestamp};
use crate::facts::request_digest::RequestDigest;
use crate::random::SharedRandom;
use crate::store::database::{Database, DatabaseError};

/// How long memory remembers how a transaction ended.
const REMEMBERED: Duration = Duration::from_secs(900);

/// What became of a request that is to be held.
#[derive(Debug)]
pub enum HoldOutcome {
    /// It is held.
    New(Arc<Held>),
    /// An identical request is held already: this one joins it, and approvers are asked once.
    Joined(Arc<Held>),
    /// The request carries an `Idempotency-Key`, and it was forwarded before.
    DoneBefore(Arc<Held>),
}

/// All requests that are held, and those that ended a short time ago.
pub struct Transactions {
    database: Database,
    clock: SharedClock,
    random: SharedRandom,
    /// Where bodies are kept.
    pub spool: Spool,
    most: usize,
    held: DashMap<TransactionId, Arc<Held>>,
    by_request: DashMap<(Owner, RequestDigest), Arc<Held>>,
    covers: Covers,
    unwritten: PlainMutex<Vec<EndedTransaction>>,
}

impl fmt::Debug for Transactions {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Transactions({} held)", self.held.len())
    }
}

impl Transactions {
    /// Holds at most `most` requests at once.
    pub fn new(database: Database, spool: Spool, most: usize, clock: SharedClock, random: SharedRandom) -> Self {
        Self {
            database,
            clock,
            random,
            spool,
            most,
            held: DashMap::new(),
            by_request: DashMap::new(),
            covers: Covers::default(),
            unwritten: PlainMutex::default(),
        }
    }

    /// Writes down how the transactions ended that an earlier process held.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn recover(&self) -> Result<(), DatabaseError> {
        let (expired, unknown) = records::recover(&self.database, self.clock.now()).await?;
        if expired + unknown > 0 {
            tracing::warn!(expired, unknown, "transactions_ended_with_the_process");
        }
        Ok(())
    }

    /// The identical request of this owner: held now, or done before if it carries an `Idempotency-Key`.
    pub fn same(&self, owner: Owner, digest: RequestDigest) -> Option<HoldOutcome> {
        let there = self.by_request.get(&(owner, digest))?;
        if !there.is_over() {
            return Some(HoldOutcome::Joined(Arc::clone(&there)));
        }
        (there.is_keyed && there.was_sent()).then(|| HoldOutcome::DoneBefore(Arc::clone(&there)))
    }

    /// Holds a request, unless an identical one is held already.
    ///
    /// # Errors
    /// [`HeldError`]: then it is not held.
    pub async fn take(&self, new: NewTransaction) -> Result<HoldOutcome, HeldError> {
        let now = self.clock.now();
        if let Some(taken) = self.same(new.owner, new.digest) {
            return Ok(taken);
        }
        let (mut open, mut own, mut own_open) = (0, 0, 0);
        for held in &self.held {
            let (is_own, is_open) = (held.owner == new.owner, !held.is_over());
            open += usize::from(is_open);
            own += usize::from(is_own);
            own_open += usize::from(is_own && is_open);
        }
        // Ended transactions are remembered for some minutes, without their bodies: they must neither block new ones nor grow
        // without a limit.
        let share = (self.most / 100).max(8);
        if open >= self.most || own_open >= share || own >= share.saturating_mul(8) {
            return Err(HeldError::TooMany);
        }
        let held = Arc::new(Held::new(TransactionId::of(&self.random.id()), new, now));
        // Of identical requests that arrive at the same time, one is held.
        match self.by_request.entry((held.owner, held.digest)) {
            Entry::Occupied(there) if !there.get().is_over() => return Ok(HoldOutcome::Joined(Arc::clone(there.get()))),
            Entry::Occupied(there) if there.get().is_keyed && there.get().was_sent() => {
                return Ok(HoldOutcome::DoneBefore(Arc::clone(there.get())));
            }
            Entry::Occupied(mut there) => drop(there.insert(Arc::clone(&held))),
            Entry::Vacant(free) => drop(free.insert(Arc::clone(&held))),
        }
        self.held.insert(held.id.clone(), Arc::clone(&held));
        if let Err(error) = records::begin(&self.database, &held).await {
            self.forget(&held);
            return Err(error.into());
        }
        metrics::counter!("sekisho_transactions_held_total").increment(1);
        Ok(HoldOutcome::New(held))
    }

    /// One of this owner that is held, or ended a short time ago.
    pub fn find(&self, id: &TransactionId, owner: Owner) -> Option<Arc<Held>> {
        self.any(id).filter(|held| held.owner == owner)
    }

    /// One of any owner: for administrators.
    pub fn any(&self, id: &TransactionId) -> Option<Arc<Held>> {
        self.held.get(id).map(|held| Arc::clone(&held))
    }

    /// All that have not ended, oldest first.
    pub fn open(&self) -> Vec<Arc<Held>> {
        let mut open: Vec<_> = self.held.iter().filter(|held| !held.is_over()).map(|held| Arc::clone(&held)).collect();
        open.sort_by_key(|held| held.asked_at);
        open
    }

    /// Writes down that one is on its way, before a byte of it leaves: after a crash from here on its outcome is unknown.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn forwarding(&self, held: &Held) -> Result<bool, DatabaseError> {
        records::forwarding(&self.database, &held.id).await
    }

    /// Ends one: drops its body and writes down the outcome, with the same time as in its receipt.
    ///
    /// # Errors
    /// [`DatabaseError`]: it has ended all the same.
    pub async fn end(
        &self,
        held: &Held,
        ending: Ending,
        answers: &[GivenAnswer],
        receipt: Option<&str>,
        at: Timestamp,
    ) -> Result<(), DatabaseError> {
        held.set_sent(matches!(ending, Ending::Forwarded(_) | Ending::Unknown));
        held.close(at.plus(REMEMBERED));
        metrics::counter!("sekisho_transactions_ended_total", "outcome" => ending.word()).increment(1);
        let end =
            EndedTransaction { id: held.id.clone(), ending, answers: answers.to_vec(), receipt: receipt.map(str::to_owned), at };
        let written = records::end(&self.database, &end).await;
        if written.is_err() {
            self.unwritten.lock().push(end);
        }
        written
    }

    /// Writes down again what could not be written when it ended (a full disk, a database that was away).
    ///
    /// # Errors
    /// [`DatabaseError`]: it is tried again the next time.
    pub async fn write_again(&self) -> Result<(), DatabaseError> {
        let unwritten = std::mem::take(&mut *self.unwritten.lock());
        let mut left = unwritten.into_iter();
        while let Some(end) = left.next() {
            if let Err(error) = records::end(&self.database, &end).await {
                let mut unwritten = self.unwritten.lock();
                unwritten.push(end);
                unwritten.extend(left);
                return Err(error);
            }
        }
        Ok(())
    }

    /// Lets consents cover further requests of this kind and owner until `until`.
    pub(super) fn cover(&self, held: &Held, consents: Arc<Vec<Consent>>, until: Timestamp) {
        self.covers.begin(held, consents, until);
    }

    /// The consents that cover a request of this kind now, and the transaction that they were given for.
    pub(super) fn covering(&self, owner: Owner, rule: &Transaction) -> Option<(Arc<Vec<Consent>>, TransactionId)> {
        self.covers.find(owner, rule, self.clock.now())
    }

    /// Ends every cover that rests on a consent that `which` selects.
    pub fn uncover(&self, which: impl Fn(&Consent) -> bool) {
        self.covers.end(which);
    }

    /// Forgets those that ended a while ago; called every half minute.
    pub fn sweep(&self) {
        let now = self.clock.now();
        let old: Vec<Arc<Held>> = self.held.iter().filter(|held| held.is_forgotten(now)).map(|held| Arc::clone(&held)).collect();
        for held in old {
            self.forget(&held);
        }
        self.covers.sweep(now);
    }

    fn forget(&self, held: &Arc<Held>) {
        held.close(self.clock.now());
        self.held.remove(&held.id);
        self.by_request.remove_if(&(held.owner, held.digest), |_, there| Arc::ptr_eq(there, held));
    }

    /// The record of one.
    ///
    /// # Errors
    /// [`DatabaseError`]. So for the list.
    pub async fn record(&self, id: &TransactionId) -> Result<Option<RecordedTransaction>, DatabaseError> {
        records::find(&self.database, id).await
    }

    /// Records, newest first.
    ///
    /// # Errors
    /// As [`Self::record`].
    pub async fn list(&self, sought: &TransactionQuery) -> Result<Vec<RecordedTransaction>, DatabaseError> {
        records::list(&self.database, sought).await
    }
}
