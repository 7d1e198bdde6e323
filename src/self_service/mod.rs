//! What people do to their own account, one file per act; the pages call these and nothing else. Each act tells the audit
//! log and, where a mail address is known, the person: somebody else may have done it.
//! Invariant: what changes a factor takes a witness that another factor was just proved, or an administrator's link (T36).

pub mod approvers;
pub mod browsers;
pub mod certificates;
pub mod directory_password;
pub mod identities;
pub mod invitation;
pub mod passkey_answers;
pub mod passkeys;
pub mod password;
pub mod pattern;
pub mod recovery_codes;
pub mod sessions;
pub mod sign_out;
pub mod tables;
pub mod totp;
pub mod transaction_password;

use std::time::Duration;

use crate::account::regulation::AttemptRefused;
use crate::account::user::User;
use crate::audit::Event;
use crate::core::Core;
use crate::core::notice::Notice;
use crate::factor::passkey::refusal::PasskeyError;
use crate::factor::password::{PasswordError, Unsuitable};
use crate::facts::client_address::ClientAddress;
use crate::session::Fresh;
use crate::store::database::DatabaseError;
use crate::store::shared::SharedStateError;

/// Where an act is done from, for the audit log and the notice.
#[derive(Clone, Copy, Debug)]
pub struct SelfServiceContext<'a> {
    /// The address.
    pub address: ClientAddress,
    /// The request.
    pub request_id: &'a str,
}

/// Why an act is not done.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// The sign-in had no second factor, and a password alone must not change what guards the account (T36).
    #[error("change a factor: sign in with a second factor first, or ask an administrator for an invitation link")]
    NeedsAnotherFactor,
    /// A policy demands what would be removed.
    #[error("remove the authenticator: an app requires it")]
    Demanded,
    /// The user could not sign in any more.
    #[error("remove the link: it is the user's last way to sign in")]
    LastWay,
    /// Only an administrator does this here.
    #[error(
        "register or remove phones: only administrators may do it here (`approval.members_may_add`, `approval.members_may_delete`)"
    )]
    NotAllowed,
    /// There are as many approvers as may be.
    #[error("register the phone: the user already has {0}, which is the limit; remove one first")]
    TooMany(usize),
    /// A phone and an authenticator exclude each other here, and the other one is there.
    #[error("register this factor: a user may have a phone or an authenticator here, not both; remove the other one first")]
    Excluded,
    /// There is nothing of that id that belongs to this user.
    #[error("find the item: this user has none with that id")]
    NotFound,
    /// The present password is another.
    #[error("change the password: the current password is wrong")]
    WrongCurrent,
    /// The new password is the present one.
    #[error("change the password: the new password is the current one")]
    AsBefore,
    /// The new password is not taken.
    #[error(transparent)]
    Unsuitable(Unsuitable),
    /// A directory does not take the new password.
    #[error("change the password of the directory: it does not take the new one: {0}")]
    NotTaken(String),
    /// The directory does not answer; the log says why.
    #[error("change the password of the directory: it does not answer")]
    Unavailable,
    /// A passkey was not made or not taken.
    #[error(transparent)]
    Passkey(PasskeyError),
    /// The code is not of the key that was shown.
    #[error("set up the authenticator: the code is wrong")]
    WrongCode,
    /// Too many attempts; come again after this.
    #[error("continue: too many failed attempts")]
    SlowDown(Duration),
    /// Too much to do; come again after this.
    #[error("continue: too many passwords are being verified")]
    Busy(Duration),
    /// The link is used up, has ended, or never was.
    #[error("open the link: it was used, has expired or never existed")]
    DeadLink,
    /// The short-lived state.
    #[error(transparent)]
    Shared(#[from] SharedStateError),
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A factor's own state.
    #[error("use the factor: {0}")]
    Factor(String),
}

impl From<Unsuitable> for ActError {
    fn from(unsuitable: Unsuitable) -> Self {
        match unsuitable {
            Unsuitable::NotKept(failure) => failure.into(),
            unsuitable => Self::Unsuitable(unsuitable),
        }
    }
}

impl From<PasswordError> for ActError {
    fn from(failure: PasswordError) -> Self {
        match failure {
            PasswordError::Wrong => Self::WrongCurrent,
            PasswordError::Busy(wait) => Self::Busy(wait),
            PasswordError::Database(error) => Self::Database(error),
            failure @ PasswordError::Hashing(_) => Self::Factor(failure.to_string()),
        }
    }
}

impl From<AttemptRefused> for ActError {
    fn from(held: AttemptRefused) -> Self {
        match held {
            AttemptRefused::Locked { retry_after } => Self::SlowDown(retry_after),
            AttemptRefused::Unavailable(error) => Self::Shared(error),
        }
    }
}

/// Whether this sign-in proved a second factor a short while ago.
///
/// # Errors
/// [`ActError::NeedsAnotherFactor`]: neither a password nor a mailbox may change a factor (T36).
pub fn has_proved_another(fresh: &Fresh) -> Result<(), ActError> {
    if fresh.by_second_factor() { Ok(()) } else { Err(ActError::NeedsAnotherFactor) }
}

/// Writes an act down, durably.
async fn note(core: &Core, circumstances: &SelfServiceContext<'_>, user: &User, event: Event) -> Result<(), DatabaseError> {
    let event = event.user(user.id().as_str()).address(circumstances.address).request_id(circumstances.request_id);
    core.audit().record(event).await
}

/// Tells the person, where a mail address is known.
async fn tell(core: &Core, circumstances: &SelfServiceContext<'_>, user: &User, notice: Notice<'_>) {
    core.notify_user(user, circumstances.address, circumstances.request_id, notice).await;
}

#[cfg(test)]
mod tests {
    use super::{approvers, passkeys, totp};
    use crate::core::testing::TestCore;
    use crate::principal::user::GroupName;

    const NO_CODES: &str = "[portal.demands]\notp = { mode = \"off\" }\n";

    #[tokio::test]
    async fn what_the_pages_below_the_portal_demand_counts_for_whoever_meets_them() {
        let protect = "login_protect = { organisation = \"example\", service = \"abcdefghijklmnop\" }";
        for (place, of_everybody) in [("certificates.demands", true), ("portal.admin_demands", false)] {
            let code =
                format!("{NO_CODES}[{place}.otp]\nmethods = [\"totp\", \"passkey\"]\n[{place}.primary_factor]\n{protect}\n");
            let test = TestCore::with(&code).await;
            let user = test.user("alice").await;
            let seen = || {
                let all = [
                    passkeys::are_accepted_anywhere(&test.core, &user),
                    !totp::may_remove(&test.core, &user),
                    !approvers::services(&test.core, &user).is_empty(),
                ];
                assert!(all == [true; 3] || all == [false; 3], "{place}: {all:?}");
                all[0]
            };
            assert_eq!(seen(), of_everybody, "{place}");
            let group = GroupName::parse("administrators").unwrap();
            test.core.groups().add(group.clone(), None).await.unwrap();
            test.core.users().set_groups(user.id(), vec![group]).await.unwrap();
            assert!(seen(), "{place}: an administrator meets both");
        }
    }

    #[tokio::test]
    async fn a_passkey_opens_something_only_where_it_meets_all_that_one_check_demands() {
        for (more, opens) in [
            ("", false),
            ("[portal.demands]\notp = { methods = [\"totp\", \"passkey\"] }\n", true),
            ("[portal.demands]\nprimary_factor = { methods = [\"password\", \"passkey\"] }\n", true),
            ("[certificates]\ndemands.otp = { methods = [\"totp\", \"passkey\"] }\n", false),
            ("[approval]\nby_passkey = true\n", true),
        ] {
            let test = TestCore::with(more).await;
            let user = test.user("alice").await;
            assert_eq!(passkeys::are_accepted_anywhere(&test.core, &user), opens, "{more}");
        }
    }
}
