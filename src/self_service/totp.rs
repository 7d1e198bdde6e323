//! One's own authenticator: set up or replaced after another factor was proved, removed where no policy demands it.

use secrecy::{ExposeSecret as _, SecretString};

use super::{ActError, SelfServiceContext, has_proved_another, note, tell};
use crate::account::user::User;
use crate::audit::Event;
use crate::chain::policy::Mode;
use crate::core::Core;
use crate::core::consequences::Gone;
use crate::core::notice::Notice;
use crate::factor::totp::{Enrolment, TotpError};
use crate::principal::method::{CredentialId, Method};
use crate::session::Fresh;

impl From<TotpError> for ActError {
    fn from(failure: TotpError) -> Self {
        match failure {
            TotpError::Wrong | TotpError::Used | TotpError::NotEnrolled => Self::WrongCode,
            TotpError::Database(error) => Self::Database(error),
            failure @ TotpError::Seal(_) => Self::Factor(failure.to_string()),
        }
    }
}

/// Draws the key of a new authenticator: what is shown, and the same sealed, which the form brings back. Nothing is kept.
///
/// # Errors
/// [`ActError::NeedsAnotherFactor`], [`ActError::Factor`].
pub fn begin(core: &Core, fresh: &Fresh) -> Result<(Enrolment, Vec<u8>), ActError> {
    has_proved_another(fresh)?;
    core.totps().draw(fresh.user().id()).map_err(|error| ActError::Factor(error.to_string()))
}

/// Makes the drawn key the authenticator, instead of an older one, if `code` is of it.
///
/// # Errors
/// [`ActError`]; then the older one stays.
pub async fn confirm(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    fresh: &Fresh,
    drawn: &[u8],
    code: &SecretString,
) -> Result<(), ActError> {
    has_proved_another(fresh)?;
    let user = fresh.user();
    is_not_excluded(core, user).await?;
    let replaces = core.totps().has(user.id()).await?;
    core.totps().confirm(user.id(), drawn, code.expose_secret()).await?;
    if replaces {
        // The older one may be in other hands: what it opened elsewhere ends.
        core.end_opened_by(user.id(), Gone::all(Method::Totp), Some(fresh.session())).await?;
    }
    core.graces().end(user.id()).await?;
    let event = Event::new("totp.enrol").detail("replaces", if replaces { "yes" } else { "no" });
    note(core, circumstances, user, event).await?;
    let notice = if replaces { Notice::AuthenticatorReplaced } else { Notice::AuthenticatorSetUp };
    tell(core, circumstances, user, notice).await;
    Ok(())
}

/// Whether no phone stands against an authenticator.
///
/// # Errors
/// [`ActError::Excluded`], [`ActError::Database`].
pub async fn is_not_excluded(core: &Core, user: &User) -> Result<(), ActError> {
    let excluded = core.approvals().config().excludes_totp && !core.approvals().approvers.of_user(user.id()).await?.is_empty();
    if excluded { Err(ActError::Excluded) } else { Ok(()) }
}

/// Whether the user may do without: no policy that holds for them demands a one-time password.
pub fn may_remove(core: &Core, user: &User) -> bool {
    let (policies, standing) = (core.policies(), user.standing());
    policies.met_by(&standing).all(|(_, policy)| policy.demands(Some(&standing)).all(|demands| demands.otp.mode != Mode::Require))
}

/// Removes the authenticator, and the recovery codes, which stand in for it.
///
/// # Errors
/// [`ActError::Demanded`], [`ActError::NotFound`] if `id` is another or none is there; [`ActError`].
pub async fn remove(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    fresh: &Fresh,
    id: CredentialId,
) -> Result<(), ActError> {
    has_proved_another(fresh)?;
    let user = fresh.user();
    if !may_remove(core, user) {
        return Err(ActError::Demanded);
    }
    let there = core.totps().of_user(user.id()).await?;
    if there.is_none_or(|there| there.id != id) || !core.remove_authenticator(user.id(), Some(fresh.session())).await? {
        return Err(ActError::NotFound);
    }
    core.begin_grace(user.id()).await?;
    note(core, circumstances, user, Event::new("totp.remove")).await?;
    tell(core, circumstances, user, Notice::AuthenticatorRemoved).await;
    Ok(())
}
