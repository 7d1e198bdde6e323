//! The rows of transactions: written when a request is held, before it is forwarded, and when it ended.

use serde::{Deserialize, Serialize};

use super::held::{Held, TransactionId};
use super::stage::Ending;
use crate::approval::key::ApproverId;
use crate::approval::question::{Details, Signed};
use crate::clock::Timestamp;
use crate::principal::user::UserId;
use crate::store::database::{Database, DatabaseError, Row};

/// What one approver answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenAnswer {
    /// Who.
    pub user: UserId,
    /// On which approver, or with which passkey: the thumbprint of its key.
    pub approver: ApproverId,
    /// Whether it was yes.
    pub approved: bool,
    /// The text that was shown.
    pub shown: String,
    /// The answer as it was signed.
    pub signed: Signed,
}

/// A transaction as it is kept.
#[derive(Clone, Debug)]
pub struct RecordedTransaction {
    /// Its id.
    pub id: TransactionId,
    /// The app.
    pub app: String,
    /// Which of its transactions.
    pub name: String,
    /// Who asked; `None`: a machine.
    pub requester: Option<String>,
    /// Where from.
    pub address: String,
    /// With which browser.
    pub agent: String,
    /// The request's method.
    pub method: String,
    /// Its host and port.
    pub authority: String,
    /// Its path and query.
    pub target: String,
    /// Its digest.
    pub request: String,
    /// What was shown of it.
    pub details: Details,
    /// When it was held.
    pub asked_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// `held`, `forwarding`, or the word of an [`Ending`].
    pub outcome: String,
    /// The status that the upstream answered with.
    pub status: Option<u16>,
    /// What approvers answered.
    pub answers: Vec<GivenAnswer>,
    /// The signed receipt.
    pub receipt: Option<String>,
}

/// What a transaction came to, as it is written down.
pub(super) struct EndedTransaction {
    pub(super) id: TransactionId,
    pub(super) ending: Ending,
    pub(super) answers: Vec<GivenAnswer>,
    pub(super) receipt: Option<String>,
    pub(super) at: Timestamp,
}

pub(super) async fn begin(database: &Database, held: &Held) -> Result<(), DatabaseError> {
    let details = serde_json::to_string(&held.details).unwrap_or_default();
    let sql = "INSERT INTO transactions (id, app, name, requester, address, agent, method, authority, target, request, details, \
               asked_at, outcome) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'held')";
    database
        .execute(
            sql,
            &[
                held.id.as_str().into(),
                (&*held.rule.app).into(),
                (&*held.rule.name).into(),
                held.user.as_ref().map(UserId::as_str).into(),
                held.address.to_string().into(),
                held.agent.as_str().into(),
                held.method.as_str().into(),
                held.authority.as_str().into(),
                held.target.as_str().into(),
                held.digest.text().into(),
                details.into(),
                held.asked_at.into(),
            ],
        )
        .await
        .map(drop)
}

pub(super) async fn forwarding(database: &Database, id: &TransactionId) -> Result<bool, DatabaseError> {
    let sql = "UPDATE transactions SET outcome = 'forwarding' WHERE id = $1 AND outcome = 'held'";
    Ok(database.execute(sql, &[id.as_str().into()]).await? == 1)
}

pub(super) async fn end(database: &Database, end: &EndedTransaction) -> Result<(), DatabaseError> {
    let status = if let Ending::Forwarded(status) = end.ending { Some(i64::from(status)) } else { None };
    let sql = "UPDATE transactions SET outcome = $2, status = $3, answers = $4, receipt = $5, ended_at = $6 WHERE id = $1";
    database
        .execute(
            sql,
            &[
                end.id.as_str().into(),
                end.ending.word().into(),
                status.into(),
                serde_json::to_string(&end.answers).unwrap_or_default().into(),
                end.receipt.as_deref().into(),
                end.at.into(),
            ],
        )
        .await
        .map(drop)
}

/// What was held when the process before this one ended: nothing was forwarded of what waited, and of what was on its way
/// nobody knows whether it arrived.
pub(super) async fn recover(database: &Database, at: Timestamp) -> Result<(u64, u64), DatabaseError> {
    let expired = "UPDATE transactions SET outcome = 'expired', ended_at = $1 WHERE outcome = 'held'";
    let unknown = "UPDATE transactions SET outcome = 'unknown', ended_at = $1 WHERE outcome = 'forwarding'";
    Ok((database.execute(expired, &[at.into()]).await?, database.execute(unknown, &[at.into()]).await?))
}

/// What a list of transactions is searched by.
#[derive(Clone, Debug, Default)]
pub struct TransactionQuery {
    /// The app.
    pub app: Option<String>,
    /// Who asked.
    pub requester: Option<String>,
    /// How it ended, by its word; `held` for what waits.
    pub outcome: Option<String>,
    /// A part of what was shown.
    pub text: Option<String>,
    /// Asked from then on.
    pub since: Option<Timestamp>,
    /// Asked before then.
    pub until: Option<Timestamp>,
    /// Those behind this one.
    pub after: Option<(Timestamp, String)>,
    /// At most so many.
    pub limit: usize,
}

pub(super) async fn find(database: &Database, id: &TransactionId) -> Result<Option<RecordedTransaction>, DatabaseError> {
    let row = database.row("SELECT * FROM transactions WHERE id = $1", &[id.as_str().into()]).await?;
    row.as_ref().map(record).transpose()
}

/// Newest first. A text is searched in what was shown, not in the member names of the JSON: the database finds candidates,
/// and this function checks them.
pub(super) async fn list(database: &Database, sought: &TransactionQuery) -> Result<Vec<RecordedTransaction>, DatabaseError> {
    let Some(text) = &sought.text else { return page(database, sought).await };
    let text = text.to_lowercase();
    let (mut sought, mut found) = (sought.clone(), Vec::new());
    let wanted = sought.limit;
    loop {
        let candidates = page(database, &sought).await?;
        let is_last = candidates.len() < sought.limit || wanted == 0;
        sought.after = candidates.last().map(|record| (record.asked_at, record.id.to_string()));
        found.extend(candidates.into_iter().filter(|record| says(&record.details, &text)));
        if is_last || found.len() >= wanted {
            found.truncate(wanted);
            return Ok(found);
        }
    }
}

/// Whether what was shown has this text in it, in any language.
fn says(details: &Details, text: &str) -> bool {
    let words = [&details.title, &details.sentence].into_iter().chain(details.fields.iter().map(|field| &field.label));
    let values = details.fields.iter().filter_map(|field| field.value.as_deref());
    words.flat_map(|words| words.all()).chain(values).any(|said| said.to_lowercase().contains(text))
}

async fn page(database: &Database, sought: &TransactionQuery) -> Result<Vec<RecordedTransaction>, DatabaseError> {
    let sql = "SELECT * FROM transactions WHERE ($1 IS NULL OR app = $1) AND ($2 IS NULL OR requester = $2) \
               AND ($3 IS NULL OR outcome = $3) AND ($4 IS NULL OR details LIKE $4 ESCAPE '!') \
               AND ($5 IS NULL OR asked_at >= $5) AND ($6 IS NULL OR asked_at < $6) \
               AND ($7 IS NULL OR asked_at < $7 OR (asked_at = $7 AND id < $8)) ORDER BY asked_at DESC, id DESC LIMIT $9";
    let like = sought.text.as_ref().map(|text| {
        // As JSON keeps it, and as LIKE takes it for itself.
        let json = serde_json::to_string(text).unwrap_or_default();
        let inner = json.trim_matches('"').replace('!', "!!").replace('%', "!%").replace('_', "!_");
        format!("%{inner}%")
    });
    let (moment, id) = sought.after.clone().map_or((None, None), |(moment, id)| (Some(moment.millis()), Some(id)));
    let rows = database
        .rows(
            sql,
            &[
                sought.app.clone().into(),
                sought.requester.clone().into(),
                sought.outcome.clone().into(),
                like.into(),
                sought.since.map(Timestamp::millis).into(),
                sought.until.map(Timestamp::millis).into(),
                moment.into(),
                id.into(),
                i64::try_from(sought.limit).unwrap_or(i64::MAX).into(),
            ],
        )
        .await?;
    rows.iter().map(record).collect()
}

fn record(row: &Row) -> Result<RecordedTransaction, DatabaseError> {
    let wrong = DatabaseError::Column;
    Ok(RecordedTransaction {
        id: TransactionId::parse(&row.text("id")?).ok_or(wrong("id"))?,
        app: row.text("app")?,
        name: row.text("name")?,
        requester: row.optional_text("requester")?,
        address: row.text("address")?,
        agent: row.text("agent")?,
        method: row.text("method")?,
        authority: row.text("authority")?,
        target: row.text("target")?,
        request: row.text("request")?,
        details: serde_json::from_str(&row.text("details")?).map_err(|_| wrong("details"))?,
        asked_at: row.time("asked_at")?,
        ended_at: row.optional_integer("ended_at")?.map(Timestamp::from_millis),
        outcome: row.text("outcome")?,
        status: row.optional_integer("status")?.map(u16::try_from).transpose().map_err(|_| wrong("status"))?,
        answers: serde_json::from_str(&row.text("answers")?).map_err(|_| wrong("answers"))?,
        receipt: row.optional_text("receipt")?,
    })
}
