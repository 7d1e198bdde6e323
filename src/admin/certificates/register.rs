//! Adds a certificate to the register: whose it is, from when to when it counts.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CertificateView, fingerprint};
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Moment;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::principal::certificate::Holder;
use crate::principal::user::UserId;

/// Add a client certificate to the register
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterCertificate {
    /// SHA-256 of the certificate: 64 hexadecimal digits, with or without colons.
    pub certificate: String,
    /// It is this user's own.
    #[arg(long, value_name = "USER", value_parser = UserId::parse, group = "holder")]
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
    /// It is a machine's, of this name.
    #[arg(long, value_name = "NAME", group = "holder")]
    pub machine: Option<String>,
    /// It is shared by several users: each one's own switch decides.
    #[arg(long, group = "holder")]
    #[serde(default)]
    pub shared: bool,
    /// What it is called here.
    #[arg(long, value_name = "TEXT")]
    pub label: Option<String>,
    /// Counts here from this day or moment on, if the certificate itself does not begin later. A day is one of the zone
    /// under `[time]`, from its beginning.
    #[arg(long, value_name = "MOMENT")]
    #[schema(value_type = Option<String>)]
    pub valid_from: Option<Moment>,
    /// Counts here until this moment or to the end of this day, if the certificate itself does not end sooner.
    #[arg(long, value_name = "MOMENT")]
    #[schema(value_type = Option<String>)]
    pub valid_until: Option<Moment>,
}

impl Act for RegisterCertificate {
    const NAME: &'static str = "certificate.register";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::new(Verb::Post, "/certificates");
    type Output = CertificateView;

    fn event(&self) -> Option<Event> {
        let event = Event::new(Self::NAME).detail("certificate", self.certificate.clone());
        Some(match &self.user {
            Some(user) => event.user(user.as_str()),
            None => event,
        })
    }

    fn target(&self) -> ActTarget {
        match (&self.user, &self.machine) {
            (Some(user), _) => ActTarget::Account(user.clone()),
            // An app gets a machine's name in the field of a user's: one that is called as a user speaks for that user.
            (None, Some(machine)) => UserId::parse(machine).map_or(ActTarget::Nobody, ActTarget::Account),
            // A shared one says nothing of who shows it: each user's own factor and switch decide.
            (None, None) => ActTarget::Nobody,
        }
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<CertificateView, AdminError> {
        let holder = match (self.user, self.machine, self.shared) {
            (Some(user), None, false) => Holder::User(user),
            (None, Some(machine), false) => Holder::Machine(machine.into()),
            (None, None, true) => Holder::Shared,
            _ => {
                let why = "name one holder: a user, a machine, or shared".to_owned();
                return Err(AdminError::Input { what: "register the certificate", why });
            }
        };
        let zone = warrant.core().zone();
        let dates = (self.valid_from.map(|from| from.beginning(&zone)), self.valid_until.map(|until| until.last(&zone)));
        let entry = warrant.core().certificates().add(fingerprint(&self.certificate)?, holder, self.label, dates).await?;
        Ok(CertificateView::of(&entry, &zone))
    }
}
