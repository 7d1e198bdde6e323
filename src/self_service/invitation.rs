//! What an administrator's one-time link opens: an invitation (password, authenticator, recovery codes), a new password, a
//! new authenticator. A link shows its pages until its last step is done; of any number who do that step one gets it (T37).
//! Invariant: a link is taken before what it was made for is changed, so that no race leaves two holders content.

use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};

use super::{ActError, Circumstances, note, tell};
use crate::account::links::{Link, Purpose};
use crate::account::users::User;
use crate::audit::Event;
use crate::factor::totp::Enrolment;
use crate::house::House;

/// A link that is good, and whom it is for.
#[derive(Clone, Debug)]
pub struct Invited {
    /// The link.
    pub link: Link,
    /// The user.
    pub user: Arc<User>,
}

/// What was done by the last step.
#[derive(Debug)]
pub struct Accepted {
    /// For whom.
    pub user: Arc<User>,
    /// A new set of recovery codes, shown once.
    pub codes: Vec<SecretString>,
}

/// Looks at a link; nothing is used up.
///
/// # Errors
/// [`ActError::DeadLink`], [`ActError::Database`].
pub async fn open(house: &House, secret: &str) -> Result<Invited, ActError> {
    let link = house.links.peek(secret).await?.ok_or(ActError::DeadLink)?;
    let user = house.users.find(&link.user).filter(|user| user.standing().enabled).ok_or(ActError::DeadLink)?;
    Ok(Invited { link, user })
}

/// Sets the password. For a new password alone this is the last step: the link is used up. With an invitation it goes on
/// to the authenticator.
///
/// # Errors
/// [`ActError::Unsuitable`], and the link stays good; [`ActError::DeadLink`], [`ActError::Busy`], [`ActError::Database`].
pub async fn set_password(
    house: &House,
    circumstances: &Circumstances<'_>,
    secret: &str,
    new: SecretString,
) -> Result<Invited, ActError> {
    let invited = open(house, secret).await?;
    let Invited { link, user } = &invited;
    if link.purpose == Purpose::ResetTotp {
        return Err(ActError::DeadLink);
    }
    house.passwords.judge(user.id(), &new)?;
    if link.purpose == Purpose::ResetPassword {
        house.links.take(secret).await?.ok_or(ActError::DeadLink)?;
    }
    house.passwords.set(user.id(), new).await?;
    house.sessions.revoke_user(user.id(), None).await?;
    let event = Event::new("password.set").detail("by_link", link.id.clone()).detail("issued_by", link.issued_by.clone());
    note(house, circumstances, user, event).await?;
    tell(house, circumstances, user, "Your password was set", "Your password was set by a one-time link.").await;
    Ok(invited)
}

/// Draws the key of the authenticator, or shows the one drawn before again. An invitation comes here after the password.
///
/// # Errors
/// [`ActError::DeadLink`]; [`ActError::NotFound`] while an invitation has no password yet; [`ActError::Factor`] if `drawn`
/// was not drawn for this user.
pub async fn show_authenticator(
    house: &House,
    secret: &str,
    drawn: Option<&[u8]>,
) -> Result<(Invited, Enrolment, Vec<u8>), ActError> {
    let invited = open(house, secret).await?;
    may_enrol(house, &invited).await?;
    let user = invited.user.id();
    let shown = match drawn {
        Some(drawn) => house.totps.show(user, drawn).map(|enrolment| (enrolment, drawn.to_vec())),
        None => house.totps.draw(user),
    };
    let (enrolment, drawn) = shown.map_err(|error| ActError::Factor(error.to_string()))?;
    Ok((invited, enrolment, drawn))
}

/// The last step: a code of the drawn key. The link is used up, the authenticator is the user's, sessions from before end,
/// and a new set of recovery codes is drawn.
///
/// # Errors
/// [`ActError::WrongCode`], and the link stays good; [`ActError::SlowDown`]; [`ActError::DeadLink`]; others.
pub async fn confirm_authenticator(
    house: &House,
    circumstances: &Circumstances<'_>,
    secret: &str,
    drawn: &[u8],
    code: &SecretString,
) -> Result<Accepted, ActError> {
    let invited = open(house, secret).await?;
    may_enrol(house, &invited).await?;
    let Invited { link, user } = invited;
    house.totps.matches(user.id(), drawn, code.expose_secret())?;
    house.links.take(secret).await?.ok_or(ActError::DeadLink)?;
    house.totps.confirm(user.id(), drawn, code.expose_secret()).await?;
    let codes = house.recovery_codes.renew(user.id()).await?;
    house.sessions.revoke_user(user.id(), None).await?;
    let what = if link.purpose == Purpose::Invitation { "invitation.accept" } else { "totp.enrol" };
    let event = Event::new(what).detail("by_link", link.id).detail("issued_by", link.issued_by);
    note(house, circumstances, &user, event).await?;
    let text = "An authenticator app was set up for your account by a one-time link.";
    tell(house, circumstances, &user, "A new authenticator was set up", text).await;
    Ok(Accepted { user, codes })
}

async fn may_enrol(house: &House, invited: &Invited) -> Result<(), ActError> {
    match invited.link.purpose {
        Purpose::ResetTotp => Ok(()),
        Purpose::ResetPassword => Err(ActError::DeadLink),
        Purpose::Invitation if house.passwords.has(invited.user.id()).await? => Ok(()),
        Purpose::Invitation => Err(ActError::NotFound),
    }
}
