//! Sets a value.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{known, takes};
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;

/// Set a value
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetSetting {
    /// The setting's name: `portal.notice` (a sentence on every page of the portal), `approval.members_may_add` or
    /// `approval.members_may_delete` (`true` or `false`: whether users add and remove phones themselves).
    pub name: String,
    /// Its value, at most 1,000 characters.
    pub value: String,
}

impl Act for SetSetting {
    const NAME: &'static str = "settings.set";
    const SCOPE: Scope = Scope::Settings;
    const ROUTE: Route = Route::new(Verb::Put, "/settings/{name}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).detail("name", self.name.clone()).detail("value", self.value.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        known(&self.name)?;
        takes(&self.name, &self.value)?;
        warrant.core().settings().set(&self.name, &self.value, warrant.actor()).await?;
        Ok(Done::saying(format!("{} is set", self.name)))
    }
}
