//! Lists of transactions: the list itself, and the export with everything that is kept.

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::transactions::show::TransactionRecord;
use crate::admin::values::{Count, Moment, Page, length};
use crate::approval::question::Details;
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::transaction::receipt::lines;
use crate::transaction::{RecordedTransaction, TransactionQuery};

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

/// List transactions, newest first, those that wait included
#[derive(Args, Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListTransactions {
    /// Of this app.
    #[arg(long, value_name = "APP")]
    pub app: Option<String>,
    /// Asked for by this user.
    #[arg(long, value_name = "USER")]
    pub requester: Option<String>,
    /// How it stands, or ended.
    #[arg(long, value_name = "OUTCOME")]
    pub outcome: Option<Outcome>,
    /// With this in what was shown, in whichever language.
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// Asked for from this moment on, or from the beginning of this day.
    #[arg(long, value_name = "MOMENT")]
    #[schema(value_type = Option<String>)]
    pub since: Option<Moment>,
    /// Asked for before this moment, or to the end of this day.
    #[arg(long, value_name = "MOMENT")]
    #[schema(value_type = Option<String>)]
    pub until: Option<Moment>,
    /// Begin behind this one: `next` of the page before.
    #[arg(long, value_name = "PLACE")]
    pub after: Option<String>,
    /// How many at most (100; up to 1000).
    #[arg(long, value_name = "COUNT")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Count>,
}

impl Act for ListTransactions {
    const NAME: &'static str = "transaction.list";
    // What is shown of a request is whatever people send to an app: it is for those who may read the log.
    const SCOPE: Scope = Scope::Audit;
    const ROUTE: Route = Route::new(Verb::Get, "/transactions");
    type Output = Page<TransactionView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<TransactionView>, AdminError> {
        let Self { app, requester, outcome, text, since, until, after, limit } = self;
        let search = Search { app, requester, outcome, text, since, until, after, limit };
        let (found, next) = search.found(warrant.core()).await?;
        Ok(Page { items: found.into_iter().map(TransactionView::of).collect(), next })
    }
}

/// Read transactions with everything that is kept of them, newest first
#[derive(Args, Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportTransactions {
    /// Of this app.
    #[arg(long, value_name = "APP")]
    pub app: Option<String>,
    /// Asked for by this user.
    #[arg(long, value_name = "USER")]
    pub requester: Option<String>,
    /// How it stands, or ended.
    #[arg(long, value_name = "OUTCOME")]
    pub outcome: Option<Outcome>,
    /// With this in what was shown, in whichever language.
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// Asked for from this moment on, or from the beginning of this day.
    #[arg(long, value_name = "MOMENT")]
    #[schema(value_type = Option<String>)]
    pub since: Option<Moment>,
    /// Asked for before this moment, or to the end of this day.
    #[arg(long, value_name = "MOMENT")]
    #[schema(value_type = Option<String>)]
    pub until: Option<Moment>,
    /// Begin behind this one: `next` of the page before.
    #[arg(long, value_name = "PLACE")]
    pub after: Option<String>,
    /// How many at most (100; up to 1000).
    #[arg(long, value_name = "COUNT")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Count>,
}

impl Act for ExportTransactions {
    const NAME: &'static str = "transaction.export";
    const SCOPE: Scope = Scope::Audit;
    const ROUTE: Route = Route::new(Verb::Get, "/transactions/export");
    type Output = Page<TransactionRecord>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<TransactionRecord>, AdminError> {
        let Self { app, requester, outcome, text, since, until, after, limit } = self;
        let search = Search { app, requester, outcome, text, since, until, after, limit };
        let (found, next) = search.found(warrant.core()).await?;
        Ok(Page { items: found.into_iter().map(|record| TransactionRecord::of(record, None)).collect(), next })
    }
}
