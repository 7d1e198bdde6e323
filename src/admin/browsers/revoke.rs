//! Revokes a registered browser and ends the sessions made with it.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::principal::method::CredentialId;

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
        Some(Event::new(Self::NAME).detail("browser", self.browser.clone()))
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
        Ok(Done::saying("the browser must register again; its sessions are ended"))
    }
}
