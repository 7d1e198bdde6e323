//! Approvers: phones that hold a key, and the users whom each of them serves. A user's place on an approver is a slot; a
//! user has at most a configured number of them, an approver serves any number of users.
//! Invariant: a slot goes only by an act of its user or an administrator; clearing the phone deletes nothing here.

use std::time::Duration;

use super::key::{ApproverId, PublicKey};
use super::web_push::Subscription;
use crate::clock::{SharedClock, Timestamp};
use crate::principal::method::CredentialId;
use crate::principal::user::UserId;
use crate::store::database::{Database, DatabaseError, Row, Value};

/// How exactly it is remembered when a key was last seen.
const SEEN_EVERY: Duration = Duration::from_secs(60);

/// One user's place on one approver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The approver.
    pub approver: ApproverId,
    /// The user whom it serves here.
    pub user: UserId,
    /// What the person calls it.
    pub name: String,
    /// What it is, in a few words: `Chrome, Android`.
    pub agent: String,
    /// When it was registered for this user.
    pub registered_at: Timestamp,
    /// When its key was last seen, to the minute.
    pub last_seen: Timestamp,
}

/// What stands against a user's approvals (R-431…R-434).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ApproverStanding {
    /// Suspended by an administrator; the registrations stay.
    pub suspended: bool,
    /// Wrong answers in a row.
    pub wrong_answers: u32,
    /// Locked after too many of them, until an administrator unlocks.
    pub locked: bool,
}

impl ApproverStanding {
    /// Whether approvals work at all.
    pub const fn is_good(self) -> bool {
        !self.suspended && !self.locked
    }
}

/// Why an approver is not registered.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The user has as many as may be.
    #[error("register the phone: the user already has {0}, which is the limit; remove one first")]
    Limit(usize),
    /// The key is not a point of P-256.
    #[error("register the approver: its key is not a P-256 key")]
    Key,
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// All approvers. Read from the directory each time: no request of an app waits for it.
#[derive(Clone, Debug)]
pub struct ApproverRegistry {
    database: Database,
    clock: SharedClock,
}

impl ApproverRegistry {
    /// In this directory.
    pub const fn new(database: Database, clock: SharedClock) -> Self {
        Self { database, clock }
    }

    /// Registers an approver for a user, at most `limit` of them: of two that come at once for the last place one gets
    /// it. Registering again renames.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn register(
        &self,
        key: &PublicKey,
        user: &UserId,
        name: &str,
        agent: &str,
        limit: usize,
    ) -> Result<Slot, RegisterError> {
        let point = key.point().ok_or(RegisterError::Key)?;
        let (approver, now) = (key.id(), self.clock.now());
        let name = called(name, agent);
        let agent = plain(agent);
        let mut transaction = self.database.begin().await?;
        transaction
            .execute(
                "INSERT INTO approvers (id, public_key, agent, registered_at, last_seen) VALUES ($1, $2, $3, $4, $4) \
                 ON CONFLICT (id) DO UPDATE SET agent = excluded.agent, last_seen = excluded.last_seen",
                &[approver.as_str().into(), point.as_slice().into(), agent.clone().into(), now.into()],
            )
            .await?;
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let added = transaction
            .execute(
                "INSERT INTO approver_slots (approver_id, user_name, name, registered_at) SELECT $1, $2, $3, $4 WHERE \
                 (SELECT COUNT(*) FROM approver_slots WHERE user_name = $2 AND approver_id <> $1) < $5 \
                 ON CONFLICT (approver_id, user_name) DO UPDATE SET name = excluded.name",
                &[approver.as_str().into(), user.as_str().into(), name.clone().into(), now.into(), most.into()],
            )
            .await?;
        if added == 0 {
            return Err(RegisterError::Limit(limit));
        }
        transaction.commit().await?;
        Ok(Slot { approver, user: user.clone(), name, agent, registered_at: now, last_seen: now })
    }

    /// Remembers that the approver of a slot was seen, to the minute: a phone that looks often writes seldom.
    ///
    /// # Errors
    /// [`DatabaseError`]. So for the others.
    pub async fn seen(&self, slot: &Slot) -> Result<(), DatabaseError> {
        let now = self.clock.now();
        if now.since(slot.last_seen) < SEEN_EVERY {
            return Ok(());
        }
        let row: [Value; 2] = [slot.approver.as_str().into(), now.into()];
        self.database.execute("UPDATE approvers SET last_seen = $2 WHERE id = $1", &row).await.map(drop)
    }

    /// The slots of a user, oldest first.
    ///
    /// # Errors
    /// As [`Self::seen`].
    pub async fn of_user(&self, user: &UserId) -> Result<Vec<Slot>, DatabaseError> {
        const SQL: &str = "SELECT s.approver_id, s.user_name, s.name, s.registered_at, a.agent, a.last_seen \
                           FROM approver_slots s JOIN approvers a ON a.id = s.approver_id WHERE s.user_name = $1 \
                           ORDER BY s.registered_at, s.approver_id";
        self.database.rows(SQL, &[user.as_str().into()]).await?.iter().map(slot).collect()
    }

    /// The slots on an approver, oldest first.
    ///
    /// # Errors
    /// As [`Self::seen`].
    pub async fn on(&self, approver: &ApproverId) -> Result<Vec<Slot>, DatabaseError> {
        const SQL: &str = "SELECT s.approver_id, s.user_name, s.name, s.registered_at, a.agent, a.last_seen \
                           FROM approver_slots s JOIN approvers a ON a.id = s.approver_id WHERE s.approver_id = $1 \
                           ORDER BY s.registered_at, s.user_name";
        self.database.rows(SQL, &[approver.as_str().into()]).await?.iter().map(slot).collect()
    }

    /// All slots, by user.
    ///
    /// # Errors
    /// As [`Self::seen`].
    pub async fn all(&self) -> Result<Vec<Slot>, DatabaseError> {
        const SQL: &str = "SELECT s.approver_id, s.user_name, s.name, s.registered_at, a.agent, a.last_seen \
                           FROM approver_slots s JOIN approvers a ON a.id = s.approver_id ORDER BY s.user_name, s.registered_at";
        self.database.rows(SQL, &[]).await?.iter().map(slot).collect()
    }

    /// Whether an approver serves a user.
    ///
    /// # Errors
    /// As [`Self::seen`].
    pub async fn serves(&self, approver: &ApproverId, user: &UserId) -> Result<bool, DatabaseError> {
        let which: [Value; 2] = [approver.as_str().into(), user.as_str().into()];
        let sql = "SELECT name FROM approver_slots WHERE approver_id = $1 AND user_name = $2";
        Ok(self.database.row(sql, &which).await?.is_some())
    }

    /// Whether this is a passkey of a user, which answers where there is no approver. Its rows are written by `factor::passkey`.
    ///
    /// # Errors
    /// As [`Self::seen`].
    pub async fn has_passkey(&self, user: &UserId, passkey: CredentialId) -> Result<bool, DatabaseError> {
        let sql = "SELECT id FROM passkeys WHERE user_name = $1 AND id = $2";
        Ok(self.database.row(sql, &[user.as_str().into(), passkey.text().into()]).await?.is_some())
    }

    /// Calls a slot otherwise; whether it was there.
    ///
    /// # Errors
    /// As [`Self::seen`].
    pub async fn rename(&self, approver: &ApproverId, user: &UserId, name: &str) -> Result<bool, DatabaseError> {
        let row: [Value; 3] = [approver.as_str().into(), user.as_str().into(), called(name, "approver").into()];
        let sql = "UPDATE approver_slots SET name = $3 WHERE approver_id = $1 AND user_name = $2";
        Ok(self.database.execute(sql, &row).await? > 0)
    }

    /// Removes a slot, and the approver with its last one; whether it was there.
    ///
    /// # Errors
    /// As [`Self::seen`].
    pub async fn remove(&self, approver: &ApproverId, user: &UserId) -> Result<bool, DatabaseError> {
        let which: [Value; 2] = [approver.as_str().into(), user.as_str().into()];
        let removed =
            self.database.execute("DELETE FROM approver_slots WHERE approver_id = $1 AND user_name = $2", &which).await?;
        self.forget_idle().await?;
        Ok(removed > 0)
    }

    /// Removes all slots of a user; how many there were.
    ///
    /// # Errors
    /// As [`Self::seen`].
    pub async fn remove_user(&self, user: &UserId) -> Result<u64, DatabaseError> {
        let removed = self.database.execute("DELETE FROM approver_slots WHERE user_name = $1", &[user.as_str().into()]).await?;
        self.forget_idle().await?;
        Ok(removed)
    }

    async fn forget_idle(&self) -> Result<(), DatabaseError> {
        let sql = "DELETE FROM approvers WHERE id NOT IN (SELECT approver_id FROM approver_slots)";
        self.database.execute(sql, &[]).await.map(drop)
    }

    /// Keeps where an approver's browser is reached, in place of what was kept before; whether the approver is there.
    ///
    /// # Errors
    /// As [`Self::seen`].
    pub async fn subscribe(&self, approver: &ApproverId, to: &Subscription) -> Result<bool, DatabaseError> {
        let row: [Value; 4] =
            [approver.as_str().into(), to.endpoint.as_str().into(), to.key.as_slice().into(), to.secret.as_slice().into()];
        let sql = "UPDATE approvers SET push_endpoint = $2, push_key = $3, push_secret = $4 WHERE id = $1";
        Ok(self.database.execute(sql, &row).await? > 0)
    }

    /// Forgets a subscription, unless another has taken its place.
    ///
    /// # Errors
    /// As [`Self::seen`].
    pub async fn unsubscribe(&self, approver: &ApproverId, endpoint: &str) -> Result<(), DatabaseError> {
        let row: [Value; 2] = [approver.as_str().into(), endpoint.into()];
        let sql =
            "UPDATE approvers SET push_endpoint = NULL, push_key = NULL, push_secret = NULL WHERE id = $1 AND push_endpoint = $2";
        self.database.execute(sql, &row).await.map(drop)
    }

    /// Where the approvers of a user are reached, those that can be.
    ///
    /// # Errors
    /// As [`Self::seen`].
    pub async fn subscriptions(&self, user: &UserId) -> Result<Vec<(ApproverId, Subscription)>, DatabaseError> {
        const SQL: &str = "SELECT a.id, a.push_endpoint, a.push_key, a.push_secret FROM approvers a JOIN approver_slots s \
                           ON s.approver_id = a.id WHERE s.user_name = $1 AND a.push_endpoint IS NOT NULL";
        let wrong = DatabaseError::Column;
        let rows = self.database.rows(SQL, &[user.as_str().into()]).await?;
        rows.iter()
            .map(|row| {
                let id = ApproverId::parse(&row.text("id")?).ok_or(wrong("id"))?;
                let key = row.bytes("push_key")?.try_into().map_err(|_| wrong("push_key"))?;
                let secret = row.bytes("push_secret")?.try_into().map_err(|_| wrong("push_secret"))?;
                Ok((id, Subscription { endpoint: row.text("push_endpoint")?, key, secret }))
            })
            .collect()
    }

    /// What stands against a user's approvals.
    ///
    /// # Errors
    /// As [`Self::seen`].
    pub async fn standing(&self, user: &UserId) -> Result<ApproverStanding, DatabaseError> {
        let sql = "SELECT suspended, wrong_answers, locked FROM approval_standings WHERE user_name = $1";
        let Some(row) = self.database.row(sql, &[user.as_str().into()]).await? else { return Ok(ApproverStanding::default()) };
        Ok(ApproverStanding {
            suspended: row.flag("suspended")?,
            wrong_answers: u32::try_from(row.integer("wrong_answers")?).unwrap_or(u32::MAX),
            locked: row.flag("locked")?,
        })
    }

    /// Suspends a user's approvals, or resumes them: the same approvers answer again.
    ///
    /// # Errors
    /// As [`Self::seen`].
    pub async fn set_suspended(&self, user: &UserId, suspended: bool) -> Result<(), DatabaseError> {
        let row: [Value; 3] = [user.as_str().into(), suspended.into(), self.clock.now().into()];
        self.database
            .execute(
                "INSERT INTO approval_standings (user_name, suspended, wrong_answers, locked, changed_at) \
                 VALUES ($1, $2, 0, 0, $3) ON CONFLICT (user_name) DO UPDATE SET suspended = $2, changed_at = $3",
                &row,
            )
            .await
            .map(drop)
    }

    /// Lifts the lock of a user's approvals; whether there was one.
    ///
    /// # Errors
    /// As [`Self::seen`].
    pub async fn unlock(&self, user: &UserId) -> Result<bool, DatabaseError> {
        let row: [Value; 2] = [user.as_str().into(), self.clock.now().into()];
        let sql =
            "UPDATE approval_standings SET locked = 0, wrong_answers = 0, changed_at = $2 WHERE user_name = $1 AND locked = 1";
        Ok(self.database.execute(sql, &row).await? > 0)
    }

    /// Counts a wrong answer; whether it was the one that locks.
    pub(super) async fn answered_wrong(&self, user: &UserId, most: u32) -> Result<bool, DatabaseError> {
        let row: [Value; 3] = [user.as_str().into(), i64::from(most).into(), self.clock.now().into()];
        self.database
            .execute(
                "INSERT INTO approval_standings (user_name, suspended, wrong_answers, locked, changed_at) \
                 VALUES ($1, 0, 1, CASE WHEN 1 >= $2 THEN 1 ELSE 0 END, $3) ON CONFLICT (user_name) DO UPDATE SET \
                 wrong_answers = approval_standings.wrong_answers + 1, changed_at = $3, locked = CASE WHEN \
                 approval_standings.wrong_answers + 1 >= $2 THEN 1 ELSE approval_standings.locked END",
                &row,
            )
            .await?;
        Ok(self.standing(user).await?.locked)
    }

    /// A right answer: the wrong ones in a row before it no longer count.
    pub(super) async fn answered_right(&self, user: &UserId) -> Result<(), DatabaseError> {
        // Most have none to forget, and nobody waits for the one connection that writes to learn that.
        if self.standing(user).await?.wrong_answers == 0 {
            return Ok(());
        }
        let sql = "UPDATE approval_standings SET wrong_answers = 0 WHERE user_name = $1 AND locked = 0 AND wrong_answers > 0";
        self.database.execute(sql, &[user.as_str().into()]).await.map(drop)
    }
}

fn slot(row: &Row) -> Result<Slot, DatabaseError> {
    Ok(Slot {
        approver: ApproverId::parse(&row.text("approver_id")?).ok_or(DatabaseError::Column("approver_id"))?,
        user: UserId::parse(&row.text("user_name")?).map_err(|_| DatabaseError::Column("user_name"))?,
        name: row.text("name")?,
        agent: row.text("agent")?,
        registered_at: row.time("registered_at")?,
        last_seen: row.time("last_seen")?,
    })
}

/// A name as a person gave it, or what the thing is.
fn called(name: &str, otherwise: &str) -> String {
    let name = plain(name);
    if name.is_empty() { plain(otherwise) } else { name }
}

fn plain(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(64).collect()
}
