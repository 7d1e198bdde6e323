//! Ends sessions and single cookies: one, those of a user, of a browser, of a certificate, or of a credential that is gone.
//! Invariant: a session is dead in memory before its row is removed.

use std::collections::HashSet;
use std::sync::Arc;

use super::sessions::Sessions;
use super::{Session, SessionId, records};
use crate::chain::evidence::Evidence;
use crate::principal::certificate::Fingerprint;
use crate::principal::method::CredentialId;
use crate::principal::user::UserId;
use crate::seal::TokenHash;
use crate::store::database::DatabaseError;

impl Sessions {
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
        // A user who was switched off has no living session, but has rows.
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
            session.set_cookies(|cookies| {
                cookies.retain(|cookie| {
                    let is_dead = cookie.evidence.iter().any(&which);
                    if is_dead {
                        dead.push(cookie.token);
                    }
                    !is_dead
                });
            });
            for token in dead {
                self.index.drop_cookie(&token);
                records::remove_cookie(&self.database, &token).await?;
            }
        }
        Ok(count)
    }

    /// Ends all sessions entered anywhere with a certificate; how many.
    ///
    /// # Errors
    /// As [`Self::revoke`].
    pub async fn revoke_certificate(&self, certificate: Fingerprint) -> Result<usize, DatabaseError> {
        self.revoke_certificates(&HashSet::from([certificate])).await
    }

    /// The same of many certificates, looking at each session once.
    ///
    /// # Errors
    /// As [`Self::revoke`].
    pub async fn revoke_certificates(&self, certificates: &HashSet<Fingerprint>) -> Result<usize, DatabaseError> {
        self.revoke_all(self.index.matching(|session| session.certificates().iter().any(|one| certificates.contains(one)))).await
    }

    /// Takes away a session's cookies for one scope; at other hosts it lives on.
    ///
    /// # Errors
    /// As [`Self::revoke`].
    pub async fn sign_out_of(&self, session: &Session, scope: &str) -> Result<(), DatabaseError> {
        let mut dead = Vec::new();
        session.set_cookies(|cookies| {
            cookies.retain(|cookie| {
                if **cookie.scope == *scope {
                    dead.push(cookie.token);
                }
                **cookie.scope != *scope
            });
        });
        for token in dead {
            self.index.drop_cookie(&token);
        }
        records::remove_cookies(&self.database, session.id, scope).await
    }

    /// Takes one cookie of `scope` away, of whichever session it is: the browser that showed it was given another in its
    /// place, and what that one rose to must not be reached by the older (T26).
    ///
    /// # Errors
    /// As [`Self::revoke`].
    pub async fn revoke_cookie(&self, scope: &str, cookie: &str) -> Result<(), DatabaseError> {
        let Some(token) = TokenHash::of_text(cookie) else { return Ok(()) };
        // Whether or not the device that it is bound to is shown: it is given up.
        let Some(session) = self.holder(scope, &token) else { return Ok(()) };
        session.set_cookies(|cookies| cookies.retain(|cookie| cookie.token != token));
        self.index.drop_cookie(&token);
        records::remove_cookie(&self.database, &token).await
    }

    pub(super) async fn revoke_all(&self, sessions: Vec<Arc<Session>>) -> Result<usize, DatabaseError> {
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
}
