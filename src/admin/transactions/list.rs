//! Lists of transactions: the list itself, and the export with everything that is kept.

use clap::{ArgMatches, Args, Command, FromArgMatches};
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::transactions::outcome::TransactionOutcome;
use crate::admin::transactions::show::TransactionRecord;
use crate::admin::values::{Count, Moment, Page, displayed, length, rfc3339, rfc3339_if_any};
use crate::approval::question::Details;
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::transaction::receipt::lines;
use crate::transaction::{RecordedTransaction, TransactionId, TransactionQuery};

/// Where a page begins: a moment and an id.
fn cursor(text: &str) -> Result<(Timestamp, String), AdminError> {
    let parts = text.split_once('.').and_then(|(moment, id)| Some((Timestamp::from_millis(moment.parse().ok()?), id.to_owned())));
    parts.ok_or_else(|| AdminError::Input { what: "read the next page", why: format!("{text:?} is not an end of a page") })
}

/// A transaction in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransactionView {
    /// Its id.
    #[serde(serialize_with = "displayed")]
    #[schema(value_type = String)]
    pub transaction: TransactionId,
    /// The app.
    pub app: String,
    /// Which of its transactions.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Who asked; absent: a machine.
    pub requester: Option<String>,
    /// `held`, `forwarding`, or how it ended.
    #[schema(value_type = String)]
    pub outcome: TransactionOutcome,
    /// The status that the app answered with.
    pub status: Option<u16>,
    /// When it was held.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub asked_at: Timestamp,
    /// When it ended.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub ended_at: Option<Timestamp>,
    /// What was shown, in English.
    pub shown: Vec<String>,
    /// Whether there is a receipt.
    pub has_receipt: bool,
    /// What was shown, in every language: for pages.
    #[serde(skip)]
    pub details: Details,
}

impl TransactionView {
    fn of(record: RecordedTransaction) -> Result<Self, AdminError> {
        Ok(Self {
            outcome: TransactionOutcome::of(&record)?,
            transaction: record.id,
            app: record.app,
            name: record.name,
            title: record.details.title.en.clone(),
            requester: record.requester,
            status: record.status,
            asked_at: record.asked_at,
            ended_at: record.ended_at,
            shown: lines(&record.details),
            has_receipt: record.receipt.is_some(),
            details: record.details,
        })
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
    pub outcome: Option<TransactionOutcome>,
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

impl ListTransactions {
    /// The records of this page, and where the next page begins.
    async fn found(self, core: &Core) -> Result<(Vec<RecordedTransaction>, Option<String>), AdminError> {
        let (limit, zone) = (length(self.limit), core.zone());
        let query = TransactionQuery {
            app: self.app,
            requester: self.requester,
            outcome: self.outcome.map(|outcome| outcome.word().to_owned()),
            text: self.text.filter(|text| !text.is_empty()),
            since: self.since.map(|since| since.beginning(&zone)),
            until: self.until.map(|until| until.end(&zone)),
            after: self.after.as_deref().map(cursor).transpose()?,
            limit: limit + 1,
        };
        let mut found = core.transactions().list(&query).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|last| format!("{}.{}", last.asked_at.millis(), last.id));
        Ok((found, next))
    }
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
        let (found, next) = self.found(warrant.core()).await?;
        let items = found.into_iter().map(TransactionView::of).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }
}

/// What the help and the API say of [`ExportTransactions`].
const EXPORT: &str = "Read transactions with everything that is kept of them, newest first";

/// Reads transactions with everything that is kept of them: the same search as [`ListTransactions`], another answer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExportTransactions(pub ListTransactions);

impl Args for ExportTransactions {
    fn augment_args(command: Command) -> Command {
        ListTransactions::augment_args(command).about(EXPORT)
    }

    fn augment_args_for_update(command: Command) -> Command {
        ListTransactions::augment_args_for_update(command).about(EXPORT)
    }
}

impl FromArgMatches for ExportTransactions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        ListTransactions::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

impl PartialSchema for ExportTransactions {
    fn schema() -> RefOr<Schema> {
        let mut schema = ListTransactions::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.description = Some(EXPORT.to_owned());
        }
        schema
    }
}

impl ToSchema for ExportTransactions {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        ListTransactions::schemas(schemas);
    }
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
        let (found, next) = self.0.found(warrant.core()).await?;
        let items = found.into_iter().map(|record| TransactionRecord::of(record, None)).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }
}
