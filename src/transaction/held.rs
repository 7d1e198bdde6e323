//! Transactions: single requests, held at the gateway until they are approved by themselves, and then forwarded once, byte
//! for byte. Here is what is held and how it stands; who is asked, and what an answer means, is
//! worked out in `core::transactions`, where approvals and users are at hand.
//! Invariant: a held request leaves by [`Held::depart`] alone, which gives it to one caller.

pub mod fields;
pub mod receipt;
mod records;
pub mod spool;
pub mod verify;
#[cfg(test)]
pub(crate) mod testing;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex as PlainMutex, OnceLock, PoisonError};
use std::time::Duration;

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use http::{HeaderMap, Method, Uri};
use tokio::sync::{Mutex, watch};

pub use self::records::{GivenAnswer, Record, Sought};
use self::spool::{HeldBody, Spool};
use crate::approval::Consent;
use crate::approval::question::{ApprovalId, Details};
use crate::chain::policy::transaction::{By, Transaction};
use crate::clock::{SharedClock, Timestamp};
use crate::factor::Proof;
use crate::facts::client_address::ClientAddress;
use crate::facts::request_digest::RequestDigest;
use crate::principal::certificate::Fingerprint;
use crate::principal::user::UserId;
use crate::random::{SharedRandom, base64url};
use crate::session::SessionId;
use crate::store::database::{Database, DatabaseError};

/// How long what was approved waits for whoever asked to come for it.
pub const COLLECTED_WITHIN: Duration = Duration::from_secs(300);
/// How long memory remembers how one ended.
const REMEMBERED: Duration = Duration::from_secs(900);

/// The id of a transaction: 128 bits, base64url. It names, it opens nothing.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TransactionId(Arc<str>);

impl TransactionId {
    /// Reads the text of an id.
    pub fn parse(text: &str) -> Option<Self> {
        crate::random::from_base64url::<16>(text).map(|_| Self(text.into()))
    }

    /// The text, 22 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TransactionId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for TransactionId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "TransactionId({})", self.0)
    }
}

/// Whose a held request is: nobody else learns of it, cancels it or comes for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A session's.
    Session(SessionId),
    /// A machine's, by its certificate.
    Machine(Fingerprint),
}

/// The request that is held.
#[derive(Debug)]
pub struct HeldRequest {
    /// Its method.
    pub method: Method,
    /// Its target.
    pub uri: Uri,
    /// Its fields, as they came.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Arc<HeldBody>,
}

/// What makes a held request one that may be forwarded.
#[derive(Debug)]
pub enum Agreement {
    /// Approvals on phones.
    Consents(Vec<Consent>),
    /// A code that whoever asks typed.
    Code(Proof),
}

/// How a transaction stands.
#[derive(Debug)]
pub enum Stage {
    /// The transaction password is asked for.
    Password,
    /// A code is asked for.
    Code,
    /// Phones are asked.
    Asked(Vec<ApprovalId>),
    /// Whoever asked may come for it, until then.
    Approved(Agreement, Timestamp),
    /// It is on its way.
    Forwarding,
    /// It is over.
    Ended(Ending),
}

/// What a transaction that is not over waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// The transaction password.
    Password,
    /// A code.
    Code,
    /// Phones.
    Pending,
    /// The requester, who comes for it.
    Approved,
    /// The upstream's answer.
    Forwarding,
}

/// How a transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The upstream answered with this status.
    Forwarded(u16),
    /// Somebody who was asked said no.
    Denied,
    /// Whoever asked, or an administrator, took it back.
    Cancelled,
    /// Its time is over.
    Expired,
    /// When it was to be forwarded, the chain said no to it: the session had ended, came from elsewhere, …
    Refused,
    /// It was approved, and no upstream could be reached: it did not happen.
    NotSent,
    /// It was sent, and no answer came: whether it happened, the app alone knows.
    Unknown,
}

impl Ending {
    /// The word in the record, the API and the audit log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Forwarded(_) => "forwarded",
            Self::Denied => "denied",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Refused => "refused",
            Self::NotSent => "not_sent",
            Self::Unknown => "unknown",
        }
    }
}

impl Stage {
    /// What it waits for; `None` where it is over.
    pub const fn waits_for(&self) -> Option<WaitsFor> {
        match self {
            Self::Password => Some(WaitsFor::Password),
            Self::Code => Some(WaitsFor::Code),
            Self::Asked(_) => Some(WaitsFor::Pending),
            Self::Approved(..) => Some(WaitsFor::Approved),
            Self::Forwarding => Some(WaitsFor::Forwarding),
            Self::Ended(_) => None,
        }
    }

    /// The word in the API.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
            Self::Asked(_) => "pending",
            Self::Approved(..) => "approved",
            Self::Forwarding => "forwarding",
            Self::Ended(ending) => ending.word(),
        }
    }
}

/// A request that is held.
pub struct Held {
    /// Its id.
    pub id: TransactionId,
    /// What it is.
    pub rule: Arc<Transaction>,
    /// Whose.
    pub owner: Owner,
    /// Who asks; `None`: a machine.
    pub user: Option<UserId>,
    /// What was approved is this, and is forwarded.
    pub digest: RequestDigest,
    /// What is shown of it.
    pub details: Details,
    /// Where from.
    pub address: ClientAddress,
    /// With which browser.
    pub agent: String,
    /// Its method.
    pub method: Method,
    /// Host and port.
    pub authority: String,
    /// Path and query.
    pub target: String,
    /// Whether it says by a key of its own that it is to be done once (draft-ietf-httpapi-idempotency-key-header).
    pub is_keyed: bool,
    /// When it was held.
    pub asked_at: Timestamp,
    /// From when on nobody may approve it.
    pub expires_at: Timestamp,
    /// How it stands: held across what changes it, so that each change is made once.
    pub stage: Mutex<Stage>,
    over: AtomicBool,
    /// Whether it was sent, or may have been.
    sent: AtomicBool,
    request: PlainMutex<Option<HeldRequest>>,
    changed: watch::Sender<u32>,
    asked: PlainMutex<Vec<ApprovalId>>,
    forgotten_at: PlainMutex<Option<Timestamp>>,
    /// Whether as many phones as must say yes may be asked; unset before any is.
    reached: OnceLock<bool>,
}

impl fmt::Debug for Held {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Held({} {}/{})", self.id, self.rule.app, self.rule.name)
    }
}

impl Held {
    /// Gives the request away: one caller gets it.
    pub fn depart(&self) -> Option<HeldRequest> {
        self.request.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The fields of its head; none once it was given away.
    pub fn fields(&self) -> HeaderMap {
        let request = self.request.lock().unwrap_or_else(PoisonError::into_inner);
        request.as_ref().map(|request| request.headers.clone()).unwrap_or_default()
    }

    /// Keeps in mind which questions were put.
    pub fn remember(&self, asked: &[ApprovalId]) {
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = asked.to_vec();
    }

    /// Whether as many phones as must say yes may be asked; `None`: none was asked yet.
    pub fn reached(&self) -> Option<bool> {
        self.reached.get().copied()
    }

    /// That phones were asked, and whether that may be enough.
    pub fn note_reached(&self, enough: bool) {
        let _only_once = self.reached.set(enough);
    }

    /// The questions that were put.
    pub fn asked(&self) -> Vec<ApprovalId> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    /// Told of each change from now on.
    pub fn follow(&self) -> watch::Receiver<u32> {
        self.changed.subscribe()
    }

    /// Tells that something changed.
    pub fn tell(&self) {
        self.changed.send_modify(|count| *count = count.wrapping_add(1));
    }

    fn close(&self, until: Timestamp) {
        self.over.store(true, Ordering::SeqCst);
        drop(self.depart());
        *self.forgotten_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
        self.tell();
    }
}

/// A request that is to be held.
#[derive(Debug)]
pub struct NewTransaction {
    /// What it is.
    pub rule: Arc<Transaction>,
    /// Whose.
    pub owner: Owner,
    /// Who asks.
    pub user: Option<UserId>,
    /// Its digest.
    pub digest: RequestDigest,
    /// What is shown of it.
    pub details: Details,
    /// Where from.
    pub address: ClientAddress,
    /// With which browser.
    pub agent: String,
    /// Host and port.
    pub authority: String,
    /// The request itself.
    pub request: HeldRequest,
}

/// How a request that is to be held was taken.
#[derive(Debug)]
pub enum Taken {
    /// It is held.
    New(Arc<Held>),
    /// The very same is held already: it joins that one, and nobody is asked twice.
    Joined(Arc<Held>),
    /// It says by its key that it is to be done once, and it was.
    Before(Arc<Held>),
}

/// Why a request is not kept until it is approved.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    /// As many are held as may be, of this owner or in all.
    #[error("hold the request: too many are held")]
    TooMany,
    /// It could not be written down.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// What a transaction came to, as it is written down.
struct End {
    id: TransactionId,
    ending: Ending,
    answers: Vec<GivenAnswer>,
    receipt: Option<String>,
    at: Timestamp,
}

/// A time in which one approval covers others of its kind.
struct Cover {
    consents: Arc<Vec<Consent>>,
    id: TransactionId,
    until: Timestamp,
}

/// All that is held.
pub struct Transactions {
    database: Database,
    clock: SharedClock,
    random: SharedRandom,
    /// Where bodies lie.
    pub spool: Spool,
    most: usize,
    held: DashMap<TransactionId, Arc<Held>>,
    by_request: DashMap<(Owner, RequestDigest), Arc<Held>>,
    covers: DashMap<(Owner, Arc<str>, Arc<str>), Cover>,
    unwritten: PlainMutex<Vec<End>>,
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
            covers: DashMap::new(),
            unwritten: PlainMutex::default(),
        }
    }

    /// Says of what the process before this one held how it ended.
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

    /// The very same request of this owner, held already, or done before where it says that it is to be done once.
    pub fn same(&self, owner: Owner, digest: RequestDigest) -> Option<Taken> {
        let there = self.by_request.get(&(owner, digest))?;
        if !there.is_over() {
            return Some(Taken::Joined(Arc::clone(&there)));
        }
        (there.is_keyed && there.sent.load(Ordering::SeqCst)).then(|| Taken::Before(Arc::clone(&there)))
    }

    /// Holds a request, unless the very same is held already.
    ///
    /// # Errors
    /// [`NotKept`]: it is not held then.
    pub async fn take(&self, new: NewTransaction) -> Result<Taken, NotKept> {
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
        // What is over is remembered for a while, without its body: that must not shut out others, nor grow without end.
        let share = (self.most / 100).max(8);
        if open >= self.most || own_open >= share || own >= share.saturating_mul(8) {
            return Err(NotKept::TooMany);
        }
        let (changed, _) = watch::channel(0);
        let first = match (new.rule.password, new.rule.by) {
            (true, _) => Stage::Password,
            (false, By::Code) => Stage::Code,
            (false, By::Push) => Stage::Asked(Vec::new()),
        };
        let held = Arc::new(Held {
            id: TransactionId(base64url(&self.random.id()).into()),
            method: new.request.method.clone(),
            target: new.request.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned(),
            authority: new.authority,
            is_keyed: new.request.headers.contains_key("idempotency-key"),
            expires_at: now.plus(new.rule.waits),
            rule: new.rule,
            owner: new.owner,
            user: new.user,
            digest: new.digest,
            details: new.details,
            address: new.address,
            agent: new.agent,
            asked_at: now,
            stage: Mutex::new(first),
            over: AtomicBool::new(false),
            sent: AtomicBool::new(false),
            request: PlainMutex::new(Some(new.request)),
            changed,
            asked: PlainMutex::default(),
            forgotten_at: PlainMutex::new(None),
            reached: OnceLock::new(),
        });
        // Of any number of the same that come at once, one is held.
        match self.by_request.entry((held.owner, held.digest)) {
            Entry::Occupied(there) if !there.get().is_over() => return Ok(Taken::Joined(Arc::clone(there.get()))),
            Entry::Occupied(there) if there.get().is_keyed && there.get().sent.load(Ordering::SeqCst) => {
                return Ok(Taken::Before(Arc::clone(there.get())));
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
        Ok(Taken::New(held))
    }

    /// One that is held, or ended a while ago, and is this owner's.
    pub fn find(&self, id: &TransactionId, owner: Owner) -> Option<Arc<Held>> {
        self.any(id).filter(|held| held.owner == owner)
    }

    /// One, whoever's: for administrators.
    pub fn any(&self, id: &TransactionId) -> Option<Arc<Held>> {
        self.held.get(id).map(|held| Arc::clone(&held))
    }

    /// All that have not ended, oldest first.
    pub fn open(&self) -> Vec<Arc<Held>> {
        let mut open: Vec<_> = self.held.iter().filter(|held| !held.is_over()).map(|held| Arc::clone(&held)).collect();
        open.sort_by_key(|held| held.asked_at);
        open
    }

    /// Writes down that one is on its way, before a byte of it leaves: a crash from here on is told as unknown.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn forwarding(&self, held: &Held) -> Result<bool, DatabaseError> {
        records::forwarding(&self.database, &held.id).await
    }

    /// Ends one: its body is gone, and what became of it is written down, at the moment that its receipt says.
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
        held.sent.store(matches!(ending, Ending::Forwarded(_) | Ending::Unknown), Ordering::SeqCst);
        held.close(at.plus(REMEMBERED));
        metrics::counter!("sekisho_transactions_ended_total", "outcome" => ending.word()).increment(1);
        let end = End { id: held.id.clone(), ending, answers: answers.to_vec(), receipt: receipt.map(str::to_owned), at };
        let written = records::end(&self.database, &end).await;
        if written.is_err() {
            self.unwritten.lock().unwrap_or_else(PoisonError::into_inner).push(end);
        }
        written
    }

    /// Writes down again what could not be written when it ended (a full disk, a database that was away).
    ///
    /// # Errors
    /// [`DatabaseError`]: it is tried again the next time.
    pub async fn write_again(&self) -> Result<(), DatabaseError> {
        let unwritten = std::mem::take(&mut *self.unwritten.lock().unwrap_or_else(PoisonError::into_inner));
        let mut left = unwritten.into_iter();
        while let Some(end) = left.next() {
            if let Err(error) = records::end(&self.database, &end).await {
                let mut unwritten = self.unwritten.lock().unwrap_or_else(PoisonError::into_inner);
                unwritten.push(end);
                unwritten.extend(left);
                return Err(error);
            }
        }
        Ok(())
    }

    /// Lets consents cover further requests of this kind and owner, until then.
    pub fn cover(&self, held: &Held, consents: Arc<Vec<Consent>>, until: Timestamp) {
        let key = (held.owner, Arc::clone(&held.rule.app), Arc::clone(&held.rule.name));
        self.covers.insert(key, Cover { consents, id: held.id.clone(), until });
    }

    /// What covers a request of this kind now, and the transaction it was given for.
    pub fn covering(&self, owner: Owner, rule: &Transaction) -> Option<(Arc<Vec<Consent>>, TransactionId)> {
        if self.covers.is_empty() {
            return None;
        }
        let key = (owner, Arc::clone(&rule.app), Arc::clone(&rule.name));
        let cover = self.covers.get(&key).filter(|cover| self.clock.now() < cover.until)?;
        Some((Arc::clone(&cover.consents), cover.id.clone()))
    }

    /// Takes away what an approval covers that `which` picks: nothing more is covered by it.
    pub fn uncover(&self, which: impl Fn(&Consent) -> bool) {
        self.covers.retain(|_, cover| !cover.consents.iter().any(&which));
    }

    /// Forgets those that ended a while ago; called now and then.
    pub fn sweep(&self) {
        let now = self.clock.now();
        let old: Vec<Arc<Held>> = self
            .held
            .iter()
            .filter(|held| held.forgotten_at.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|at| at <= now))
            .map(|held| Arc::clone(&held))
            .collect();
        for held in old {
            self.forget(&held);
        }
        self.covers.retain(|_, cover| now < cover.until);
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
    pub async fn record(&self, id: &TransactionId) -> Result<Option<Record>, DatabaseError> {
        records::find(&self.database, id).await
    }

    /// Records, newest first.
    ///
    /// # Errors
    /// As [`Self::record`].
    pub async fn list(&self, sought: &Sought) -> Result<Vec<Record>, DatabaseError> {
        records::list(&self.database, sought).await
    }
}
