//! One's own registered browsers: forgotten ones must register again, and what was signed in with them ends.

use super::{ActError, SelfServiceContext, note, tell};
use crate::audit::Event;
use crate::core::Core;
use crate::core::notice::Notice;
use crate::principal::method::CredentialId;
use crate::session::Fresh;

/// Forgets one of the user's own browsers and ends the sessions made with it.
///
/// # Errors
/// [`ActError::NotFound`] if there is none of this id or it is somebody else's; [`ActError::Database`].
pub async fn forget(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    fresh: &Fresh,
    id: CredentialId,
) -> Result<(), ActError> {
    let user = fresh.user();
    let own = core.browsers().of_user(user.id()).into_iter().find(|browser| browser.id == id).ok_or(ActError::NotFound)?;
    core.revoke_browser(own.id).await?;
    note(core, circumstances, user, Event::new("browser.forget").detail("browser", own.id.text())).await?;
    tell(core, circumstances, user, Notice::BrowserForgotten(&own.agent)).await;
    Ok(())
}
