//! The life of a session: made after a sign-in, admitted at an app's host, strengthened by further evidence.
//! Invariant: every change is durable before it is acknowledged.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;

use parking_lot::RwLock;

use super::sessions::Sessions;
use super::{PORTAL, ScopeCookie, Session, SessionId, records};
use crate::account::user::User;
use crate::chain::evidence::{Earned, Gathered};
use crate::device::Device;
use crate::factor::Successor;
use crate::facts::client_address::ClientAddress;
use crate::principal::certificate::Fingerprint;
use crate::principal::method::CredentialId;
use crate::principal::user::UserId;
use crate::seal::SecretToken;
use crate::store::database::DatabaseError;

/// Cookies of one session for one scope at once: tabs that arrive side by side each get one; the oldest goes.
const COOKIES_PER_SCOPE: usize = 4;

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
    /// The user.
    pub user: Arc<User>,
    /// What was proved; it must be this user's.
    pub evidence: Gathered,
    /// The certificate of the portal's connection, if one was shown: the portal's cookie is bound to it.
    pub certificate: Option<Fingerprint>,
    /// The browser's registration, if there is one.
    pub browser: Option<CredentialId>,
    /// The device whose cookie the browser shows: the portal's cookie is bound to it.
    pub device: Option<Arc<Device>>,
    /// Where from.
    pub address: ClientAddress,
    /// The browser, in a few words: at most 64 characters are kept.
    pub agent: String,
}

impl Sessions {
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
        let cookie = ScopeCookie {
            token: token.hash(),
            scope: self.index.word(PORTAL),
            certificate: new.certificate.map(Arc::new),
            evidence: Arc::clone(&evidence),
            device: new.device,
        };
        let agent: String = new.agent.chars().filter(|c| !c.is_control()).take(64).collect();
        let session = Arc::new(Session {
            id: SessionId(self.random.id()),
            epoch: new.user.epoch(),
            user: new.user,
            evidence: ArcSwap::new(evidence),
            cookies: RwLock::new(Box::new([cookie.clone()])),
            browser: new.browser,
            created: now,
            last_seen: AtomicI64::new(now.millis()),
            written: AtomicI64::new(now.millis()),
            address: new.address.ip(),
            agent: self.index.word(&agent),
            revoked: AtomicBool::new(false),
            ended: OnceLock::new(),
        });
        records::add(&self.database, &session, &cookie).await?;
        self.index.hold(&session);
        for oldest in self.beyond_the_cap(session.user.id()) {
            self.revoke(oldest.id).await?;
        }
        Ok((session, token))
    }

    /// Lets a session in at an app: a cookie of that host's own, bound to the certificate of its connection and to the device
    /// whose cookie the browser shows there. Durable when this resolves.
    ///
    /// # Errors
    /// [`SessionError::Ended`], [`SessionError::Database`].
    pub async fn admit(
        &self,
        session: &Arc<Session>,
        scope: &str,
        certificate: Option<Fingerprint>,
        device: Option<Arc<Device>>,
    ) -> Result<SecretToken, SessionError> {
        if !self.is_alive(session, self.clock.now()) {
            return Err(SessionError::Ended);
        }
        let token = SecretToken::draw(&*self.random);
        let cookie = ScopeCookie {
            token: token.hash(),
            scope: self.index.word(scope),
            certificate: certificate.map(Arc::new),
            evidence: Arc::clone(&session.evidence()),
            device,
        };
        let oldest = {
            let cookies = session.cookies();
            let same = cookies.iter().filter(|other| other.scope == cookie.scope);
            let count = same.clone().count();
            (count >= COOKIES_PER_SCOPE).then(|| same.map(|cookie| cookie.token).next()).flatten()
        };
        records::add_cookie(&self.database, session, &cookie, oldest.as_ref()).await?;
        let entry = cookie.clone();
        session.set_cookies(|cookies| {
            cookies.retain(|cookie| Some(cookie.token) != oldest);
            cookies.push(cookie);
        });
        if let Some(oldest) = oldest {
            self.index.drop_cookie(&oldest);
        }
        self.index.add_cookie(&entry, session);
        // Revoked between the row and the map: the sweep would find it, this is sooner.
        if session.revoked.load(Ordering::SeqCst) {
            self.index.drop_cookie(&entry.token);
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
        device: Option<Arc<Device>>,
    ) -> Result<SecretToken, SessionError> {
        if session.user.id() != user {
            return Err(SessionError::AnotherUser);
        }
        if !self.is_alive(session, self.clock.now()) {
            return Err(SessionError::Ended);
        }
        self.renew(session, certificate, device, |evidence| evidence.add(user, earned)).await
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
        device: Option<Arc<Device>>,
    ) -> Result<SecretToken, SessionError> {
        if gathered.user() != Some(session.user.id()) {
            return Err(SessionError::AnotherUser);
        }
        if !self.is_alive(session, self.clock.now()) {
            return Err(SessionError::Ended);
        }
        let user = session.user.id();
        self.renew(session, certificate, device, |evidence| gathered.iter().for_each(|piece| evidence.put_back(user, *piece)))
            .await
    }

    /// Lets what a session proved by a credential that its user replaced stand for the present one: it opens what it opened, no
    /// more, and its cookies stay. Durable when this resolves.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn follow(&self, session: &Arc<Session>, successor: &Successor) -> Result<(), DatabaseError> {
        let _one_at_a_time = self.rising.lock().await;
        let before = session.evidence();
        let Some(after) = before.following(successor).map(Arc::new) else { return Ok(()) };
        records::follow(&self.database, session, &after).await?;
        session.set_cookies(|cookies| {
            // Those of before the session proved it stay as weak as they are.
            cookies.iter_mut().filter(|cookie| Arc::ptr_eq(&cookie.evidence, &before)).for_each(|cookie| {
                cookie.evidence = Arc::clone(&after);
            });
        });
        session.evidence.store(after);
        Ok(())
    }

    async fn renew(
        &self,
        session: &Arc<Session>,
        certificate: Option<Fingerprint>,
        device: Option<Arc<Device>>,
        add: impl FnOnce(&mut Gathered),
    ) -> Result<SecretToken, SessionError> {
        let _one_at_a_time = self.rising.lock().await;
        let mut evidence = Gathered::clone(&session.evidence());
        add(&mut evidence);
        let evidence = Arc::new(evidence);
        let token = SecretToken::draw(&*self.random);
        let cookie = ScopeCookie {
            token: token.hash(),
            scope: self.index.word(PORTAL),
            certificate: certificate.map(Arc::new),
            evidence: Arc::clone(&evidence),
            device,
        };
        records::strengthen(&self.database, session, &evidence, &cookie).await?;
        session.evidence.store(evidence);
        let entry = cookie.clone();
        let mut dead = Vec::new();
        session.set_cookies(|cookies| {
            cookies.retain(|old| {
                if **old.scope == *PORTAL {
                    dead.push(old.token);
                }
                **old.scope != *PORTAL
            });
            cookies.push(cookie);
        });
        for old in dead {
            self.index.drop_cookie(&old);
        }
        self.index.add_cookie(&entry, session);
        if session.revoked.load(Ordering::SeqCst) {
            self.index.drop_cookie(&entry.token);
            return Err(SessionError::Ended);
        }
        Ok(token)
    }

    fn beyond_the_cap(&self, user: &UserId) -> Vec<Arc<Session>> {
        let mut sessions = self.of_user(user);
        sessions.truncate(sessions.len().saturating_sub(self.limits.load().per_user));
        sessions
    }
}
