//! Lifts a lock before its time.

use clap::Args;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::principal::user::UserId;

/// Lift a lock before its time
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LiftLock {
    /// The network, as in the list.
    #[schema(value_type = String)]
    pub network: IpAddr,
    /// The name that is locked there; without it the lock of the whole network is lifted.
    #[arg(long = "user", value_name = "USER")]
    pub user: Option<String>,
}

impl Act for LiftLock {
    const NAME: &'static str = "lock.lift";
    const SCOPE: Scope = Scope::Settings;
    const ROUTE: Route = Route::new(Verb::Post, "/locks/lift");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        let event = Event::new(Self::NAME).detail("network", self.network.to_string());
        Some(match &self.user {
            Some(user) => event.user(user.clone()),
            None => event,
        })
    }

    fn target(&self) -> ActTarget {
        // The lock is there because this account was guessed at: without it the guessing goes on.
        self.user.as_deref().and_then(|user| UserId::parse(user).ok()).map_or(ActTarget::Nobody, ActTarget::Account)
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        if !warrant.core().regulation().lift(self.user.as_deref(), self.network).await? {
            let name = self.user.map_or_else(|| self.network.to_string(), |user| format!("{user} from {}", self.network));
            return Err(AdminError::NotFound { what: "the lock of", name });
        }
        Ok(Done::saying("the lock is lifted"))
    }
}
