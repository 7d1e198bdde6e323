//! Takes a factor away from a user who lost it, ends their sessions, and makes a link to set it anew. No administrator ever learns a secret of a user.

use clap::Args;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::invite::{Invitation, issue};
use crate::account::UserId;
use crate::account::links::{LIFETIME, Purpose};
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::{Act, Route, Verb, Warrant};
use crate::audit::Event;

/// Take a lost factor away and make a link to set it anew; sessions end
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
    type Output = Invitation;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).user(self.user.as_str()).detail("factor", self.factor.purpose().word()))
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Invitation, AdminError> {
        warrant.may_touch(Some(&self.user), &[])?;
        let house = warrant.house();
        let user = house.users.named(&self.user)?;
        match self.factor {
            Factor::Password => {
                house.passwords.remove(user.id()).await?;
            }
            Factor::Authenticator => {
                house.totps.remove(user.id()).await?;
                house.recovery_codes.remove(user.id()).await?;
            }
            Factor::All => {
                house.passwords.remove(user.id()).await?;
                house.totps.remove(user.id()).await?;
                house.recovery_codes.remove(user.id()).await?;
                house.revoke_browsers_of(user.id(), None).await?;
            }
        }
        house.begin_grace(user.id()).await?;
        house.sessions.revoke_user(user.id(), None).await?;
        issue(warrant, &user, self.factor.purpose(), LIFETIME).await
    }
}

/// What can be set anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// The password.
    Password,
    /// The authenticator app, and with it the recovery codes.
    Authenticator,
    /// Both, and registered browsers too.
    All,
}

impl Factor {
    const fn purpose(self) -> Purpose {
        match self {
            Self::Password => Purpose::ResetPassword,
            Self::Authenticator => Purpose::ResetTotp,
            Self::All => Purpose::Invitation,
        }
    }
}
