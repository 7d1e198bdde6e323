//! Sets from when to when a certificate counts here.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CertificateView, fingerprint};
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Moment;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::certificate::register::RegisterError;

/// Set from when to when a certificate counts; what is not given is as long as it is valid itself
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditCertificate {
    /// SHA-256 of the certificate: 64 hexadecimal digits, with or without colons.
    pub certificate: String,
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

impl Act for EditCertificate {
    const NAME: &'static str = "certificate.edit";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::new(Verb::Put, "/certificates/{certificate}");
    type Output = CertificateView;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).detail("certificate", self.certificate.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Certificate(self.certificate.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<CertificateView, AdminError> {
        let certificates = &warrant.core().certificates();
        let fingerprint = fingerprint(&self.certificate)?;
        let zone = warrant.core().zone();
        let dates = (self.valid_from.map(|from| from.beginning(&zone)), self.valid_until.map(|until| until.last(&zone)));
        certificates.set_dates(fingerprint, dates).await?;
        let entry = certificates.find(fingerprint).ok_or(RegisterError::Unknown(fingerprint))?;
        Ok(CertificateView::of(&entry, &zone))
    }
}
