//! Sets the networks that a user may come from, on top of what policies say.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::UserView;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::config::schema;
use crate::config::units::Network;
use crate::principal::user::UserId;

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
    pub allow: Vec<Network>,
    /// Not from this network (CIDR); may be given several times.
    #[arg(long, value_name = "NETWORK")]
    #[schema(value_type = Vec<String>)]
    #[serde(default)]
    pub deny: Vec<Network>,
}

impl Act for SetNetworks {
    const NAME: &'static str = "user.set_networks";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Put, "/users/{user}/networks");
    type Output = UserView;

    fn event(&self) -> Option<Event> {
        let texts =
            |networks: &[Network]| schema::networks(networks).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let event = Event::new(Self::NAME).user(self.user.as_str());
        Some(event.detail("allow", texts(&self.allow)).detail("deny", texts(&self.deny)))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Account(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<UserView, AdminError> {
        let users = &warrant.core().users();
        let networks = |list: &[Network]| schema::networks(list).into_vec();
        users.set_networks(&self.user, networks(&self.allow), networks(&self.deny)).await?;
        Ok(UserView::of(&*users.named(&self.user)?))
    }
}
