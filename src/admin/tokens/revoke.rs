//! Revokes an API token.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;

/// Revoke an API token
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeToken {
    /// The token's id, as in the list.
    pub token: String,
}

impl Act for RevokeToken {
    const NAME: &'static str = "token.revoke";
    const SCOPE: Scope = Scope::All;
    const ROUTE: Route = Route::new(Verb::Delete, "/tokens/{token}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).detail("token", self.token.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.token.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        if !warrant.core().tokens().revoke(&self.token).await? {
            return Err(AdminError::NotFound { what: "the token", name: self.token });
        }
        Ok(Done::saying("the token is revoked"))
    }
}
