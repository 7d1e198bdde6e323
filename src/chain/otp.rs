//! Check 6: a one-time password by a method that the policy accepts, not older than it allows. Its end is what
//! makes a session good for an app.

use std::time::Duration;

use super::check::Check;
use super::evidence::Evidence;
use super::finding::Finding;
use super::papers::Papers;
use super::policy::Mode;
use super::policy::selection::Selected;
use super::refusal::Refusal;
use super::too_old;
use crate::principal::method::{Method, Methods};

/// Whether the passkey that gave this approval passed check 4 as well, by itself or by an approval: one passkey is two factors
/// only where the policy names it among the methods of check 6.
fn is_passkey_of_check_4(otp: &Evidence, papers: &Papers<'_>) -> bool {
    otp.by_passkey && papers.evidence.of(Check::PrimaryFactor).is_some_and(|primary| primary.credential == otp.credential)
}

/// How long it counts that somebody had no second factor: then it is looked at again.
const GRACE_AGE: Duration = Duration::from_secs(3600);

pub(super) fn judge(asked: &Selected<'_>, papers: &Papers<'_>) -> Finding {
    let mut finding = Finding { mode: Mode::Off, fault: None, methods: Methods::ANY, max_age: None };
    let mut browser_is_enough = true;
    for demand in asked.demands(papers.user).map(|demands| &demands.otp) {
        if demand.mode == Mode::Off {
            continue;
        }
        finding.mode = finding.mode.max(demand.mode);
        finding.methods = finding.methods.both(demand.methods);
        finding.max_age = [finding.max_age, demand.max_age].into_iter().flatten().min();
        browser_is_enough &= demand.skip_with_cookie;
    }
    if finding.mode == Mode::Off {
        return Finding::OFF;
    }
    if browser_is_enough && papers.evidence.of(Check::Cookie).is_some() {
        return finding;
    }
    finding.fault = match papers.evidence.of(Check::Otp) {
        None => Some(Refusal::OtpMissing),
        Some(evidence) if !finding.methods.contains(evidence.method) => Some(Refusal::OtpMethod),
        Some(evidence) if is_passkey_of_check_4(evidence, papers) && !finding.methods.contains(Method::Passkey) => {
            Some(Refusal::OtpMethod)
        }
        Some(Evidence { method: Method::Grace, at, .. }) if too_old(*at, Some(GRACE_AGE), papers.now) => Some(Refusal::OtpTooOld),
        Some(evidence) if too_old(evidence.at, finding.max_age, papers.now) => Some(Refusal::OtpTooOld),
        Some(_) => None,
    };
    finding
}
