//! What a user proves for one transaction: the transaction password before any approver is asked, or a code
//! instead of a phone. Tried as the factors of a sign-in are, and counted by itself.

use secrecy::SecretString;

use super::engine::{AttemptError, Rejection, SignIn};
use super::visitor::Visitor;
use crate::account::regulation::AttemptKind;
use crate::audit::Event;
use crate::factor::password;
use crate::principal::method::Method;
use crate::transaction::{Held, HeldError, Stage};

impl From<HeldError> for AttemptError {
    fn from(error: HeldError) -> Self {
        match error {
            HeldError::Database(error) => Self::Database(error),
            HeldError::Shared(error) => Self::Shared(error),
            other => Self::Factor(other.to_string()),
        }
    }
}

impl SignIn {
    /// The transaction password; right, the transaction goes on, and phones are asked. Wrong, nobody is asked.
    ///
    /// # Errors
    /// [`AttemptError`]; a submission that does not help is `Ok(Err(Rejection))`.
    pub async fn transaction_password(
        &self,
        visitor: &Visitor<'_>,
        held: &Held,
        candidate: SecretString,
    ) -> Result<Result<(), Rejection>, AttemptError> {
        let Some(user) = &held.user else { return Ok(Err(Rejection::NotNow)) };
        if !matches!(*held.stage.lock().await, Stage::Password) {
            return Ok(Err(Rejection::NotNow));
        }
        let reservation = match self.reserve(AttemptKind::TransactionPassword, user.as_str(), visitor).await? {
            Ok(reservation) => reservation,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let core = &self.core;
        match core.transaction_passwords().verify(core.passwords(), user, candidate).await {
            Ok(given) => {
                core.regulation().succeeded(reservation).await?;
                core.transaction_engine().password_given(held, given, visitor.request_id).await?;
                Ok(Ok(()))
            }
            Err(password::PasswordError::Wrong) => {
                drop(reservation);
                self.failed_at(visitor, held, "transaction_password", "wrong");
                Ok(Err(Rejection::Wrong))
            }
            Err(password::PasswordError::Busy(wait)) => {
                core.regulation().withdrawn(reservation).await?;
                Ok(Err(Rejection::Busy(wait)))
            }
            Err(password::PasswordError::Database(error)) => Err(error.into()),
            Err(error @ password::PasswordError::Hashing(_)) => Err(AttemptError::Factor(error.to_string())),
        }
    }

    /// A code instead of a phone: good for this one transaction.
    ///
    /// # Errors
    /// As [`Self::transaction_password`].
    pub async fn transaction_code(
        &self,
        visitor: &Visitor<'_>,
        held: &Held,
        method: Method,
        code: &SecretString,
    ) -> Result<Result<(), Rejection>, AttemptError> {
        let Some(user) = &held.user else { return Ok(Err(Rejection::NotNow)) };
        if !matches!(*held.stage.lock().await, Stage::Code) {
            return Ok(Err(Rejection::NotNow));
        }
        let reservation = match self.reserve(AttemptKind::TransactionCode, user.as_str(), visitor).await? {
            Ok(reservation) => reservation,
            Err(trouble) => return Ok(Err(trouble)),
        };
        match self.verify_code(user, method, code).await? {
            Ok(proof) => {
                self.core.regulation().succeeded(reservation).await?;
                Ok(if self.core.transaction_engine().code_given(held, proof).await { Ok(()) } else { Err(Rejection::NotNow) })
            }
            Err(why) => {
                drop(reservation);
                self.failed_at(visitor, held, method.word(), why);
                Ok(Err(Rejection::Wrong))
            }
        }
    }

    fn failed_at(&self, visitor: &Visitor<'_>, held: &Held, method: &'static str, why: &'static str) {
        // Stable text with the address: people point fail2ban at it.
        tracing::warn!(remote_ip = %visitor.address, method, request_id = visitor.request_id, "transaction_factor_failed");
        let user = held.user.as_ref().map_or("", |user| user.as_str());
        let event = Event::new("transaction.factor").user(user).app(&*held.rule.app).address(visitor.address);
        let event = event.request_id(visitor.request_id).detail("transaction", held.id.as_str()).detail("method", method);
        self.core.audit().note(event.refused(why));
    }
}
