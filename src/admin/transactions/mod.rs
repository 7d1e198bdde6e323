//! Transactions, held and ended: seen, exported and taken back by administrators, never approved by them.

pub mod cancel;
pub mod csv;
pub mod export;
pub mod list;
pub mod show;
#[cfg(test)]
mod tests;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::admin::error::AdminError;
use crate::admin::values::{Count, Moment, length};
use crate::approval::question::Details;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::transaction::receipt::lines;
use crate::transaction::{GivenAnswer, RecordedTransaction, TransactionQuery, WaitsFor};

/// How a transaction stands, or how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Outcome {
    /// It waits.
    Held,
    /// It is on its way.
    Forwarding,
    /// The app answered.
    Forwarded,
    /// Somebody who was asked said no.
    Denied,
    /// It was taken back.
    Cancelled,
    /// Its time went by.
    Expired,
    /// It was approved, and the chain refused it then.
    Refused,
    /// It was approved, and the app could not be reached: it did not happen.
    NotSent,
    /// It was sent, and no answer came: the app alone knows.
    Unknown,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Held,
        Self::Forwarding,
        Self::Forwarded,
        Self::Denied,
        Self::Cancelled,
        Self::Expired,
        Self::Refused,
        Self::NotSent,
        Self::Unknown,
    ];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Forwarding => "forwarding",
            Self::Forwarded => "forwarded",
            Self::Denied => "denied",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Refused => "refused",
            Self::NotSent => "not_sent",
            Self::Unknown => "unknown",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}

/// What is looked for, as both the list and the export take it.
#[derive(Clone, Debug, Default)]
struct Search {
    app: Option<String>,
    requester: Option<String>,
    outcome: Option<Outcome>,
    text: Option<String>,
    since: Option<Moment>,
    until: Option<Moment>,
    after: Option<String>,
    limit: Option<Count>,
}

impl Search {
    /// The records of this page and where the next begins.
    async fn found(self, core: &Core) -> Result<(Vec<RecordedTransaction>, Option<String>), AdminError> {
        let (limit, zone) = (length(self.limit), core.zone());
        let sought = TransactionQuery {
            app: self.app,
            requester: self.requester,
            outcome: self.outcome.map(|outcome| outcome.word().to_owned()),
            text: self.text.filter(|text| !text.is_empty()),
            since: self.since.map(|since| since.beginning(&zone)),
            until: self.until.map(|until| until.end(&zone)),
            after: self.after.as_deref().map(cursor).transpose()?,
            limit: limit + 1,
        };
        let mut found = core.transactions().list(&sought).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|last| format!("{}.{}", last.asked_at.millis(), last.id));
        Ok((found, next))
    }
}

/// Where a page begins: a moment and an id.
fn cursor(text: &str) -> Result<(Timestamp, String), AdminError> {
    let parts = text.split_once('.').and_then(|(moment, id)| Some((Timestamp::from_millis(moment.parse().ok()?), id.to_owned())));
    parts.ok_or_else(|| AdminError::Input { what: "read the next page", why: format!("{text:?} is no end of a page") })
}

/// A transaction in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransactionView {
    /// Its id.
    pub transaction: String,
    /// The app.
    pub app: String,
    /// Which of its transactions.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Who asked; absent: a machine.
    pub requester: Option<String>,
    /// `held`, `forwarding`, or how it ended.
    pub outcome: String,
    /// The status that the app answered with.
    pub status: Option<u16>,
    /// When it was held.
    pub asked_at: String,
    /// When it ended.
    pub ended_at: Option<String>,
    /// What was shown, in English.
    pub shown: Vec<String>,
    /// Whether there is a receipt.
    pub has_receipt: bool,
    /// What was shown, in every language: for pages.
    #[serde(skip)]
    pub details: Details,
}

impl TransactionView {
    fn of(record: RecordedTransaction) -> Self {
        Self {
            transaction: record.id.to_string(),
            app: record.app,
            name: record.name,
            title: record.details.title.en.clone(),
            requester: record.requester,
            outcome: record.outcome,
            status: record.status,
            asked_at: record.asked_at.rfc3339(),
            ended_at: record.ended_at.map(Timestamp::rfc3339),
            shown: lines(&record.details),
            has_receipt: record.receipt.is_some(),
            details: record.details,
        }
    }
}

/// A transaction with everything that is kept of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransactionRecord {
    /// Its id.
    pub transaction: String,
    /// The app.
    pub app: String,
    /// Which of its transactions.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Who asked; absent: a machine.
    pub requester: Option<String>,
    /// `held`, `forwarding`, or how it ended.
    pub outcome: String,
    /// The status that the app answered with.
    pub status: Option<u16>,
    /// When it was held.
    pub asked_at: String,
    /// When it ended.
    pub ended_at: Option<String>,
    /// Where it came from.
    pub address: String,
    /// With which browser.
    pub agent: String,
    /// The request's method.
    pub method: String,
    /// Host and port.
    pub authority: String,
    /// Path and query.
    pub target: String,
    /// The digest of the request: what was approved, and what alone was forwarded.
    pub request: String,
    /// What was shown, in English.
    pub shown: Vec<String>,
    /// How it waits, if it does.
    pub waiting: Option<Waiting>,
    /// Why there is no receipt, where there is none and will be none.
    pub without_receipt: Option<&'static str>,
    /// What was shown, as it was kept: in every language.
    #[schema(value_type = Object)]
    pub details: Details,
    /// Who answered what.
    pub answers: Vec<AnswerView>,
    /// The signed receipt (docs/receipts.md).
    pub receipt: Option<String>,
}

/// How a transaction waits.
#[derive(Debug, Serialize, ToSchema)]
pub struct Waiting {
    /// For what.
    pub stage: WaitsFor,
    /// How many said yes.
    pub yes: usize,
    /// How many must.
    pub needed: usize,
    /// Until when.
    pub expires_at: String,
}

/// What one approver answered; the answer as it was signed is in the receipt.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerView {
    /// Who.
    pub user: String,
    /// On which approver: the thumbprint of its key.
    pub approver: String,
    /// Whether it counted as a yes.
    pub approved: bool,
}

impl AnswerView {
    fn of(given: &GivenAnswer) -> Self {
        Self { user: given.user.to_string(), approver: given.approver.to_string(), approved: given.approved }
    }
}

/// What was held when the process ended is told by its outcome, and signed by nobody.
const PROCESS_ENDED: &str = "the gateway stopped before it ended: nobody signed what became of it";
/// The key was out of reach; the log says why.
const NOT_SIGNED: &str = "it could not be signed when it ended; the log of that time says why";

impl TransactionRecord {
    fn of(record: RecordedTransaction, waiting: Option<Waiting>) -> Self {
        let is_open = matches!(record.outcome.as_str(), "held" | "forwarding");
        let without_receipt = match (&record.receipt, is_open) {
            (None, false) if matches!(record.outcome.as_str(), "expired" | "unknown") => Some(PROCESS_ENDED),
            (None, false) => Some(NOT_SIGNED),
            _ => None,
        };
        Self {
            transaction: record.id.to_string(),
            app: record.app,
            name: record.name,
            title: record.details.title.en.clone(),
            requester: record.requester,
            outcome: record.outcome,
            status: record.status,
            asked_at: record.asked_at.rfc3339(),
            ended_at: record.ended_at.map(Timestamp::rfc3339),
            address: record.address,
            agent: record.agent,
            method: record.method,
            authority: record.authority,
            target: record.target,
            request: record.request,
            shown: lines(&record.details),
            waiting,
            without_receipt,
            answers: record.answers.iter().map(AnswerView::of).collect(),
            details: record.details,
            receipt: record.receipt,
        }
    }
}
