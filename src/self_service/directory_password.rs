//! Changing one's own password in a directory: the present one, a second factor, a new one that the directory takes. Every
//! other session ends, as after a change of our own password.

use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

use super::{ActError, SelfServiceContext, has_proved_another, note, tell};
use crate::audit::Event;
use crate::core::Core;
use crate::core::notice::Notice;
use crate::directory::{DirectoryChangeError, DirectoryError};
use crate::principal::method::Method;
use crate::principal::user::UserId;
use crate::session::Fresh;

/// The directory that holds a password of this user which may be changed from here, by the name that people know.
pub fn domain(core: &Core, user: &UserId) -> Option<String> {
    let is_assigned = core.users().find(user)?.standing().assigned.contains(Method::AdPassword);
    let directory = core.ad_passwords().directories().of(user.as_str()).cloned();
    directory.filter(|directory| is_assigned && directory.changes_passwords()).map(|directory| directory.domain().to_owned())
}

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
    if domain(core, user.id()).is_none() {
        return Err(ActError::NotAllowed);
    }
    if bool::from(current.expose_secret().as_bytes().ct_eq(new.expose_secret().as_bytes())) {
        return Err(ActError::AsBefore);
    }
    let reservation = core.regulation().reserve(user.id().as_str(), circumstances.address).await?;
    match core.ad_passwords().change(user.id(), &current, &new).await {
        Ok(()) => core.regulation().succeeded(reservation).await?,
        Err(failure) => {
            let refused = ActError::from(failure);
            if matches!(refused, ActError::WrongCurrent) {
                drop(reservation);
                note(core, circumstances, user, Event::new("directory_password.change").refused("wrong_current")).await?;
            } else {
                core.regulation().withdrawn(reservation).await?;
            }
            return Err(refused);
        }
    }
    let ended = core.sessions().revoke_user(user.id(), Some(fresh.session().id())).await?;
    note(core, circumstances, user, Event::new("directory_password.change").detail("sessions_ended", ended.to_string())).await?;
    tell(core, circumstances, user, Notice::PasswordChanged).await;
    Ok(ended)
}

impl From<DirectoryChangeError> for ActError {
    fn from(failure: DirectoryChangeError) -> Self {
        match failure {
            DirectoryChangeError::WrongCurrent => Self::WrongCurrent,
            DirectoryChangeError::Unsuitable(why) => Self::NotTaken(why),
            DirectoryChangeError::Directory(DirectoryError::Busy(wait)) => Self::Busy(wait),
            DirectoryChangeError::Directory(DirectoryError::Database(error)) => Self::Database(error),
            DirectoryChangeError::Directory(DirectoryError::Refused(_)) | DirectoryChangeError::NotPossible(_) => {
                Self::NotAllowed
            }
            DirectoryChangeError::Directory(_) => Self::Unavailable,
        }
    }
}
