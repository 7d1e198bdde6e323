//! Accounts: adding, changing, enabling, disabling, removing and signing out a user.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::links::{LIFETIME, LinkPurpose};
use crate::account::tokens::Scope;
use crate::account::users::{NewUser, ProfileChange};
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant, on_account};
use crate::admin::error::AdminError;
use crate::admin::users::invitation::{Invitation, issue};
use crate::admin::users::views::UserView;
use crate::admin::values::Done;
use crate::audit::Event;
use crate::principal::user::{GroupName, UserId};

/// Add a user
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddUser {
    /// The user's name: letters, digits and . _ - @ + ', at most 64.
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
        let invitation = if invite { Some(issue(warrant, &user, LinkPurpose::Invitation, LIFETIME).await?) } else { None };
        Ok(Added { user: UserView::of(&user), invitation })
    }
}

/// Change the display name, mail address or language of a user
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeUser {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// The name that people use; empty clears it.
    #[arg(long, value_name = "NAME")]
    pub display_name: Option<String>,
    /// The mail address; empty clears it.
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// The language, as in `ja` or `en`; empty clears it.
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,
}

impl Act for ChangeUser {
    const NAME: &'static str = "user.change";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Patch, "/users/{user}");
    type Output = UserView;

    on_account!();

    async fn perform(self, warrant: &Warrant<'_>) -> Result<UserView, AdminError> {
        // An empty text is none: the directory reads it so.
        let change = ProfileChange {
            display_name: self.display_name.map(Some),
            email: self.email.map(Some),
            language: self.language.map(Some),
        };
        Ok(UserView::of(&*warrant.core().users().change(&self.user, change).await?))
    }
}

/// Switch a user on again
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnableUser {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for EnableUser {
    const NAME: &'static str = "user.enable";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/users/{user}/enable");
    type Output = Done;

    on_account!();

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        warrant.core().resume_user(&self.user).await?;
        Ok(Done::saying("user-on", &[("user", &self.user)]))
    }
}

/// Switch a user off: their sessions end at once
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisableUser {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for DisableUser {
    const NAME: &'static str = "user.disable";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/users/{user}/disable");
    type Output = Done;

    on_account!();

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        let ended = core.sessions().of_user(&self.user).len();
        core.suspend_user(&self.user).await?;
        Ok(Done::saying("user-off", &[("user", &self.user), ("ended", &ended)]))
    }
}

/// Remove a user and all that is theirs
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveUser {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for RemoveUser {
    const NAME: &'static str = "user.remove";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Delete, "/users/{user}");
    type Output = Done;

    on_account!();

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        warrant.core().remove_user(&self.user).await?;
        Ok(Done::saying("user-removed", &[("user", &self.user)]))
    }
}

/// End every session of a user
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOut {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for SignOut {
    const NAME: &'static str = "user.sign_out";
    const SCOPE: Scope = Scope::Sessions;
    const ROUTE: Route = Route::new(Verb::Post, "/users/{user}/sign-out");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).user(self.user.as_str()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.user.to_string())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        core.users().named(&self.user)?;
        let ended = core.sessions().revoke_user(&self.user, None).await?;
        Ok(Done::saying("user-signed-out", &[("ended", &ended), ("user", &self.user)]))
    }
}
