//! Disables login-protect everywhere, in two steps (R-148…R-152).

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Decision;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;

/// Disable login-protect everywhere: every login form is open, passwords are still judged
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisableLoginProtect {
    /// What the first step answered; without it nothing is done but telling what would be.
    #[arg(long, value_name = "WORD")]
    pub confirm: Option<String>,
}

impl Act for DisableLoginProtect {
    const NAME: &'static str = "login_protect.disable";
    const SCOPE: Scope = Scope::All;
    const ROUTE: Route = Route::new(Verb::Post, "/login-protect/disable");
    type Output = Decision;

    fn event(&self) -> Option<Event> {
        // The first step is only asked, and does nothing: it is not written down as done.
        Some(match self.confirm {
            Some(_) => Event::new(Self::NAME).detail("step", "decide"),
            None => Event::new("login_protect.disable_asked"),
        })
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Decision, AdminError> {
        let core = warrant.core();
        let due = super::confirmation(core, "disable", warrant.actor());
        match self.confirm.as_deref() {
            None => Ok(Decision {
                done: format!(
                    "nothing is done yet: this opens every protected login form for everybody until it is restored; to decide, say it again with --confirm {due}"
                ),
                confirm: Some(due),
            }),
            Some(word) if word == due => {
                core.login_protect().disable(warrant.actor()).await.map_err(|error| AdminError::State(error.to_string()))?;
                tracing::warn!(by = warrant.actor(), "login_protect_disabled");
                Ok(Decision {
                    done: "login-protect is disabled everywhere; `sekisho login-protect restore` ends this".to_owned(),
                    confirm: None,
                })
            }
            Some(_) => Err(AdminError::Input { what: "disable login-protect", why: format!("the word to confirm it is {due}") }),
        }
    }
}
