//! All sessions: in memory by their cookies' hashes, in the directory before anything is acknowledged.
//! `find` touches memory only; everything else writes first and answers after.
//! Invariant: no lock that `find` takes is held across an await.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{OnceLock, PoisonError, RwLock};
use std::time::Duration;

use arc_swap::ArcSwap;
use subtle::ConstantTimeEq;

use super::index::Index;
use super::{Door, PORTAL, Session, SessionId, records};
use crate::account::user::User;
use crate::account::users::Users;
use crate::chain::evidence::{Earned, Evidence, Gathered};
use crate::clock::{SharedClock, Timestamp};
use crate::config::schema;
use crate::facts::client_address::ClientAddress;
use crate::principal::certificate::Fingerprint;
use crate::principal::method::CredentialId;
use crate::principal::user::UserId;
use crate::random::SharedRandom;
use crate::seal::{SecretToken, TokenHash};
use crate::store::database::{Database, DatabaseError};

/// Cookies of one session for one scope at once: tabs that arrive side by side each get one; the oldest goes.
const DOORS_PER_SCOPE: usize = 4;

/// What may go wrong with a session.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// It ended meanwhile.
    #[error("use the session: it has ended")]
    Ended,
    /// The evidence is another user's.
    #[error("use evidence of another user for this session")]
    AnotherUser,
    /// The directory did not do it.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// A session to be made.
#[derive(Debug)]
pub struct NewSession {
    /// Whose.
    pub user: Arc<User>,
    /// What was proved; it must be this user's.
    pub evidence: Gathered,
    /// The certificate of the portal's connection, if one was shown: the portal's cookie is bound to it.
    pub certificate: Option<Fingerprint>,
    /// The browser's registration, if there is one.
    pub browser: Option<CredentialId>,
    /// Where from.
    pub address: ClientAddress,
    /// The browser, in a few words: at most 64 characters are kept.
    pub agent: String,
}

/// A session and how it was entered.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// The session.
    pub session: Arc<Session>,
    /// The certificate that this host's cookie is bound to: `Papers::bound_certificate` is `Some` of it.
    pub certificate: Option<Fingerprint>,
    /// What was proved when this cookie was given out. What the session has proved since counts for its newer cookies
    /// alone: an older one may be in other hands (T26).
    pub evidence: Arc<Gathered>,
    door: TokenHash,
}

impl Admitted {
    /// Whether more was proved since this cookie was given out: another one is to be had at the portal.
    pub fn is_outgrown(&self) -> bool {
        !Arc::ptr_eq(&self.evidence, &self.session.evidence())
    }
}

/// How long sessions live.
#[derive(Clone, Copy, Debug)]
struct Limits {
    absolute: Duration,
    idle: Duration,
    per_user: usize,
}

impl From<&schema::SessionSection> for Limits {
    fn from(config: &schema::SessionSection) -> Self {
        Self { absolute: config.absolute.0, idle: config.idle.0, per_user: config.per_user.max(1) }
    }
}

/// All sessions.
#[derive(Debug)]
pub struct Sessions {
    database: Database,
    clock: SharedClock,
    random: SharedRandom,
    limits: ArcSwap<Limits>,
    index: Index,
    /// Read from the directory and dead already: the next sweep removes their rows.
    leftover: std::sync::Mutex<Vec<SessionId>>,
    /// One rise of privilege at a time: what one adds, another must not write over.
    rising: tokio::sync::Mutex<()>,
}

impl Sessions {
    /// Reads the sessions that a restart must not lose; what has ended is dropped.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn load(
        database: Database,
        users: &Users,
        config: &schema::SessionSection,
        clock: SharedClock,
        random: SharedRandom,
    ) -> Result<Self, DatabaseError> {
        let sessions = Self {
            database,
            clock,
            random,
            limits: ArcSwap::from_pointee(config.into()),
            index: Index::default(),
            leftover: std::sync::Mutex::default(),
            rising: tokio::sync::Mutex::new(()),
        };
        records::load(&sessions.database, users, |found| sessions.take_back(found)).await?;
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

    /// The session that a cookie of `scope` names, if it is alive; touches its last use.
    pub fn find(&self, scope: &str, cookie: &str) -> Option<Admitted> {
        let presented = TokenHash::of_text(cookie)?;
        let session = self.index.by_cookie(&presented)?;
        let (certificate, evidence) = {
            let doors = session.doors();
            let door = doors.iter().find(|door| bool::from(door.token.as_bytes().ct_eq(presented.as_bytes())))?;
            if **door.scope != *scope {
                return None;
            }
            (door.certificate.as_deref().copied(), Arc::clone(&door.evidence))
        };
        let now = self.clock.now();
        if !self.is_alive(&session, now) {
            return None;
        }
        session.last_seen.fetch_max(now.millis(), Ordering::Relaxed);
        Some(Admitted { session, certificate, evidence, door: presented })
    }

    /// Whether the cookie that opened something is good yet: its session lives, and it was not taken away. Nothing is
    /// touched: what stays open is no use of the session.
    pub fn still_admits(&self, admitted: &Admitted) -> bool {
        self.is_alive(&admitted.session, self.clock.now())
            && admitted.session.doors().iter().any(|door| door.token == admitted.door)
    }

    /// The session of this id, if it is alive.
    pub fn by_id(&self, id: SessionId) -> Option<Arc<Session>> {
        let session = self.index.by_id(id)?;
        self.is_alive(&session, self.clock.now()).then_some(session)
    }

    /// Tells that a session is in use although no request comes: an open tunnel with traffic.
    pub fn touch(&self, session: &Session) {
        session.last_seen.fetch_max(self.clock.now().millis(), Ordering::Relaxed);
    }

    /// Makes a session and the portal's cookie for it. Durable when this resolves. Beyond `session.per_user` the user's
    /// oldest sessions end.
    ///
    /// # Errors
    /// [`SessionError::AnotherUser`], [`SessionError::Database`].
    pub async fn create(&self, new: NewSession) -> Result<(Arc<Session>, SecretToken), SessionError> {
        if new.evidence.user() != Some(new.user.id()) {
            return Err(SessionError::AnotherUser);
        }
        let now = self.clock.now();
        let token = SecretToken::draw(&*self.random);
        let evidence = Arc::new(new.evidence);
        let door = Door {
            token: token.hash(),
            scope: self.index.word(PORTAL),
            certificate: new.certificate.map(Arc::new),
            evidence: Arc::clone(&evidence),
        };
        let agent: String = new.agent.chars().filter(|c| !c.is_control()).take(64).collect();
        let session = Arc::new(Session {
            id: SessionId(self.random.id()),
            epoch: new.user.epoch(),
            user: new.user,
            evidence: ArcSwap::new(evidence),
            doors: RwLock::new(Box::new([door.clone()])),
            browser: new.browser,
            created: now,
            last_seen: AtomicI64::new(now.millis()),
            written: AtomicI64::new(now.millis()),
            address: new.address.ip(),
            agent: self.index.word(&agent),
            revoked: AtomicBool::new(false),
            ended: OnceLock::new(),
        });
        records::add(&self.database, &session, &door).await?;
        self.index.hold(&session);
        for oldest in self.beyond_the_cap(session.user.id()) {
            self.revoke(oldest.id).await?;
        }
        Ok((session, token))
    }

    /// Lets a session in at an app: a cookie of that host's own, bound to the certificate of its connection.
    /// Durable when this resolves.
    ///
    /// # Errors
    /// [`SessionError::Ended`], [`SessionError::Database`].
    pub async fn admit(
        &self,
        session: &Arc<Session>,
        scope: &str,
        certificate: Option<Fingerprint>,
    ) -> Result<SecretToken, SessionError> {
        if !self.is_alive(session, self.clock.now()) {
            return Err(SessionError::Ended);
        }
        let token = SecretToken::draw(&*self.random);
        let door = Door {
            token: token.hash(),
            scope: self.index.word(scope),
            certificate: certificate.map(Arc::new),
            evidence: Arc::clone(&session.evidence()),
        };
        let oldest = {
            let doors = session.doors();
            let same = doors.iter().filter(|other| other.scope == door.scope);
            let count = same.clone().count();
            (count >= DOORS_PER_SCOPE).then(|| same.map(|door| door.token).next()).flatten()
        };
        records::add_door(&self.database, session, &door, oldest.as_ref()).await?;
        let entry = door.token;
        session.set_doors(|doors| {
            doors.retain(|door| Some(door.token) != oldest);
            doors.push(door);
        });
        if let Some(oldest) = oldest {
            self.index.drop_cookie(&oldest);
        }
        self.index.add_cookie(&entry, session);
        // Revoked between the row and the map: the sweep would find it, this is sooner.
        if session.revoked.load(Ordering::SeqCst) {
            self.index.drop_cookie(&entry);
            return Err(SessionError::Ended);
        }
        Ok(token)
    }

    /// Adds evidence to a session, and gives the portal a new cookie: the portal's older ones are dead, and those of other
    /// hosts stay as strong as they were (T26). Durable when this resolves.
    ///
    /// # Errors
    /// [`SessionError::AnotherUser`], [`SessionError::Ended`], [`SessionError::Database`].
    pub async fn strengthen(
        &self,
        session: &Arc<Session>,
        user: &UserId,
        earned: &Earned,
        certificate: Option<Fingerprint>,
    ) -> Result<SecretToken, SessionError> {
        if session.user.id() != user {
            return Err(SessionError::AnotherUser);
        }
        if !self.is_alive(session, self.clock.now()) {
            return Err(SessionError::Ended);
        }
        self.renew(session, certificate, |evidence| evidence.add(user, earned)).await
    }

    /// As [`Self::strengthen`], with all that a sign-in gathered for the session's user.
    ///
    /// # Errors
    /// As [`Self::strengthen`].
    pub async fn strengthen_by(
        &self,
        session: &Arc<Session>,
        gathered: &Gathered,
        certificate: Option<Fingerprint>,
    ) -> Result<SecretToken, SessionError> {
        if gathered.user() != Some(session.user.id()) {
            return Err(SessionError::AnotherUser);
        }
        if !self.is_alive(session, self.clock.now()) {
            return Err(SessionError::Ended);
        }
        let user = session.user.id();
        self.renew(session, certificate, |evidence| gathered.iter().for_each(|piece| evidence.put_back(user, *piece))).await
    }

    async fn renew(
        &self,
        session: &Arc<Session>,
        certificate: Option<Fingerprint>,
        add: impl FnOnce(&mut Gathered),
    ) -> Result<SecretToken, SessionError> {
        let _one_at_a_time = self.rising.lock().await;
        let mut evidence = Gathered::clone(&session.evidence());
        add(&mut evidence);
        let evidence = Arc::new(evidence);
        let token = SecretToken::draw(&*self.random);
        let door = Door {
            token: token.hash(),
            scope: self.index.word(PORTAL),
            certificate: certificate.map(Arc::new),
            evidence: Arc::clone(&evidence),
        };
        records::strengthen(&self.database, session, &evidence, &door).await?;
        session.evidence.store(evidence);
        let entry = door.token;
        let mut dead = Vec::new();
        session.set_doors(|doors| {
            doors.retain(|old| {
                if **old.scope == *PORTAL {
                    dead.push(old.token);
                }
                **old.scope != *PORTAL
            });
            doors.push(door);
        });
        for old in dead {
            self.index.drop_cookie(&old);
        }
        self.index.add_cookie(&entry, session);
        if session.revoked.load(Ordering::SeqCst) {
            self.index.drop_cookie(&entry);
            return Err(SessionError::Ended);
        }
        Ok(token)
    }

    /// Ends a session: at once for every request and socket of this node, durably when this resolves. Whether it was
    /// there.
    ///
    /// # Errors
    /// [`DatabaseError`]: it is dead in memory all the same, but a restart may bring it back.
    pub async fn revoke(&self, id: SessionId) -> Result<bool, DatabaseError> {
        let held = self.index.by_id(id);
        if let Some(session) = &held {
            self.index.drop(session);
        }
        Ok(records::remove(&self.database, id).await? || held.is_some())
    }

    /// Ends all sessions of a user but `except`; how many memory held.
    ///
    /// # Errors
    /// As [`Self::revoke`].
    pub async fn revoke_user(&self, user: &UserId, except: Option<SessionId>) -> Result<usize, DatabaseError> {
        // Whoever was switched off has no living session, but has rows.
        let mut sessions = self.index.of_user(user);
        sessions.retain(|session| Some(session.id) != except);
        for session in &sessions {
            self.index.drop(session);
        }
        records::remove_user(&self.database, user, except).await?;
        Ok(sessions.len())
    }

    /// Ends all sessions made with a browser registration; how many.
    ///
    /// # Errors
    /// As [`Self::revoke`].
    pub async fn revoke_browser(&self, browser: CredentialId) -> Result<usize, DatabaseError> {
        self.revoke_browser_but(browser, None).await
    }

    /// The same, but for one session.
    ///
    /// # Errors
    /// As [`Self::revoke`].
    pub async fn revoke_browser_but(&self, browser: CredentialId, except: Option<SessionId>) -> Result<usize, DatabaseError> {
        self.revoke_all(self.index.matching(|session| {
            Some(session.id) != except
                && (session.browser == Some(browser) || session.evidence().iter().any(|piece| piece.credential() == browser))
        }))
        .await
    }

    /// Ends what a credential of a user opened: every session but `except` in which something that `which` picks was
    /// proved, and the cookies that were given out when it was; how many sessions.
    ///
    /// # Errors
    /// As [`Self::revoke`].
    pub async fn revoke_proved(
        &self,
        user: &UserId,
        except: Option<SessionId>,
        which: impl Fn(&Evidence) -> bool,
    ) -> Result<usize, DatabaseError> {
        let mut sessions = self.index.of_user(user);
        sessions.retain(|session| Some(session.id) != except);
        let (ended, others): (Vec<_>, Vec<_>) = sessions.into_iter().partition(|session| session.evidence().iter().any(&which));
        let count = self.revoke_all(ended).await?;
        for session in others {
            let mut dead = Vec::new();
            session.set_doors(|doors| {
                doors.retain(|door| {
                    let is_dead = door.evidence.iter().any(&which);
                    if is_dead {
                        dead.push(door.token);
                    }
                    !is_dead
                });
            });
            for token in dead {
                self.index.drop_cookie(&token);
                records::remove_door(&self.database, &token).await?;
            }
        }
        Ok(count)
    }

    /// Ends all sessions entered anywhere with a certificate; how many.
    ///
    /// # Errors
    /// As [`Self::revoke`].
    pub async fn revoke_certificate(&self, certificate: Fingerprint) -> Result<usize, DatabaseError> {
        self.revoke_all(self.index.matching(|session| session.certificates().contains(&certificate))).await
    }

    /// Takes away a session's cookies for one scope; at other hosts it lives on.
    ///
    /// # Errors
    /// As [`Self::revoke`].
    pub async fn sign_out_of(&self, session: &Session, scope: &str) -> Result<(), DatabaseError> {
        let mut dead = Vec::new();
        session.set_doors(|doors| {
            doors.retain(|door| {
                if **door.scope == *scope {
                    dead.push(door.token);
                }
                **door.scope != *scope
            });
        });
        for token in dead {
            self.index.drop_cookie(&token);
        }
        records::remove_doors(&self.database, session.id, scope).await
    }

    /// Takes one cookie of `scope` away, of whichever session it is: the browser that showed it was given another in its
    /// place, and what that one rose to must not be reached by the older (T26).
    ///
    /// # Errors
    /// As [`Self::revoke`].
    pub async fn close_door(&self, scope: &str, cookie: &str) -> Result<(), DatabaseError> {
        let Some(admitted) = self.find(scope, cookie) else { return Ok(()) };
        let Some(token) = TokenHash::of_text(cookie) else { return Ok(()) };
        admitted.session.set_doors(|doors| doors.retain(|door| door.token != token));
        self.index.drop_cookie(&token);
        records::remove_door(&self.database, &token).await
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

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.index.len() == 0
    }

    /// Frees what has ended and writes down when the others were last used: now and then, and at shutdown.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn sweep(&self) -> Result<(), DatabaseError> {
        let now = self.clock.now();
        self.revoke_all(self.index.matching(|session| !self.is_alive(session, now))).await?;
        let leftover = std::mem::take(&mut *self.leftover.lock().unwrap_or_else(PoisonError::into_inner));
        for some in leftover.chunks(500) {
            records::remove_all(&self.database, some.iter().copied()).await?;
        }
        // A twentieth of the idle time is all that a crash may take from a session's life.
        let grain = i64::try_from(self.limits.load().idle.as_millis() / 20).unwrap_or(i64::MAX);
        let used = self
            .index
            .matching(|session| session.last_seen.load(Ordering::Relaxed) - session.written.load(Ordering::Relaxed) >= grain);
        self.write_last_seen(&used).await
    }

    /// Writes down when every session was last used: the end of a shutdown.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn flush(&self) -> Result<(), DatabaseError> {
        let used =
            self.index.matching(|session| session.last_seen.load(Ordering::Relaxed) > session.written.load(Ordering::Relaxed));
        self.write_last_seen(&used).await
    }

    async fn write_last_seen(&self, used: &[Arc<Session>]) -> Result<(), DatabaseError> {
        for some in used.chunks(1000) {
            let moments: Vec<_> = some.iter().map(|session| (session.id, session.last_seen())).collect();
            records::write_last_seen(&self.database, &moments).await?;
            for (session, (_, moment)) in some.iter().zip(moments) {
                session.written.store(moment.millis(), Ordering::Relaxed);
            }
        }
        Ok(())
    }

    fn is_alive(&self, session: &Session, now: Timestamp) -> bool {
        let limits = self.limits.load();
        !session.revoked.load(Ordering::SeqCst)
            && session.user.honours(session.epoch)
            && now < session.created.plus(limits.absolute)
            && now < session.last_seen().plus(limits.idle)
    }

    fn beyond_the_cap(&self, user: &UserId) -> Vec<Arc<Session>> {
        let mut sessions = self.of_user(user);
        sessions.truncate(sessions.len().saturating_sub(self.limits.load().per_user));
        sessions
    }

    async fn revoke_all(&self, sessions: Vec<Arc<Session>>) -> Result<usize, DatabaseError> {
        // Memory first and all together: the last of many must not live on while the first is being written.
        for session in &sessions {
            self.index.drop(session);
        }
        // Some at a time: in the morning thousands end at once, and who signs in must not wait for all of them.
        for some in sessions.chunks(500) {
            records::remove_all(&self.database, some.iter().map(|session| session.id)).await?;
        }
        Ok(sessions.len())
    }

    fn take_back(&self, found: records::Found) {
        let now = self.clock.now();
        let evidence = Arc::new(found.evidence);
        let session = Arc::new(Session {
            id: found.id,
            epoch: found.epoch,
            user: found.user,
            evidence: ArcSwap::new(Arc::clone(&evidence)),
            doors: RwLock::new(
                found
                    .doors
                    .into_iter()
                    .map(|door| Door {
                        token: door.token,
                        scope: self.index.word(&door.scope),
                        certificate: door.certificate.map(Arc::new),
                        evidence: door.evidence.map_or_else(|| Arc::clone(&evidence), Arc::new),
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
            self.leftover.lock().unwrap_or_else(PoisonError::into_inner).push(session.id);
        }
    }
}
