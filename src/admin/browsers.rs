//! Registered browsers: listing them, and removing one or all of a user's.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::values::{Count, Done, Page, rfc3339, word};
use crate::admin::written;
use crate::audit::Event;
use crate::browser::Registration;
use crate::clock::Timestamp;
use crate::principal::method::{CredentialId, Method};
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
        let (core, now) = (warrant.core(), warrant.core().clock().now());
        let mut found = core.browsers().list(|one| self.user.as_ref().is_none_or(|user| one.user == *user));
        found.sort_by_key(|one| one.id.text());
        let page = Page::of(found, self.after.as_deref(), self.limit, |one| one.id.text());
        Ok(Page { items: page.items.iter().map(|one| BrowserView::of(one, now)).collect(), next: page.next })
    }
}

/// A registered browser as administrators see one.
#[derive(Debug, Serialize, ToSchema)]
pub struct BrowserView {
    /// Its id.
    pub browser: String,
    /// Whose.
    #[schema(value_type = String)]
    pub user: UserId,
    /// How it was registered: of several ways the one by which an administrator let it in, else the latest.
    #[serde(serialize_with = "word")]
    #[schema(value_type = String)]
    pub way: Method,
    /// Every way in which it was registered and still counts.
    pub ways: Vec<String>,
    /// What it is called.
    pub agent: String,
    /// Whether it is bound to a key of the browser.
    pub bound: bool,
    /// Where it was registered from.
    pub address: String,
    /// When.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub registered_at: Timestamp,
    /// When it was last used to sign in.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub last_seen: Timestamp,
    /// Until when it counts.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub expires_at: Timestamp,
}

impl BrowserView {
    fn of(one: &Registration, now: Timestamp) -> Self {
        Self {
            browser: one.id.text(),
            user: one.user.clone(),
            way: one.foremost(now),
            ways: one.ways_at(now).iter().map(|way| way.word().to_owned()).collect(),
            agent: one.agent.clone(),
            bound: one.is_bound(),
            address: one.address.to_string(),
            registered_at: one.registered_at,
            last_seen: one.last_seen,
            expires_at: one.expires_at,
        }
    }
}

/// Revoke a registered browser; its sessions end
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeBrowser {
    /// The browser's id.
    pub browser: String,
}

impl Act for RevokeBrowser {
    const NAME: &'static str = "browser.revoke";
    const SCOPE: Scope = Scope::Sessions;
    const ROUTE: Route = Route::new(Verb::Delete, "/browsers/{browser}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(written::id(Event::new(Self::NAME), "browser", &self.browser))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.browser.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let unknown = || AdminError::NotFound { what: "the browser", name: self.browser.clone() };
        let id = CredentialId::parse(&self.browser).ok_or_else(unknown)?;
        if !warrant.core().revoke_browser(id).await? {
            return Err(unknown());
        }
        Ok(Done::saying("browser-revoked", &[]))
    }
}

/// Revoke all registered browsers of a user; their sessions end
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeBrowsers {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// Only those registered so: `number_match`, `admin_approval`, `otp` or `link`.
    #[arg(long, value_name = "WAY")]
    pub way: Option<String>,
}

impl Act for RevokeBrowsers {
    const NAME: &'static str = "browser.revoke_all";
    const SCOPE: Scope = Scope::Sessions;
    const ROUTE: Route = Route::new(Verb::Delete, "/users/{user}/browsers");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).user(self.user.as_str()).as_given("way", self.way.clone().unwrap_or_default()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.user.to_string())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let way = self.way.as_deref().map(way).transpose()?;
        let core = warrant.core();
        core.users().named(&self.user)?;
        let count = core.revoke_browsers_of(&self.user, way).await?;
        Ok(Done::saying("browsers-revoked", &[("count", &count), ("user", &self.user)]))
    }
}

fn way(word: &str) -> Result<Method, AdminError> {
    let ways = [Method::BrowserByNumber, Method::BrowserByAdmin, Method::BrowserByOtp, Method::BrowserByLink];
    ways.into_iter().find(|way| way.word() == word).ok_or_else(|| AdminError::Input {
        what: "revoke browsers",
        why: format!("{word:?} is not a way of registration; there are {}", ways.map(Method::word).join(", ")),
    })
}
