//! Draws a service ID, which is remembered so that one that nobody drew is noticed.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;

/// Draw a service ID for a policy
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DrawService {}

impl Act for DrawService {
    const NAME: &'static str = "login_protect.service";
    const SCOPE: Scope = Scope::All;
    const ROUTE: Route = Route::new(Verb::Post, "/login-protect/services");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        Ok(Done::saying(warrant.core().login_protect().draw(warrant.actor()).await?.to_string()))
    }
}
