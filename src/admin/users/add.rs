//! Adds a user, with an invitation where one is wished for: the way everybody begins.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::UserView;
use super::invite::{Invitation, issue};
use crate::account::links::{LIFETIME, Purpose};
use crate::account::tokens::Scope;
use crate::account::users::NewUser;
use crate::admin::error::AdminError;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::principal::user::{GroupName, UserId};

/// Add a user
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddUser {
    /// The user's name: letters, digits and . _ - @ +, at most 64.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// The name that people use.
    #[arg(long, value_name = "NAME")]
    pub display_name: Option<String>,
    /// The mail address.
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// The language, as in `ja` or `en`.
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,
    /// Member of this group; may be given several times.
    #[arg(long = "group", value_name = "GROUP", value_parser = GroupName::parse)]
    #[schema(value_type = Vec<String>)]
    #[serde(default)]
    pub groups: Vec<GroupName>,
    /// Make an invitation: a one-time link to set a password and an authenticator.
    #[arg(long)]
    #[serde(default)]
    pub invite: bool,
}

/// Who was added, and how they begin.
#[derive(Debug, Serialize, ToSchema)]
pub struct Added {
    /// The user.
    pub user: UserView,
    /// The invitation, if one was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Invitation>,
}

impl Act for AddUser {
    const NAME: &'static str = "user.add";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/users");
    type Output = Added;

    fn event(&self) -> Option<Event> {
        let groups = self.groups.iter().map(GroupName::as_str).collect::<Vec<_>>().join(" ");
        Some(Event::new(Self::NAME).user(self.user.as_str()).detail("groups", groups))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Member(None, self.groups.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Added, AdminError> {
        let Self { user, display_name, email, language, groups, invite } = self;
        let new = NewUser { display_name, email, language, groups, ..NewUser::named(user) };
        let user = warrant.core().users().add(new).await?;
        let invitation = if invite { Some(issue(warrant, &user, Purpose::Invitation, LIFETIME).await?) } else { None };
        Ok(Added { user: UserView::of(&user), invitation })
    }
}
