//! Ends every session of a user; the user stays switched on.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::principal::user::UserId;

/// End every session of a user
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOut {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for SignOut {
    const NAME: &'static str = "user.sign_out";
    const SCOPE: Scope = Scope::Sessions;
    const ROUTE: Route = Route::new(Verb::Post, "/users/{user}/sign-out");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).user(self.user.as_str()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.user.to_string())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        core.users().named(&self.user)?;
        let ended = core.sessions().revoke_user(&self.user, None).await?;
        Ok(Done::saying(format!("{ended} sessions of {} ended", self.user)))
    }
}
