//! How login-protect stands: the switch, and the services that policies name.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::login_protect::DISABLED;

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
            disabled_at: disabled.as_ref().map(|setting| setting.changed_at.rfc3339()),
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
    pub disabled_at: Option<String>,
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
