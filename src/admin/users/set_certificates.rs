//! The holder's switch: whether a user may use client certificates at all.

use clap::Args;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::principal::user::UserId;

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
