//! Check 3: a Kerberos ticket of the same user. A gate by default: check 4 still runs, unless the policy
//! lets a ticket stand for it.

use super::check::Check;
use super::finding::Finding;
use super::ip_restriction::stricter;
use super::papers::Papers;
use super::policy::selection::Selected;
use super::refusal::Refusal;
use crate::principal::method::{Method, Methods};

pub(super) fn judge(asked: &Selected<'_>, papers: &Papers<'_>) -> Finding {
    let shown = papers.evidence.of(Check::DesktopSso).is_some_and(|evidence| evidence.method == Method::Kerberos);
    let fault = (!shown).then_some(Refusal::DesktopSsoMissing);
    let mut worst = Finding::OFF;
    for demand in asked.demands(papers.user).map(|demands| &demands.desktop_sso) {
        worst = stricter(worst, Finding::new(demand.mode, fault));
    }
    worst.methods = Methods::of(&[Method::Kerberos]);
    worst
}
