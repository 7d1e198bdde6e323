//! What an administrator's one-time link opens: an invitation (password, authenticator, recovery codes), a new password, a
//! new authenticator. A link shows its pages until its last step is done; of any number who do that step one gets it (T37).
//! Invariant: a link is taken before what it was made for is changed, so that no race leaves two holders content.

use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::passkeys::{MadePasskey, called, enrolled};
use super::totp::is_not_excluded;
use super::{ActError, SelfServiceContext, note, tell};
use crate::account::links::{Link, LinkPurpose};
use crate::account::user::User;
use crate::audit::Event;
use crate::browser::ShownBrowser;
use crate::core::Core;
use crate::core::consequences::Gone;
use crate::core::notice::Notice;
use crate::factor::passkey::{Ceremony, PasskeyAnswer};
use crate::factor::password::Hashed;
use crate::factor::totp::Enrolment;
use crate::principal::method::Method;

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
pub async fn open(core: &Core, secret: &str) -> Result<Invited, ActError> {
    // An approver's link is used by the phone, not by these pages.
    let link = core.links().peek(secret).await?.filter(|link| link.purpose != LinkPurpose::Approver).ok_or(ActError::DeadLink)?;
    let user = core.users().find(&link.user).filter(|user| user.standing().enabled).ok_or(ActError::DeadLink)?;
    Ok(Invited { link, user })
}

/// What the step of the password leads to.
#[derive(Debug)]
pub enum PasswordStep {
    /// It was the last one: the password is the user's.
    Done(Arc<User>),
    /// The authenticator comes next, and brings the new password back: sealed, and good for this link alone.
    Next(Vec<u8>),
}

/// The step of the password. For a new password alone it is the last: the link is used up. With an invitation nothing is
/// kept until the authenticator is confirmed, so that a user who does that step has set everything.
///
/// # Errors
/// [`ActError::Unsuitable`], [`ActError::Busy`], and the link stays good; [`ActError::DeadLink`], [`ActError::Database`].
pub async fn set_password(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    secret: &str,
    new: SecretString,
) -> Result<PasswordStep, ActError> {
    let Invited { link, user } = open(core, secret).await?;
    if matches!(link.purpose, LinkPurpose::ResetTotp | LinkPurpose::ResetPasskey | LinkPurpose::Browser) {
        return Err(ActError::DeadLink);
    }
    let hashed = core.passwords().prepare(user.id(), new).await?;
    if link.purpose == LinkPurpose::Invitation {
        let sealed = core.keys().seal(&**core.random(), &place(&link), hashed.as_str().as_bytes());
        return sealed.map(PasswordStep::Next).map_err(|error| ActError::Factor(error.to_string()));
    }
    core.links().take(secret).await?.ok_or(ActError::DeadLink)?;
    core.passwords().adopt(user.id(), &hashed).await?;
    core.sessions().revoke_user(user.id(), None).await?;
    let event = Event::new("password.set").detail("by_link", link.id).detail("issued_by", link.issued_by);
    note(core, circumstances, &user, event).await?;
    tell(core, circumstances, &user, Notice::PasswordSetByLink).await;
    Ok(PasswordStep::Done(user))
}

/// Draws the key of the authenticator, or shows the one drawn before again. An invitation comes here with the password of
/// the step before.
///
/// # Errors
/// [`ActError::DeadLink`]; [`ActError::NotFound`] where an invitation comes without its password; [`ActError::Factor`] if
/// `drawn` was not drawn for this user.
pub async fn show_authenticator(
    core: &Core,
    secret: &str,
    password: Option<&[u8]>,
    drawn: Option<&[u8]>,
) -> Result<(Invited, Enrolment, Vec<u8>), ActError> {
    let invited = open(core, secret).await?;
    brought(core, &invited.link, password)?;
    is_not_excluded(core, &invited.user).await?;
    let user = invited.user.id();
    let shown = match drawn {
        Some(drawn) => core.totps().show(user, drawn).map(|enrolment| (enrolment, drawn.to_vec())),
        None => core.totps().draw(user),
    };
    let (enrolment, drawn) = shown.map_err(|error| ActError::Factor(error.to_string()))?;
    Ok((invited, enrolment, drawn))
}

/// The last step: a code of the drawn key. The link is used up, what was set up is the user's, sessions from before end,
/// and a new set of recovery codes is drawn.
///
/// # Errors
/// [`ActError::WrongCode`], and the link stays good; others as [`show_authenticator`].
pub async fn confirm_authenticator(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    secret: &str,
    password: Option<&[u8]>,
    drawn: &[u8],
    code: &SecretString,
) -> Result<Accepted, ActError> {
    let Invited { link, user } = open(core, secret).await?;
    let hashed = brought(core, &link, password)?;
    is_not_excluded(core, &user).await?;
    core.totps().matches(user.id(), drawn, code.expose_secret())?;
    core.links().take(secret).await?.ok_or(ActError::DeadLink)?;
    if let Some(hashed) = hashed {
        core.passwords().adopt(user.id(), &hashed).await?;
    }
    core.totps().confirm(user.id(), drawn, code.expose_secret()).await?;
    core.graces().end(user.id()).await?;
    let codes = core.recovery_codes().renew(user.id()).await?;
    for method in [Method::Totp, Method::RecoveryCode] {
        core.end_opened_by(user.id(), Gone::all(method), None).await?;
    }
    core.sessions().revoke_user(user.id(), None).await?;
    let what = if link.purpose == LinkPurpose::Invitation { "invitation.accept" } else { "totp.enrol" };
    let event = Event::new(what).detail("by_link", link.id).detail("issued_by", link.issued_by);
    note(core, circumstances, &user, event).await?;
    tell(core, circumstances, &user, Notice::AuthenticatorSetUpByLink).await;
    Ok(Accepted { user, codes })
}

/// Whether a link makes a passkey and nothing else: one for that, or the invitation of a user who signs in with passkeys and
/// with no password of ours.
pub fn makes_passkey(invited: &Invited) -> bool {
    let assigned = invited.user.standing().assigned;
    match invited.link.purpose {
        LinkPurpose::ResetPasskey => true,
        LinkPurpose::Invitation => assigned.contains(Method::Passkey) && !assigned.contains(Method::Password),
        LinkPurpose::ResetPassword | LinkPurpose::ResetTotp | LinkPurpose::Browser | LinkPurpose::Approver => false,
    }
}

/// Draws the challenge of a passkey that a link makes.
///
/// # Errors
/// [`ActError::DeadLink`], [`ActError::Passkey`].
pub async fn begin_passkey(core: &Core, secret: &str) -> Result<Ceremony, ActError> {
    let invited = open(core, secret).await?;
    if !makes_passkey(&invited) {
        return Err(ActError::DeadLink);
    }
    let user = &invited.user;
    Ok(core.passkeys().begin_registration(user.id(), &called(user), &place(&invited.link)).await?)
}

/// Registers the passkey that a link makes. The link is used up, and sessions from before end.
///
/// # Errors
/// [`ActError::Passkey`], and the link stays good; [`ActError::DeadLink`], [`ActError::Database`].
pub async fn make_passkey(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    secret: &str,
    made: MadePasskey<'_>,
) -> Result<Arc<User>, ActError> {
    let invited = open(core, secret).await?;
    if !makes_passkey(&invited) {
        return Err(ActError::DeadLink);
    }
    let Invited { link, user } = invited;
    let answer = PasskeyAnswer { place: &place(&link), ceremony: made.ceremony, credential: made.credential };
    let passkey = core.passkeys().register(user.id(), answer, made.name).await?;
    if core.links().take(secret).await?.is_none() {
        // Somebody else used it up in this moment: of two only one makes a passkey.
        core.passkeys().remove(user.id(), passkey.id).await?;
        return Err(ActError::DeadLink);
    }
    core.graces().end(user.id()).await?;
    core.sessions().revoke_user(user.id(), None).await?;
    let event = enrolled(&passkey).detail("by_link", link.id).detail("issued_by", link.issued_by);
    note(core, circumstances, &user, event).await?;
    tell(core, circumstances, &user, Notice::PasskeyAddedByLink(&passkey.name)).await;
    Ok(user)
}

/// The password that the step before sealed for this link; `None` where the link sets none.
fn brought(core: &Core, link: &Link, password: Option<&[u8]>) -> Result<Option<Hashed>, ActError> {
    match link.purpose {
        LinkPurpose::ResetTotp => Ok(None),
        LinkPurpose::ResetPassword | LinkPurpose::ResetPasskey | LinkPurpose::Browser | LinkPurpose::Approver => {
            Err(ActError::DeadLink)
        }
        LinkPurpose::Invitation => {
            let opened = core.keys().open(&place(link), password.ok_or(ActError::NotFound)?).map_err(|_| ActError::NotFound)?;
            let phc = String::from_utf8(opened.to_vec()).map_err(|_| ActError::NotFound)?;
            Ok(Some(Hashed::restore(Zeroizing::new(phc))))
        }
    }
}

fn place(link: &Link) -> String {
    format!("invitation/{}/{}", link.id, link.user)
}

/// Registers the browser that a link is for: the cookie by which it is known. The link is used up.
///
/// # Errors
/// [`ActError::DeadLink`], [`ActError::Database`].
pub async fn register_browser(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    secret: &str,
    shown: ShownBrowser<'_>,
    name: &str,
) -> Result<(Arc<User>, String), ActError> {
    let Invited { link, user } = open(core, secret).await?;
    if link.purpose != LinkPurpose::Browser {
        return Err(ActError::DeadLink);
    }
    core.links().take(secret).await?.ok_or(ActError::DeadLink)?;
    let by = (Method::BrowserByLink, None);
    let (id, cookie) = core.browsers().register_with(user.id(), by, shown, name, circumstances.address).await?;
    let event = Event::new("browser.register").detail("way", Method::BrowserByLink.word()).detail("browser", id.text());
    note(core, circumstances, &user, event.detail("by_link", link.id).detail("issued_by", link.issued_by)).await?;
    tell(core, circumstances, &user, Notice::BrowserRegistered(name)).await;
    Ok((user, cookie.text().to_owned()))
}
