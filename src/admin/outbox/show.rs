//! Shows a message with its body, to be read to somebody or printed. It may hold a one-time link: looking
//! needs a fresh sign-in and is written down.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::MessageView;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::{Act, ActTarget, Route, Warrant};
use crate::audit::Event;

/// Show a message with its body
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowMessage {
    /// The message's id.
    pub message: String,
}

impl Act for ShowMessage {
    const NAME: &'static str = "outbox.show";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::revealing("/outbox/{message}");
    type Output = MessageInFull;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).detail("message", self.message.clone()))
    }

    fn target(&self) -> ActTarget {
        // It may hold the link that opens the account.
        ActTarget::Message(self.message.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<MessageInFull, AdminError> {
        let found = warrant.core().outbox().show(&self.message).await?;
        let (message, body) = found.ok_or(AdminError::NotFound { what: "the message", name: self.message })?;
        Ok(MessageInFull { about: MessageView::of(&message), body })
    }
}

/// A message with its body.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageInFull {
    /// What lists show.
    pub about: MessageView,
    /// The text.
    pub body: String,
}
