//! Voids a one-time link.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::principal::user::UserId;

/// Void a one-time link
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeLink {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// The link's id.
    pub link: String,
}

impl Act for RevokeLink {
    const NAME: &'static str = "user.revoke_link";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Delete, "/users/{user}/invitations/{link}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).user(self.user.as_str()).detail("link", self.link.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.link.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        let own = core.links().of_user(&self.user).await?.into_iter().any(|link| link.id == self.link);
        if !own || !core.links().revoke(&self.link).await? {
            return Err(AdminError::NotFound { what: "the link", name: self.link });
        }
        Ok(Done::saying("the link is void"))
    }
}
