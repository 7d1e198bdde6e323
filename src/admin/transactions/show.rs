//! One transaction with everything that is kept of it, and taking back one that is held.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::transactions::outcome::TransactionOutcome;
use crate::admin::values::{Done, displayed, rfc3339, rfc3339_if_any};
use crate::admin::written;
use crate::approval::key::ApproverId;
use crate::approval::question::Details;
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::principal::user::UserId;
use crate::transaction::receipt::lines;
use crate::transaction::{GivenAnswer, HeldError, RecordedTransaction, TransactionId, WaitsFor};

/// Show one transaction: what was shown, who answered what, what became of it, its receipt
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowTransaction {
    /// The transaction's id, as `sekisho transaction list` shows it.
    pub transaction: String,
}

impl Act for ShowTransaction {
    const NAME: &'static str = "transaction.show";
    const SCOPE: Scope = Scope::Audit;
    const ROUTE: Route = Route::new(Verb::Get, "/transactions/{transaction}");
    type Output = TransactionRecord;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<TransactionRecord, AdminError> {
        let core = warrant.core();
        let unknown = || AdminError::NotFound { what: "the transaction", name: self.transaction.clone() };
        let id = TransactionId::parse(&self.transaction).ok_or_else(unknown)?;
        // First how it stands: what was answered meanwhile may end it.
        let mut waiting = None;
        if let Some(held) = core.transactions().any(&id).filter(|held| !held.is_over()) {
            let status = core.transaction_engine().status(&held).await?;
            waiting = status.phase.waits_for().map(|stage| Waiting {
                stage,
                yes: status.yes.0,
                needed: status.yes.1,
                expires_at: held.expires_at,
            });
        }
        let record = core.transactions().record(&id).await?.ok_or_else(unknown)?;
        TransactionRecord::of(record, waiting)
    }
}

impl From<HeldError> for AdminError {
    fn from(error: HeldError) -> Self {
        Self::State(error.to_string())
    }
}

/// Take back a request that is held for its approval
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelTransaction {
    /// The transaction's id, as `sekisho transaction list --outcome held` shows it.
    pub transaction: String,
}

impl Act for CancelTransaction {
    const NAME: &'static str = "transaction.cancel";
    // As for `approval.cancel`: who may withdraw what phones are asked, or end the session, ends the transaction anyway.
    const SCOPE: Scope = Scope::Sessions;
    const ROUTE: Route = Route::new(Verb::Post, "/transactions/{transaction}/cancel");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(written::id(Event::new(Self::NAME), "transaction", &self.transaction))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.transaction.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        let unknown = || AdminError::NotFound { what: "a held transaction", name: self.transaction.clone() };
        let id = TransactionId::parse(&self.transaction).ok_or_else(unknown)?;
        let held = core.transactions().any(&id).ok_or_else(unknown)?;
        if !core.transaction_engine().withdraw(&held).await? {
            return Err(unknown());
        }
        Ok(Done::saying("transaction-taken-back", &[]))
    }
}

/// A transaction with everything that is kept of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransactionRecord {
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
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub expires_at: Timestamp,
}

/// What one approver answered; the answer as it was signed is in the receipt.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerView {
    /// Who.
    #[schema(value_type = String)]
    pub user: UserId,
    /// On which approver, or with which passkey: the thumbprint of its key.
    #[schema(value_type = String)]
    pub approver: ApproverId,
    /// Whether it counted as a yes.
    pub approved: bool,
}

impl AnswerView {
    fn of(given: &GivenAnswer) -> Self {
        Self { user: given.user.clone(), approver: given.approver.clone(), approved: given.approved }
    }
}

/// A request that was held when the process ended shows in its outcome, and no receipt is signed for it.
const PROCESS_ENDED: &str = "the gateway stopped before it ended: nobody signed what became of it";
/// The key was out of reach; the log says why.
const NOT_SIGNED: &str = "it could not be signed when it ended; the log of that time says why";

impl TransactionRecord {
    pub(super) fn of(record: RecordedTransaction, waiting: Option<Waiting>) -> Result<Self, AdminError> {
        let outcome = TransactionOutcome::of(&record)?;
        let without_receipt = match (&record.receipt, outcome) {
            (Some(_), _) | (None, TransactionOutcome::Held | TransactionOutcome::Forwarding) => None,
            (None, TransactionOutcome::Expired | TransactionOutcome::Unknown) => Some(PROCESS_ENDED),
            (
                None,
                TransactionOutcome::Forwarded
                | TransactionOutcome::Denied
                | TransactionOutcome::Cancelled
                | TransactionOutcome::Refused
                | TransactionOutcome::NotSent,
            ) => Some(NOT_SIGNED),
        };
        Ok(Self {
            transaction: record.id,
            app: record.app,
            name: record.name,
            title: record.details.title.en.clone(),
            requester: record.requester,
            outcome,
            status: record.status,
            asked_at: record.asked_at,
            ended_at: record.ended_at,
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
        })
    }
}
