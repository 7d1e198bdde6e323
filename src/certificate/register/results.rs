//! How check 2 ended, noted with what stands behind the certificate.

use std::sync::Arc;

use super::ClientCertificates;
use crate::certificate::passed::Backing;
use crate::certificate::result::CertificateOutcome;
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::CertificateStanding;
use crate::principal::user::UserId;

impl ClientCertificates {
    /// Notes how check 2 ended for a user, with a certificate that stands so, or with none; `reason` is empty where it passed. To
    /// be called when that differs from the last time on a connection, and every few minutes. Memory only.
    pub fn note_result(
        &self,
        user: &UserId,
        presented: Option<(&PresentedCertificate, &CertificateStanding)>,
        ended: (CertificateOutcome, &'static str),
        app: &Arc<str>,
        address: ClientAddress,
    ) {
        let presented = presented.map(|(presented, standing)| {
            let backing = match ended.0 {
                CertificateOutcome::Passed => Backing {
                    trusted_by: self.bundles.load().names(standing.trusted_by),
                    not_after: None,
                    is_registered: self.register.contains_key(&presented.fingerprint()),
                },
                CertificateOutcome::Refused | CertificateOutcome::WouldBeRefused => Backing::default(),
            };
            (presented, backing)
        });
        self.results.note(user, presented, ended, app, address);
    }
}
