//! Check 5: the browser is registered for this user, in a way that the policy accepts. A gate of its own:
//! never a reason to skip check 6 unless the policy says so.

use super::check::Check;
use super::finding::Finding;
use super::papers::Papers;
use super::policy::Mode;
use super::policy::selection::Selected;
use super::refusal::Refusal;
use crate::principal::method::Methods;

pub(super) fn judge(asked: &Selected<'_>, papers: &Papers<'_>) -> Finding {
    let mut finding = Finding { mode: Mode::Off, fault: None, methods: Methods::ANY, max_age: None };
    for demand in asked.demands(papers.user).map(|demands| &demands.cookie) {
        if demand.mode == Mode::Off {
            continue;
        }
        finding.mode = finding.mode.max(demand.mode);
        finding.methods = finding.methods.both(demand.ways);
    }
    if finding.mode == Mode::Off {
        return Finding::OFF;
    }
    finding.fault = match papers.evidence.of(Check::Cookie) {
        None => Some(Refusal::BrowserNotRegistered),
        Some(evidence) if !finding.methods.contains(evidence.method) => Some(Refusal::BrowserRegisteredOtherwise),
        Some(_) => None,
    };
    finding
}
