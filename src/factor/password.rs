//! Passwords of our own directory: Argon2id, on at most as many threads as there are cores, so that memory is bounded under
//! any load. A user who is not there costs the same time as one who is (T31).
//! Invariant: a password is never logged, never compared but by its hash, never cut off.

mod hash;
mod policy;

pub use self::hash::Hashed;
pub use self::policy::{LONGEST, Unsuitable};

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use zeroize::Zeroizing;

use self::hash::Hasher;
use self::policy::PasswordPolicy;
use super::Proof;
use crate::clock::{SharedClock, Timestamp};
use crate::config::schema;
use crate::login_protect::Admission;
use crate::principal::method::{CredentialId, Method};
use crate::principal::user::UserId;
use crate::random::SharedRandom;
use crate::store::database::{Database, DatabaseError};

/// Why a password proved nothing.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// It is wrong, or there is nobody of that name, or the user has none: the caller does not learn which.
    #[error("verify the password: it is wrong")]
    Wrong,
    /// All threads were busy for as long as an attempt may wait; the caller may retry after this.
    #[error("verify the password: too many are being verified")]
    Busy(Duration),
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The hash cannot be worked with.
    #[error("verify the password: {0}")]
    Hashing(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Passwords.
pub struct Passwords {
    database: Database,
    clock: SharedClock,
    hasher: Hasher,
    policy: PasswordPolicy,
    judged: AtomicU64,
}

impl fmt::Debug for Passwords {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Passwords")
    }
}

impl Passwords {
    /// With the cost that the config says. `organisation`, as the pages show it, is not taken as a password either.
    ///
    /// # Errors
    /// [`PasswordError::Hashing`] if Argon2 refuses the parameters.
    pub fn new(
        database: Database,
        settings: &schema::Password,
        organisation: Option<&str>,
        clock: SharedClock,
        random: SharedRandom,
    ) -> Result<Self, PasswordError> {
        let hasher = Hasher::new(settings, random)?;
        let policy = PasswordPolicy::new(settings.minimum_length, organisation);
        Ok(Self { database, clock, hasher, policy, judged: AtomicU64::new(0) })
    }

    /// Verifies a password that the login form was open for (R-102: a shut form evaluates none).
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn verify(&self, user: &UserId, candidate: SecretString, admission: Admission) -> Result<Proof, PasswordError> {
        Ok(self.judged_for(user, candidate).await?.admitted(admission.services()))
    }

    pub(super) async fn judged_for(&self, user: &UserId, candidate: SecretString) -> Result<Proof, PasswordError> {
        self.judged.fetch_add(1, Ordering::Relaxed);
        self.compared(Some(user), candidate).await
    }

    /// How many passwords were compared with a user's own since the start: a shut login form adds nothing.
    pub fn judged(&self) -> u64 {
        self.judged.load(Ordering::Relaxed)
    }

    /// `user` is `None` where nobody's is to be compared: the same work is done (T31).
    async fn compared(&self, user: Option<&UserId>, candidate: SecretString) -> Result<Proof, PasswordError> {
        // The directory is asked for nobody, too: no user's name is empty.
        let kept = self.kept(user.map_or("", UserId::as_str)).await?;
        let is_known = kept.is_some();
        let (phc, changed_at) = kept.unwrap_or_else(|| (self.hasher.dummy().to_owned(), Timestamp::default()));
        let right = self.hasher.compare(phc.clone(), candidate.clone()).await?;
        match user {
            Some(user) if right && is_known => {
                if self.hasher.is_outdated(&phc)
                    && let Err(error) = self.rehash(user, candidate, &phc).await
                {
                    tracing::warn!(%error, "password_not_hashed_anew");
                }
                Ok(Proof::new(Method::Password, user.clone(), credential(user, changed_at), self.clock.now()))
            }
            _ => Err(PasswordError::Wrong),
        }
    }

    /// For another secret that is kept as a password is: compares with a hash, or does the work for nothing.
    pub(super) async fn compare_with(&self, phc: Option<String>, candidate: SecretString) -> Result<bool, PasswordError> {
        let is_known = phc.is_some();
        let right = self.hasher.compare(phc.unwrap_or_else(|| self.hasher.dummy().to_owned()), candidate).await?;
        Ok(right && is_known)
    }

    /// Whether this is the user's password: so that another secret that equals it can be refused. Nothing is proved.
    pub(super) async fn is_the_users(&self, user: &UserId, candidate: SecretString) -> Result<bool, PasswordError> {
        let kept = self.kept(user.as_str()).await?;
        self.compare_with(kept.map(|(phc, _)| phc), candidate).await
    }

    /// Does the work of a verification for nobody: where an answer must take as long as if there had been one (R-102, T31).
    ///
    /// # Errors
    /// [`PasswordError::Busy`], [`PasswordError::Database`].
    pub async fn pretend(&self, candidate: SecretString) -> Result<(), PasswordError> {
        match self.compared(None, candidate).await {
            Ok(_) | Err(PasswordError::Wrong) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    /// Whether `credential` is the password that the user has now: what was proved with one that was changed since is
    /// worth nothing.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn is_current(&self, user: &UserId, is: CredentialId) -> Result<bool, DatabaseError> {
        Ok(self.set_at(user).await?.is_some_and(|changed_at| credential(user, changed_at) == is))
    }

    /// How many passwords were hashed or compared since the start: what an attacker can make this program pay with.
    pub fn evaluated(&self) -> u64 {
        self.hasher.evaluated()
    }

    /// Whether the user has one.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn has(&self, user: &UserId) -> Result<bool, DatabaseError> {
        Ok(self.kept(user.as_str()).await?.is_some())
    }

    /// When the user's was set; `None` if there is none.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn set_at(&self, user: &UserId) -> Result<Option<Timestamp>, DatabaseError> {
        Ok(self.kept(user.as_str()).await?.map(|(_, changed_at)| changed_at))
    }

    /// Characters at least.
    pub const fn minimum(&self) -> usize {
        self.policy.minimum()
    }

    /// Says whether a password may be taken: long enough, not too long, no first guess (NIST SP 800-63B §3.1.1.2; no
    /// rules of composition).
    ///
    /// # Errors
    /// [`Unsuitable`].
    pub fn judge(&self, user: &UserId, candidate: &SecretString) -> Result<(), Unsuitable> {
        self.policy.judge(user, candidate)
    }

    /// Sets a user's password.
    ///
    /// # Errors
    /// [`Unsuitable`].
    pub async fn set(&self, user: &UserId, candidate: SecretString) -> Result<(), Unsuitable> {
        let hashed = self.prepare(user, candidate).await?;
        self.adopt(user, &hashed).await.map_err(|error| Unsuitable::NotKept(error.into()))
    }

    /// Judges and hashes a password without keeping it: for a step that is followed by others.
    ///
    /// # Errors
    /// [`Unsuitable`].
    pub async fn prepare(&self, user: &UserId, candidate: SecretString) -> Result<Hashed, Unsuitable> {
        self.judge(user, &candidate)?;
        self.hasher.hash(candidate).await.map(|phc| Hashed(Zeroizing::new(phc))).map_err(Unsuitable::NotKept)
    }

    /// Makes a prepared password the user's.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn adopt(&self, user: &UserId, hashed: &Hashed) -> Result<(), DatabaseError> {
        self.database
            .execute(
                "INSERT INTO passwords (user_name, phc, changed_at) VALUES ($1, $2, $3) \
                 ON CONFLICT (user_name) DO UPDATE SET phc = excluded.phc, changed_at = excluded.changed_at",
                &[user.as_str().into(), hashed.as_str().into(), self.clock.now().into()],
            )
            .await
            .map(drop)
    }

    /// Removes a user's password; whether there was one.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove(&self, user: &UserId) -> Result<bool, DatabaseError> {
        Ok(self.database.execute("DELETE FROM passwords WHERE user_name = $1", &[user.as_str().into()]).await? > 0)
    }

    /// The parameters were raised since the password was set: while it is at hand, it is hashed with the new ones. Only
    /// the hash that was compared is replaced: a password that was changed meanwhile must not come back.
    async fn rehash(&self, user: &UserId, candidate: SecretString, compared: &str) -> Result<(), PasswordError> {
        let phc = self.hasher.hash(candidate).await?;
        self.database
            .execute(
                "UPDATE passwords SET phc = $2 WHERE user_name = $1 AND phc = $3",
                &[user.as_str().into(), phc.into(), compared.into()],
            )
            .await?;
        Ok(())
    }

    async fn kept(&self, user: &str) -> Result<Option<(String, Timestamp)>, DatabaseError> {
        let row = self.database.row("SELECT phc, changed_at FROM passwords WHERE user_name = $1", &[user.into()]).await?;
        row.map(|row| Ok((row.text("phc")?, row.time("changed_at")?))).transpose()
    }
}

/// A changed password is another credential.
fn credential(user: &UserId, changed_at: Timestamp) -> CredentialId {
    let hash = crate::seal::TokenHash::of(format!("password/{user}/{}", changed_at.millis()).as_bytes());
    let mut id = [0; 16];
    id.copy_from_slice(hash.as_bytes().get(..16).unwrap_or(&[0; 16]));
    CredentialId(id)
}

#[cfg(test)]
mod tests;
