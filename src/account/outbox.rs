//! Messages to people: each waits in the outbox, is mailed when `[mail]` is set, and can be shown or printed meanwhile.
//! Trouble with mail is a warning and a later attempt, never a failed act: nothing depends on e-mail.
//! Invariant: a message's body is sealed at rest, since it may carry a one-time link.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;

use super::AccountError;
use super::relay::Relay;
use crate::clock::{SharedClock, Timestamp};
use crate::config::diagnose::Complaint;
use crate::config::schema;
use crate::principal::user::UserId;
use crate::random::SharedRandom;
use crate::seal::{MasterKeys, SealError};
use crate::store::database::{Database, DatabaseError, DatabaseTransaction, Row, Value};

/// Attempts before a message is left for people to look at.
const ATTEMPTS: i64 = 12;
/// How long a message that was sent stays in the list.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// What went wrong with a message.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// The directory did not do it.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The body cannot be opened or sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The subject or the address cannot be written.
    #[error(transparent)]
    Account(#[from] AccountError),
}

/// A message as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// The user it is for.
    pub user: Option<UserId>,
    /// The mail address; `None`: it can only be shown or printed.
    pub recipient: Option<String>,
    /// One line.
    pub subject: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// How often mailing it was tried.
    pub attempts: i64,
    /// When it was mailed.
    pub sent_at: Option<Timestamp>,
    /// What the relay said the last time.
    pub last_error: Option<String>,
}

/// The outbox.
pub struct Outbox {
    database: Database,
    keys: Arc<MasterKeys>,
    clock: SharedClock,
    random: SharedRandom,
    relay: ArcSwapOption<Relay>,
    /// One delivery at a time: a message is not sent twice by two of them.
    delivering: tokio::sync::Mutex<()>,
}

impl std::fmt::Debug for Outbox {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Outbox {{ relay: {} }}", self.relay.load().is_some())
    }
}

impl Outbox {
    /// In this directory; nothing is mailed until [`Self::configure`] names a relay.
    pub fn new(database: Database, keys: Arc<MasterKeys>, clock: SharedClock, random: SharedRandom) -> Self {
        Self { database, keys, clock, random, relay: ArcSwapOption::empty(), delivering: tokio::sync::Mutex::new(()) }
    }

    /// Takes over `[mail]`.
    ///
    /// # Errors
    /// A [`Complaint`] on the key that is wrong; the relay of before stays.
    pub fn configure(&self, mail: Option<&schema::Mail>) -> Result<(), Complaint> {
        self.adopt(Relay::of(mail)?);
        Ok(())
    }

    /// Takes over a relay that was compiled before, when nothing else can go wrong any more.
    pub fn adopt(&self, relay: Option<Relay>) {
        self.relay.store(relay.map(Arc::new));
    }

    /// Whether messages are mailed.
    pub fn mails(&self) -> bool {
        self.relay.load().is_some()
    }

    /// Leaves a message; durable when this resolves. It is mailed by the next [`Self::deliver`], if there is an address
    /// and a relay.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub async fn post(
        &self,
        user: Option<&UserId>,
        recipient: Option<&str>,
        subject: &str,
        body: &str,
    ) -> Result<String, OutboxError> {
        let mut transaction = self.database.begin().await?;
        let id = self.post_within(&mut transaction, user, recipient, subject, body).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// The same as a part of a transaction: the message is there if the rest of it is.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub async fn post_within(
        &self,
        transaction: &mut DatabaseTransaction,
        user: Option<&UserId>,
        recipient: Option<&str>,
        subject: &str,
        body: &str,
    ) -> Result<String, OutboxError> {
        // A line break in a header would begin another (CR LF injection).
        if subject.is_empty() || subject.chars().count() > 200 || subject.chars().any(char::is_control) {
            return Err(AccountError::Field { field: "the subject", reason: "write one line of 1 to 200 characters" }.into());
        }
        if recipient.is_some_and(|address| address.parse::<lettre::Address>().is_err()) {
            return Err(AccountError::Field { field: "the mail address", reason: "write it as name@example.com" }.into());
        }
        let id = crate::random::base64url(&self.random.id());
        let sealed = self.keys.seal(&*self.random, &place(&id), body.as_bytes())?;
        let now = self.clock.now();
        transaction
            .execute(
                "INSERT INTO outbox (id, user_name, recipient, subject, body, created_at, attempts, next_attempt) \
                 VALUES ($1, $2, $3, $4, $5, $6, 0, $6)",
                &[
                    id.clone().into(),
                    user.map(UserId::as_str).into(),
                    recipient.into(),
                    subject.into(),
                    sealed.into(),
                    now.into(),
                ],
            )
            .await?;
        Ok(id)
    }

    /// All messages, newest first, at most 1,000.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn list(&self) -> Result<Vec<Message>, DatabaseError> {
        let rows = self.database.rows("SELECT * FROM outbox ORDER BY created_at DESC, id LIMIT 1000", &[]).await?;
        rows.iter().map(message).collect()
    }

    /// A message with its body: to be shown or printed.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub async fn show(&self, id: &str) -> Result<Option<(Message, String)>, OutboxError> {
        match self.database.row("SELECT * FROM outbox WHERE id = $1", &[id.into()]).await? {
            Some(row) => Ok(Some((message(&row)?, self.body(&row)?))),
            None => Ok(None),
        }
    }

    /// The user whom a message is for; `None` where it is for no user, or not there.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn addressee(&self, id: &str) -> Result<Option<UserId>, DatabaseError> {
        let Some(row) = self.database.row("SELECT user_name FROM outbox WHERE id = $1", &[id.into()]).await? else {
            return Ok(None);
        };
        let name = row.optional_text("user_name")?;
        name.map(|name| UserId::parse(&name).map_err(|_| DatabaseError::Column("user_name"))).transpose()
    }

    /// Removes a message; whether it was there.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove(&self, id: &str) -> Result<bool, DatabaseError> {
        Ok(self.database.execute("DELETE FROM outbox WHERE id = $1", &[id.into()]).await? > 0)
    }

    /// Mails what is due; how many went out. What fails is tried again after 1, 2, 4 … minutes, at most six hours.
    ///
    /// # Errors
    /// [`OutboxError`] if the directory or a seal fails; a relay that fails is a warning.
    pub async fn deliver(&self) -> Result<usize, OutboxError> {
        let Some(relay) = self.relay.load_full() else { return Ok(0) };
        let _one_at_a_time = self.delivering.lock().await;
        let due: [Value; 2] = [self.clock.now().into(), ATTEMPTS.into()];
        let sql = "SELECT * FROM outbox WHERE sent_at IS NULL AND recipient IS NOT NULL AND next_attempt <= $1 AND attempts < $2 \
                   ORDER BY next_attempt LIMIT 100";
        let mut sent = 0;
        for row in self.database.rows(sql, &due).await? {
            let waiting = message(&row)?;
            let recipient = waiting.recipient.as_deref().unwrap_or_default();
            let outcome = relay.send(recipient, &waiting.subject, self.body(&row)?).await;
            let now = self.clock.now();
            match outcome {
                Ok(()) => {
                    sent += 1;
                    let row: [Value; 2] = [waiting.id.into(), now.into()];
                    let sql = "UPDATE outbox SET sent_at = $2, attempts = attempts + 1, last_error = NULL WHERE id = $1";
                    self.database.execute(sql, &row).await?;
                }
                Err(error) => {
                    let error: String = error.chars().filter(|c| !c.is_control()).take(256).collect();
                    tracing::warn!(message = %waiting.id, %error, "a message could not be mailed and waits in the outbox");
                    metrics::counter!("sekisho_mail_failed_total").increment(1);
                    let pause = Duration::from_secs(60 << waiting.attempts.clamp(0, 20)).min(Duration::from_secs(6 * 3600));
                    let row: [Value; 3] = [waiting.id.into(), now.plus(pause).into(), error.into()];
                    let sql = "UPDATE outbox SET attempts = attempts + 1, next_attempt = $2, last_error = $3 WHERE id = $1";
                    self.database.execute(sql, &row).await?;
                }
            }
        }
        Ok(sent)
    }

    /// Forgets what was mailed 30 days ago.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn sweep(&self) -> Result<(), DatabaseError> {
        let kept = i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX);
        let before = self.clock.now().millis().saturating_sub(kept);
        self.database.execute("DELETE FROM outbox WHERE sent_at IS NOT NULL AND sent_at < $1", &[before.into()]).await?;
        Ok(())
    }

    fn body(&self, row: &Row) -> Result<String, OutboxError> {
        let opened = self.keys.open(&place(&row.text("id")?), &row.bytes("body")?)?;
        Ok(String::from_utf8_lossy(&opened).into_owned())
    }
}

fn place(id: &str) -> String {
    format!("outbox/{id}")
}

fn message(row: &Row) -> Result<Message, DatabaseError> {
    let user = row.optional_text("user_name")?.map(|user| UserId::parse(&user)).transpose();
    Ok(Message {
        id: row.text("id")?,
        user: user.map_err(|_| DatabaseError::Column("user_name"))?,
        recipient: row.optional_text("recipient")?,
        subject: row.text("subject")?,
        created_at: row.time("created_at")?,
        attempts: row.integer("attempts")?,
        sent_at: row.optional_integer("sent_at")?.map(Timestamp::from_millis),
        last_error: row.optional_text("last_error")?,
    })
}
