//! Switches a certificate of the register on.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fingerprint;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;

/// Switch a certificate on again
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnableCertificate {
    /// SHA-256 of the certificate: 64 hexadecimal digits, with or without colons.
    pub certificate: String,
}

impl Act for EnableCertificate {
    const NAME: &'static str = "certificate.enable";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::new(Verb::Post, "/certificates/{certificate}/enable");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).detail("certificate", self.certificate.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Certificate(self.certificate.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        warrant.core().switch_certificate(fingerprint(&self.certificate)?, true).await?;
        Ok(Done::saying("the certificate is switched on"))
    }
}
