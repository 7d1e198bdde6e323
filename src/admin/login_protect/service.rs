//! Draws a service ID.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, Route, Verb, Warrant};
use crate::audit::Event;
use crate::login_protect::service::ServiceId;

/// Draw a service ID for a policy
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DrawService {}

impl Act for DrawService {
    const NAME: &'static str = "login_protect.service";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Post, "/login-protect/services");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        None
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        Ok(Done::saying(ServiceId::draw(&*warrant.house().random).to_string()))
    }
}
