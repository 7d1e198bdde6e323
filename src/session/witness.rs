//! Witnesses: values that only a checked session or token can give, taken as first argument by acts that need one.
//! An act of a user that changes what they sign in with takes [`Fresh`]; an act of an administrator [`Administrator`].
//! Invariant: the fields are private to this file, so that no other code can claim to have checked.

use std::sync::Arc;
use std::time::Duration;

use super::Session;
use crate::account::tokens::{Bearer, Scope, Scopes};
use crate::account::user::User;
use crate::chain::{Check, Permit};
use crate::clock::Timestamp;
use crate::principal::user::GroupName;

/// A session whose user proved who they are a short while ago, with everything that they were asked for.
#[derive(Clone, Debug)]
pub struct Fresh {
    session: Arc<Session>,
    by_second: bool,
}

/// Why a session is not fresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("continue: the sign-in is too old; sign in again")]
pub struct NotFresh;

impl Fresh {
    /// From the permit that the chain gave for this very request by a policy that was made to be met afresh, and a session
    /// whose primary factor is younger than `within`; and its one-time password, where the policy asks for a `second` factor.
    ///
    /// # Errors
    /// [`NotFresh`].
    pub fn of(
        _permit: &Permit,
        session: &Arc<Session>,
        second: bool,
        within: Duration,
        now: Timestamp,
    ) -> Result<Self, NotFresh> {
        let evidence = session.evidence();
        let young = |at: Timestamp| at.plus(within) >= now && at <= now.plus(Duration::from_secs(60));
        let primary = evidence.of(Check::PrimaryFactor).or_else(|| evidence.of(Check::DesktopSso)).ok_or(NotFresh)?;
        let by_second = evidence.proved(Check::Otp).is_some_and(|otp| young(otp.at()));
        if !young(primary.at()) || (second && !by_second) {
            return Err(NotFresh);
        }
        Ok(Self { session: Arc::clone(session), by_second })
    }

    /// Whether a second factor was proved a short while ago, too.
    pub const fn by_second_factor(&self) -> bool {
        self.by_second
    }

    /// The session.
    pub const fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// The user of the session.
    pub fn user(&self) -> &Arc<User> {
        self.session.user()
    }
}

/// Somebody who may administer: a member of the administrators by a session that met the policy of the administration
/// pages, the bearer of an API token, or an administrator who may run commands on the machine.
#[derive(Clone, Debug)]
pub struct Administrator {
    actor: String,
    scopes: Scopes,
}

/// Why somebody may not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAdministrator {
    /// Not a member of the group.
    #[error("administer: {0} is not a member of the administrators")]
    Membership(String),
    /// The token was not made for this.
    #[error("administer with this token: it does not have the scope `{0}`")]
    Scope(&'static str),
}

impl Administrator {
    /// From the permit that the chain gave for this very request by the policy of the administration pages.
    ///
    /// # Errors
    /// [`NotAdministrator::Membership`].
    pub fn by_session(_permit: &Permit, session: &Session, administrators: &GroupName) -> Result<Self, NotAdministrator> {
        let user = session.user();
        if !user.standing().is_in(administrators) || !user.honours(session.epoch) {
            return Err(NotAdministrator::Membership(user.id().to_string()));
        }
        Ok(Self { actor: user.id().to_string(), scopes: Scopes::of(&[Scope::All]) })
    }

    /// From an API token that was found good.
    pub fn by_token(bearer: &Bearer) -> Self {
        Self { actor: format!("token:{}", bearer.label()), scopes: bearer.scopes() }
    }

    /// An administrator who may run `sekisho` on this machine and read its state directory: for the command line alone.
    pub fn at_the_machine() -> Self {
        Self { actor: "command-line".to_owned(), scopes: Scopes::of(&[Scope::All]) }
    }

    /// Whether this may be done.
    ///
    /// # Errors
    /// [`NotAdministrator::Scope`].
    pub fn may(&self, scope: Scope) -> Result<(), NotAdministrator> {
        if self.scopes.allow(scope) { Ok(()) } else { Err(NotAdministrator::Scope(scope.word())) }
    }

    /// Who it is, for the audit: a user's name, `token:` and a label, or `command-line`.
    pub fn actor(&self) -> &str {
        &self.actor
    }
}
