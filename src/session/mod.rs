//! Sessions: evidence gathered, held on the server, named by an opaque cookie; read from memory on the hot path.
//! A session spans the portal and every app; each host has a cookie of its own for it, handed over by a one-time code.
//! Invariant: what [`sessions::Sessions::find`] reads is in memory, and what memory acknowledges is in the directory.

mod binding;
pub mod handover;
mod index;
mod records;
#[cfg(test)]
pub(crate) use self::records::evidence_for_tests;
#[cfg(test)]
mod tests;
pub mod life;
mod revoke;
pub mod sessions;
mod sweep;
mod witness;

use std::fmt;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use arc_swap::{ArcSwap, Guard};
use parking_lot::RwLock;
use tokio_util::sync::CancellationToken;

pub use self::witness::{Administrator, Fresh, NotAdministrator, NotFresh};
use crate::account::user::User;
use crate::chain::evidence::Gathered;
use crate::clock::Timestamp;
use crate::device::Device;
use crate::facts::client_address::ClientAddress;
use crate::principal::certificate::Fingerprint;
use crate::principal::method::CredentialId;
use crate::seal::TokenHash;

/// The scope of the portal's own cookie; an app's scope is its name.
pub const PORTAL: &str = "portal";

/// A session's id: for lists and logs; it opens nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId([u8; 16]);

impl SessionId {
    /// Base64url, 22 characters.
    pub fn text(&self) -> String {
        crate::random::base64url(&self.0)
    }

    /// Reads [`Self::text`].
    pub fn parse(text: &str) -> Option<Self> {
        crate::random::from_base64url(text).map(Self)
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SessionId({})", self.text())
    }
}

/// One session. About 500 bytes in memory with a portal and an app cookie; each field here is paid a million times.
pub struct Session {
    id: SessionId,
    user: Arc<User>,
    /// The user's epoch when it was made: dead as soon as the user's differs.
    epoch: u32,
    evidence: ArcSwap<Gathered>,
    cookies: RwLock<Box<[ScopeCookie]>>,
    browser: Option<CredentialId>,
    created: Timestamp,
    last_seen: AtomicI64,
    /// The `last_seen` that the directory knows.
    written: AtomicI64,
    address: IpAddr,
    agent: Word,
    revoked: AtomicBool,
    ended: OnceLock<CancellationToken>,
}

/// A word that many sessions share: each kept once, named by one thin pointer.
type Word = Arc<Box<str>>;

/// One host's cookie for a session.
#[derive(Clone, Debug)]
struct ScopeCookie {
    token: TokenHash,
    scope: Word,
    certificate: Option<Arc<Fingerprint>>,
    /// What was proved when it was given out: a cookie does not rise with its session (T26).
    evidence: Arc<Gathered>,
    /// The key of the browser that it was given to, where that has one: as soon as the key binds, the cookie counts only
    /// beside the cookie of the device (T26).
    device: Option<Arc<Device>>,
}

impl fmt::Debug for Session {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Session({}, {})", self.id.text(), self.user.id())
    }
}

impl Session {
    /// Its id.
    pub const fn id(&self) -> SessionId {
        self.id
    }

    /// The user of the session.
    pub const fn user(&self) -> &Arc<User> {
        &self.user
    }

    /// What was proved.
    pub fn evidence(&self) -> Guard<Arc<Gathered>> {
        self.evidence.load()
    }

    /// The browser registration it was made with or has registered.
    pub const fn browser(&self) -> Option<CredentialId> {
        self.browser
    }

    /// When its user signed in.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// When it was last used.
    pub fn last_seen(&self) -> Timestamp {
        Timestamp::from_millis(self.last_seen.load(Ordering::Relaxed))
    }

    /// Where its user signed in from.
    pub const fn address(&self) -> ClientAddress {
        ClientAddress::new(self.address)
    }

    /// The browser it was made in, in a few words: `Firefox, Linux`.
    pub fn agent(&self) -> &str {
        &self.agent
    }

    /// Where it has been let in: the portal and the names of apps.
    pub fn scopes(&self) -> Vec<String> {
        let mut scopes: Vec<_> = self.cookies().iter().map(|cookie| cookie.scope.to_string()).collect();
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }

    /// The certificates that its cookies are bound to.
    pub fn certificates(&self) -> Vec<Fingerprint> {
        self.cookies().iter().filter_map(|cookie| cookie.certificate.as_deref().copied()).collect()
    }

    /// The devices that its cookies are bound to, each once.
    pub fn devices(&self) -> Vec<Arc<Device>> {
        let mut devices: Vec<_> = self.cookies().iter().filter_map(|cookie| cookie.device.clone()).collect();
        devices.sort_unstable_by_key(|device| device.id());
        devices.dedup();
        devices
    }

    /// The scopes in which a copy of its cookie opens nothing.
    pub fn bound_scopes(&self) -> Vec<String> {
        let binds = |cookie: &&ScopeCookie| cookie.device.as_ref().is_some_and(|device| device.binds());
        let mut scopes: Vec<_> = self.cookies().iter().filter(binds).map(|cookie| cookie.scope.to_string()).collect();
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }

    /// Cancelled when the session ends, for whatever reason: tunnels and event streams close with it (T25).
    pub fn ended(&self) -> CancellationToken {
        let token = self.ended.get_or_init(|| self.user.presence().child_token()).clone();
        // A revocation or a disabling that came between would have found no token to cancel.
        if self.revoked.load(Ordering::SeqCst) || !self.user.honours(self.epoch) {
            token.cancel();
        }
        token
    }

    fn cookies(&self) -> parking_lot::RwLockReadGuard<'_, Box<[ScopeCookie]>> {
        self.cookies.read()
    }

    fn set_cookies(&self, change: impl FnOnce(&mut Vec<ScopeCookie>)) {
        let mut cookies = self.cookies.write();
        let mut list = std::mem::take(&mut *cookies).into_vec();
        change(&mut list);
        *cookies = list.into_boxed_slice();
    }

    fn end(&self) {
        self.revoked.store(true, Ordering::SeqCst);
        if let Some(token) = self.ended.get() {
            token.cancel();
        }
    }
}
