//! Adds a group.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::GroupView;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::principal::user::GroupName;

/// Add a group
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddGroup {
    /// The group's name.
    #[arg(value_parser = GroupName::parse)]
    #[schema(value_type = String)]
    pub group: GroupName,
    /// What it is for.
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
}

impl Act for AddGroup {
    const NAME: &'static str = "group.add";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/groups");
    type Output = GroupView;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).detail("group", self.group.as_str()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Group(self.group.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<GroupView, AdminError> {
        let core = warrant.core();
        let group = core.groups().add(self.group, self.description).await?;
        Ok(GroupView::of(core, &group))
    }
}
