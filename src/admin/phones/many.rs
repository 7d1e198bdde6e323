//! One act on the phones of several users: those named, or all members of a group. Each user
//! is dealt with by the very act that deals with one, and has its own line in the audit log and in the answer.

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::phones::{AssignPush, InviteApprover, UnassignPush};
use crate::admin::phones::{ResumeApprovals, SuspendApprovals, UnlockApprovals, UnregisterApprovers};
use crate::admin::users::chosen::chosen;
use crate::admin::values::{Done, Page};
use crate::audit::Event;
use crate::principal::user::{GroupName, UserId};

/// What is done to each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PushAction {
    /// Let them sign in by approving on a phone.
    Assign,
    /// Let them no more; their phones are removed.
    Unassign,
    /// Make the links that register a phone.
    Invite,
    /// Suspend their approvals.
    Suspend,
    /// Resume them.
    Resume,
    /// Unlock them after wrong answers.
    Unlock,
    /// Remove all their phones.
    Unregister,
}

impl PushAction {
    /// The act on one user that has this name, as `push.assign`.
    pub fn of_act(name: &str) -> Option<Self> {
        let action = name.strip_prefix("push.")?;
        Self::value_variants().iter().copied().find(|one| one.word() == action)
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Unassign => "unassign",
            Self::Invite => "invite",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Unlock => "unlock",
            Self::Unregister => "unregister",
        }
    }
}

/// Do one thing to the phones of several users: those named, or all members of a group
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PushMany {
    /// What to do.
    #[arg(value_enum)]
    pub action: PushAction,
    /// The users' names.
    #[arg(value_name = "USER", value_parser = UserId::parse, required_unless_present = "group")]
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub users: Vec<UserId>,
    /// All members of this group.
    #[arg(long, value_name = "GROUP", value_parser = GroupName::parse)]
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub group: Option<GroupName>,
}

/// The outcome for one user.
#[derive(Serialize, ToSchema)]
pub struct PushOutcome {
    /// The user.
    pub user: String,
    /// `done`, or the code of the reason why not.
    pub outcome: String,
    /// In a few words.
    #[serde(rename = "told")]
    pub message: String,
    /// Of an invitation: the link, shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Of an invitation: whether it is on its way by mail.
    #[serde(skip)]
    pub mailed: Option<bool>,
    /// Why it was not done, to be said in other languages.
    #[serde(skip)]
    pub error: Option<AdminError>,
}

debug_by_name!(PushOutcome);

impl Act for PushMany {
    const NAME: &'static str = "push.many";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/push/{action}");
    type Output = Page<PushOutcome>;

    fn event(&self) -> Option<Event> {
        let event = Event::new(Self::NAME).detail("deed", self.action.word());
        Some(match &self.group {
            Some(group) => event.detail("group", group.as_str()),
            None => event,
        })
    }

    fn target(&self) -> ActTarget {
        ActTarget::Each
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<PushOutcome>, AdminError> {
        let users = chosen(warrant.core(), self.users, self.group.as_ref())?;
        let mut items = Vec::with_capacity(users.len());
        for user in users {
            items.push(one(warrant, self.action, user).await);
        }
        Ok(Page::whole(items))
    }
}

async fn one(warrant: &Warrant<'_>, action: PushAction, user: UserId) -> PushOutcome {
    let name = user.to_string();
    let done = match action {
        PushAction::Assign => act(warrant, AssignPush { user }).await,
        PushAction::Unassign => act(warrant, UnassignPush { user }).await,
        PushAction::Suspend => act(warrant, SuspendApprovals { user }).await,
        PushAction::Resume => act(warrant, ResumeApprovals { user }).await,
        PushAction::Unlock => act(warrant, UnlockApprovals { user }).await,
        PushAction::Unregister => act(warrant, UnregisterApprovers { user }).await,
        PushAction::Invite => {
            let act = InviteApprover { user, lifetime: None };
            let made = warrant.perform(act).await;
            made.map(|link| {
                let message = if link.mailed { "the link is on its way by mail" } else { "hand over the link" };
                (message.to_owned(), Some((link.url, link.mailed)))
            })
        }
    };
    match done {
        Ok((message, link)) => {
            let (url, mailed) = link.unzip();
            PushOutcome { user: name, outcome: "done".to_owned(), message, url, mailed, error: None }
        }
        Err(error) => {
            let (outcome, message) = (error.code().to_owned(), error.to_string());
            PushOutcome { user: name, outcome, message, url: None, mailed: None, error: Some(error) }
        }
    }
}

async fn act(warrant: &Warrant<'_>, act: impl Act<Output = Done>) -> Result<(String, Option<(String, bool)>), AdminError> {
    let done = warrant.perform(act).await?;
    Ok((done.done, None))
}
