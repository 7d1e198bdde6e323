//! Signing out: of this browser, or of every session on every device.

use super::{ActError, SelfServiceContext, note};
use crate::audit::Event;
use crate::core::Core;
use crate::session::Session;

/// What to sign out of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignOutScope {
    /// This browser's session: the portal and every app.
    Here,
    /// Every session of the user.
    Everywhere,
}

impl SignOutScope {
    /// The word of the form and the audit log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::Everywhere => "everywhere",
        }
    }
}

/// Ends the session, and with [`SignOutScope::Everywhere`] all others of its user. Needs no fresh sign-in: leaving is always
/// possible.
///
/// # Errors
/// [`ActError::Database`]; in memory the session is dead all the same.
pub async fn sign_out(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    session: &Session,
    scope: SignOutScope,
) -> Result<(), ActError> {
    let user = session.user();
    core.sessions().revoke(session.id()).await?;
    if scope == SignOutScope::Everywhere {
        core.sessions().revoke_user(user.id(), None).await?;
    }
    note(core, circumstances, user, Event::new("sign_out").detail("scope", scope.word())).await?;
    Ok(())
}
