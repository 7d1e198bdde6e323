//! How a number is carried to a phone: the policies say it for a user; for a name that no user has, it is drawn.

use aws_lc_rs::hmac;

use super::Core;
use crate::account::user::User;
use crate::chain::policy::Policy;
use crate::principal::number_style::NumberStyle;
use crate::principal::user::UserId;

impl Core {
    /// How a number is carried to this user's phone.
    pub fn number_style(&self, policy: &Policy, user: &User) -> NumberStyle {
        self.policies().number_style(policy, Some(&user.standing()))
    }

    /// Whether a name that no user has is shown a number, and which kind: as for an existing user, and always the same for the
    /// same name. A quarter of these names get the kind of users with stricter demands; otherwise the number of an
    /// administrator would reveal that the name exists.
    pub fn number_of_nobody(&self, policy: &Policy, name: &str) -> (bool, NumberStyle) {
        let name = UserId::parse(name).map_or_else(|_| name.trim().to_lowercase(), |id| id.to_string());
        let tag = hmac::sign(&self.keys().derive("a number for nobody"), name.as_bytes());
        let drawn = usize::from(tag.as_ref().first().copied().unwrap_or_default());
        let policies = self.policies();
        let raised = policies.raised_number_styles(policy);
        let which = if drawn & 0b110 == 0 { (drawn >> 3).checked_rem(raised.clone().count()) } else { None };
        let style = which.and_then(|which| raised.clone().nth(which));
        (drawn & 1 == 1, style.unwrap_or_else(|| policies.number_style(policy, None)))
    }

    /// The same where an app asks by itself, of this user or of somebody who is not there.
    pub fn number_style_of_app(&self, app: &str, user: &UserId, somebody: Option<&User>) -> NumberStyle {
        let policies = self.policies();
        match (policies.app(app), somebody) {
            (Some(app), Some(user)) => policies.number_style(app.own(), Some(&user.standing())),
            (Some(app), None) => self.number_of_nobody(app.own(), user.as_str()).1,
            // Gone from the config meanwhile: nothing is weakened by that.
            (None, _) => NumberStyle::Scan,
        }
    }
}
