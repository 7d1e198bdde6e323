//! What a user may do: groups, networks, methods, and whether a certificate may identify the user.

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::users::views::UserView;
use crate::admin::values::Done;
use crate::audit::Event;
use crate::config::schema;
use crate::config::units::CidrBlock;
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
    /// Only from this network (CIDR); may be given several times. None: from anywhere.
    #[arg(long, value_name = "NETWORK")]
    #[schema(value_type = Vec<String>)]
    #[serde(default)]
    pub allow: Vec<CidrBlock>,
    /// Not from this network (CIDR); may be given several times.
    #[arg(long, value_name = "NETWORK")]
    #[schema(value_type = Vec<String>)]
    #[serde(default)]
    pub deny: Vec<CidrBlock>,
}

impl Act for SetNetworks {
    const NAME: &'static str = "user.set_networks";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Put, "/users/{user}/networks");
    type Output = UserView;

    fn event(&self) -> Option<Event> {
        let texts =
            |networks: &[CidrBlock]| schema::networks(networks).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let event = Event::new(Self::NAME).user(self.user.as_str());
        Some(event.detail("allow", texts(&self.allow)).detail("deny", texts(&self.deny)))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Account(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<UserView, AdminError> {
        let users = &warrant.core().users();
        let networks = |list: &[CidrBlock]| schema::networks(list).into_vec();
        users.set_networks(&self.user, networks(&self.allow), networks(&self.deny)).await?;
        Ok(UserView::of(&*users.named(&self.user)?))
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
    /// `password`, `ad_password` or `push`, several for several; none leaves no way to sign in.
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
        Some(Event::new(Self::NAME).user(self.user.as_str()).detail("methods", self.methods.join(" ")))
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
        Some(_) => format!("`{word}` is no primary factor that this build has; there are {there}"),
        None => format!("{word:?} is no method; there are {there}"),
    };
    Err(AdminError::Input { what: "assign a method", why })
}

/// Say whether a user may use client certificates
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetCertificates {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// Whether client certificates may be used by this user.
    pub to: Switch,
}

impl Act for SetCertificates {
    const NAME: &'static str = "user.set_certificates";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::new(Verb::Put, "/users/{user}/certificates");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        let to = if self.to == Switch::On { "on" } else { "off" };
        Some(Event::new(Self::NAME).user(self.user.as_str()).detail("to", to))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Account(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        warrant.core().switch_certificates_of(&self.user, self.to == Switch::On).await?;
        let may = if self.to == Switch::On { "may" } else { "may not" };
        Ok(Done::saying(format!("{} {may} use client certificates", self.user)))
    }
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
