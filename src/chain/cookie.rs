//! Check 5: the browser is registered for this user, in a way that the policy accepts, and keeps a key where the policy
//! demands one. A gate of its own:
//! never a reason to skip check 6 unless the policy says so.
//! A user's device designation demands it too, wherever people sign in: then only browsers that an administrator let in
//! count.

use super::check::Check;
use super::finding::Finding;
use super::papers::Papers;
use super::policy::Mode;
use super::policy::selection::Selected;
use super::refusal::Refusal;
use crate::principal::method::Methods;

pub(super) fn judge(asked: &Selected<'_>, papers: &Papers<'_>) -> Finding {
    let (mut bound, mut signs_in) = (false, false);
    let mut finding = Finding { mode: Mode::Off, fault: None, methods: Methods::ANY, max_age: None };
    for demands in asked.demands(papers.user) {
        signs_in |= demands.primary_factor.mode != Mode::Off;
        let demand = &demands.cookie;
        if demand.mode == Mode::Off {
            continue;
        }
        finding.mode = finding.mode.max(demand.mode);
        finding.methods = finding.methods.both(demand.ways);
        bound |= demand.bound;
    }
    // Where nobody signs in, nobody could register a browser: what a certificate alone opens is not shut by it.
    if signs_in && papers.user.is_some_and(|user| user.device_designation) {
        finding.mode = Mode::Require;
        let ways = finding.methods.both(Methods::DESIGNATED);
        finding.methods = if ways.is_empty() { Methods::DESIGNATED } else { ways };
    }
    if finding.mode == Mode::Off {
        return Finding::OFF;
    }
    finding.fault = match papers.evidence.of(Check::Cookie) {
        None => Some(Refusal::BrowserNotRegistered),
        Some(evidence) if !finding.methods.contains(evidence.method) => Some(Refusal::BrowserRegisteredOtherwise),
        Some(_) if bound && !papers.bound_browser => Some(Refusal::BrowserNotBound),
        Some(_) => None,
    };
    finding
}
