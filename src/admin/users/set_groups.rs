//! Makes a user a member of exactly these groups.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::UserView;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::principal::user::GroupName;
use crate::principal::user::UserId;

/// Make a user a member of exactly these groups
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetGroups {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// The groups; none takes the user out of all.
    #[arg(value_name = "GROUP", value_parser = GroupName::parse)]
    #[schema(value_type = Vec<String>)]
    #[serde(default)]
    pub groups: Vec<GroupName>,
}

impl Act for SetGroups {
    const NAME: &'static str = "user.set_groups";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Put, "/users/{user}/groups");
    type Output = UserView;

    fn event(&self) -> Option<Event> {
        let groups = self.groups.iter().map(GroupName::as_str).collect::<Vec<_>>().join(" ");
        Some(Event::new(Self::NAME).user(self.user.as_str()).detail("groups", groups))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Member(Some(self.user.clone()), self.groups.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<UserView, AdminError> {
        let users = &warrant.core().users();
        users.set_groups(&self.user, self.groups).await?;
        Ok(UserView::of(&*users.named(&self.user)?))
    }
}
