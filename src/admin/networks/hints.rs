//! What may not be meant in a list of networks: lines that say nothing, and a family of addresses that is left out.

use ipnet::IpNet;
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::list_line::{KeptLine, NetworkNames};
use crate::account::network_list::NetworkList;

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
    /// The config has no app of that name (any more): the list restricts nobody.
    NoApp,
    /// A line is a name that the config does not have (any more). It lets nobody in, and denied or alone it refuses everybody.
    NoName,
}

/// Something that may not be meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
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
    /// The name that stands in the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl NetworkHint {
    /// Of a list as a whole.
    pub const fn of(kind: HintKind) -> Self {
        Self { kind, network: None, within: None, name: None }
    }
}

pub(super) fn hints(list: &NetworkList, names: &NetworkNames) -> Vec<NetworkHint> {
    let pair = |kind: HintKind| {
        move |(network, within)| NetworkHint { network: Some(network), within: Some(within), ..NetworkHint::of(kind) }
    };
    let gone = list.names().filter(|name| names.find(name).is_none());
    let mut hints: Vec<NetworkHint> =
        gone.map(|name| NetworkHint { name: Some(name.to_owned()), ..NetworkHint::of(HintKind::NoName) }).collect();
    hints.extend(nested(&list.allowed).chain(nested(&list.denied)).map(pair(HintKind::Within)));
    let denied = |line: &KeptLine| {
        let network = line.item.network()?;
        let within = list.denied.iter().filter_map(|denied| denied.item.network()).find(|denied| denied.contains(&network));
        within.map(|within| (network, within))
    };
    hints.extend(list.allowed.iter().filter_map(denied).map(pair(HintKind::Denied)));
    let allowed = list.compiled(names).allowed;
    let has = |is: fn(&IpNet) -> bool| allowed.iter().any(is);
    match (has(|network| matches!(network, IpNet::V4(_))), has(|network| matches!(network, IpNet::V6(_)))) {
        (true, false) => hints.push(NetworkHint::of(HintKind::NoIpv6)),
        (false, true) => hints.push(NetworkHint::of(HintKind::NoIpv4)),
        _ => {}
    }
    hints
}

/// Each network within another, and that one. Networks overlap only where one contains the other.
fn nested(lines: &[KeptLine]) -> impl Iterator<Item = (IpNet, IpNet)> {
    let mut networks: Vec<IpNet> = lines.iter().filter_map(|line| line.item.network()).collect();
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
