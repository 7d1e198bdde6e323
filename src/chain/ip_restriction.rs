//! Check 1: the peer is inside an allowed network and outside every denied one.
//! The policy's lists, what it adds for groups and users, the lists that administrators keep for the app, for groups and for the
//! user must all agree.

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
    // Those that administrators keep stand whatever the app asks: at the place that is asked for, and for every group of the user.
    if !papers.lists.is_empty() {
        let of_places = asked.policies().flat_map(|policy| papers.lists.of_place(&policy.place));
        let of_groups = papers.user.into_iter().flat_map(|user| papers.lists.of_groups(&user.groups));
        for list in of_places.chain(of_groups) {
            worst = stricter(worst, Finding::new(Mode::Require, fault(papers.address, &list.allowed, &list.denied)));
        }
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
    // What is only offered hides nothing that is observed.
    let mode = |finding: &Finding| match finding.mode {
        Mode::Off => 0,
        Mode::Offer => 1,
        Mode::Observe => 2,
        Mode::Require => 3,
    };
    let weight =
        |finding: &Finding| (finding.fault.is_some() && finding.mode == Mode::Require, mode(finding), finding.fault.is_some());
    if weight(&other) > weight(&one) { other } else { one }
}
