//! What the check of certificates said, for the list that administrators read.

use std::sync::Arc;

use super::Core;
use crate::certificate::result::CertificateOutcome;
use crate::chain::trace::Outcome;
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::CertificateStanding;
use crate::principal::user::UserId;

impl Core {
    /// Notes how check 2 ended for a user, with the certificate of the connection or none, at an app and from an address. Nothing
    /// is noted where the check was not demanded or not come to.
    pub fn note_certificate_result(
        &self,
        user: &UserId,
        presented: Option<(&PresentedCertificate, &CertificateStanding)>,
        outcome: Outcome,
        (app, address): (&Arc<str>, ClientAddress),
    ) {
        let ended = match outcome {
            Outcome::Ok => (CertificateOutcome::Passed, ""),
            Outcome::Fail(refusal) => (CertificateOutcome::Refused, refusal.code()),
            Outcome::Observed(refusal) => (CertificateOutcome::WouldBeRefused, refusal.code()),
            Outcome::NotApplicable | Outcome::NotEvaluated => return,
        };
        self.certificates().note_result(user, presented, ended, app, address);
    }
}
