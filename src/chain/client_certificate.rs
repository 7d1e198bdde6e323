//! Check 2: the connection carries a certificate that a trusted authority stands behind, in its validity, switched on,
//! not revoked, and its holder's switch is on. Judged again on every request, so that what changes in
//! the register or in time bites at once; a session made with one certificate is dead with another or none.
//! Invariant: a certificate names nobody unless this check was demanded, and passed.

use super::finding::Finding;
use super::ip_restriction::stricter;
use super::papers::Papers;
use super::policy::selection::Selected;
use super::policy::{ClientCertificate, Mode};
use super::refusal::Refusal;
use crate::principal::certificate::{Holder, TrustSet, Unfit};

pub(super) fn judge(asked: &Selected<'_>, papers: &Papers<'_>) -> Finding {
    let mut worst = Finding::OFF;
    for demand in asked.demands(papers.user).map(|demands| &demands.client_certificate) {
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
    let holder = match standing.holder(demand.trust, papers.now) {
        Ok(holder) => holder,
        Err(unfit) => return Some(refusal(unfit)),
    };
    if papers.bound_certificate.is_some_and(|bound| bound != Some(shown.fingerprint())) {
        return Some(Refusal::CertificateChanged);
    }
    // Where nobody signed in, the certificate itself says whose switch it is.
    let user = papers.user.or(match holder {
        Holder::User(_) => papers.holder,
        Holder::Shared | Holder::Group(_) | Holder::Machine(_) | Holder::Nobody => None,
    });
    match (holder, user) {
        (Holder::Nobody, _) => Some(Refusal::CertificateWithoutHolder),
        (Holder::User(holder), Some(user)) if *holder != user.user => Some(Refusal::CertificateOfAnotherUser),
        (Holder::Group(group), Some(user)) if !user.is_in(group) => Some(Refusal::CertificateOfAnotherUser),
        (Holder::User(_) | Holder::Shared | Holder::Group(_), Some(user)) if !user.certificate_switch => {
            Some(Refusal::CertificateSwitchOff)
        }
        (Holder::User(_) | Holder::Shared | Holder::Group(_) | Holder::Machine(_), _) => None,
    }
}

/// Whose the certificate is, where nobody signed in: only if a demand that counts asked for it, and what it shows is good
/// for every one that did. To be asked once the check has passed.
pub(super) fn named<'p>(asked: &Selected<'_>, papers: &Papers<'p>) -> Option<&'p Holder> {
    if papers.evidence.user().is_some() {
        return None;
    }
    let (_, standing) = papers.certificate?;
    accepted(asked, papers).map(|_| &standing.holder)
}

/// Which authorities stand behind the certificate that is shown: only if a demand that counts asked for it, and what it
/// shows is good for every one that did. To be asked once the check has passed.
pub(super) fn accepted(asked: &Selected<'_>, papers: &Papers<'_>) -> Option<TrustSet> {
    let (_, standing) = papers.certificate?;
    let demanded = asked.demands(papers.user).map(|demands| &demands.client_certificate);
    let mut required = demanded.filter(|demand| demand.mode == Mode::Require).peekable();
    let first = required.peek()?.trust;
    let is_good =
        |demand: &ClientCertificate| standing.holder(demand.trust, papers.now).is_ok() && fault(demand, papers).is_none();
    required.all(is_good).then_some(TrustSet(first.0 & standing.trusted_by.0))
}

const fn refusal(unfit: Unfit) -> Refusal {
    match unfit {
        Unfit::NotYetValid => Refusal::CertificateNotYetValid,
        Unfit::Expired => Refusal::CertificateExpired,
        Unfit::Untrusted => Refusal::CertificateUntrusted,
        Unfit::Revoked => Refusal::CertificateRevoked,
        Unfit::RevocationUnknown => Refusal::RevocationUnknown,
        Unfit::Disabled => Refusal::CertificateDisabled,
    }
}
