//! A grace period without a second factor: a user who had a phone and lost it, or never had one, passes check 6 for as long
//! as the policy allows, and may be refused after that (R-436… ). It proves that no factor could be asked for.
//! Invariant: it begins at the first moment without a factor and begins again only after one was proved or registered;
//! a user whose approvals are locked has a phone, and no grace.

use std::time::Duration;

use super::Proof;
use super::passkey::Passkeys;
use super::totp::Totps;
use crate::approval::approver::ApproverRegistry;
use crate::clock::{SharedClock, Timestamp};
use crate::principal::method::{CredentialId, Method};
use crate::principal::user::UserId;
use crate::store::database::{Database, DatabaseError};

/// Why it proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum GraceError {
    /// The user has a second factor, or one that is locked.
    #[error("pass without a second factor: the user has one")]
    Asked,
    /// The time is over.
    #[error("pass without a second factor: the grace period is over")]
    Over,
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// When each user's time without a second factor began.
#[derive(Debug)]
pub struct Graces {
    database: Database,
    clock: SharedClock,
}

impl Graces {
    /// Kept in this directory.
    pub const fn new(database: Database, clock: SharedClock) -> Self {
        Self { database, clock }
    }

    /// Whether the user has no second factor at present: no authenticator, no passkey, and no phone but suspended ones.
    ///
    /// # Errors
    /// [`DatabaseError`]. So for the others.
    pub async fn holds(
        &self,
        user: &UserId,
        totps: &Totps,
        approvers: &ApproverRegistry,
        passkeys: &Passkeys,
    ) -> Result<bool, DatabaseError> {
        let standing = approvers.standing(user).await?;
        Ok(!standing.locked
            && !totps.has(user).await?
            && !passkeys.has(user).await?
            && (standing.suspended || approvers.of_user(user).await?.is_empty()))
    }

    /// Begins the time, unless it began before; when it did.
    ///
    /// # Errors
    /// As [`Self::holds`].
    pub async fn begin(&self, user: &UserId) -> Result<Timestamp, DatabaseError> {
        let now = self.clock.now();
        let sql = "INSERT INTO second_factor_graces (user_name, since) VALUES ($1, $2) ON CONFLICT (user_name) DO NOTHING";
        self.database.execute(sql, &[user.as_str().into(), now.into()]).await?;
        let sql = "SELECT since FROM second_factor_graces WHERE user_name = $1";
        self.database.row(sql, &[user.as_str().into()]).await?.map_or(Ok(now), |row| row.time("since"))
    }

    /// Ends it: a second factor was proved or registered.
    ///
    /// # Errors
    /// As [`Self::holds`].
    pub async fn end(&self, user: &UserId) -> Result<(), DatabaseError> {
        // Most have none to end, and nobody waits for the one connection that writes to learn that.
        let sql = "SELECT since FROM second_factor_graces WHERE user_name = $1";
        if self.database.row(sql, &[user.as_str().into()]).await?.is_none() {
            return Ok(());
        }
        let sql = "DELETE FROM second_factor_graces WHERE user_name = $1";
        self.database.execute(sql, &[user.as_str().into()]).await.map(drop)
    }

    /// Proves that the user has none, within `lasts` of the beginning; `None`: without an end.
    ///
    /// # Errors
    /// [`GraceError`].
    pub async fn verify(
        &self,
        user: &UserId,
        totps: &Totps,
        approvers: &ApproverRegistry,
        passkeys: &Passkeys,
        lasts: Option<Duration>,
    ) -> Result<Proof, GraceError> {
        if !self.holds(user, totps, approvers, passkeys).await? {
            return Err(GraceError::Asked);
        }
        let (since, now) = (self.begin(user).await?, self.clock.now());
        if lasts.is_some_and(|lasts| now >= since.plus(lasts)) {
            return Err(GraceError::Over);
        }
        Ok(Proof::new(Method::Grace, user.clone(), CredentialId([0; 16]), now))
    }
}
