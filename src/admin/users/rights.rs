//! What a user may do (groups, networks, methods, certificates), and resetting a factor that a user has lost.

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::links::{LIFETIME, LinkPurpose};
use crate::account::list_line::KeptLine;
use crate::account::network_list::{ListOwner, NetworkList};
use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::networks::{LARGEST, ListChange, Meant, save, written_down};
use crate::admin::users::invitation::{Invitation, issue};
use crate::admin::users::views::UserView;
use crate::admin::values::{Done, flag};
use crate::audit::Event;
use crate::principal::method::{Method, Methods};
use crate::principal::user::{GroupName, UserId};

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

/// Set the networks that a user may come from
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetNetworks {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// Only from this network (CIDR, an address, or a name of the config), with a note behind a `#` if you like; may be given several
    /// times. None: from anywhere.
    #[arg(long, value_name = "NETWORK")]
    #[schema(value_type = Vec<String>)]
    #[serde(default)]
    pub allow: Vec<KeptLine>,
    /// Not from this network (CIDR); may be given several times.
    #[arg(long, value_name = "NETWORK")]
    #[schema(value_type = Vec<String>)]
    #[serde(default)]
    pub deny: Vec<KeptLine>,
    /// The version of the list that this is meant for, as `network list` says it; `none`: there is none yet. It is refused if the list
    /// is another one by now.
    #[arg(long, value_name = "VERSION")]
    #[serde(default)]
    pub version: Option<String>,
    /// Also where it shuts out its author or somebody who administers, or ends a list that is there.
    #[arg(long)]
    #[serde(default, deserialize_with = "flag")]
    pub confirm: bool,
}

impl Act for SetNetworks {
    const NAME: &'static str = "user.set_networks";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Put, "/users/{user}/networks").taking(LARGEST);
    type Output = UserView;

    fn event(&self) -> Option<Event> {
        Some(written_down(Event::new(Self::NAME).user(self.user.as_str()), &self.allow, &self.deny))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Account(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<UserView, AdminError> {
        let lines = NetworkList { allowed: self.allow, denied: self.deny };
        let meant = Meant { version: self.version, confirm: self.confirm };
        save(warrant, &ListOwner::User(self.user.clone()), ListChange::Replace, lines, meant).await?;
        Ok(UserView::of(&*warrant.core().users().named(&self.user)?))
    }
}

/// Assign exactly these primary-factor methods to a user
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetMethods {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// `password`, `ad_password`, `matrix`, `token_matrix` or `push`, several for several; none leaves no way to sign in.
    #[arg(value_name = "METHOD")]
    #[serde(default)]
    pub methods: Vec<String>,
}

impl Act for SetMethods {
    const NAME: &'static str = "user.set_methods";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Put, "/users/{user}/methods");
    type Output = UserView;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).user(self.user.as_str()).as_given("methods", self.methods.join(" ")))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Account(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<UserView, AdminError> {
        let methods = self.methods.iter().map(|word| read(word)).collect::<Result<Methods, _>>()?;
        warrant.core().assign(&self.user, methods).await?;
        Ok(UserView::of(&*warrant.core().users().named(&self.user)?))
    }
}

/// A primary factor of this build.
fn read(word: &str) -> Result<Method, AdminError> {
    let there = Methods::PRIMARY.words();
    let why = match Method::from_word(word) {
        Some(method) if Methods::PRIMARY.contains(method) => return Ok(method),
        // A word of the design that nothing verifies yet: its user could sign in by nothing.
        Some(_) => format!("`{word}` is not a primary factor that this build has; there are {there}"),
        None => format!("{word:?} is not a method; there are {there}"),
    };
    Err(AdminError::Input { what: "assign a method", why })
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// Yes.
    On,
    /// No.
    Off,
}

impl Switch {
    /// That a switch of a user was turned this way.
    pub(super) fn event(self, what: &'static str, user: &UserId) -> Event {
        Event::new(what).user(user.as_str()).detail("to", if self == Self::On { "on" } else { "off" })
    }
}

/// Take a lost factor away and make a link to set it again; sessions end, but not for a transaction password
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetFactor {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// Which factor.
    pub factor: Factor,
}

impl Act for ResetFactor {
    const NAME: &'static str = "user.reset_factor";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/users/{user}/reset-factor");
    type Output = Reset;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).user(self.user.as_str()).detail("factor", self.factor.word()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Account(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Reset, AdminError> {
        let core = warrant.core();
        let user = core.users().named(&self.user)?;
        let purpose = match self.factor {
            Factor::TransactionPassword => {
                if !core.transaction_passwords().remove(user.id()).await? {
                    return Err(AdminError::NotFound { what: "a transaction password of", name: self.user.to_string() });
                }
                return Ok(Reset::Removed(Done::saying("transaction-password-removed", &[])));
            }
            Factor::Password => {
                core.passwords().remove(user.id()).await?;
                LinkPurpose::ResetPassword
            }
            Factor::Authenticator => {
                core.remove_authenticator(user.id(), None).await?;
                LinkPurpose::ResetTotp
            }
            Factor::Passkeys => {
                core.remove_passkeys(user.id()).await?;
                LinkPurpose::ResetPasskey
            }
            Factor::All => {
                core.passwords().remove(user.id()).await?;
                core.remove_pattern(user.id()).await?;
                core.remove_authenticator(user.id(), None).await?;
                core.remove_passkeys(user.id()).await?;
                core.unregister_approvers(user.id()).await?;
                core.transaction_passwords().remove(user.id()).await?;
                core.revoke_browsers_of(user.id(), None).await?;
                LinkPurpose::Invitation
            }
        };
        core.begin_grace(user.id()).await?;
        core.sessions().revoke_user(user.id(), None).await?;
        Ok(Reset::Link(issue(warrant, &user, purpose, LIFETIME).await?))
    }
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Reset {
    /// A link to set it again.
    Link(Invitation),
    /// It is gone, and no link is needed to set another.
    Removed(Done),
}

/// What can be set again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// The password.
    Password,
    /// The authenticator app, and with it the recovery codes.
    Authenticator,
    /// Every passkey.
    Passkeys,
    /// The password that transactions ask for.
    TransactionPassword,
    /// All of these, and phones and registered browsers too.
    All,
}

impl Factor {
    /// The word in the audit log.
    fn word(self) -> &'static str {
        match self {
            Self::Password => LinkPurpose::ResetPassword.word(),
            Self::Authenticator => LinkPurpose::ResetTotp.word(),
            Self::Passkeys => LinkPurpose::ResetPasskey.word(),
            Self::TransactionPassword => "transaction_password",
            Self::All => LinkPurpose::Invitation.word(),
        }
    }
}
