//! What may not be meant in a list of networks: lines that say nothing, and a family of addresses that is left out.

use ipnet::IpNet;
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::network_list::NetworkList;
use crate::config::units::NetworkLine;

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HintKind {
    /// A line lies within another of its list, and adds nothing.
    Within,
    /// An allowed network lies within a denied one: nobody comes from there.
    Denied,
    /// No IPv6 network is allowed: who comes by IPv6 is refused.
    NoIpv6,
    /// No IPv4 network is allowed: who comes by IPv4 is refused.
    NoIpv4,
}

/// Something that may not be meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NetworkHint {
    /// What it is.
    pub kind: HintKind,
    /// The line.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub network: Option<IpNet>,
    /// The line that contains it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub within: Option<IpNet>,
}

pub(super) fn hints(list: &NetworkList) -> Vec<NetworkHint> {
    let pair = |kind: HintKind| move |(network, within)| NetworkHint { kind, network: Some(network), within: Some(within) };
    let mut hints: Vec<NetworkHint> = nested(&list.allowed).chain(nested(&list.denied)).map(pair(HintKind::Within)).collect();
    let denied = |line: &NetworkLine| {
        let within = list.denied.iter().find(|denied| denied.network.0.contains(&line.network.0));
        within.map(|within| (line.network.0, within.network.0))
    };
    hints.extend(list.allowed.iter().filter_map(denied).map(pair(HintKind::Denied)));
    let has = |is: fn(&IpNet) -> bool| list.allowed.iter().any(|line| is(&line.network.0));
    let family = |kind| NetworkHint { kind, network: None, within: None };
    match (has(|network| matches!(network, IpNet::V4(_))), has(|network| matches!(network, IpNet::V6(_)))) {
        (true, false) => hints.push(family(HintKind::NoIpv6)),
        (false, true) => hints.push(family(HintKind::NoIpv4)),
        _ => {}
    }
    hints
}

/// Each network within another, and that one. Networks overlap only where one contains the other.
fn nested(lines: &[NetworkLine]) -> impl Iterator<Item = (IpNet, IpNet)> {
    let mut networks: Vec<IpNet> = lines.iter().map(|line| line.network.0).collect();
    networks.sort_by_key(|network| (network.network(), network.prefix_len()));
    let mut outer: Option<IpNet> = None;
    networks.into_iter().filter_map(move |network| {
        let around = outer.filter(|outer| outer.contains(&network));
        if around.is_none() {
            outer = Some(network);
        }
        around.map(|around| (network, around))
    })
}
