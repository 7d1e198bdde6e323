//! Check 4: who it is, by one of the methods that the policy accepts and the user is assigned;
//! and whether this user may use the app at all.

use super::check::Check;
use super::finding::Finding;
use super::papers::Papers;
use super::policy::Mode;
use super::policy::selection::Selected;
use super::refusal::Refusal;
use super::too_old;
use crate::principal::method::{Method, Methods};

/// What a shut login form keeps out.
const PASSWORDS: Methods = Methods::of(&[Method::Password, Method::AdPassword, Method::Matrix, Method::TokenMatrix]);

pub(super) fn judge(asked: &Selected<'_>, papers: &Papers<'_>) -> Finding {
    // All demands together: the methods that every one accepts, the shortest age, the highest mode.
    let mut finding = Finding { mode: Mode::Off, fault: None, methods: Methods::ANY, max_age: None };
    let mut ticket_is_enough = true;
    for demands in asked.demands(papers.user) {
        let demand = &demands.primary_factor;
        if demand.mode == Mode::Off {
            continue;
        }
        finding.mode = finding.mode.max(demand.mode);
        finding.methods = finding.methods.both(demand.methods);
        finding.max_age = [finding.max_age, demand.max_age].into_iter().flatten().min();
        ticket_is_enough &= demands.desktop_sso.is_primary;
    }
    if finding.mode == Mode::Off {
        return Finding::OFF;
    }
    if let Some(user) = papers.user {
        finding.methods = finding.methods.both(user.assigned);
    }
    finding.fault = fault(asked, papers, &finding, ticket_is_enough);
    finding
}

fn fault(asked: &Selected<'_>, papers: &Papers<'_>, finding: &Finding, ticket_is_enough: bool) -> Option<Refusal> {
    let Some(evidence) = papers.evidence.of(Check::PrimaryFactor).or_else(|| ticket(papers, ticket_is_enough)) else {
        // Before a person has proved who it is, no answer may depend on the account that was named.
        return Some(if finding.methods.is_empty() && papers.evidence.user().is_some() {
            Refusal::NoMethodAssigned
        } else {
            Refusal::PrimaryFactorMissing
        });
    };
    let Some(user) = papers.user else {
        // Evidence without a standing: the account is gone.
        return Some(Refusal::UserDisabled);
    };
    if !user.enabled {
        return Some(Refusal::UserDisabled);
    }
    if evidence.method != Method::Kerberos && !finding.methods.contains(evidence.method) {
        return Some(if finding.methods.is_empty() { Refusal::NoMethodAssigned } else { Refusal::PrimaryFactorMethod });
    }
    // A password proved where nothing was protected, or under another service, dodges no login-protect.
    if PASSWORDS.contains(evidence.method) && asked.is_protected(papers.user) && evidence.services != asked.services(papers.user)
    {
        return Some(Refusal::PrimaryFactorUnprotected);
    }
    if too_old(evidence.at, finding.max_age, papers.now) {
        // Whose ticket stood for it may have no method that could be asked for.
        return Some(if finding.methods.is_empty() { Refusal::NoMethodAssigned } else { Refusal::PrimaryFactorTooOld });
    }
    if !asked.demands(papers.user).all(|demands| demands.primary_factor.admits(user)) {
        return Some(Refusal::UserNotAdmitted);
    }
    None
}

fn ticket<'a>(papers: &Papers<'a>, ticket_is_enough: bool) -> Option<&'a super::evidence::Evidence> {
    papers.evidence.of(Check::DesktopSso).filter(|evidence| ticket_is_enough && evidence.method == Method::Kerberos)
}
