//! The outbox: messages that could not be mailed, with the links they carry.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::outbox::Message;
use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::values::{Done, Page, rfc3339, rfc3339_if_any};
use crate::admin::written;
use crate::audit::Event;
use crate::clock::Timestamp;

/// A message as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageView {
    /// Its id.
    pub message: String,
    /// The user it is for.
    pub user: Option<String>,
    /// The mail address; absent: it can only be shown or printed.
    pub recipient: Option<String>,
    /// One line.
    pub subject: String,
    /// When it was written.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// How often mailing it was tried.
    pub attempts: i64,
    /// When it was mailed.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub sent_at: Option<Timestamp>,
    /// What the relay said the last time.
    pub last_error: Option<String>,
}

impl MessageView {
    fn of(message: &Message) -> Self {
        Self {
            message: message.id.clone(),
            user: message.user.as_ref().map(ToString::to_string),
            recipient: message.recipient.clone(),
            subject: message.subject.clone(),
            created_at: message.created_at,
            attempts: message.attempts,
            sent_at: message.sent_at,
            last_error: message.last_error.clone(),
        }
    }
}

/// List messages to people
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListMessages {}

impl Act for ListMessages {
    const NAME: &'static str = "outbox.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/outbox");
    type Output = Page<MessageView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<MessageView>, AdminError> {
        Ok(Page::whole(warrant.core().outbox().list().await?.iter().map(MessageView::of).collect()))
    }
}

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
        Some(written::id(Event::new(Self::NAME), "message", &self.message))
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
#[derive(Serialize, ToSchema)]
pub struct MessageInFull {
    /// What lists show.
    pub about: MessageView,
    /// The text.
    pub body: String,
}

debug_by_name!(MessageInFull);

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
        Some(written::id(Event::new(Self::NAME), "message", &self.message))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.message.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        if !warrant.core().outbox().remove(&self.message).await? {
            return Err(AdminError::NotFound { what: "the message", name: self.message });
        }
        Ok(Done::saying("message-removed", &[]))
    }
}
