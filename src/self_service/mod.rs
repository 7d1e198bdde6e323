//! What people do to their own account, one file per act; the pages call these and nothing else. Each act tells the audit
//! log and, where a mail address is known, the person: somebody else may have done it.
//! Invariant: what changes a factor takes a witness that another factor was just proved, or an administrator's link (T36).

pub mod approvers;
pub mod browsers;
pub mod invitation;
pub mod password;
pub mod recovery_codes;
pub mod sessions;
pub mod sign_out;
pub mod totp;
pub mod transaction_password;

use std::time::Duration;

use crate::account::regulation::AttemptRefused;
use crate::account::user::User;
use crate::audit::Event;
use crate::core::Core;
use crate::core::notice::Notice;
use crate::factor::password::{PasswordError, Unsuitable};
use crate::facts::client_address::ClientAddress;
use crate::session::Fresh;
use crate::store::database::DatabaseError;
use crate::store::shared::SharedStateError;

/// Where an act is done from, for the audit log and the notice.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The address.
    pub address: ClientAddress,
    /// The request.
    pub request_id: &'a str,
}

/// Why an act is not done.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// The sign-in had no second factor, and a password alone must not change what guards the account (T36).
    #[error("change what one signs in with: sign in with a second factor, or ask an administrator for a link")]
    NeedsAnotherFactor,
    /// A policy demands what would be removed.
    #[error("remove the authenticator: an app demands one")]
    Demanded,
    /// Only an administrator does this here.
    #[error("do it: administrators keep it to themselves here")]
    NotAllowed,
    /// There are as many approvers as may be.
    #[error("register the approver: there are {0} already, which is the limit; remove one first")]
    TooMany(usize),
    /// A phone and an authenticator exclude each other here, and the other one is there.
    #[error("register it: a phone and an authenticator exclude each other here; remove the other one first")]
    Excluded,
    /// There is nothing of that id that belongs to this user.
    #[error("find it among what belongs to the user")]
    NotFound,
    /// The present password is another.
    #[error("change the password: the present one is not right")]
    WrongCurrent,
    /// The new password is the present one.
    #[error("change the password: the new one is the present one")]
    AsBefore,
    /// The new password is not taken.
    #[error(transparent)]
    Unsuitable(Unsuitable),
    /// The code is not of the key that was shown.
    #[error("set up the authenticator: the code is not right")]
    WrongCode,
    /// Too many attempts; come again after this.
    #[error("go on: too many attempts failed")]
    SlowDown(Duration),
    /// Too much to do; come again after this.
    #[error("go on: too many passwords are being judged")]
    Busy(Duration),
    /// The link is used up, has ended, or never was.
    #[error("open the link: it is used up, has ended or never was")]
    DeadLink,
    /// The short-lived state.
    #[error(transparent)]
    Shared(#[from] SharedStateError),
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A factor's own state.
    #[error("work with the factor: {0}")]
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
async fn note(core: &Core, circumstances: &Circumstances<'_>, user: &User, event: Event) -> Result<(), DatabaseError> {
    let event = event.user(user.id().as_str()).address(circumstances.address).request_id(circumstances.request_id);
    core.audit().record(event).await
}

/// Tells the person, where a mail address is known.
async fn tell(core: &Core, circumstances: &Circumstances<'_>, user: &User, notice: Notice<'_>) {
    core.notify_user(user, circumstances.address, circumstances.request_id, notice).await;
}
