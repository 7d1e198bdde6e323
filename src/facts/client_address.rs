//! Where a request really comes from: the peer, or what listed peers say of it, read from right to left until somebody
//! speaks who is not listed. Nobody is listed by default (T6).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use http::HeaderMap;
use http::header::FORWARDED;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// The address a request is judged by. IPv4-mapped IPv6 is the IPv4 address it maps.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
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

    /// The /48 around an IPv6 address, which one holder may have whole, and in it 65,536 networks to count by.
    pub fn site(self) -> Option<IpAddr> {
        self.0.is_ipv6().then(|| self.wider_network())
    }

    /// The wider network around it, which one holder may have whole: the /24 of an IPv4 address, the /48 of an IPv6 one.
    pub fn wider_network(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(address) => IpAddr::V4(Ipv4Addr::from(u32::from(address) & !0xff)),
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from(u128::from(address) & !((1 << 80) - 1))),
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

/// Peers whose word about the client is believed.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Box<[IpNet]>);

impl TrustedProxies {
    /// These networks.
    pub const fn new(networks: Box<[IpNet]>) -> Self {
        Self(networks)
    }

    /// Whether `address` is listed.
    pub fn include(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client of a request: the PROXY header's word where a listed peer sent one, then `Forwarded` or, without it,
    /// `X-Forwarded-For`, from right to left. What cannot be read ends the walk at the last address that could.
    pub fn client(&self, peer: SocketAddr, by_proxy_header: Option<SocketAddr>, headers: &HeaderMap) -> ClientAddress {
        let connected = by_proxy_header.unwrap_or(peer).ip();
        if self.0.is_empty() || !self.include(connected) {
            return ClientAddress::new(connected);
        }
        let mut nearest = connected;
        for said in hops(headers) {
            let Some(address) = said else { break };
            nearest = address;
            if !self.include(address) {
                break;
            }
        }
        ClientAddress::new(nearest)
    }
}

/// The hops that proxies told of, nearest first; `None` for one that cannot be read.
fn hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let mut found = Vec::new();
    if headers.contains_key(FORWARDED) {
        for line in headers.get_all(FORWARDED) {
            for element in line.to_str().unwrap_or("?").split(',') {
                let node = element.split(';').find_map(|pair| {
                    let (name, value) = pair.trim().split_once('=')?;
                    name.eq_ignore_ascii_case("for").then(|| value.trim().trim_matches('"'))
                });
                found.push(node.and_then(address));
            }
        }
    } else {
        for line in headers.get_all("x-forwarded-for") {
            found.extend(line.to_str().unwrap_or("?").split(',').map(|hop| address(hop.trim())));
        }
    }
    found.reverse();
    // A client's list bounds nothing (T23): only the nearest hops can be a listed peer's word.
    found.truncate(32);
    found
}

/// `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:443`.
fn address(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Some(address.ip().to_canonical());
    }
    text.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn client(trusted: &[&str], peer: &str, headers: &[(&'static str, &'static str)]) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let trusted = TrustedProxies::new(trusted.iter().map(|network| network.parse().unwrap()).collect());
        trusted.client(SocketAddr::new(peer.parse().unwrap(), 1), None, &map).to_string()
    }

    #[test]
    fn nobody_is_believed_until_listed_t6() {
        assert_eq!(client(&[], "192.0.2.9", &[("x-forwarded-for", "10.0.0.1")]), "192.0.2.9");
        assert_eq!(client(&["10.0.0.0/8"], "192.0.2.9", &[("x-forwarded-for", "10.0.0.1")]), "192.0.2.9");
    }

    #[test]
    fn the_rightmost_unlisted_hop_is_the_client() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(client(&trusted, "10.0.0.1", &[("x-forwarded-for", "6.6.6.6, 198.51.100.7, 10.0.0.2")]), "198.51.100.7");
        assert_eq!(
            client(&trusted, "10.0.0.1", &[("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "198.51.100.7")]),
            "198.51.100.7"
        );
        assert_eq!(client(&trusted, "10.0.0.1", &[("x-forwarded-for", "198.51.100.7, nonsense")]), "10.0.0.1");
        assert_eq!(
            client(
                &trusted,
                "10.0.0.1",
                &[("forwarded", "for=6.6.6.6, for=\"[2001:db8::7]:4711\";proto=https"), ("x-forwarded-for", "1.1.1.1")]
            ),
            "2001:db8::7"
        );
        assert_eq!(client(&trusted, "::ffff:10.0.0.1", &[("x-forwarded-for", "::ffff:198.51.100.7")]), "198.51.100.7");
        assert_eq!(client(&trusted, "10.0.0.1", &[("forwarded", "for=unknown")]), "10.0.0.1");
    }

    #[test]
    fn failures_of_an_ipv6_network_count_together() {
        let network = |text: &str| ClientAddress::new(text.parse().unwrap()).counting_network();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    }

    #[test]
    fn a_wider_network_is_what_one_holder_may_have() {
        let wider = |text: &str| ClientAddress::new(text.parse().unwrap()).wider_network().to_string();
        assert_eq!((wider("2001:db8:1:2:3::4"), wider("::ffff:192.0.2.7")), ("2001:db8:1::".to_owned(), "192.0.2.0".to_owned()));
    }

    proptest! {
        #[test]
        fn whatever_is_said_ends_at_an_address(said in "[ -~]{0,80}") {
            let mut map = HeaderMap::new();
            if let Ok(value) = said.parse() {
                map.append("x-forwarded-for", value);
            }
            if let Ok(value) = said.parse() {
                map.append("forwarded", value);
            }
            let trusted = TrustedProxies::new(["10.0.0.0/8".parse().unwrap()].into());
            let _address = trusted.client(SocketAddr::from(([10, 0, 0, 1], 1)), None, &map);
        }
    }
}
