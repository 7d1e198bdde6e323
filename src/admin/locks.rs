//! Locks that failed attempts led to: listing them, and lifting one early.

use std::net::IpAddr;

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::regulation::{AttemptKind, Lock};
use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::values::{Done, Page, rfc3339};
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::principal::user::UserId;

/// List locks that failed attempts led to
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListLocks {}

impl Act for ListLocks {
    const NAME: &'static str = "lock.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/locks");
    type Output = Page<LockView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<LockView>, AdminError> {
        let locks = warrant.core().regulation().locks().await?;
        let view = |lock: Lock| LockView {
            step: lock.who.is_some().then_some(lock.step),
            who: lock.who,
            network: lock.network,
            until: lock.until,
        };
        Ok(Page::whole(locks.into_iter().map(view).collect()))
    }
}

/// A lock.
#[derive(Debug, Serialize, ToSchema)]
pub struct LockView {
    /// The name that was tried; absent where the whole network is locked.
    pub who: Option<String>,
    /// Where: `first`, `second`, `transaction_password` or `transaction_code`.
    #[schema(value_type = Option<String>)]
    pub step: Option<AttemptKind>,
    /// The network.
    #[schema(value_type = String)]
    pub network: IpAddr,
    /// Until when.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub until: Timestamp,
}

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
        Some(match self.user.as_deref().map(UserId::parse) {
            Some(Ok(user)) => event.user(user.as_str()),
            Some(Err(_)) | None => event,
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
        Ok(Done::saying("lock-lifted", &[]))
    }
}
