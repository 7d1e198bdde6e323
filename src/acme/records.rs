//! The rows: accounts, certificates, orders that were begun, and what went wrong last. Keys are sealed.

use std::sync::Arc;
use std::time::Duration;

use instant_acme::AccountCredentials;
use zeroize::Zeroizing;

use super::answers::ChallengeAnswer;
use super::trouble::AcmeTrouble;
use crate::clock::Timestamp;
use crate::random::SharedRandom;
use crate::seal::MasterKeys;
use crate::store::database::{Database, DatabaseError, Value};

/// The rows, with what seals them.
#[derive(Clone)]
pub(super) struct AcmeRows {
    pub(super) database: Database,
    pub(super) keys: Arc<MasterKeys>,
    pub(super) random: SharedRandom,
}

/// A certificate as a row has it.
pub(super) struct CertificateRow {
    pub(super) id: String,
    pub(super) names: String,
    pub(super) directory: String,
    pub(super) chain: String,
    pub(super) key: Zeroizing<Vec<u8>>,
    pub(super) use_from: Timestamp,
    pub(super) issued_at: Timestamp,
}

/// An order that was begun.
pub(super) struct OrderRow {
    pub(super) url: String,
    pub(super) key: Zeroizing<Vec<u8>>,
    pub(super) made_at: Timestamp,
}

/// What went wrong last at an authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FailureRow {
    pub(super) names: String,
    pub(super) directory: String,
    pub(super) failures: u32,
    pub(super) next_at: Timestamp,
    /// Until when the authority itself wants to be left alone: nobody here shortens that.
    pub(super) leave_until: Option<Timestamp>,
    pub(super) kind: String,
    pub(super) words: String,
    pub(super) failed_at: Timestamp,
}

impl AcmeRows {
    fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, AcmeTrouble> {
        Ok(self.keys.seal(&*self.random, place, plain)?)
    }

    /// The account at an authority, and when it was made. One that cannot be opened is an error, never a reason for another.
    pub(super) async fn account(&self, directory: &str) -> Result<Option<(AccountCredentials, Timestamp)>, AcmeTrouble> {
        let sql = "SELECT credentials, made_at FROM acme_accounts WHERE directory = $1";
        let Some(row) = self.database.row(sql, &[directory.into()]).await? else { return Ok(None) };
        let plain = self.keys.open(&account_place(directory), &row.bytes("credentials")?)?;
        let credentials = serde_json::from_slice(&plain).map_err(|_| DatabaseError::Column("credentials"))?;
        Ok(Some((credentials, row.time("made_at")?)))
    }

    pub(super) async fn keep_account(
        &self,
        directory: &str,
        credentials: &AccountCredentials,
        now: Timestamp,
    ) -> Result<(), AcmeTrouble> {
        let plain = Zeroizing::new(serde_json::to_vec(credentials).map_err(|_| DatabaseError::Column("credentials"))?);
        let row: [Value; 3] = [directory.into(), self.seal(&account_place(directory), &plain)?.into(), now.into()];
        let sql = "INSERT INTO acme_accounts (directory, credentials, made_at) VALUES ($1, $2, $3) \
                   ON CONFLICT (directory) DO UPDATE SET credentials = excluded.credentials, made_at = excluded.made_at";
        Ok(self.database.execute(sql, &row).await.map(drop)?)
    }

    /// Keeps an account whose key was replaced.
    pub(super) async fn keep_account_key(&self, directory: &str, credentials: &AccountCredentials) -> Result<(), AcmeTrouble> {
        let plain = Zeroizing::new(serde_json::to_vec(credentials).map_err(|_| DatabaseError::Column("credentials"))?);
        let row: [Value; 2] = [self.seal(&account_place(directory), &plain)?.into(), directory.into()];
        let sql = "UPDATE acme_accounts SET credentials = $1 WHERE directory = $2";
        Ok(self.database.execute(sql, &row).await.map(drop)?)
    }

    /// Whether an order is open at an authority.
    pub(super) async fn has_order(&self, directory: &str) -> Result<bool, AcmeTrouble> {
        let sql = "SELECT names FROM acme_orders WHERE directory = $1";
        Ok(self.database.row(sql, &[directory.into()]).await?.is_some())
    }

    /// Every certificate, the one that came last at the end.
    pub(super) async fn certificates(&self) -> Result<Vec<CertificateRow>, AcmeTrouble> {
        let sql =
            "SELECT id, names, directory, chain, private_key, use_from, issued_at FROM acme_certificates ORDER BY issued_at, id";
        let mut found = Vec::new();
        for row in self.database.rows(sql, &[]).await? {
            let id = row.text("id")?;
            found.push(CertificateRow {
                names: row.text("names")?,
                directory: row.text("directory")?,
                chain: row.text("chain")?,
                key: self.keys.open(&format!("acme_certificate/{id}"), &row.bytes("private_key")?)?,
                id,
                use_from: row.time("use_from")?,
                issued_at: row.time("issued_at")?,
            });
        }
        Ok(found)
    }

    /// Keeps a new certificate; its order and what went wrong before are over with it.
    pub(super) async fn keep_certificate(&self, row: &CertificateRow) -> Result<(), AcmeTrouble> {
        let key = self.seal(&format!("acme_certificate/{}", row.id), &row.key)?;
        let values: [Value; 7] = [
            row.id.as_str().into(),
            row.names.as_str().into(),
            row.directory.as_str().into(),
            row.chain.as_str().into(),
            key.into(),
            row.use_from.into(),
            row.issued_at.into(),
        ];
        let mut transaction = self.database.begin().await?;
        let sql = "INSERT INTO acme_certificates (id, names, directory, chain, private_key, use_from, issued_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        transaction.execute(sql, &values).await?;
        let names: [Value; 1] = [row.names.as_str().into()];
        transaction.execute("DELETE FROM acme_orders WHERE names = $1", &names).await?;
        transaction.execute("DELETE FROM acme_failures WHERE names = $1", &names).await?;
        transaction.execute("DELETE FROM acme_asked WHERE names = $1", &names).await?;
        Ok(transaction.commit().await?)
    }

    /// Forgets the certificates of these names but this one, which serves.
    pub(super) async fn forget_others(&self, names: &str, id: &str) -> Result<(), AcmeTrouble> {
        let sql = "DELETE FROM acme_certificates WHERE names = $1 AND id <> $2";
        Ok(self.database.execute(sql, &[names.into(), id.into()]).await.map(drop)?)
    }

    pub(super) async fn order(&self, names: &str, directory: &str) -> Result<Option<OrderRow>, AcmeTrouble> {
        let sql = "SELECT url, private_key, made_at FROM acme_orders WHERE names = $1 AND directory = $2";
        let Some(row) = self.database.row(sql, &[names.into(), directory.into()]).await? else { return Ok(None) };
        let key = self.keys.open(&order_place(names, directory), &row.bytes("private_key")?)?;
        Ok(Some(OrderRow { url: row.text("url")?, key, made_at: row.time("made_at")? }))
    }

    pub(super) async fn keep_order(&self, names: &str, directory: &str, order: &OrderRow) -> Result<(), AcmeTrouble> {
        let key = self.seal(&order_place(names, directory), &order.key)?;
        let row: [Value; 5] = [names.into(), directory.into(), order.url.as_str().into(), key.into(), order.made_at.into()];
        let sql = "INSERT INTO acme_orders (names, directory, url, private_key, made_at) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (names, directory) DO UPDATE SET url = excluded.url, private_key = excluded.private_key, \
                   made_at = excluded.made_at";
        Ok(self.database.execute(sql, &row).await.map(drop)?)
    }

    /// Keeps what validators are answered for an order.
    pub(super) async fn keep_answers(
        &self,
        names: &str,
        directory: &str,
        answers: &[ChallengeAnswer],
    ) -> Result<(), AcmeTrouble> {
        let text = serde_json::to_string(answers).map_err(|_| DatabaseError::Column("answers"))?;
        let sql = "UPDATE acme_orders SET answers = $1 WHERE names = $2 AND directory = $3";
        Ok(self.database.execute(sql, &[text.into(), names.into(), directory.into()]).await.map(drop)?)
    }

    /// What validators are answered for each order that was begun after this moment, by its names and its directory.
    pub(super) async fn answers(&self, after: Timestamp) -> Result<Vec<(String, String, Vec<ChallengeAnswer>)>, AcmeTrouble> {
        let sql = "SELECT names, directory, answers FROM acme_orders WHERE made_at > $1";
        let mut found = Vec::new();
        for row in self.database.rows(sql, &[after.into()]).await? {
            let answers = serde_json::from_str(&row.text("answers")?).map_err(|_| DatabaseError::Column("answers"))?;
            found.push((row.text("names")?, row.text("directory")?, answers));
        }
        Ok(found)
    }

    pub(super) async fn forget_order(&self, names: &str, directory: &str) -> Result<(), AcmeTrouble> {
        let sql = "DELETE FROM acme_orders WHERE names = $1 AND directory = $2";
        Ok(self.database.execute(sql, &[names.into(), directory.into()]).await.map(drop)?)
    }

    /// Writes down that a new certificate is asked for, at `now`: what waits by itself waits no longer.
    pub(super) async fn keep_asked(&self, names: &str, now: Timestamp) -> Result<(), AcmeTrouble> {
        let sql = "INSERT INTO acme_asked (names) VALUES ($1) ON CONFLICT (names) DO NOTHING";
        self.database.execute(sql, &[names.into()]).await?;
        let row: [Value; 2] = [names.into(), now.into()];
        self.database.execute("DELETE FROM acme_failures WHERE names = $1 AND leave_until <= $2", &row).await?;
        let sql = "UPDATE acme_failures SET next_at = leave_until WHERE names = $1 AND leave_until > $2";
        Ok(self.database.execute(sql, &row).await.map(drop)?)
    }

    /// The names for which a new certificate is asked for.
    pub(super) async fn asked(&self) -> Result<Vec<String>, AcmeTrouble> {
        let rows = self.database.rows("SELECT names FROM acme_asked", &[]).await?;
        Ok(rows.iter().map(|row| row.text("names")).collect::<Result<_, _>>()?)
    }

    /// When administrators were notified last that a certificate stands so.
    pub(super) async fn notified(&self, names: &str, standing: &str) -> Result<Option<Timestamp>, AcmeTrouble> {
        let sql = "SELECT notified_at FROM acme_alarms WHERE names = $1 AND standing = $2";
        let row = self.database.row(sql, &[names.into(), standing.into()]).await?;
        Ok(row.map(|row| row.time("notified_at")).transpose()?)
    }

    /// Writes down that administrators were notified.
    pub(super) async fn keep_notified(&self, names: &str, standing: &str, now: Timestamp) -> Result<(), AcmeTrouble> {
        let sql = "INSERT INTO acme_alarms (names, standing, notified_at) VALUES ($1, $2, $3) \
                   ON CONFLICT (names) DO UPDATE SET standing = excluded.standing, notified_at = excluded.notified_at";
        Ok(self.database.execute(sql, &[names.into(), standing.into(), now.into()]).await.map(drop)?)
    }

    /// The alarm is over.
    pub(super) async fn forget_notified(&self, names: &str) -> Result<(), AcmeTrouble> {
        let sql = "DELETE FROM acme_alarms WHERE names = $1";
        Ok(self.database.execute(sql, &[names.into()]).await.map(drop)?)
    }

    pub(super) async fn failures(&self) -> Result<Vec<FailureRow>, AcmeTrouble> {
        let rows = self.database.rows("SELECT * FROM acme_failures", &[]).await?;
        let read = rows.iter().map(|row| {
            Ok(FailureRow {
                names: row.text("names")?,
                directory: row.text("directory")?,
                failures: u32::try_from(row.integer("failures")?).unwrap_or(u32::MAX),
                next_at: row.time("next_at")?,
                leave_until: Some(row.time("leave_until")?).filter(|until| *until > Timestamp::from_millis(0)),
                kind: row.text("kind")?,
                words: row.text("words")?,
                failed_at: row.time("failed_at")?,
            })
        });
        Ok(read.collect::<Result<_, DatabaseError>>()?)
    }

    pub(super) async fn keep_failure(&self, failure: &FailureRow) -> Result<(), AcmeTrouble> {
        let row: [Value; 8] = [
            failure.names.as_str().into(),
            failure.directory.as_str().into(),
            i64::from(failure.failures).into(),
            failure.next_at.into(),
            failure.leave_until.unwrap_or(Timestamp::from_millis(0)).into(),
            failure.kind.as_str().into(),
            failure.words.as_str().into(),
            failure.failed_at.into(),
        ];
        let sql = "INSERT INTO acme_failures (names, directory, failures, next_at, leave_until, kind, words, failed_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (names, directory) DO UPDATE SET \
                   failures = excluded.failures, next_at = excluded.next_at, leave_until = excluded.leave_until, \
                   kind = excluded.kind, words = excluded.words, failed_at = excluded.failed_at";
        Ok(self.database.execute(sql, &row).await.map(drop)?)
    }
}

impl FailureRow {
    /// The failure after `before`, and when the authority is asked again.
    pub(super) fn after(
        before: Option<&Self>,
        names: &str,
        directory: &str,
        trouble: &AcmeTrouble,
        rest: Duration,
        now: Timestamp,
    ) -> Self {
        let failures = before.map_or(0, |before| before.failures) + u32::from(!trouble.kind.is_passing());
        Self {
            names: names.to_owned(),
            directory: directory.to_owned(),
            failures,
            next_at: now.plus(trouble.after.map_or(rest, |after| after.max(rest))),
            leave_until: trouble.after.map(|after| now.plus(after)),
            kind: trouble.kind.code().to_owned(),
            words: trouble.words.clone(),
            failed_at: now,
        }
    }

    /// The same where somebody wants it tried again at `now`: at once, unless the authority itself wants to be left alone.
    pub(super) fn hurried(self, now: Timestamp) -> Option<Self> {
        let until = self.leave_until.filter(|until| now < *until)?;
        Some(Self { next_at: until, ..self })
    }
}

fn account_place(directory: &str) -> String {
    format!("acme_account/{directory}")
}

fn order_place(names: &str, directory: &str) -> String {
    format!("acme_order/{names} {directory}")
}
