//! Login protection: showing it, disabling and restoring it everywhere in two steps, and drawing a service key (R-148…R-152).

use aws_lc_rs::hmac;
use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::values::{Done, rfc3339_if_any};
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::login_protect::DISABLED;

/// What came of a step.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoginProtectDecision {
    /// What was done, in a few words.
    pub done: String,
    #[serde(skip)]
    said: Done,
    /// After the first step: the word that the second one brings back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm: Option<String>,
}

impl LoginProtectDecision {
    fn saying(said: Done, confirm: Option<String>) -> Self {
        Self { done: said.done.clone(), said, confirm }
    }

    /// What was done, for a terminal too.
    pub const fn said(&self) -> &Done {
        &self.said
    }
}

/// The word that the second step brings back: the same for the same person within the hour, nobody else's.
fn confirmation(core: &Core, step: &str, actor: &str) -> String {
    let hour = core.clock().now().seconds() / 3600;
    let tag = hmac::sign(&core.keys().derive("disable login-protect"), format!("{step}/{actor}/{hour}").as_bytes());
    let digits: u32 = tag.as_ref().first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
    format!("{:06}", digits % 1_000_000)
}

/// Show the switch and the services of login-protect
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowLoginProtect {}

impl Act for ShowLoginProtect {
    const NAME: &'static str = "login_protect.show";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/login-protect");
    type Output = LoginProtectView;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<LoginProtectView, AdminError> {
        let core = warrant.core();
        let disabled = core.settings().list().remove(DISABLED);
        let mut services: Vec<ServiceView> = Vec::new();
        let policies = core.policies();
        for (name, policy) in policies.all() {
            for service in policy.services_of_anybody() {
                let (organisation, id) = (service.organisation().to_string(), service.id().to_string());
                match services.iter_mut().find(|known| known.organisation == organisation && known.service == id) {
                    Some(known) if known.apps.iter().any(|app| app == name) => {}
                    Some(known) => known.apps.push(name.to_owned()),
                    None => {
                        let drawn = core.login_protect().has_drawn(service.id());
                        services.push(ServiceView { organisation, service: id, apps: vec![name.to_owned()], drawn });
                    }
                }
            }
        }
        Ok(LoginProtectView {
            disabled: disabled.is_some(),
            disabled_by: disabled.as_ref().map(|setting| setting.changed_by.clone()),
            disabled_at: disabled.as_ref().map(|setting| setting.changed_at),
            services,
            users_without_phone: core.users_without_phone().await?,
        })
    }
}

/// How login-protect stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoginProtectView {
    /// Whether it is disabled everywhere: every login form is open.
    pub disabled: bool,
    /// By whom.
    pub disabled_by: Option<String>,
    /// Since when.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub disabled_at: Option<Timestamp>,
    /// The services that policies name.
    pub services: Vec<ServiceView>,
    /// Users who could open none of the forms: no phone is registered for them.
    pub users_without_phone: usize,
}

/// A service, and where it is named.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceView {
    /// The organisation ID.
    pub organisation: String,
    /// The service ID.
    pub service: String,
    /// The apps whose policies name it; `portal` is the portal, `admin` its administration.
    pub apps: Vec<String>,
    /// Whether its ID was drawn here: one that was not is of another installation, or mistyped.
    pub drawn: bool,
}

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
    type Output = LoginProtectDecision;

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

    async fn perform(self, warrant: &Warrant<'_>) -> Result<LoginProtectDecision, AdminError> {
        let core = warrant.core();
        let due = confirmation(core, "disable", warrant.actor());
        match self.confirm.as_deref() {
            None => {
                let said = Done::saying("login-protect-disable-asks", &[("word", &due)]);
                Ok(LoginProtectDecision::saying(said, Some(due)))
            }
            Some(word) if word == due => {
                core.login_protect().disable(warrant.actor()).await.map_err(|error| AdminError::State(error.to_string()))?;
                tracing::warn!(by = warrant.actor(), "login_protect_disabled");
                Ok(LoginProtectDecision::saying(Done::saying("login-protect-disabled", &[]), None))
            }
            Some(_) => Err(AdminError::Input { what: "disable login-protect", why: format!("the word to confirm it is {due}") }),
        }
    }
}

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
    type Output = LoginProtectDecision;

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

    async fn perform(self, warrant: &Warrant<'_>) -> Result<LoginProtectDecision, AdminError> {
        let core = warrant.core();
        let due = confirmation(core, "restore", warrant.actor());
        match self.confirm.as_deref() {
            None => {
                let said = Done::saying("login-protect-restore-asks", &[("word", &due)]);
                Ok(LoginProtectDecision::saying(said, Some(due)))
            }
            Some(word) if word == due => {
                let restored = core.login_protect().restore().await.map_err(|error| AdminError::State(error.to_string()))?;
                Ok(LoginProtectDecision::saying(
                    if restored {
                        Done::saying("login-protect-restored", &[])
                    } else {
                        Done::saying("login-protect-in-force", &[])
                    },
                    None,
                ))
            }
            Some(_) => Err(AdminError::Input { what: "restore login-protect", why: format!("the word to confirm it is {due}") }),
        }
    }
}

/// Generate a service ID for a policy
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DrawService {}

impl Act for DrawService {
    const NAME: &'static str = "login_protect.service";
    const SCOPE: Scope = Scope::All;
    const ROUTE: Route = Route::new(Verb::Post, "/login-protect/services");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        Ok(Done::answering(warrant.core().login_protect().draw(warrant.actor()).await?.to_string()))
    }
}
