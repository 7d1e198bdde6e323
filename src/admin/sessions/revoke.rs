//! Ends a session: dead when this is answered, its sockets closed.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::session::SessionId;

/// End a session
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeSession {
    /// The session's id.
    pub session: String,
}

impl Act for RevokeSession {
    const NAME: &'static str = "session.revoke";
    const SCOPE: Scope = Scope::Sessions;
    const ROUTE: Route = Route::new(Verb::Delete, "/sessions/{session}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).detail("session", self.session.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.session.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let unknown = || AdminError::NotFound { what: "the session", name: self.session.clone() };
        let id = SessionId::parse(&self.session).ok_or_else(unknown)?;
        if !warrant.core().sessions().revoke(id).await? {
            return Err(unknown());
        }
        Ok(Done::saying("the session is ended"))
    }
}
