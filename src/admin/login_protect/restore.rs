//! Restores login-protect; windows opened before count no more.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Decision;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;

/// Restore login-protect: every protected login form is shut again
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreLoginProtect {
    /// What the first step answered; without it nothing is done but telling what would be.
    #[arg(long, value_name = "WORD")]
    pub confirm: Option<String>,
}

impl Act for RestoreLoginProtect {
    const NAME: &'static str = "login_protect.restore";
    const SCOPE: Scope = Scope::All;
    const ROUTE: Route = Route::new(Verb::Post, "/login-protect/restore");
    type Output = Decision;

    fn event(&self) -> Option<Event> {
        // The first step is only asked, and does nothing: it is not written down as done.
        Some(match self.confirm {
            Some(_) => Event::new(Self::NAME).detail("step", "decide"),
            None => Event::new("login_protect.restore_asked"),
        })
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Decision, AdminError> {
        let core = warrant.core();
        let due = super::confirmation(core, "restore", warrant.actor());
        match self.confirm.as_deref() {
            None => Ok(Decision {
                done: format!(
                    "nothing is done yet: this shuts every protected login form, also for users without a phone; to decide, say it again with --confirm {due}"
                ),
                confirm: Some(due),
            }),
            Some(word) if word == due => {
                let restored = core.login_protect().restore().await.map_err(|error| AdminError::State(error.to_string()))?;
                let done = if restored { "login-protect is in force again" } else { "login-protect was in force" };
                Ok(Decision { done: done.to_owned(), confirm: None })
            }
            Some(_) => Err(AdminError::Input { what: "restore login-protect", why: format!("the word to confirm it is {due}") }),
        }
    }
}
