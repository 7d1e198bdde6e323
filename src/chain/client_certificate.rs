//! Check 2: the connection carries a certificate that a trusted authority stands behind, in its validity, switched on,
//! not revoked, and it counts for its holder. Judged again on every request, so that what changes in
//! the register or in time bites at once; a session made with one certificate is dead with another or none.
//! A policy demands one of everyone, or of the users who were selected. Whom it does not concern, and as long as nobody is
//! known, one is only offered: a good one passes and is seen to have passed, and without one the chain goes on. A bad
//! one says as little as none, since who shows it may be somebody of whom nothing is demanded.
//! Invariant: a certificate names nobody unless this check was demanded of everyone, and passed.

use super::finding::Finding;
use super::ip_restriction::stricter;
use super::papers::Papers;
use super::policy::selection::Selected;
use super::policy::{ClientCertificate, Mode};
use super::refusal::Refusal;
use crate::principal::certificate::{Holder, TrustSet, Unfit};
use crate::principal::user::UserStanding;

pub(super) fn judge(asked: &Selected<'_>, papers: &Papers<'_>) -> Finding {
    let known = known(asked, papers);
    let mut worst = Finding::OFF;
    for demand in asked.demands(papers.user).map(|demands| &demands.client_certificate) {
        if demand.mode != Mode::Off {
            let mode = if demand.applies_to.concerns(known) { demand.mode } else { Mode::Offer };
            worst = stricter(worst, Finding::new(mode, fault(demand, papers)));
        }
    }
    worst
}

/// Who asks, as far as that is proved: by a factor, or where nobody has to sign in by the certificate itself: who may sign in
/// and does not would otherwise never be known, and nothing be demanded of them. A name that was only typed proves nothing, and
/// an answer that depended on it would tell whether it is a user's (T31).
fn known<'p>(asked: &Selected<'_>, papers: &Papers<'p>) -> Option<&'p UserStanding> {
    let nobody_has_to = || asked.demands(papers.user).all(|demands| demands.primary_factor.mode != Mode::Require);
    let is_proved = |user: &&UserStanding| {
        papers.evidence.user().is_some() || (papers.holder.is_some_and(|holder| holder.user == user.user) && nobody_has_to())
    };
    papers.user.filter(is_proved)
}

fn fault(demand: &ClientCertificate, papers: &Papers<'_>) -> Option<Refusal> {
    let Some((shown, standing)) = papers.certificate else {
        return Some(Refusal::CertificateMissing);
    };
    let holder = match standing.holder(demand.trust, papers.now) {
        Ok(holder) => holder,
        Err(unfit) => return Some(refusal(unfit)),
    };
    if papers.bound_certificate.is_some_and(|bound| bound != shown.fingerprint()) {
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
        (Holder::User(_) | Holder::Shared | Holder::Group(_), Some(user)) if !user.certificates.counts() => {
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
    accepted_of(None, asked, papers).map(|_| &standing.holder)
}

/// Which authorities stand behind the certificate that is shown: only if a demand that counts asked for it, and what it
/// shows is good for every one that did. To be asked once the check has passed.
pub(super) fn accepted(asked: &Selected<'_>, papers: &Papers<'_>) -> Option<TrustSet> {
    accepted_of(known(asked, papers), asked, papers)
}

/// The same by what is demanded of a user, or of everyone where none is known.
fn accepted_of(known: Option<&UserStanding>, asked: &Selected<'_>, papers: &Papers<'_>) -> Option<TrustSet> {
    let (_, standing) = papers.certificate?;
    let demanded = asked.demands(papers.user).map(|demands| &demands.client_certificate);
    let counts = |demand: &&ClientCertificate| demand.mode == Mode::Require && demand.applies_to.concerns(known);
    let mut required = demanded.filter(counts).peekable();
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
