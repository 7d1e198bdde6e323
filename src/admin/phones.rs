//! Approvals on the phone: who may sign in with them, which phones approve, and their life cycle (R-003… …R-446).

pub mod many;

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::links::{LIFETIME, LinkPurpose};
use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant, on_account};
use crate::admin::error::AdminError;
use crate::admin::users::invitation::{Invitation, issue};
use crate::admin::values::{Count, Done, Page, rfc3339};
use crate::approval::approver::Slot;
use crate::approval::key::ApproverId;
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::config::units::TimeSpan;
use crate::principal::method::{Method, Methods};
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
                user: slot.user.clone(),
                name: slot.name,
                agent: slot.agent,
                state,
                registered_at: slot.registered_at,
                last_seen: slot.last_seen,
                approver: slot.approver,
            });
        }
        Ok(Page { items, next: page.next })
    }
}

/// A phone's place for one user.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApproverView {
    /// Whom it approves for.
    #[schema(value_type = String)]
    pub user: UserId,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub agent: String,
    /// How the user's approvals stand.
    pub state: ApprovalsStand,
    /// When it was registered for this user.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub registered_at: Timestamp,
    /// When it was last seen.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub last_seen: Timestamp,
    /// Its id: the thumbprint of its key.
    #[schema(value_type = String)]
    pub approver: ApproverId,
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

/// Remove one of a user's phones
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveApprover {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// The approver's id, as `sekisho push list` shows it.
    pub approver: String,
}

impl Act for RemoveApprover {
    const NAME: &'static str = "push.remove";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Delete, "/users/{user}/approvers/{approver}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        let event = Event::new(Self::NAME).user(self.user.as_str());
        Some(match ApproverId::parse(&self.approver) {
            Some(approver) => event.detail("approver", approver.as_str()),
            None => event,
        })
    }

    fn target(&self) -> ActTarget {
        ActTarget::Account(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        core.users().named(&self.user)?;
        let unknown = || AdminError::NotFound { what: "the approver", name: self.approver.clone() };
        let id = ApproverId::parse(&self.approver).ok_or_else(unknown)?;
        if !core.remove_approver(&self.user, &id, None).await? {
            return Err(unknown());
        }
        Ok(Done::saying("approver-removed", &[]))
    }
}

/// Remove all of a user's phones
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnregisterApprovers {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for UnregisterApprovers {
    const NAME: &'static str = "push.unregister";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Delete, "/users/{user}/approvers");
    type Output = Done;

    on_account!();

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        core.users().named(&self.user)?;
        let removed = core.unregister_approvers(&self.user).await?;
        Ok(Done::saying("approvers-removed", &[("count", &removed), ("user", &self.user)]))
    }
}

/// Suspend a user's approvals; the phones stay registered
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuspendApprovals {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for SuspendApprovals {
    const NAME: &'static str = "push.suspend";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/users/{user}/approvals/suspend");
    type Output = Done;

    on_account!();

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        core.users().named(&self.user)?;
        core.suspend_approvals(&self.user).await?;
        core.approvals().cancel_user(&self.user).await.map_err(|error| AdminError::State(error.to_string()))?;
        Ok(Done::saying("approvals-suspended", &[("user", &self.user)]))
    }
}

/// Resume a user's approvals
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResumeApprovals {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for ResumeApprovals {
    const NAME: &'static str = "push.resume";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/users/{user}/approvals/resume");
    type Output = Done;

    on_account!();

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        core.users().named(&self.user)?;
        core.approvals().approvers.set_suspended(&self.user, false).await?;
        Ok(Done::saying("approvals-resumed", &[("user", &self.user)]))
    }
}

/// Unlock a user's approvals after wrong answers
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnlockApprovals {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for UnlockApprovals {
    const NAME: &'static str = "push.unlock";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/users/{user}/approvals/unlock");
    type Output = Done;

    on_account!();

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        core.users().named(&self.user)?;
        let unlocked = core.approvals().approvers.unlock(&self.user).await?;
        let user = &self.user;
        Ok(if unlocked {
            Done::saying("approvals-unlocked", &[("user", user)])
        } else {
            Done::saying("approvals-not-locked", &[("user", user)])
        })
    }
}

/// Let a user sign in by approving on a phone
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignPush {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for AssignPush {
    const NAME: &'static str = "push.assign";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Put, "/users/{user}/push");
    type Output = Done;

    on_account!();

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        let assigned = core.users().named(&self.user)?.standing().assigned;
        core.assign(&self.user, assigned.with(Method::Push)).await?;
        Ok(Done::saying("push-assigned", &[("user", &self.user)]))
    }
}

/// Let a user sign in by push no more; the user's phones are removed
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnassignPush {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for UnassignPush {
    const NAME: &'static str = "push.unassign";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Delete, "/users/{user}/push");
    type Output = Done;

    on_account!();

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        let assigned = core.users().named(&self.user)?.standing().assigned;
        let rest: Methods = assigned.iter().filter(|method| *method != Method::Push).collect();
        core.assign(&self.user, rest).await?;
        Ok(Done::saying("push-unassigned", &[("user", &self.user)]))
    }
}

/// Make a one-time link that registers a phone
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteApprover {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// How long it may be used, at most 30 days [default: 24h].
    #[arg(long, value_name = "LENGTH")]
    #[schema(value_type = Option<String>)]
    pub lifetime: Option<TimeSpan>,
}

impl Act for InviteApprover {
    const NAME: &'static str = "push.invite";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/users/{user}/approvers/invitations");
    type Output = Invitation;

    on_account!();

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Invitation, AdminError> {
        let user = warrant.core().users().named(&self.user)?;
        issue(warrant, &user, LinkPurpose::Approver, self.lifetime.map_or(LIFETIME, |length| length.0)).await
    }
}
