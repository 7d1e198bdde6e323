//! One's own sessions: seen, ended one by one, ended all but this one.

use std::sync::Arc;

use super::{ActError, SelfServiceContext, note};
use crate::account::user::User;
use crate::audit::Event;
use crate::core::Core;
use crate::session::{Fresh, Session, SessionId};

/// The user's sessions, the latest used first.
pub fn list(core: &Core, user: &User) -> Vec<Arc<Session>> {
    let mut sessions = core.sessions().of_user(user.id());
    sessions.sort_by_key(|session| std::cmp::Reverse((session.last_seen(), session.id())));
    sessions
}

/// Ends one of the user's own sessions.
///
/// # Errors
/// [`ActError::NotFound`] if there is none of this id or it is somebody else's; [`ActError::Database`].
pub async fn revoke(core: &Core, circumstances: &SelfServiceContext<'_>, fresh: &Fresh, id: SessionId) -> Result<(), ActError> {
    let user = fresh.user();
    let own = core.sessions().by_id(id).filter(|session| session.user().id() == user.id());
    let session = own.ok_or(ActError::NotFound)?;
    core.sessions().revoke(session.id()).await?;
    note(core, circumstances, user, Event::new("session.revoke").detail("session", id.text())).await?;
    Ok(())
}

/// Ends every session of the user but this one; how many.
///
/// # Errors
/// [`ActError::Database`].
pub async fn revoke_others(core: &Core, circumstances: &SelfServiceContext<'_>, fresh: &Fresh) -> Result<usize, ActError> {
    let user = fresh.user();
    let ended = core.sessions().revoke_user(user.id(), Some(fresh.session().id())).await?;
    note(core, circumstances, user, Event::new("session.revoke").detail("sessions_ended", ended.to_string())).await?;
    Ok(ended)
}
