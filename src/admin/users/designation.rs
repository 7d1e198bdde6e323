//! Device designation of one user: its switch, and a link that registers a browser.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::links::{LIFETIME, LinkPurpose};
use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant, on_account};
use crate::admin::error::AdminError;
use crate::admin::users::invitation::{Invitation, issue};
use crate::admin::users::rights::Switch;
use crate::admin::values::Done;
use crate::audit::Event;
use crate::config::units::TimeSpan;
use crate::principal::user::UserId;

/// Say whether only browsers that an administrator let in count for a user (device designation)
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetDeviceDesignation {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// Whether device designation is on for this user.
    pub to: Switch,
}

impl Act for SetDeviceDesignation {
    const NAME: &'static str = "user.set_device_designation";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Put, "/users/{user}/device-designation");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(self.to.event(Self::NAME, &self.user))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Account(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        warrant.core().switch_designation_of(&self.user, self.to == Switch::On).await?;
        Ok(match self.to {
            Switch::On => Done::saying("designation-on", &[("user", &self.user)]),
            Switch::Off => Done::saying("designation-off", &[("user", &self.user)]),
        })
    }
}

/// Make a one-time link that registers a browser for a user
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteBrowser {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// How long it may be used, at most 30 days [default: 24h].
    #[arg(long, value_name = "LENGTH")]
    #[schema(value_type = Option<String>)]
    pub lifetime: Option<TimeSpan>,
}

impl Act for InviteBrowser {
    const NAME: &'static str = "browser.invite";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/users/{user}/browser-links");
    type Output = Invitation;

    on_account!();

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Invitation, AdminError> {
        let user = warrant.core().users().named(&self.user)?;
        issue(warrant, &user, LinkPurpose::Browser, self.lifetime.map_or(LIFETIME, |length| length.0)).await
    }
}
