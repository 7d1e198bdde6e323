//! Check 6 for a user without a second factor, within the time that the policy leaves (R-436…R-439).

use super::engine::{AttemptError, SignIn};
use super::goal::Goal;
use super::visitor::Visitor;
use crate::account::user::User;
use crate::chain::evidence::Earned;
use crate::chain::policy::{Mode, Policy};
use crate::chain::{Check, Turn};
use crate::factor::grace;
use crate::principal::method::Method;

impl SignIn {
    /// Check 6 for a user without a second factor, within the time that the policy leaves (R-436…R-439).
    pub(super) async fn without_second_factor(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        policy: &Policy,
        user: &User,
        turn: &Turn,
    ) -> Result<Option<Earned>, AttemptError> {
        if turn.check() != Check::Otp || !turn.methods().contains(Method::Grace) {
            return Ok(None);
        }
        let standing = user.standing();
        let demands = policy.demands(Some(&standing)).filter(|demands| demands.otp.mode != Mode::Off);
        let lasts = demands.filter_map(|demands| demands.otp.grace.as_ref()?.of(&standing)).min();
        let core = &self.core;
        match core.graces().verify(user.id(), core.totps(), &core.approvals().approvers, core.passkeys(), lasts).await {
            Ok(proof) => Ok(turn.again().earn(proof).ok()),
            Err(grace::GraceError::Asked) => Ok(None),
            Err(grace::GraceError::Over) => {
                let event = self.event("sign_in", visitor, goal).user(user.id().as_str()).check(Check::Otp.word());
                core.audit().note(event.refused("grace_over"));
                Ok(None)
            }
            Err(grace::GraceError::Database(error)) => Err(error.into()),
        }
    }
}
