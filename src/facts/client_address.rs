//! Where a request really comes from: the peer, or what listed peers say of it.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;

/// The address a request is judged by. IPv4-mapped IPv6 is the IPv4 address it maps.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// Normalises `::ffff:a.b.c.d` to `a.b.c.d`.
    pub const fn new(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    /// The address.
    pub const fn ip(self) -> IpAddr {
        self.0
    }

    /// Whether it lies inside `network`; an IPv4 address never lies inside an IPv6 network.
    pub fn is_in(self, network: &IpNet) -> bool {
        network.contains(&self.0)
    }

    /// The network that failures are counted by: the address itself, or the /64 of an IPv6 address.
    pub fn counting_network(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(_) => self.0,
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from(u128::from(address) & !u128::from(u64::MAX))),
        }
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl fmt::Debug for ClientAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ClientAddress({})", self.0)
    }
}
