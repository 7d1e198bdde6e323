//! Messages to people.

pub mod list;
pub mod remove;
pub mod show;

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::outbox::Message;
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
    pub created_at: String,
    /// How often mailing it was tried.
    pub attempts: i64,
    /// When it was mailed.
    pub sent_at: Option<String>,
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
            created_at: message.created_at.rfc3339(),
            attempts: message.attempts,
            sent_at: message.sent_at.map(Timestamp::rfc3339),
            last_error: message.last_error.clone(),
        }
    }
}
