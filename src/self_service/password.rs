//! Changing one's own password: the present one, a second factor, a new one that is fit. Every other session ends.

use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

use super::{ActError, SelfServiceContext, has_proved_another, note, tell};
use crate::audit::Event;
use crate::core::Core;
use crate::core::notice::Notice;
use crate::login_protect::LoginProtect;
use crate::session::Fresh;

/// Changes the password; how many other sessions ended.
///
/// # Errors
/// [`ActError`]; then the present one stays. A wrong present password counts as a failed attempt (T39).
pub async fn change(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    fresh: &Fresh,
    current: SecretString,
    new: SecretString,
) -> Result<usize, ActError> {
    let user = fresh.user();
    has_proved_another(fresh)?;
    core.passwords().judge(user.id(), &new)?;
    let is_same = bool::from(current.expose_secret().as_bytes().ct_eq(new.expose_secret().as_bytes()));
    let reservation = core.regulation().reserve(user.id().as_str(), circumstances.address).await?;
    if let Err(failure) = core.passwords().verify(user.id(), current, LoginProtect::within_a_session()).await {
        let refused = ActError::from(failure);
        if matches!(refused, ActError::WrongCurrent) {
            drop(reservation);
            note(core, circumstances, user, Event::new("password.change").refused("wrong_current")).await?;
        } else {
            // Nothing was judged: that must not count against anybody.
            core.regulation().withdrawn(reservation).await?;
        }
        return Err(refused);
    }
    core.regulation().succeeded(reservation).await?;
    if is_same {
        return Err(ActError::AsBefore);
    }
    core.passwords().set(user.id(), new).await?;
    let ended = core.sessions().revoke_user(user.id(), Some(fresh.session().id())).await?;
    note(core, circumstances, user, Event::new("password.change").detail("sessions_ended", ended.to_string())).await?;
    tell(core, circumstances, user, Notice::PasswordChanged).await;
    Ok(ended)
}
