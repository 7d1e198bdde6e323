//! A held request: what it is, whose it is, and the state that its transitions change.
//! Invariant: a held request leaves by [`Held::take_request`] alone, which gives it to one caller.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use http::{HeaderMap, Method, Uri};
use parking_lot::Mutex as PlainMutex;
use tokio::sync::{Mutex, watch};

use super::spool::HeldBody;
use super::stage::Stage;
use crate::approval::id::ApprovalId;
use crate::approval::question::Details;
use crate::chain::policy::transaction::{By, Transaction};
use crate::clock::Timestamp;
use crate::facts::client_address::ClientAddress;
use crate::facts::request_digest::RequestDigest;
use crate::principal::certificate::Fingerprint;
use crate::principal::user::UserId;
use crate::random::base64url;
use crate::session::SessionId;

/// The id of a transaction: 128 bits, base64url. It names a transaction and authorises nothing.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TransactionId(Arc<str>);

impl TransactionId {
    /// The id of these bytes.
    pub(super) fn of(bytes: &[u8; 16]) -> Self {
        Self(base64url(bytes).into())
    }

    /// Reads the text of an id.
    pub fn parse(text: &str) -> Option<Self> {
        crate::random::from_base64url::<16>(text).map(|_| Self(text.into()))
    }

    /// The text, 22 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name under which a transaction asks for approvals.
    pub(super) fn asker(&self) -> String {
        format!("transaction/{self}")
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

/// The owner of a held request: only this owner may look at it, cancel it and fetch its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A session.
    Session(SessionId),
    /// A machine, by its certificate.
    Machine(Fingerprint),
}

/// The request itself, as the client sent it.
#[derive(Debug)]
pub struct HeldRequest {
    /// The method.
    pub method: Method,
    /// The target.
    pub uri: Uri,
    /// The header fields, as they came.
    pub headers: HeaderMap,
    /// The body.
    pub body: Arc<HeldBody>,
}

/// A request that is to be held.
#[derive(Debug)]
pub struct NewTransaction {
    /// The rule that holds it.
    pub rule: Arc<Transaction>,
    /// Its owner.
    pub owner: Owner,
    /// The requester; `None`: a machine.
    pub user: Option<UserId>,
    /// The digest of the request.
    pub digest: RequestDigest,
    /// What approvers are shown of it.
    pub details: Details,
    /// The client's address.
    pub address: ClientAddress,
    /// The browser, as the session describes it.
    pub agent: String,
    /// Host and port.
    pub authority: String,
    /// The request itself.
    pub request: HeldRequest,
}

/// A request that is held.
pub struct Held {
    /// Its id.
    pub id: TransactionId,
    /// The rule that holds it.
    pub rule: Arc<Transaction>,
    /// Its owner.
    pub owner: Owner,
    /// The requester; `None`: a machine.
    pub user: Option<UserId>,
    /// The digest of the request: approvals are for exactly this, and exactly this is forwarded.
    pub digest: RequestDigest,
    /// What approvers are shown of it.
    pub details: Details,
    /// The client's address.
    pub address: ClientAddress,
    /// The browser, as the session describes it.
    pub agent: String,
    /// The method.
    pub method: Method,
    /// Host and port.
    pub authority: String,
    /// Path and query.
    pub target: String,
    /// Whether the request carries an `Idempotency-Key` and is therefore done once (draft-ietf-httpapi-idempotency-key-header).
    pub is_keyed: bool,
    /// When it was held.
    pub asked_at: Timestamp,
    /// From this moment on it cannot be approved.
    pub expires_at: Timestamp,
    /// Its stage. The lock is held for the whole of a transition, so that each transition happens once.
    pub stage: Mutex<Stage>,
    over: AtomicBool,
    /// Whether it was sent to the upstream, or may have been.
    sent: AtomicBool,
    request: PlainMutex<Option<HeldRequest>>,
    changed: watch::Sender<u32>,
    asked: PlainMutex<Vec<ApprovalId>>,
    forgotten_at: PlainMutex<Option<Timestamp>>,
    /// Unset until approvers are prompted.
    quorum_reachable: OnceLock<bool>,
}

impl fmt::Debug for Held {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Held({} {}/{})", self.id, self.rule.app, self.rule.name)
    }
}

impl Held {
    /// A request that is held from `now` on.
    pub(super) fn new(id: TransactionId, new: NewTransaction, now: Timestamp) -> Self {
        let (changed, _) = watch::channel(0);
        let first = match (new.rule.password, new.rule.by) {
            (true, _) => Stage::Password,
            (false, By::Code) => Stage::Code,
            (false, By::Push) => Stage::Asked(Vec::new()),
        };
        Self {
            id,
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
            quorum_reachable: OnceLock::new(),
        }
    }

    /// Takes the request out: one caller gets it.
    pub fn take_request(&self) -> Option<HeldRequest> {
        self.request.lock().take()
    }

    /// The header fields of the request; empty once the request was taken out.
    pub fn fields(&self) -> HeaderMap {
        let request = self.request.lock();
        request.as_ref().map(|request| request.headers.clone()).unwrap_or_default()
    }

    /// Remembers which approvals are asked for.
    pub(super) fn remember(&self, asked: &[ApprovalId]) {
        *self.asked.lock() = asked.to_vec();
    }

    /// The approvals that were asked for.
    pub fn asked(&self) -> Vec<ApprovalId> {
        self.asked.lock().clone()
    }

    /// `Some(false)` if rate limiting leaves fewer approvers than the rule requires; `None` before approvers are prompted,
    /// and for rules without push.
    pub fn quorum_reachable(&self) -> Option<bool> {
        self.quorum_reachable.get().copied()
    }

    /// Records that approvers were prompted, and whether enough of them got a push.
    pub(super) fn set_quorum_reachable(&self, is_reachable: bool) {
        let _only_once = self.quorum_reachable.set(is_reachable);
    }

    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    /// Whether it was sent to the upstream, or may have been.
    pub(super) fn was_sent(&self) -> bool {
        self.sent.load(Ordering::SeqCst)
    }

    /// Records whether it was sent to the upstream, or may have been.
    pub(super) fn set_sent(&self, sent: bool) {
        self.sent.store(sent, Ordering::SeqCst);
    }

    /// A receiver that sees each change from now on.
    pub fn subscribe(&self) -> watch::Receiver<u32> {
        self.changed.subscribe()
    }

    /// Wakes everybody who waits for a change.
    pub(super) fn notify(&self) {
        self.changed.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Drops the request and marks it as over; it is forgotten at `until`.
    pub(super) fn close(&self, until: Timestamp) {
        self.over.store(true, Ordering::SeqCst);
        drop(self.take_request());
        *self.forgotten_at.lock() = Some(until);
        self.notify();
    }

    /// Whether it is to be forgotten at `now`.
    pub(super) fn is_forgotten(&self, now: Timestamp) -> bool {
        self.forgotten_at.lock().is_some_and(|at| at <= now)
    }
}
