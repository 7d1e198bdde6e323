//! Assigning push to a user, and the link that registers a phone.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::links::{LIFETIME, LinkPurpose};
use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::users::invitation::{Invitation, issue};
use crate::admin::values::Done;
use crate::audit::Event;
use crate::config::units::TimeSpan;
use crate::principal::method::{Method, Methods};
use crate::principal::user::UserId;

/// Let a user sign in by approving on a phone
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignPush {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for AssignPush {
    const NAME: &'static str = "push.assign";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Put, "/users/{user}/push");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).user(self.user.as_str()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Account(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        let assigned = core.users().named(&self.user)?.standing().assigned;
        core.assign(&self.user, assigned.with(Method::Push)).await?;
        Ok(Done::saying(format!(
            "{} may sign in by push; `sekisho push invite {}` makes the link that registers a phone",
            self.user, self.user
        )))
    }
}

/// Let a user sign in by push no more; the user's phones are removed
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnassignPush {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for UnassignPush {
    const NAME: &'static str = "push.unassign";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Delete, "/users/{user}/push");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).user(self.user.as_str()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Account(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        let assigned = core.users().named(&self.user)?.standing().assigned;
        let rest: Methods = assigned.iter().filter(|method| *method != Method::Push).collect();
        core.assign(&self.user, rest).await?;
        Ok(Done::saying(format!("{} signs in by push no more; phones and browsers of it are removed", self.user)))
    }
}

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
    pub lifetime: Option<TimeSpan>,
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
        issue(warrant, &user, LinkPurpose::Approver, self.lifetime.map_or(LIFETIME, |length| length.0)).await
    }
}
