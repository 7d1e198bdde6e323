//! All users, by name.

use std::collections::BTreeSet;

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::UserView;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::{Count, Page};
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::principal::user::{GroupName, UserId};

/// List users
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListUsers {
    /// Only members of this group.
    #[arg(long, value_name = "GROUP", value_parser = GroupName::parse)]
    #[schema(value_type = Option<String>)]
    pub group: Option<GroupName>,
    /// Only those whose name, mail address or called name holds this.
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// Only those for whom no phone is registered.
    #[arg(long)]
    #[serde(default, deserialize_with = "crate::admin::values::flag")]
    pub without_phone: bool,
    /// Begin behind this one: `next` of the page before.
    #[arg(long, value_name = "USER")]
    pub after: Option<String>,
    /// How many at most (100; up to 1000).
    #[arg(long, value_name = "COUNT")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Count>,
}

impl Act for ListUsers {
    const NAME: &'static str = "user.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/users");
    type Output = Page<UserView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<UserView>, AdminError> {
        let needle = self.search.as_deref().unwrap_or_default().to_lowercase();
        let with_phone: BTreeSet<UserId> = if self.without_phone {
            warrant.core().approvals().approvers.all().await?.into_iter().map(|slot| slot.user).collect()
        } else {
            BTreeSet::new()
        };
        let mut users: Vec<_> = warrant.core().users().list();
        users.retain(|user| !with_phone.contains(user.id()));
        users.retain(|user| {
            let profile = user.profile();
            let texts = [Some(user.id().as_str()), profile.display_name.as_deref(), profile.email.as_deref()];
            self.group.as_ref().is_none_or(|group| user.standing().is_in(group))
                && texts.into_iter().flatten().any(|text| text.to_lowercase().contains(&needle))
        });
        let page = Page::of(users, self.after.as_deref(), self.limit, |user| user.id().to_string());
        Ok(Page { items: page.items.iter().map(|user| UserView::of(user)).collect(), next: page.next })
    }
}
