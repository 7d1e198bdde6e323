//! Whether a phone can be asked at a step: one that is registered, or one on which a passkey answers. And by which method check 6
//! was passed last.

use super::engine::{AttemptError, SignIn};
use crate::chain::Check;
use crate::chain::evidence::{Evidence, Gathered};
use crate::principal::method::Method;
use crate::principal::user::UserId;

impl SignIn {
    /// Notes by which method check 6 was passed, also where the same proof registered the browser at check 5: it is asked for first
    /// the next time.
    pub(super) async fn note_last(&self, check: Check, user: &UserId, method: Method) -> Result<(), AttemptError> {
        if matches!(check, Check::Cookie | Check::Otp) {
            self.core.last_factors().note(user, method).await?;
        }
        Ok(())
    }

    /// Whether the user's registered phones can be asked at present.
    pub(super) async fn can_approve(&self, user: &UserId) -> Result<bool, AttemptError> {
        let approvers = &self.core.approvals().approvers;
        Ok(!approvers.of_user(user).await?.is_empty() && approvers.standing(user).await?.is_good())
    }

    /// Whether the user can approve with a passkey on a phone at present, at this check.
    pub(super) async fn can_approve_by_passkey(
        &self,
        check: Check,
        gathered: &Gathered,
        user: &UserId,
    ) -> Result<bool, AttemptError> {
        Ok(may_be_by_passkey(check, gathered)
            && self.core.approves_by_passkey(user).await?
            && self.core.approvals().approvers.standing(user).await?.is_good())
    }
}

/// Whether a passkey on a phone may approve at this check. At check 6 it may not where a passkey passed check 4, by itself or by
/// an approval (who has no phone approves with nothing else): one authenticator would be both factors, which is for the policy to
/// say (`passkey` among the methods of `otp`, A-61).
pub(super) fn may_be_by_passkey(check: Check, gathered: &Gathered) -> bool {
    let primary = gathered.of(Check::PrimaryFactor).map(Evidence::method);
    check != Check::Otp || !matches!(primary, Some(Method::Passkey | Method::Push))
}
