//! Who is in a group.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::AccountError;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::users::UserView;
use crate::admin::values::{Count, Page};
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::principal::user::GroupName;

/// List the members of a group
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListMembers {
    /// The group's name.
    #[arg(value_parser = GroupName::parse)]
    #[schema(value_type = String)]
    pub group: GroupName,
    /// Begin behind this one: `next` of the page before.
    #[arg(long, value_name = "USER")]
    pub after: Option<String>,
    /// How many at most (100; up to 1000).
    #[arg(long, value_name = "COUNT")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Count>,
}

impl Act for ListMembers {
    const NAME: &'static str = "group.members";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/groups/{group}/members");
    type Output = Page<UserView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<UserView>, AdminError> {
        let core = warrant.core();
        if core.groups().find(&self.group).is_none() {
            return Err(AccountError::UnknownGroup(self.group).into());
        }
        let mut users = core.users().list();
        users.retain(|user| user.standing().is_in(&self.group));
        let page = Page::of(users, self.after.as_deref(), self.limit, |user| user.id().to_string());
        Ok(Page { items: page.items.iter().map(|user| UserView::of(user)).collect(), next: page.next })
    }
}
