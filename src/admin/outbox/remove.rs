//! Removes a message; what was mailed is not called back.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;

/// Remove a message
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveMessage {
    /// The message's id.
    pub message: String,
}

impl Act for RemoveMessage {
    const NAME: &'static str = "outbox.remove";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Delete, "/outbox/{message}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).detail("message", self.message.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.message.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        if !warrant.core().outbox().remove(&self.message).await? {
            return Err(AdminError::NotFound { what: "the message", name: self.message });
        }
        Ok(Done::saying("the message is removed"))
    }
}
