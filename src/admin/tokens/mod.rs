//! API tokens.

pub mod issue;
pub mod list;
pub mod revoke;

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::tokens::ApiToken;
use crate::clock::Timestamp;

/// An API token as administrators see one.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenView {
    /// Names it; opens nothing.
    pub id: String,
    /// What it is for.
    pub label: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Whose it is.
    pub owner: Option<String>,
    /// The app that it speaks for.
    pub app: Option<String>,
    /// When it was made.
    pub created_at: String,
    /// When it ends.
    pub expires_at: String,
    /// When it was last used.
    pub last_used: Option<String>,
}

impl TokenView {
    fn of(token: &ApiToken) -> Self {
        Self {
            id: token.id.clone(),
            label: token.label.clone(),
            scopes: token.scopes.iter().map(|scope| scope.word().to_owned()).collect(),
            owner: token.owner.as_ref().map(ToString::to_string),
            app: token.app.clone(),
            created_at: token.created_at.rfc3339(),
            expires_at: token.expires_at.rfc3339(),
            last_used: token.last_used.map(Timestamp::rfc3339),
        }
    }
}
