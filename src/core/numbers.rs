//! How a number is carried to a phone: the policies say it for a user; for a name that no user has, it is drawn. And whether it is
//! a code that a passkey answers.

use aws_lc_rs::hmac;

use super::Core;
use crate::account::user::User;
use crate::chain::policy::Policy;
use crate::principal::number_style::NumberStyle;
use crate::principal::user::UserId;
use crate::store::database::DatabaseError;

/// What the page shows for a name that no user has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberOfNobody {
    /// Whether there is a number.
    pub shown: bool,
    /// How it would be carried.
    pub style: NumberStyle,
    /// Whether it is the code that a passkey answers.
    pub by_passkey: bool,
}

impl Core {
    /// Whether this user approves with a passkey on the phone that reads the code: the config permits it, no approver is
    /// registered, and there is a passkey.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn approves_by_passkey(&self, user: &UserId) -> Result<bool, DatabaseError> {
        Ok(self.approvals().config().by_passkey
            && self.approvals().approvers.of_user(user).await?.is_empty()
            && self.passkeys().has(user).await?)
    }

    /// How a number is carried to this user's phone.
    pub fn number_style(&self, policy: &Policy, user: &User) -> NumberStyle {
        self.policies().number_style(policy, Some(&user.standing()))
    }

    /// Whether a name that no user has is shown a number, and which kind: as for an existing user, and always the same for the
    /// same name. A quarter of these names get the kind of users with stricter demands; otherwise the number of an
    /// administrator would reveal that the name exists. Where users approve with passkeys, a quarter get the code that those
    /// are shown.
    pub fn number_of_nobody(&self, policy: &Policy, name: &str) -> NumberOfNobody {
        let tag = hmac::sign(&self.keys().derive("a number for nobody"), UserId::spelling(name).as_bytes());
        let drawn = usize::from(tag.as_ref().first().copied().unwrap_or_default());
        let policies = self.policies();
        let raised = policies.raised_number_styles(policy);
        let which = if drawn & 0b110 == 0 { (drawn >> 3).checked_rem(raised.clone().count()) } else { None };
        let style = which.and_then(|which| raised.clone().nth(which));
        if self.approvals().config().by_passkey && tag.as_ref().get(1).is_some_and(|drawn| drawn & 0b11 == 0) {
            return NumberOfNobody { shown: true, style: NumberStyle::Scan, by_passkey: true };
        }
        let style = style.unwrap_or_else(|| policies.number_style(policy, None));
        NumberOfNobody { shown: drawn & 1 == 1, style, by_passkey: false }
    }

    /// The same where an app asks by itself, of this user or of somebody who is not there.
    pub fn number_style_of_app(&self, app: &str, user: &UserId, somebody: Option<&User>) -> NumberStyle {
        let policies = self.policies();
        match (policies.app(app), somebody) {
            (Some(app), Some(user)) => policies.number_style(app.own(), Some(&user.standing())),
            (Some(app), None) => self.number_of_nobody(app.own(), user.as_str()).style,
            // Gone from the config meanwhile: nothing is weakened by that.
            (None, _) => NumberStyle::Scan,
        }
    }
}
