//! Makes the one-time link that registers a phone, and mails it.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::links::{LIFETIME, Purpose};
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::users::invite::{Invitation, issue};
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::config::units::Length;
use crate::principal::user::UserId;

/// Make a one-time link that registers a phone
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteApprover {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// How long it may be used, at most 30 days [default: 24h].
    #[arg(long, value_name = "LENGTH")]
    #[schema(value_type = Option<String>)]
    pub lifetime: Option<Length>,
}

impl Act for InviteApprover {
    const NAME: &'static str = "push.invite";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/users/{user}/approvers/invitations");
    type Output = Invitation;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).user(self.user.as_str()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Account(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Invitation, AdminError> {
        let user = warrant.core().users().named(&self.user)?;
        issue(warrant, &user, Purpose::Approver, self.lifetime.map_or(LIFETIME, |length| length.0)).await
    }
}
