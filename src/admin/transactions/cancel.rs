//! Takes a held request back: whoever waits for it is told, no phone can answer it any more, and the app never hears of it.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::transaction::TransactionId;

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
        Some(Event::new(Self::NAME).detail("transaction", self.transaction.clone()))
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
        Ok(Done::saying("the transaction is taken back"))
    }
}
