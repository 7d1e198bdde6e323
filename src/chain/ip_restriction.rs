//! Check 1: the peer is inside an allowed network and outside every denied one.
//! The policy's lists, what it adds for groups and users, and the user's own lists must all agree.

use ipnet::IpNet;

use super::finding::Finding;
use super::papers::Papers;
use super::policy::Mode;
use super::policy::selection::Selected;
use super::refusal::Refusal;
use crate::facts::client_address::ClientAddress;

pub(super) fn judge(asked: &Selected<'_>, papers: &Papers<'_>) -> Finding {
    let mut worst = Finding::OFF;
    for demand in asked.demands(papers.user).map(|demands| &demands.ip_restriction) {
        let fault = fault(papers.address, &demand.allow, &demand.deny);
        worst = stricter(worst, Finding::new(demand.mode, fault));
    }
    // A user's own lists stand whatever the app asks: they belong to the person.
    if let Some(user) = papers.user.filter(|user| !(user.allowed_networks.is_empty() && user.denied_networks.is_empty())) {
        worst =
            stricter(worst, Finding::new(Mode::Require, fault(papers.address, &user.allowed_networks, &user.denied_networks)));
    }
    worst
}

fn fault(address: ClientAddress, allow: &[IpNet], deny: &[IpNet]) -> Option<Refusal> {
    if deny.iter().any(|network| address.is_in(network)) {
        return Some(Refusal::AddressDenied);
    }
    if !allow.is_empty() && !allow.iter().any(|network| address.is_in(network)) {
        return Some(Refusal::AddressNotAllowed);
    }
    None
}

/// Of two findings the one that lets less through.
pub(super) fn stricter(one: Finding, other: Finding) -> Finding {
    let weight =
        |finding: &Finding| (finding.fault.is_some() && finding.mode == Mode::Require, finding.mode, finding.fault.is_some());
    if weight(&other) > weight(&one) { other } else { one }
}
