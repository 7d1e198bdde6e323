//! Takes a certificate out of the register: mappings of the config speak for it again.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fingerprint;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;

/// Take a certificate out of the register
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveCertificate {
    /// SHA-256 of the certificate: 64 hexadecimal digits, with or without colons.
    pub certificate: String,
}

impl Act for RemoveCertificate {
    const NAME: &'static str = "certificate.remove";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::new(Verb::Delete, "/certificates/{certificate}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).detail("certificate", self.certificate.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Certificate(self.certificate.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        warrant.core().remove_certificate(fingerprint(&self.certificate)?).await?;
        Ok(Done::saying("the certificate is out of the register; to keep it out, switch it off instead"))
    }
}
