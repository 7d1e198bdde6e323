//! Withdraws an approval: whoever waits for it is told, and no phone can answer it any more.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::approval::question::{ApprovalId, Closing};
use crate::audit::Event;

/// Withdraw an approval that a phone is asked for
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelApproval {
    /// The approval's id, as `sekisho approval list` shows it.
    pub approval: String,
}

impl Act for CancelApproval {
    const NAME: &'static str = "approval.cancel";
    const SCOPE: Scope = Scope::Sessions;
    const ROUTE: Route = Route::new(Verb::Delete, "/approvals/{approval}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).detail("approval", self.approval.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.approval.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let unknown = || AdminError::NotFound { what: "an open approval", name: self.approval.clone() };
        let id = ApprovalId::parse(&self.approval).ok_or_else(unknown)?;
        if !warrant.core().approvals().withdraw(&id, Closing::Withdrawn).await? {
            return Err(unknown());
        }
        Ok(Done::saying("the approval is withdrawn"))
    }
}
