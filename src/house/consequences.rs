//! What follows from what across rooms: who is switched off is signed out, what is revoked closes the doors it opened.
//! Acts call these rather than one room alone, so that no consequence is forgotten.

use super::House;
use crate::account::{AccountError, UserId};
use crate::certificate::Fingerprint;
use crate::certificate::register::RegisterError;
use crate::factor::{CredentialId, Method, Methods};
use crate::store::database::DatabaseError;

impl House {
    /// Switches a user off: no sign-in, every session dead, every socket closed, at once and for good.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn suspend_user(&self, user: &UserId) -> Result<(), AccountError> {
        self.users.set_enabled(user, false).await?;
        self.sessions.revoke_user(user, None).await?;
        Ok(())
    }

    /// Switches a user on again; older sessions stay dead.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn resume_user(&self, user: &UserId) -> Result<(), AccountError> {
        self.users.set_enabled(user, true).await
    }

    /// Removes a user and all that is theirs, in one transaction and from memory.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn remove_user(&self, user: &UserId) -> Result<(), AccountError> {
        self.users.remove(user).await?;
        self.sessions.revoke_user(user, None).await?;
        self.browsers.revoke_user(user, None).await?;
        self.tokens.sweep().await?;
        self.certificates.forget_holder(user);
        Ok(())
    }

    /// Assigns exactly these primary-factor methods. Who is no longer assigned `push` loses the approvers and the browsers
    /// registered by a number, and has to register anew when assigned again.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn assign(&self, user: &UserId, methods: Methods) -> Result<(), AccountError> {
        let had_push = self.users.find(user).is_some_and(|user| user.standing().assigned.contains(Method::Push));
        self.users.assign(user, methods).await?;
        if had_push && !methods.contains(Method::Push) {
            self.unregister_approvers(user).await?;
        }
        Ok(())
    }

    /// Removes all approvers of a user and the browsers that they registered; how many approvers there were.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn unregister_approvers(&self, user: &UserId) -> Result<u64, DatabaseError> {
        let removed = self.approvals.approvers.remove_user(user).await?;
        self.revoke_browsers_of(user, Some(Method::BrowserByNumber)).await?;
        self.begin_grace(user).await?;
        // What is asked now could be answered by nobody; where the short-lived state fails it ends by itself.
        if let Err(error) = self.approvals.cancel_user(user).await {
            tracing::warn!(%error, "approvals_not_withdrawn");
        }
        Ok(removed)
    }

    /// Revokes a registered browser and ends the sessions made with it; whether it was there.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn revoke_browser(&self, browser: CredentialId) -> Result<bool, DatabaseError> {
        let was_there = self.browsers.revoke(browser).await;
        self.sessions.revoke_browser(browser).await?;
        was_there
    }

    /// Revokes a user's registered browsers, all or those of one way, and ends their sessions; how many.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn revoke_browsers_of(&self, user: &UserId, way: Option<Method>) -> Result<usize, DatabaseError> {
        let ids = self.browsers.revoke_user(user, way).await?;
        for id in &ids {
            self.sessions.revoke_browser(*id).await?;
        }
        Ok(ids.len())
    }

    /// Switches a certificate of the register on or off; off, the sessions entered with it end.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn switch_certificate(&self, fingerprint: Fingerprint, on: bool) -> Result<(), RegisterError> {
        self.certificates.set_enabled(fingerprint, on).await?;
        if !on {
            self.sessions.revoke_certificate(fingerprint).await?;
        }
        Ok(())
    }

    /// Takes a certificate out of the register and ends the sessions entered with it.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn remove_certificate(&self, fingerprint: Fingerprint) -> Result<(), RegisterError> {
        self.certificates.remove(fingerprint).await?;
        self.sessions.revoke_certificate(fingerprint).await?;
        Ok(())
    }

    /// The holder's switch; off, the sessions of that user that were entered with a certificate end.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn switch_certificates_of(&self, user: &UserId, on: bool) -> Result<(), AccountError> {
        self.users.set_certificate_switch(user, on).await?;
        if !on {
            for session in self.sessions.of_user(user) {
                if !session.certificates().is_empty() {
                    self.sessions.revoke(session.id()).await?;
                }
            }
        }
        Ok(())
    }
}
