//! One transaction with everything that is kept of it.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{TransactionRecord, Waiting};
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::transaction::{HeldError, TransactionId};

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
                expires_at: held.expires_at.rfc3339(),
            });
        }
        let record = core.transactions().record(&id).await?.ok_or_else(unknown)?;
        Ok(TransactionRecord::of(record, waiting))
    }
}

impl From<HeldError> for AdminError {
    fn from(error: HeldError) -> Self {
        Self::State(error.to_string())
    }
}
