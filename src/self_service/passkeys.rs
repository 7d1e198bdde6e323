//! One's own passkeys: added after another factor was proved, renamed, removed. What a removed one opened elsewhere ends.

use super::{ActError, SelfServiceContext, has_proved_another, note, tell};
use crate::account::user::User;
use crate::audit::Event;
use crate::chain::policy::{Demands, Mode, Policy};
use crate::core::Core;
use crate::core::notice::Notice;
use crate::factor::passkey::refusal::PasskeyError;
use crate::factor::passkey::{Ceremony, Passkey, PasskeyAnswer};
use crate::principal::method::{CredentialId, Method, Methods};
use crate::principal::user::UserStanding;
use crate::session::Fresh;

impl From<PasskeyError> for ActError {
    fn from(failure: PasskeyError) -> Self {
        match failure {
            PasskeyError::Shared(error) => Self::Shared(error),
            PasskeyError::Database(error) => Self::Database(error),
            PasskeyError::Library(why) => Self::Factor(why),
            failure => Self::Passkey(failure),
        }
    }
}

/// What a browser brings.
#[derive(Clone, Copy, Debug)]
pub struct MadePasskey<'a> {
    /// [`Ceremony::id`].
    pub ceremony: &'a str,
    /// `RegistrationResponseJSON`.
    pub credential: &'a str,
    /// What to call it.
    pub name: &'a str,
}

/// Whether any policy that the user may meet accepts passkeys, or one answers what an approver would be asked: otherwise one
/// would open nothing.
pub fn are_accepted_anywhere(core: &Core, user: &User) -> bool {
    let (policies, user) = (core.policies(), user.standing());
    core.approvals().config().by_passkey || policies.met_by(&user).any(|(_, policy)| are_accepted(policy, &user))
}

/// Whether all that a policy demands of a user by one check is met by a passkey.
fn are_accepted(policy: &Policy, user: &UserStanding) -> bool {
    let does = |check: fn(&Demands) -> (Mode, Methods)| {
        let mut demanded = policy.demands(Some(user)).map(check).filter(|(mode, _)| *mode != Mode::Off).peekable();
        demanded.peek().is_some() && demanded.all(|(_, methods)| methods.contains(Method::Passkey))
    };
    does(|demands| (demands.primary_factor.mode, demands.primary_factor.methods))
        || does(|demands| (demands.otp.mode, demands.otp.methods))
}

/// Begins to add one.
///
/// # Errors
/// [`ActError::NeedsAnotherFactor`]; [`ActError::Passkey`] where there are as many as may be, or none can be made here.
pub async fn begin(core: &Core, fresh: &Fresh) -> Result<Ceremony, ActError> {
    has_proved_another(fresh)?;
    let user = fresh.user();
    Ok(core.passkeys().begin_registration(user.id(), &called(user), &place(fresh)).await?)
}

/// Adds what the browser made.
///
/// # Errors
/// [`ActError::NeedsAnotherFactor`], [`ActError::Passkey`], [`ActError::Database`].
pub async fn add(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    fresh: &Fresh,
    made: MadePasskey<'_>,
) -> Result<Passkey, ActError> {
    has_proved_another(fresh)?;
    let user = fresh.user();
    let answer = PasskeyAnswer { place: &place(fresh), ceremony: made.ceremony, credential: made.credential };
    let passkey = core.passkeys().register(user.id(), answer, made.name).await?;
    core.graces().end(user.id()).await?;
    note(core, circumstances, user, enrolled(&passkey)).await?;
    tell(core, circumstances, user, Notice::PasskeyAdded(&passkey.name)).await;
    Ok(passkey)
}

/// Gives one another name.
///
/// # Errors
/// [`ActError::NotFound`], [`ActError::Database`].
pub async fn rename(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    fresh: &Fresh,
    id: CredentialId,
    name: &str,
) -> Result<(), ActError> {
    let user = fresh.user();
    if !core.passkeys().rename(user.id(), id, name).await? {
        return Err(ActError::NotFound);
    }
    Ok(note(core, circumstances, user, Event::new("passkey.rename").detail("passkey", id.text())).await?)
}

/// Removes one; what it opened in other places ends.
///
/// # Errors
/// [`ActError::NeedsAnotherFactor`], [`ActError::NotFound`], [`ActError::Database`].
pub async fn remove(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    fresh: &Fresh,
    id: CredentialId,
) -> Result<(), ActError> {
    has_proved_another(fresh)?;
    let user = fresh.user();
    let name = core.remove_passkey(user.id(), id, Some(fresh.session())).await?.ok_or(ActError::NotFound)?;
    note(core, circumstances, user, Event::new("passkey.remove").detail("passkey", id.text())).await?;
    tell(core, circumstances, user, Notice::PasskeyRemoved(&name)).await;
    Ok(())
}

/// A challenge is good for the session that drew it.
fn place(fresh: &Fresh) -> String {
    format!("account/{}", fresh.session().id().text())
}

/// The name that authenticators show beside the user name.
pub(super) fn called(user: &User) -> String {
    user.profile().display_name.clone().unwrap_or_else(|| user.id().to_string())
}

/// The event of a new passkey.
pub(super) fn enrolled(passkey: &Passkey) -> Event {
    let event = Event::new("passkey.enrol")
        .detail("passkey", passkey.id.text())
        .detail("synced", if passkey.backup_eligible { "yes" } else { "no" });
    match &passkey.model {
        Some(model) => event.detail("model", model.as_str()),
        None => event,
    }
}
