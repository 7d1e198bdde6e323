//! Switches a certificate of the register off: it fails check 2 at once, the sessions entered with it end.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fingerprint;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;

/// Switch a certificate off: its sessions end at once
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisableCertificate {
    /// SHA-256 of the certificate: 64 hexadecimal digits, with or without colons.
    pub certificate: String,
}

impl Act for DisableCertificate {
    const NAME: &'static str = "certificate.disable";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::new(Verb::Post, "/certificates/{certificate}/disable");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).detail("certificate", self.certificate.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.certificate.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        warrant.core().switch_certificate(fingerprint(&self.certificate)?, false).await?;
        Ok(Done::saying("the certificate is switched off"))
    }
}
