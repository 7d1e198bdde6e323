//! Which browsers are registered, for whom, and how.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::{Count, Page};
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::browser::Registration;
use crate::principal::user::UserId;

/// List registered browsers
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListBrowsers {
    /// Only this user's.
    #[arg(long, value_name = "USER", value_parser = UserId::parse)]
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
    /// Begin behind this one: `next` of the page before.
    #[arg(long, value_name = "BROWSER")]
    pub after: Option<String>,
    /// How many at most (100; up to 1000).
    #[arg(long, value_name = "COUNT")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Count>,
}

impl Act for ListBrowsers {
    const NAME: &'static str = "browser.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/browsers");
    type Output = Page<BrowserView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        self.user.clone().map_or(ActTarget::Nobody, ActTarget::Seen)
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<BrowserView>, AdminError> {
        let mut found = warrant.core().browsers().list(|one| self.user.as_ref().is_none_or(|user| one.user == *user));
        found.sort_by_key(|one| one.id.text());
        let page = Page::of(found, self.after.as_deref(), self.limit, |one| one.id.text());
        Ok(Page { items: page.items.iter().map(|one| BrowserView::of(one)).collect(), next: page.next })
    }
}

/// A registered browser as administrators see one.
#[derive(Debug, Serialize, ToSchema)]
pub struct BrowserView {
    /// Its id.
    pub browser: String,
    /// Whose.
    pub user: String,
    /// How it was registered.
    pub way: String,
    /// What it is called.
    pub agent: String,
    /// Where it was registered from.
    pub address: String,
    /// When.
    pub registered_at: String,
    /// When it was last used to sign in.
    pub last_seen: String,
    /// Until when it counts.
    pub expires_at: String,
}

impl BrowserView {
    fn of(one: &Registration) -> Self {
        Self {
            browser: one.id.text(),
            user: one.user.to_string(),
            way: one.way.word().to_owned(),
            agent: one.agent.clone(),
            address: one.address.to_string(),
            registered_at: one.registered_at.rfc3339(),
            last_seen: one.last_seen.rfc3339(),
            expires_at: one.expires_at.rfc3339(),
        }
    }
}
