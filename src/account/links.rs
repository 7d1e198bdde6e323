//! One-time links: 256 bits, kept as a hash, 24 h by default, used once. A link lets its holder set up what it was made
//! for and nothing else; it can be mailed, shown, printed or scanned.
//! Invariant: a link leaves by [`Links::take`]: of any number of callers exactly one gets it (T37).

use std::time::Duration;

use serde::Serialize;

use super::AccountError;
use crate::clock::{SharedClock, Timestamp};
use crate::principal::user::UserId;
use crate::random::SharedRandom;
use crate::seal::{SecretToken, TokenHash};
use crate::store::database::{Database, DatabaseError, Row, Value};

/// How long a link lives unless its maker says otherwise.
pub const LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::EnumString, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum LinkPurpose {
    /// A new user sets a password and enrols an authenticator.
    Invitation,
    /// A user sets a new password; other factors stay.
    ResetPassword,
    /// A user enrols an authenticator again; the password stays and is asked for.
    ResetTotp,
    /// A user makes a passkey; the password stays.
    ResetPasskey,
    /// A browser is registered for the user.
    Browser,
    /// A phone is registered to approve for the user.
    Approver,
}

impl LinkPurpose {
    /// The word in rows, on the command line and in the API.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// A link as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Names it in lists; opens nothing.
    pub id: String,
    /// Whom it is for.
    pub user: UserId,
    /// What for.
    pub purpose: LinkPurpose,
    /// Who made it.
    pub issued_by: String,
    /// When.
    pub created_at: Timestamp,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

/// All links.
#[derive(Debug)]
pub struct Links {
    database: Database,
    clock: SharedClock,
    random: SharedRandom,
}

impl Links {
    /// In this directory.
    pub const fn new(database: Database, clock: SharedClock, random: SharedRandom) -> Self {
        Self { database, clock, random }
    }

    /// Makes a link; its secret is returned here and never again. An older link of the same user and purpose is void.
    ///
    /// # Errors
    /// [`AccountError::Field`] if `lifetime` is longer than 30 days, [`AccountError::Database`].
    pub async fn issue(
        &self,
        user: &UserId,
        purpose: LinkPurpose,
        issued_by: &str,
        lifetime: Duration,
    ) -> Result<(Link, SecretToken), AccountError> {
        if lifetime.is_zero() || lifetime > Duration::from_secs(30 * 24 * 3600) {
            return Err(AccountError::Field {
                field: "the link's lifetime",
                reason: "write more than nothing and at most 30 days",
            });
        }
        let secret = SecretToken::draw(&*self.random);
        let now = self.clock.now();
        let link = Link {
            id: crate::random::base64url(&self.random.id()),
            user: user.clone(),
            purpose,
            issued_by: issued_by.to_owned(),
            created_at: now,
            expires_at: now.plus(lifetime),
        };
        let mut transaction = self.database.begin().await?;
        let older: [Value; 2] = [user.as_str().into(), purpose.word().into()];
        transaction.execute("DELETE FROM links WHERE user_name = $1 AND purpose = $2", &older).await?;
        transaction
            .execute(
                "INSERT INTO links (token_hash, id, user_name, purpose, issued_by, created_at, expires_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                &[
                    secret.hash().as_bytes().as_slice().into(),
                    link.id.clone().into(),
                    link.user.as_str().into(),
                    link.purpose.word().into(),
                    link.issued_by.clone().into(),
                    link.created_at.into(),
                    link.expires_at.into(),
                ],
            )
            .await?;
        transaction.commit().await?;
        Ok((link, secret))
    }

    /// Looks at a link without using it up: to show the page it opens.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn peek(&self, secret: &str) -> Result<Option<Link>, DatabaseError> {
        let Some(hash) = TokenHash::of_text(secret) else { return Ok(None) };
        let which: [Value; 2] = [hash.as_bytes().as_slice().into(), self.clock.now().into()];
        let row = self.database.row("SELECT * FROM links WHERE token_hash = $1 AND expires_at > $2", &which).await?;
        row.as_ref().map(link).transpose()
    }

    /// Takes a link: of any number of callers one gets it. Durably gone when this resolves.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn take(&self, secret: &str) -> Result<Option<Link>, DatabaseError> {
        let Some(hash) = TokenHash::of_text(secret) else { return Ok(None) };
        let which: [Value; 2] = [hash.as_bytes().as_slice().into(), self.clock.now().into()];
        let sql = "DELETE FROM links WHERE token_hash = $1 AND expires_at > $2 RETURNING *";
        let row = self.database.take(sql, &which).await?;
        row.as_ref().map(link).transpose()
    }

    /// The links of a user that may still be used, newest first.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn of_user(&self, user: &UserId) -> Result<Vec<Link>, DatabaseError> {
        let which: [Value; 2] = [user.as_str().into(), self.clock.now().into()];
        let sql = "SELECT * FROM links WHERE user_name = $1 AND expires_at > $2 ORDER BY created_at DESC";
        self.database.rows(sql, &which).await?.iter().map(link).collect()
    }

    /// Voids a link; whether it was there.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn revoke(&self, id: &str) -> Result<bool, DatabaseError> {
        Ok(self.database.execute("DELETE FROM links WHERE id = $1", &[id.into()]).await? > 0)
    }

    /// Forgets links that have ended.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn sweep(&self) -> Result<(), DatabaseError> {
        self.database.execute("DELETE FROM links WHERE expires_at <= $1", &[self.clock.now().into()]).await?;
        Ok(())
    }
}

fn link(row: &Row) -> Result<Link, DatabaseError> {
    Ok(Link {
        id: row.text("id")?,
        user: UserId::parse(&row.text("user_name")?).map_err(|_| DatabaseError::Column("user_name"))?,
        purpose: row.text("purpose")?.parse().map_err(|_unknown_word| DatabaseError::Column("purpose"))?,
        issued_by: row.text("issued_by")?,
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
    })
}
