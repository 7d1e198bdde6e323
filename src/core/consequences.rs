//! Changes that have consequences in several groups: a user who is switched off is signed out, a revoked credential ends
//! the sessions that it opened. Acts call these functions and not one group alone, so that no consequence is forgotten.

use super::Core;
use crate::account::AccountError;
use crate::account::user::User;
use crate::approval::key::ApproverId;
use crate::browser::RegisteredWay;
use crate::certificate::register::CertificateRegisterError;
use crate::chain::Check;
use crate::principal::certificate::Fingerprint;
use crate::principal::certificate_setting::CertificateSetting;
use crate::principal::method::{CredentialId, Method, Methods};
use crate::principal::user::UserId;
use crate::session::Session;
use crate::store::database::DatabaseError;

/// What proves nothing any more: one credential of a user, or every one of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    method: Method,
    credential: Option<CredentialId>,
}

impl Gone {
    /// Every credential of this method.
    pub const fn all(method: Method) -> Self {
        Self { method, credential: None }
    }

    /// This phone.
    pub fn phone(approver: &ApproverId) -> Self {
        Self { method: Method::Push, credential: Some(CredentialId(approver.credential())) }
    }

    /// The pattern, read off this phone: what `TokenMatrices::credential_of` says.
    pub const fn table(read: CredentialId) -> Self {
        Self { method: Method::TokenMatrix, credential: Some(read) }
    }

    /// This person at an identity provider.
    pub const fn link(link: CredentialId) -> Self {
        Self { method: Method::Idp, credential: Some(link) }
    }

    /// This passkey.
    pub const fn passkey(passkey: CredentialId) -> Self {
        Self { method: Method::Passkey, credential: Some(passkey) }
    }

    /// Whether it was this one; where it is not known which one it was, it may have been. A passkey may have approved what a
    /// phone is asked for (`approval.by_passkey`): that names the passkey.
    fn is(self, method: Method, credential: Option<CredentialId>) -> bool {
        match (self.method, self.credential) {
            (Method::Passkey, Some(gone)) if method == Method::Push => credential == Some(gone),
            (own, gone) => own == method && gone.zip(credential).is_none_or(|(gone, this)| gone == this),
        }
    }

    fn registered(self, browser: &RegisteredWay) -> bool {
        match (browser.with, browser.way) {
            (Some((method, credential)), _) => self.is(method, Some(credential)),
            (None, Method::BrowserByNumber) => self.is(Method::Push, None),
            (None, Method::BrowserByOtp) => self.is(Method::Totp, None) || self.is(Method::RecoveryCode, None),
            (None, _) => false,
        }
    }
}

impl Core {
    /// Switches a user off: no sign-in, every session dead, every socket closed, at once and for good.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn suspend_user(&self, user: &UserId) -> Result<(), AccountError> {
        self.users().set_enabled(user, false).await?;
        self.sessions().revoke_user(user, None).await?;
        Ok(())
    }

    /// Switches a user on again; older sessions stay dead.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn resume_user(&self, user: &UserId) -> Result<(), AccountError> {
        self.users().set_enabled(user, true).await
    }

    /// Removes a user and all that belongs to the account, in one transaction and from memory.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn remove_user(&self, user: &UserId) -> Result<(), AccountError> {
        self.users().remove(user).await?;
        self.sessions().revoke_user(user, None).await?;
        self.browsers().revoke_user(user, None).await?;
        self.tokens().sweep().await?;
        self.certificates().forget_holder(user).await;
        Ok(())
    }

    /// Ends what a credential opened that is gone: the sessions in which it was proved, the browsers that were registered
    /// with it, and what it approved for others of the kind. The session that takes it away goes on, and so does the
    /// registration of the browser that it runs in.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn end_opened_by(&self, user: &UserId, gone: Gone, except: Option<&Session>) -> Result<(), DatabaseError> {
        let acting = except.map(Session::id);
        let sits_at = |browser: CredentialId| {
            except.is_some_and(|session| {
                let shown = session.evidence().of(Check::Cookie).map(crate::chain::evidence::Evidence::credential);
                session.browser() == Some(browser) || shown == Some(browser)
            })
        };
        for browser in self.browsers().revoke_ways(user, |one, way| gone.registered(way) && !sits_at(one.id)).await? {
            self.sessions().revoke_browser_but(browser, acting).await?;
        }
        self.sessions().revoke_proved(user, acting, |piece| gone.is(piece.method(), Some(piece.credential()))).await?;
        self.transactions().uncover(|consent| consent.user() == user && gone.is(Method::Push, Some(consent.by().credential())));
        Ok(())
    }

    /// Ends what the phones of a user opened, by approving or by the tables that they show.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn end_opened_by_phones(&self, user: &UserId) -> Result<(), DatabaseError> {
        self.end_opened_by(user, Gone::all(Method::Push), None).await?;
        self.end_opened_by(user, Gone::all(Method::TokenMatrix), None).await
    }

    /// Removes one approver of a user, and ends what it opened; whether it was there.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove_approver(
        &self,
        user: &UserId,
        approver: &ApproverId,
        except: Option<&Session>,
    ) -> Result<bool, DatabaseError> {
        let was_there = self.approvals().approvers.remove(approver, user).await?;
        // Also where it was gone before: what it opened may still be there.
        self.end_opened_by(user, Gone::phone(approver), except).await?;
        if let Some(read) = self.token_matrices().credential_of(user, approver).await? {
            self.end_opened_by(user, Gone::table(read), except).await?;
        }
        if was_there {
            self.begin_grace(user).await?;
            self.tell_phones(user).await;
        }
        Ok(was_there)
    }

    /// Suspends a user's approvals and ends what their phones opened; the phones stay registered.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn suspend_approvals(&self, user: &UserId) -> Result<(), DatabaseError> {
        self.approvals().approvers.set_suspended(user, true).await?;
        self.end_opened_by_phones(user).await?;
        self.begin_grace(user).await
    }

    /// Removes the authenticator of a user and the recovery codes, which stand in for it, and ends what they opened; whether
    /// there was one.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove_authenticator(&self, user: &UserId, except: Option<&Session>) -> Result<bool, DatabaseError> {
        let was_there = self.totps().remove(user).await?;
        self.recovery_codes().remove(user).await?;
        self.end_opened_by(user, Gone::all(Method::Totp), except).await?;
        self.end_opened_by(user, Gone::all(Method::RecoveryCode), except).await?;
        Ok(was_there)
    }

    /// Removes one passkey of a user, and ends what it opened; its name, if it was there.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove_passkey(
        &self,
        user: &UserId,
        passkey: CredentialId,
        except: Option<&Session>,
    ) -> Result<Option<String>, DatabaseError> {
        let name = self.passkeys().remove(user, passkey).await?;
        // Also where it was gone before: what it opened may still be there.
        self.end_opened_by(user, Gone::passkey(passkey), except).await?;
        if name.is_some() {
            self.begin_grace(user).await?;
        }
        Ok(name)
    }

    /// Removes every passkey of a user, and ends what they opened; how many there were.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove_passkeys(&self, user: &UserId) -> Result<u64, DatabaseError> {
        // Each by its own name, which is how an approval that was given with it names it.
        let each = self.passkeys().of_user(user).await?;
        let removed = self.passkeys().remove_user(user).await?;
        self.end_opened_by(user, Gone::all(Method::Passkey), None).await?;
        for passkey in each {
            self.end_opened_by(user, Gone::passkey(passkey.id), None).await?;
        }
        self.begin_grace(user).await?;
        Ok(removed)
    }

    /// A phone that follows what is asked looks again whether it may.
    async fn tell_phones(&self, user: &UserId) {
        if let Err(error) = self.approvals().tell_phones(user).await {
            tracing::warn!(%error, "phones_not_told");
        }
    }

    /// Assigns exactly these primary-factor methods, and ends what the others opened. A user who is no longer assigned
    /// `push` loses the approvers and the browsers registered by a number, and has to register again when
    /// assigned again.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn assign(&self, user: &UserId, methods: Methods) -> Result<(), AccountError> {
        let had = self.users().find(user).map_or(Methods::NONE, |user| user.standing().assigned);
        self.users().assign(user, methods).await?;
        let lost: Vec<Method> = had.iter().filter(|method| !methods.contains(*method)).collect();
        if lost.contains(&Method::Push) {
            self.unregister_approvers(user).await?;
        }
        if lost.contains(&Method::TokenMatrix) {
            self.token_matrices().forget(user).await?;
        }
        for method in lost {
            self.end_opened_by(user, Gone::all(method), None).await?;
        }
        Ok(())
    }

    /// Removes all approvers of a user and the browsers that they registered; how many approvers there were.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn unregister_approvers(&self, user: &UserId) -> Result<u64, DatabaseError> {
        let removed = self.approvals().approvers.remove_user(user).await?;
        self.revoke_browsers_of(user, Some(Method::BrowserByNumber)).await?;
        self.end_opened_by_phones(user).await?;
        self.begin_grace(user).await?;
        self.tell_phones(user).await;
        // What is asked now could be answered by nobody; where the short-lived state fails it ends by itself.
        if let Err(error) = self.approvals().cancel_user(user).await {
            tracing::warn!(%error, "approvals_not_withdrawn");
        }
        Ok(removed)
    }

    /// Revokes a registered browser and ends the sessions made with it; whether it was there.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn revoke_browser(&self, browser: CredentialId) -> Result<bool, DatabaseError> {
        let was_there = self.browsers().revoke(browser).await;
        self.sessions().revoke_browser(browser).await?;
        was_there
    }

    /// Revokes a user's registered browsers, all or those of one way, and ends their sessions; how many.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn revoke_browsers_of(&self, user: &UserId, way: Option<Method>) -> Result<usize, DatabaseError> {
        let ids = self.browsers().revoke_user(user, way).await?;
        for id in &ids {
            self.sessions().revoke_browser(*id).await?;
        }
        Ok(ids.len())
    }

    /// Switches a certificate of the register on or off; off, the sessions entered with it end.
    ///
    /// # Errors
    /// [`CertificateRegisterError`].
    pub async fn switch_certificate(&self, fingerprint: Fingerprint, on: bool) -> Result<(), CertificateRegisterError> {
        self.certificates().set_enabled(fingerprint, on).await?;
        if !on {
            self.sessions().revoke_certificate(fingerprint).await?;
        }
        Ok(())
    }

    /// Takes a certificate out of the register and ends the sessions entered with it.
    ///
    /// # Errors
    /// [`CertificateRegisterError`].
    pub async fn remove_certificate(&self, fingerprint: Fingerprint) -> Result<(), CertificateRegisterError> {
        self.certificates().remove(fingerprint).await?;
        self.sessions().revoke_certificate(fingerprint).await?;
        Ok(())
    }

    /// The switch of device designation.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn switch_designation_of(&self, user: &UserId, on: bool) -> Result<(), AccountError> {
        self.users().set_device_designation(user, on, self.config().file.devices.exclusive).await
    }

    /// How many users have both switches on, though the config says that they exclude each other.
    pub fn users_with_both_switches(&self) -> usize {
        let has_both = |user: &User| user.standing().certificates.counts() && user.standing().device_designation;
        let exclusive = self.config().file.devices.exclusive;
        if exclusive { self.users().list().iter().filter(|user| has_both(user)).count() } else { 0 }
    }

    /// How a user stands to client certificates; where none count any more, the sessions of that user that are bound to
    /// one end.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn set_certificates_of(&self, user: &UserId, setting: CertificateSetting) -> Result<(), AccountError> {
        self.users().set_certificates(user, setting, self.config().file.devices.exclusive).await?;
        if !setting.counts() {
            for session in self.sessions().of_user(user) {
                if !session.certificates().is_empty() {
                    self.sessions().revoke(session.id()).await?;
                }
            }
        }
        Ok(())
    }
}
