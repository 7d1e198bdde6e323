//! All sessions: in memory by their cookies' hashes, in the directory before anything is acknowledged. Here they are found;
//! `life`, `revoke` and `sweep` make, end and write them.
//! Invariant: `find` touches memory only, and no lock that it takes is held across an await.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::ArcSwap;
use parking_lot::RwLock;
use subtle::ConstantTimeEq;

use super::index::Index;
use super::{ScopeCookie, Session, SessionId, records};
use crate::account::users::Users;
use crate::chain::evidence::Gathered;
use crate::clock::{SharedClock, Timestamp};
use crate::config::schema;
use crate::device::Devices;
use crate::principal::certificate::Fingerprint;
use crate::principal::user::UserId;
use crate::random::SharedRandom;
use crate::seal::TokenHash;
use crate::store::database::{Database, DatabaseError};

/// A session and how it was entered.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// The session.
    pub session: Arc<Session>,
    /// The certificate that this host's cookie is bound to: since it was given out, or since one was demanded of its user.
    /// It counts as `Papers::bound_certificate` where the app asks for certificates.
    pub certificate: Option<Fingerprint>,
    /// What was proved when this cookie was given out. What the session has proved since counts for its newer cookies
    /// alone: an older one may be in other hands (T26).
    pub evidence: Arc<Gathered>,
    cookie: TokenHash,
}

impl Admitted {
    pub(super) const fn token(&self) -> &TokenHash {
        &self.cookie
    }

    /// Whether more was proved since this cookie was given out: another one is to be had at the portal.
    pub fn is_outgrown(&self) -> bool {
        !Arc::ptr_eq(&self.evidence, &self.session.evidence())
    }
}

/// How long sessions live.
#[derive(Clone, Copy, Debug)]
pub(super) struct SessionLimits {
    pub(super) absolute: Duration,
    pub(super) idle: Duration,
    pub(super) per_user: usize,
}

impl From<&schema::SessionSection> for SessionLimits {
    fn from(config: &schema::SessionSection) -> Self {
        Self { absolute: config.absolute.0, idle: config.idle.0, per_user: config.per_user.max(1) }
    }
}

/// All sessions.
#[derive(Debug)]
pub struct Sessions {
    pub(super) database: Database,
    pub(super) devices: Arc<Devices>,
    pub(super) clock: SharedClock,
    pub(super) random: SharedRandom,
    pub(super) limits: ArcSwap<SessionLimits>,
    pub(super) index: Index,
    /// Sessions that were over when they were read from the directory: the next sweep removes their rows.
    pub(super) leftover: parking_lot::Mutex<Vec<SessionId>>,
    /// Held while evidence is added to a session: two additions at once must not overwrite each other.
    pub(super) rising: tokio::sync::Mutex<()>,
}

impl Sessions {
    /// Reads the sessions that a restart must not lose; what has ended is dropped.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn load(
        database: Database,
        users: &Users,
        devices: Arc<Devices>,
        config: &schema::SessionSection,
        clock: SharedClock,
        random: SharedRandom,
    ) -> Result<Self, DatabaseError> {
        let sessions = Self {
            database,
            devices,
            clock,
            random,
            limits: ArcSwap::from_pointee(config.into()),
            index: Index::default(),
            leftover: parking_lot::Mutex::default(),
            rising: tokio::sync::Mutex::new(()),
        };
        records::load(&sessions.database, users, &sessions.devices, |found| sessions.take_back(found)).await?;
        Ok(sessions)
    }

    /// Drops what another process removed from the directory.
    ///
    /// # Errors
    /// [`DatabaseError`]; memory is then as before.
    pub async fn refresh(&self) -> Result<(), DatabaseError> {
        // What memory holds was in the directory before; what is not there any more was removed.
        let held = self.index.matching(|_| true);
        let there = records::ids(&self.database).await?;
        for session in held.iter().filter(|session| !there.contains(&session.id)) {
            self.index.drop(session);
        }
        Ok(())
    }

    /// Takes over changed settings; they hold for sessions already made.
    pub fn configure(&self, config: &schema::SessionSection) {
        self.limits.store(Arc::new(config.into()));
    }

    /// The session that a cookie of `scope` names, if it is alive and not bound to a device; touches its last use.
    pub fn find(&self, scope: &str, cookie: &str) -> Option<Admitted> {
        self.find_beside(scope, cookie, || None)
    }

    /// The session that a cookie of `scope` names, if it is alive; one that is bound to a device counts only beside the cookie
    /// of that device, which is asked for then. Touches its last use.
    pub fn find_beside<'c>(&self, scope: &str, cookie: &str, bound: impl FnOnce() -> Option<&'c str>) -> Option<Admitted> {
        let presented = TokenHash::of_text(cookie)?;
        let session = self.index.by_cookie(&presented)?;
        let (certificate, evidence) = {
            let cookies = session.cookies();
            let cookie = cookies.iter().find(|cookie| bool::from(cookie.token.as_bytes().ct_eq(presented.as_bytes())))?;
            if **cookie.scope != *scope {
                return None;
            }
            if let Some(device) = &cookie.device
                && !self.devices.is_shown(device, bound())
                && device.binds()
            {
                return None;
            }
            (cookie.certificate.as_deref().copied(), Arc::clone(&cookie.evidence))
        };
        let now = self.clock.now();
        if !self.is_alive(&session, now) {
            return None;
        }
        session.last_seen.fetch_max(now.millis(), Ordering::Relaxed);
        Some(Admitted { session, certificate, evidence, cookie: presented })
    }

    /// Whether the cookie that opened something is good yet: its session lives, and it was not taken away. Nothing is
    /// touched: an open stream does not count as use of the session.
    pub fn still_admits(&self, admitted: &Admitted) -> bool {
        self.is_alive(&admitted.session, self.clock.now())
            && admitted.session.cookies().iter().any(|cookie| cookie.token == admitted.cookie)
    }

    /// The session of this id, if it is alive.
    pub fn by_id(&self, id: SessionId) -> Option<Arc<Session>> {
        let session = self.index.by_id(id)?;
        self.is_alive(&session, self.clock.now()).then_some(session)
    }

    /// Marks a session as in use although no request arrives: an open tunnel with traffic.
    pub fn touch(&self, session: &Session) {
        session.last_seen.fetch_max(self.clock.now().millis(), Ordering::Relaxed);
    }

    /// The living sessions of a user, oldest first.
    pub fn of_user(&self, user: &UserId) -> Vec<Arc<Session>> {
        let now = self.clock.now();
        let mut sessions = self.index.of_user(user);
        sessions.retain(|session| self.is_alive(session, now));
        sessions.sort_by_key(|session| session.created);
        sessions
    }

    /// A page of the living sessions in the order of their ids: up to `limit` of them behind `after`.
    pub fn page(&self, after: Option<SessionId>, limit: usize) -> Vec<Arc<Session>> {
        let now = self.clock.now();
        self.index.page(after, limit, |session| self.is_alive(session, now))
    }

    /// How many sessions memory holds, ended ones that were not swept included.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// How many sessions were looked at one by one since the start.
    #[cfg(test)]
    pub(crate) fn looked_at(&self) -> u64 {
        self.index.looked_at.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.index.len() == 0
    }

    pub(super) fn is_alive(&self, session: &Session, now: Timestamp) -> bool {
        let limits = self.limits.load();
        !session.revoked.load(Ordering::SeqCst)
            && session.user.honours(session.epoch)
            && now < session.created.plus(limits.absolute)
            && now < session.last_seen().plus(limits.idle)
    }

    fn take_back(&self, found: records::StoredSession) {
        let now = self.clock.now();
        let evidence = Arc::new(found.evidence);
        let session = Arc::new(Session {
            id: found.id,
            epoch: found.epoch,
            user: found.user,
            evidence: ArcSwap::new(Arc::clone(&evidence)),
            cookies: RwLock::new(
                found
                    .cookies
                    .into_iter()
                    .map(|cookie| ScopeCookie {
                        token: cookie.token,
                        scope: self.index.word(&cookie.scope),
                        certificate: cookie.certificate.map(Arc::new),
                        evidence: cookie.evidence.map_or_else(|| Arc::clone(&evidence), Arc::new),
                        device: cookie.device,
                    })
                    .collect(),
            ),
            browser: found.browser,
            created: found.created,
            last_seen: AtomicI64::new(found.last_seen.millis()),
            written: AtomicI64::new(found.last_seen.millis()),
            address: found.address,
            agent: self.index.word(&found.agent),
            revoked: AtomicBool::new(false),
            ended: OnceLock::new(),
        });
        if self.is_alive(&session, now) {
            self.index.hold(&session);
        } else {
            self.leftover.lock().push(session.id);
        }
    }
}
