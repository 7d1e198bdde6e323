//! A password of a directory that is right, and must be changed before its owner signs in.
//! Invariant: the new password is asked for only of the browser that proved the present one a short while ago, at a login
//! form that was open; what is proved by that is nothing: the owner signs in with the new one.

use secrecy::SecretString;

use super::change_ticket::ChangeTicket;
use super::engine::{AttemptError, Rejection, SignIn};
use super::goal::Goal;
use super::progress::key;
use super::visitor::Visitor;
use crate::account::regulation::AttemptKind;
use crate::directory::{DirectoryChangeError, DirectoryError, Reason};
use crate::principal::method::Method;
use crate::principal::user::UserId;

/// Why a password was not changed.
#[derive(Debug)]
pub enum ChangeRejection {
    /// The present password is another one.
    WrongCurrent,
    /// The directory does not take the new one.
    NotTaken,
    /// It is not changed from here.
    NotPossible,
    /// Nobody here has to change a password: the time is over, or the sign-in went on elsewhere.
    NotAsked,
    /// As everywhere: too many attempts, too many at once, no answer.
    Held(Rejection),
}

impl SignIn {
    /// Notes that `user` must change the password, where that can be done from here; whether it can.
    pub(super) async fn begin_change(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        user: &UserId,
        reason: Reason,
    ) -> Result<bool, AttemptError> {
        let directories = self.core.ad_passwords().directories();
        let can = directories.of(user.as_str()).is_some_and(|directory| directory.changes_expired_passwords(reason));
        if can {
            let ticket = ChangeTicket { user: user.clone() };
            self.changing.put(&key(visitor.sign_in_cookie, goal.id()), &ticket).await?;
        }
        Ok(can)
    }

    /// Who must change a password in this sign-in, and in which directory.
    ///
    /// # Errors
    /// [`AttemptError`].
    pub async fn must_change(&self, visitor: &Visitor<'_>, goal: &Goal) -> Result<Option<(UserId, String)>, AttemptError> {
        let ticket = self.changing.get(&key(visitor.sign_in_cookie, goal.id())).await?;
        let directories = self.core.ad_passwords().directories();
        Ok(ticket.and_then(|ticket| {
            let domain = directories.of(ticket.user.as_str())?.domain().to_owned();
            Some((ticket.user, domain))
        }))
    }

    /// Changes the password that must be changed.
    ///
    /// # Errors
    /// [`AttemptError`]; a submission that does not help is `Ok(Err(ChangeRejection))`.
    pub async fn change_directory_password(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        current: &SecretString,
        new: &SecretString,
    ) -> Result<Result<(), ChangeRejection>, AttemptError> {
        let place = key(visitor.sign_in_cookie, goal.id());
        let Some(ChangeTicket { user }) = self.changing.get(&place).await? else {
            return Ok(Err(ChangeRejection::NotAsked));
        };
        let reservation = match self.reserve(AttemptKind::First, user.as_str(), visitor).await? {
            Ok(reservation) => reservation,
            Err(trouble) => return Ok(Err(ChangeRejection::Held(trouble))),
        };
        let event = || self.event("directory_password.change", visitor, goal).user(user.as_str());
        let refused = match self.core.ad_passwords().change(&user, current, new).await {
            Ok(()) => {
                self.core.regulation().succeeded(reservation).await?;
                self.changing.take(&place).await?;
                // Sessions that began with the former password must sign in again.
                let ended = self.core.sessions().revoke_user(&user, None).await?;
                self.core.audit().note(event().detail("sessions_ended", ended.to_string()).detail("why", "must_change"));
                return Ok(Ok(()));
            }
            // The reservation is dropped: a guess counts (T39).
            Err(DirectoryChangeError::WrongCurrent) => {
                self.failed(visitor, goal, user.as_str(), Method::AdPassword, "directory_wrong");
                return Ok(Err(ChangeRejection::WrongCurrent));
            }
            Err(refused) => refused,
        };
        self.core.regulation().withdrawn(reservation).await?;
        tracing::info!(%user, reason = %refused, "directory_password_not_changed");
        Ok(Err(match refused {
            DirectoryChangeError::WrongCurrent => ChangeRejection::WrongCurrent,
            DirectoryChangeError::Unsuitable(_) => {
                self.core.audit().note(event().refused("new_password_not_taken"));
                ChangeRejection::NotTaken
            }
            DirectoryChangeError::NotPossible(_) | DirectoryChangeError::Directory(DirectoryError::Refused(_)) => {
                self.core.audit().note(event().refused("not_possible"));
                ChangeRejection::NotPossible
            }
            DirectoryChangeError::Directory(DirectoryError::Busy(wait)) => ChangeRejection::Held(Rejection::Busy(wait)),
            DirectoryChangeError::Directory(DirectoryError::Database(error)) => return Err(error.into()),
            DirectoryChangeError::Directory(_) => ChangeRejection::Held(Rejection::Unavailable(super::password::LATER)),
        }))
    }
}
