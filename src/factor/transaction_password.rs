//! The transaction password: a secret of its own, asked for before a transaction is put to a phone. It proves
//! nothing to the chain; without it nobody is asked.
//! Invariant: it is never the password of the sign-in, and a name without one costs the work of one that has it (T31).

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

use super::password::{PasswordError, Passwords, Unsuitable};
use crate::clock::{SharedClock, Timestamp};
use crate::principal::user::UserId;
use crate::store::database::{Database, DatabaseError};

/// That the transaction password of this user was right: the right to go on once.
#[derive(Debug)]
#[must_use]
pub struct TransactionPasswordGiven {
    user: UserId,
}

impl TransactionPasswordGiven {
    /// Whose it is.
    pub const fn user(&self) -> &UserId {
        &self.user
    }
}

/// Why a transaction password is not taken.
#[derive(Debug, thiserror::Error)]
pub enum TransactionPasswordError {
    /// It would not do as a password.
    #[error(transparent)]
    Unsuitable(#[from] Unsuitable),
    /// It is the password of the sign-in.
    #[error("set the transaction password: it equals the sign-in password")]
    SameAsSignIn,
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Transaction passwords.
pub struct TransactionPasswords {
    database: Database,
    clock: SharedClock,
}

impl fmt::Debug for TransactionPasswords {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("TransactionPasswords")
    }
}

impl TransactionPasswords {
    /// In this directory.
    pub const fn new(database: Database, clock: SharedClock) -> Self {
        Self { database, clock }
    }

    /// Verifies one; the work is done on the threads of `passwords`.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn verify(
        &self,
        passwords: &Passwords,
        user: &UserId,
        candidate: SecretString,
    ) -> Result<TransactionPasswordGiven, PasswordError> {
        let kept = self.kept(user).await?;
        let is_known = kept.is_some();
        let right = passwords.compare_with(kept.map(|(phc, _)| phc), candidate).await?;
        if right && is_known { Ok(TransactionPasswordGiven { user: user.clone() }) } else { Err(PasswordError::Wrong) }
    }

    /// When the user's was set; `None` if there is none.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn set_at(&self, user: &UserId) -> Result<Option<Timestamp>, DatabaseError> {
        Ok(self.kept(user).await?.map(|(_, changed_at)| changed_at))
    }

    /// Sets a user's.
    ///
    /// # Errors
    /// [`TransactionPasswordError`].
    pub async fn set(
        &self,
        passwords: &Passwords,
        user: &UserId,
        candidate: SecretString,
    ) -> Result<(), TransactionPasswordError> {
        let again = SecretString::from(candidate.expose_secret().to_owned());
        let hashed = passwords.prepare(user, candidate).await?;
        if passwords.is_the_users(user, again).await.map_err(Unsuitable::NotKept)? {
            return Err(TransactionPasswordError::SameAsSignIn);
        }
        let sql = "INSERT INTO transaction_passwords (user_name, phc, changed_at) VALUES ($1, $2, $3) \
                   ON CONFLICT (user_name) DO UPDATE SET phc = excluded.phc, changed_at = excluded.changed_at";
        self.database.execute(sql, &[user.as_str().into(), hashed.as_str().into(), self.clock.now().into()]).await?;
        Ok(())
    }

    /// Removes a user's; whether there was one.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove(&self, user: &UserId) -> Result<bool, DatabaseError> {
        let sql = "DELETE FROM transaction_passwords WHERE user_name = $1";
        Ok(self.database.execute(sql, &[user.as_str().into()]).await? > 0)
    }

    async fn kept(&self, user: &UserId) -> Result<Option<(String, Timestamp)>, DatabaseError> {
        let sql = "SELECT phc, changed_at FROM transaction_passwords WHERE user_name = $1";
        let row = self.database.row(sql, &[user.as_str().into()]).await?;
        row.map(|row| Ok((row.text("phc")?, row.time("changed_at")?))).transpose()
    }
}
