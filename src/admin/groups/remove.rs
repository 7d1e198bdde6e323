//! Removes a group; its members stay.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::principal::user::GroupName;

/// Remove a group; its members stay
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveGroup {
    /// The group's name.
    #[arg(value_parser = GroupName::parse)]
    #[schema(value_type = String)]
    pub group: GroupName,
}

impl Act for RemoveGroup {
    const NAME: &'static str = "group.remove";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Delete, "/groups/{group}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).detail("group", self.group.as_str()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Group(self.group.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        warrant.core().groups().remove(&self.group).await?;
        Ok(Done::saying(format!("the group {} is removed; its members stay", self.group)))
    }
}
