//! A new set of recovery codes: shown once, the old set is void, and what its codes opened elsewhere is ended.

use secrecy::SecretString;

use super::{ActError, SelfServiceContext, has_proved_another, note, tell};
use crate::audit::Event;
use crate::core::Core;
use crate::core::consequences::Gone;
use crate::core::notice::Notice;
use crate::principal::method::Method;
use crate::session::Fresh;

/// Draws a new set instead of the old one.
///
/// # Errors
/// [`ActError::NeedsAnotherFactor`]; [`ActError::NotFound`] without an authenticator, since then there is nothing to
/// recover; [`ActError::Database`].
pub async fn renew(core: &Core, circumstances: &SelfServiceContext<'_>, fresh: &Fresh) -> Result<Vec<SecretString>, ActError> {
    has_proved_another(fresh)?;
    let user = fresh.user();
    if !core.totps().has(user.id()).await? {
        return Err(ActError::NotFound);
    }
    let codes = core.recovery_codes().renew(user.id()).await?;
    core.end_opened_by(user.id(), Gone::all(Method::RecoveryCode), Some(fresh.session())).await?;
    note(core, circumstances, user, Event::new("recovery_codes.renew")).await?;
    tell(core, circumstances, user, Notice::RecoveryCodesRenewed).await;
    Ok(codes)
}
