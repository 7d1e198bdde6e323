//! Restores login-protect; windows opened before count no more.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, Route, Verb, Warrant};
use crate::audit::Event;

/// Restore login-protect
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreLoginProtect {}

impl Act for RestoreLoginProtect {
    const NAME: &'static str = "login_protect.restore";
    const SCOPE: Scope = Scope::All;
    const ROUTE: Route = Route::new(Verb::Post, "/login-protect/restore");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME))
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let restored = warrant.house().login_protect.restore().await.map_err(|error| AdminError::State(error.to_string()))?;
        Ok(Done::saying(if restored { "login-protect is in force again" } else { "login-protect was in force" }))
    }
}
