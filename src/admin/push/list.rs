//! Which phones approve for whom.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::{Count, Page};
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::approval::approver::Slot;
use crate::audit::Event;
use crate::principal::user::UserId;

/// List phones and the users they approve for
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListApprovers {
    /// Only this user's.
    #[arg(long, value_name = "USER", value_parser = UserId::parse)]
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
    /// Begin behind this one: `next` of the page before.
    #[arg(long, value_name = "SLOT")]
    pub after: Option<String>,
    /// How many at most (100; up to 1000).
    #[arg(long, value_name = "COUNT")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Count>,
}

impl Act for ListApprovers {
    const NAME: &'static str = "push.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/approvers");
    type Output = Page<ApproverView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        self.user.clone().map_or(ActTarget::Nobody, ActTarget::Seen)
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<ApproverView>, AdminError> {
        let approvers = &warrant.core().approvals().approvers;
        let mut found = match &self.user {
            Some(user) => approvers.of_user(user).await?,
            None => approvers.all().await?,
        };
        found.sort_by_key(key);
        let page = Page::of(found, self.after.as_deref(), self.limit, key);
        let mut items = Vec::with_capacity(page.items.len());
        for slot in page.items {
            let standing = approvers.standing(&slot.user).await?;
            let state = match (standing.locked, standing.suspended) {
                (true, _) => ApprovalsStand::Locked,
                (false, true) => ApprovalsStand::Suspended,
                (false, false) => ApprovalsStand::Active,
            };
            items.push(ApproverView {
                user: slot.user.to_string(),
                name: slot.name,
                agent: slot.agent,
                state,
                registered_at: slot.registered_at.rfc3339(),
                last_seen: slot.last_seen.rfc3339(),
                approver: slot.approver.to_string(),
            });
        }
        Ok(Page { items, next: page.next })
    }
}

/// A phone's place for one user.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApproverView {
    /// Whom it approves for.
    pub user: String,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub agent: String,
    /// How the user's approvals stand.
    pub state: ApprovalsStand,
    /// When it was registered for this user.
    pub registered_at: String,
    /// When it was last seen.
    pub last_seen: String,
    /// Its id: the thumbprint of its key.
    pub approver: String,
}

/// How a user's approvals stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalsStand {
    /// Phones are asked.
    Active,
    /// An administrator suspended them.
    Suspended,
    /// They locked themselves after much that was denied.
    Locked,
}

fn key(slot: &Slot) -> String {
    format!("{}/{}", slot.user, slot.approver)
}
