//! What is locked at present.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::regulation::{Lock, Step};
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Page;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;

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
            step: lock.who.is_some().then(|| lock.step.word().to_owned()),
            at: lock.who.is_some().then_some(lock.step),
            who: lock.who,
            network: lock.network.to_string(),
            until: lock.until.rfc3339(),
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
    pub step: Option<String>,
    /// The same, for our own pages.
    #[serde(skip)]
    pub at: Option<Step>,
    /// The network.
    pub network: String,
    /// Until when.
    pub until: String,
}
