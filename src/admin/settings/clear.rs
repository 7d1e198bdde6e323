//! Clears a setting: its default speaks again.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::known;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;

/// Clear a setting
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClearSetting {
    /// The setting's name.
    pub name: String,
}

impl Act for ClearSetting {
    const NAME: &'static str = "settings.clear";
    const SCOPE: Scope = Scope::Settings;
    const ROUTE: Route = Route::new(Verb::Delete, "/settings/{name}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).detail("name", self.name.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        known(&self.name)?;
        if !warrant.core().settings().clear(&self.name).await? {
            return Err(AdminError::NotFound { what: "the setting", name: self.name });
        }
        Ok(Done::saying(format!("{} is cleared", self.name)))
    }
}
