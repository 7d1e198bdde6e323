//! The end of a sign-in: what was gathered becomes a session, or strengthens the present one.
//! Invariant: a session is kept only if every credential that something was proved with is still there.

use std::sync::Arc;

use super::engine::{AttemptError, SignIn};
use super::goal::Goal;
use super::position::Position;
use super::progress::SignInProgress;
use super::unfamiliar;
use super::visitor::Visitor;
use crate::chain::Check;
use crate::chain::evidence::Gathered;
use crate::principal::method::{CredentialId, Method};
use crate::session::life::NewSession;

impl SignIn {
    /// Nothing is missing: what was gathered becomes a session, or makes the present one stronger.
    pub(super) async fn pass(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        progress: &SignInProgress,
        awaits_key: bool,
    ) -> Result<Position, AttemptError> {
        let core = &self.core;
        let fresh = self.in_progress.of(visitor.sign_in_cookie, goal.id()).await?;
        let certificate = visitor.certificate.map(|shown| shown.fingerprint());
        let session = match visitor.session {
            Some(session) if fresh.gathered.user().is_none() => {
                return Ok(Position::Passed { session: Arc::clone(session), cookie: None, awaits_key });
            }
            // Whatever else of this browser goes on with the session is not cut off by its getting stronger.
            Some(session) if Some(session.user().id()) == fresh.gathered.user() => {
                let token = core.sessions().strengthen_by(session, &fresh.gathered, certificate, visitor.device.cloned()).await?;
                (Arc::clone(session), token)
            }
            other => {
                let Some(user) = progress.gathered.user().and_then(|user| core.users().find(user)) else {
                    // A policy that asks for nobody: there is nothing to make a session of.
                    return Err(AttemptError::Gone);
                };
                let new = NewSession {
                    user,
                    evidence: progress.gathered.clone(),
                    certificate,
                    browser: progress.browser,
                    device: visitor.device.cloned(),
                    address: visitor.address,
                    agent: visitor.agent.to_owned(),
                };
                let made = core.sessions().create(new).await?;
                if let Some(before) = other {
                    // One browser, one session: the one before belonged to somebody else.
                    core.sessions().revoke(before.id()).await?;
                }
                made
            }
        };
        let (session, token) = session;
        // A browser that was registered before it kept a key is bound now.
        if let (Some(device), Some(cookie)) = (visitor.device, visitor.browser_cookie) {
            core.browsers().bind(session.user().id(), cookie, device).await?;
        }
        self.in_progress.end(visitor.sign_in_cookie, goal.id()).await?;
        // Checked now that the session can be found by a concurrent revocation of a credential: either the revocation sees the
        // session, or this check sees the revocation.
        if !self.stands(&fresh.gathered).await? {
            core.sessions().revoke(session.id()).await?;
            let event = self.event("sign_in", visitor, goal).user(session.user().id().as_str()).refused("credential_changed");
            core.audit().record(event).await?;
            return Box::pin(self.position(&Visitor { session: None, ..*visitor }, goal)).await;
        }
        if fresh.gathered.of(Check::PrimaryFactor).is_some_and(|piece| piece.method() == Method::Idp) {
            self.attach_idp(visitor, goal, &session).await?;
        }
        if fresh.gathered.of(Check::PrimaryFactor).is_some() {
            unfamiliar::notify(core, visitor, session.user()).await;
        }
        core.audit()
            .record(
                self.event("sign_in", visitor, goal).user(session.user().id().as_str()).detail("session", session.id().text()),
            )
            .await?;
        Ok(Position::Passed { session, cookie: Some(token.text().to_owned()), awaits_key })
    }

    /// Whether every credential that something was proved with is there yet: between the first step and the last a
    /// password may be changed, an authenticator replaced, a browser forgotten.
    async fn stands(&self, gathered: &Gathered) -> Result<bool, AttemptError> {
        let Some(user) = gathered.user() else { return Ok(true) };
        for piece in gathered.iter() {
            let stands = match piece.method() {
                Method::Password => self.core.passwords().is_current(user, piece.credential()).await?,
                Method::Totp => {
                    self.core.totps().of_user(user).await?.is_some_and(|authenticator| authenticator.id == piece.credential())
                }
                Method::BrowserByNumber | Method::BrowserByAdmin | Method::BrowserByOtp | Method::BrowserByLink => {
                    self.core.browsers().of_user(user).iter().any(|registered| registered.id == piece.credential())
                }
                Method::Push => {
                    let slots = self.core.approvals().approvers.of_user(user).await?;
                    (slots.iter().any(|slot| CredentialId(slot.approver.credential()) == piece.credential())
                        || self.core.approvals().approvers.has_passkey(user, piece.credential()).await?)
                        && self.core.approvals().approvers.standing(user).await?.is_good()
                }
                Method::Grace => {
                    let core = &self.core;
                    core.graces().holds(user, core.totps(), &core.approvals().approvers, core.passkeys()).await?
                }
                Method::Passkey => {
                    self.core.passkeys().of_user(user).await?.iter().any(|passkey| passkey.id == piece.credential())
                }
                // Used up by being proved: as long as what it stood in for is there, and no other set was drawn since.
                Method::RecoveryCode => {
                    let drawn = self.core.recovery_codes().made_at(user).await?;
                    self.core.totps().has(user).await? && drawn.is_none_or(|drawn| drawn <= piece.at())
                }
                Method::Idp => self.core.idp().links().holds(user, piece.credential()).await?,
                Method::Matrix | Method::TokenMatrix => {
                    self.core.token_matrices().proved(user, piece.method(), piece.credential()).await?.is_some()
                }
                // Kept by somebody else.
                Method::AdPassword | Method::Kerberos => true,
            };
            if !stands {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
