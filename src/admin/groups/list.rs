//! All groups.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::GroupView;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Page;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;

/// List groups
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListGroups {}

impl Act for ListGroups {
    const NAME: &'static str = "group.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/groups");
    type Output = Page<GroupView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<GroupView>, AdminError> {
        let core = warrant.core();
        Ok(Page::whole(core.groups().list().iter().map(|group| GroupView::of(core, group)).collect()))
    }
}
