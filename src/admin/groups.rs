//! Groups of users: adding, listing and removing them, and listing the members of one.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::AccountError;
use crate::account::group::Group;
use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::users::views::UserView;
use crate::admin::values::{Count, Done, Page, rfc3339};
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::principal::user::GroupName;

/// A group as administrators see one.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupView {
    /// Its name.
    pub group: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether client certificates are required of its members.
    pub certificates_required: bool,
    /// How many members it has.
    pub members: usize,
    /// Since when it is there.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub created_at: Timestamp,
}

impl GroupView {
    fn of(core: &Core, group: &Group) -> Self {
        Self {
            group: group.name.to_string(),
            description: group.description.clone(),
            certificates_required: group.certificates_required,
            members: core.groups().members(&group.name).len(),
            created_at: group.created_at,
        }
    }
}

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
        ActTarget::Members(self.group.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        warrant.core().remove_group(&self.group).await?;
        Ok(Done::saying("group-removed", &[("group", &self.group)]))
    }
}
