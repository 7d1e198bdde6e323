//! Revokes all registered browsers of a user, or those registered in one way.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::principal::method::Method;
use crate::principal::user::UserId;

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
        Some(Event::new(Self::NAME).user(self.user.as_str()).detail("way", self.way.clone().unwrap_or_default()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.user.to_string())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let way = self.way.as_deref().map(way).transpose()?;
        let core = warrant.core();
        core.users().named(&self.user)?;
        let count = core.revoke_browsers_of(&self.user, way).await?;
        Ok(Done::saying(format!("{count} browsers of {} must register again", self.user)))
    }
}

fn way(word: &str) -> Result<Method, AdminError> {
    let ways = [Method::BrowserByNumber, Method::BrowserByAdmin, Method::BrowserByOtp, Method::BrowserByLink];
    ways.into_iter().find(|way| way.word() == word).ok_or_else(|| AdminError::Input {
        what: "revoke browsers",
        why: format!("{word:?} is no way of registration; there are {}", ways.map(Method::word).join(", ")),
    })
}
