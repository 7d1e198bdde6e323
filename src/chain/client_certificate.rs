//! Check 2: the connection carries a certificate that a trusted authority stands behind, in its validity, switched on,
//! not revoked, and its holder's switch is on. Judged anew on every request, so that what changes in
//! the register or in time bites at once; a session made with one certificate is dead with another or none.

use super::Finding;
use super::ip_restriction::stricter;
use super::papers::Papers;
use super::policy::{ClientCertificate, Mode, Policy};
use super::refusal::Refusal;
use crate::certificate::{Fault, Holder};

pub(super) fn judge(policy: &Policy, papers: &Papers<'_>) -> Finding {
    let mut worst = Finding::OFF;
    for demand in policy.demands(papers.user).map(|demands| &demands.client_certificate) {
        if demand.mode != Mode::Off {
            worst = stricter(worst, Finding::new(demand.mode, fault(demand, papers)));
        }
    }
    worst
}

fn fault(demand: &ClientCertificate, papers: &Papers<'_>) -> Option<Refusal> {
    let Some((shown, standing)) = papers.certificate else {
        return Some(Refusal::CertificateMissing);
    };
    if papers.now < standing.not_before {
        return Some(Refusal::CertificateNotYetValid);
    }
    if papers.now > standing.not_after {
        return Some(Refusal::CertificateExpired);
    }
    if !standing.trusted_by.meets(demand.trust) {
        return Some(match standing.fault {
            Some(Fault::Revoked) => Refusal::CertificateRevoked,
            Some(Fault::RevocationUnknown) => Refusal::RevocationUnknown,
            Some(Fault::Untrusted | Fault::Malformed) | None => Refusal::CertificateUntrusted,
        });
    }
    if standing.revocation_known_until.is_some_and(|until| papers.now > until) {
        return Some(Refusal::RevocationUnknown);
    }
    if !standing.enabled {
        return Some(Refusal::CertificateDisabled);
    }
    if papers.bound_certificate.is_some_and(|bound| bound != Some(shown.fingerprint())) {
        return Some(Refusal::CertificateChanged);
    }
    match (&standing.holder, papers.user) {
        (Holder::Nobody, _) => Some(Refusal::CertificateWithoutHolder),
        (Holder::User(holder), Some(user)) if *holder != user.user => Some(Refusal::CertificateOfAnotherUser),
        (Holder::User(_) | Holder::Shared, Some(user)) if !user.certificate_switch => Some(Refusal::CertificateSwitchOff),
        (Holder::User(_) | Holder::Shared | Holder::Machine(_), _) => None,
    }
}
