//! Changing one's own password: the present one, a second factor, a new one that is fit. Every other session ends.

use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

use super::{ActError, Circumstances, has_proved_another, note, tell};
use crate::audit::Event;
use crate::house::House;
use crate::house::notice::Notice;
use crate::login_protect::LoginProtect;
use crate::session::Fresh;

/// Changes the password; how many other sessions ended.
///
/// # Errors
/// [`ActError`]; then the present one stays. A wrong present password counts as a failed attempt (T39).
pub async fn change(
    house: &House,
    circumstances: &Circumstances<'_>,
    fresh: &Fresh,
    current: SecretString,
    new: SecretString,
) -> Result<usize, ActError> {
    let user = fresh.user();
    has_proved_another(fresh)?;
    house.passwords.judge(user.id(), &new)?;
    let is_same = bool::from(current.expose_secret().as_bytes().ct_eq(new.expose_secret().as_bytes()));
    let reservation = house.regulation.reserve(user.id().as_str(), circumstances.address).await?;
    if let Err(failure) = house.passwords.verify(user.id(), current, LoginProtect::within_a_session()).await {
        let refused = ActError::from(failure);
        if matches!(refused, ActError::WrongCurrent) {
            drop(reservation);
            note(house, circumstances, user, Event::new("password.change").refused("wrong_current")).await?;
        } else {
            // Nothing was judged: that must not count against anybody.
            house.regulation.withdrawn(reservation).await?;
        }
        return Err(refused);
    }
    house.regulation.succeeded(reservation).await?;
    if is_same {
        return Err(ActError::AsBefore);
    }
    house.passwords.set(user.id(), new).await?;
    let ended = house.sessions.revoke_user(user.id(), Some(fresh.session().id())).await?;
    note(house, circumstances, user, Event::new("password.change").detail("sessions_ended", ended.to_string())).await?;
    tell(house, circumstances, user, Notice::PasswordChanged).await;
    Ok(ended)
}
