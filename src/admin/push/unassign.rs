//! Takes push from a user: the approvers and the browsers registered by a number go.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::principal::method::{Method, Methods};
use crate::principal::user::UserId;

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
