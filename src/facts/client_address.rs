//! Where a request really comes from: the peer, or what listed peers say of it, read from right to left until somebody
//! speaks who is not listed. Nobody is listed by default (T6).
//! Invariant: one field is read, the one that the config names. A proxy writes one of them and hands on the other as its
//! client sent it, so the other is a client's own word and never looked at.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use http::HeaderMap;
use http::header::{FORWARDED, HeaderName};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::config::schema::ClientAddressFrom;

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

/// Peers whose word about the client is believed, and the field in which they say it.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies {
    networks: Box<[IpNet]>,
    from: ClientAddressFrom,
}

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A client's list bounds nothing (T23): only the nearest hops can be a listed peer's word.
const HOPS: usize = 32;

/// Cuts the last element off a line: what stands before it, if anything does, and the element.
type Cut = fn(&[u8]) -> (Option<&[u8]>, &[u8]);

impl TrustedProxies {
    /// These networks, which say it in this field.
    pub const fn new(networks: Box<[IpNet]>, from: ClientAddressFrom) -> Self {
        Self { networks, from }
    }

    /// Whether `address` is listed.
    pub fn include(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// The client of a request: the PROXY header's word where a listed peer sent one, then the configured field, from
    /// right to left. What cannot be read ends the walk at the last address that could.
    pub fn client(&self, peer: SocketAddr, by_proxy_header: Option<SocketAddr>, headers: &HeaderMap) -> ClientAddress {
        let connected = by_proxy_header.unwrap_or(peer).ip();
        if self.networks.is_empty() || !self.include(connected) {
            return ClientAddress::new(connected);
        }
        let nearest = match self.from {
            ClientAddressFrom::XForwardedFor => self.walk(connected, headers, &X_FORWARDED_FOR, last_of_list, address),
            ClientAddressFrom::Forwarded => self.walk(connected, headers, &FORWARDED, last_element, node),
        };
        ClientAddress::new(nearest)
    }

    /// From the last element of the last line on. Each is cut off from the right, by bytes: what a client wrote before it,
    /// an open quotation mark or a byte that is not text, changes nothing of what a proxy appended.
    fn walk(
        &self,
        connected: IpAddr,
        headers: &HeaderMap,
        field: &HeaderName,
        cut: Cut,
        read: fn(&[u8]) -> Option<IpAddr>,
    ) -> IpAddr {
        let mut nearest = connected;
        let mut hops = 0;
        for line in headers.get_all(field).iter().rev() {
            let mut rest = Some(line.as_bytes());
            while let Some(left) = rest {
                let (before, element) = cut(left);
                rest = before;
                let Some(said) = read(element.trim_ascii()) else { return nearest };
                nearest = said;
                hops += 1;
                if hops == HOPS || !self.include(said) {
                    return nearest;
                }
            }
        }
        nearest
    }
}

/// The last element of a plain list, and what stands before it.
fn last_of_list(line: &[u8]) -> (Option<&[u8]>, &[u8]) {
    cut_at(line, line.iter().rposition(|byte| *byte == b','))
}

/// The last element of `Forwarded` (RFC 7239 §4), and what stands before it: a comma inside a quoted string parts nothing.
fn last_element(line: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let mut quoted = false;
    for (place, byte) in line.iter().enumerate().rev() {
        match byte {
            b'"' if quoted => {
                let before = line.get(..place).unwrap_or_default();
                let escapes = before.iter().rev().take_while(|byte| **byte == b'\\').count();
                quoted = !escapes.is_multiple_of(2);
            }
            b'"' => quoted = true,
            b',' if !quoted => return cut_at(line, Some(place)),
            _ => {}
        }
    }
    (None, line)
}

fn cut_at(line: &[u8], comma: Option<usize>) -> (Option<&[u8]>, &[u8]) {
    comma
        .and_then(|place| Some((line.get(..place)?, line.get(place + 1..)?)))
        .map_or((None, line), |(before, last)| (Some(before), last))
}

/// The one `for` of an element of `Forwarded`.
fn node(element: &[u8]) -> Option<IpAddr> {
    let mut found = None;
    let mut quoted = false;
    let mut escaped = false;
    let pairs = element.split(|byte| {
        let inside = quoted;
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ => {}
        }
        *byte == b';' && !inside
    });
    for pair in pairs {
        let Some(equals) = pair.iter().position(|byte| *byte == b'=') else { continue };
        let (name, value) = pair.split_at_checked(equals)?;
        if !name.trim_ascii().eq_ignore_ascii_case(b"for") {
            continue;
        }
        let value = value.get(1..)?.trim_ascii();
        let value = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value);
        // RFC 7239 §4: each parameter stands once in an element.
        if found.replace(address(value)?).is_some() {
            return None;
        }
    }
    found
}

/// `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:443`.
fn address(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?;
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

    fn by(from: ClientAddressFrom, trusted: &[&str], peer: &str, headers: &[(&'static str, &[u8])]) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, http::HeaderValue::from_bytes(value).unwrap());
        }
        let trusted = TrustedProxies::new(trusted.iter().map(|network| network.parse().unwrap()).collect(), from);
        trusted.client(SocketAddr::new(peer.parse().unwrap(), 1), None, &map).to_string()
    }

    fn client(trusted: &[&str], peer: &str, headers: &[(&'static str, &str)]) -> String {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        by(ClientAddressFrom::XForwardedFor, trusted, peer, &headers)
    }

    fn forwarded(lines: &[&str]) -> String {
        let lines: Vec<_> = lines.iter().map(|line| ("forwarded", line.as_bytes())).collect();
        by(ClientAddressFrom::Forwarded, &["10.0.0.0/8"], "10.0.0.1", &lines)
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
        assert_eq!(client(&trusted, "::ffff:10.0.0.1", &[("x-forwarded-for", "::ffff:198.51.100.7")]), "198.51.100.7");
        assert_eq!(forwarded(&["for=6.6.6.6, for=\"[2001:db8::7]:4711\";proto=https"]), "2001:db8::7");
        assert_eq!(forwarded(&["for=6.6.6.6", "by=10.0.0.1; FOR = 198.51.100.7, for=10.0.0.2"]), "198.51.100.7");
        assert_eq!(forwarded(&["for=unknown"]), "10.0.0.1");
        assert_eq!(forwarded(&["for=6.6.6.6;for=7.7.7.7"]), "10.0.0.1");
    }

    #[test]
    fn the_field_that_is_not_configured_is_a_clients_own_word_t6() {
        let both: [(&'static str, &[u8]); 2] = [("forwarded", b"for=6.6.6.6"), ("x-forwarded-for", b"198.51.100.7")];
        let say = |from, headers: &[(&'static str, &[u8])]| by(from, &["10.0.0.0/8"], "10.0.0.1", headers);
        assert_eq!(say(ClientAddressFrom::XForwardedFor, &both), "198.51.100.7");
        assert_eq!(say(ClientAddressFrom::Forwarded, &both), "6.6.6.6");
        // Where the configured one is missing, the listed peer itself is all that is known.
        assert_eq!(say(ClientAddressFrom::XForwardedFor, &both[..1]), "10.0.0.1");
        assert_eq!(say(ClientAddressFrom::Forwarded, &both[1..]), "10.0.0.1");
    }

    /// What a client may have written, before a proxy appended to its line or wrote a line below it.
    const CLIENTS_OWN: [&[u8]; 11] = [
        b"",
        b"10.0.0.7",
        b"for=10.0.0.7",
        b"for=\"",
        b"for=\"10.0.0.7",
        b"for=\"[::1]\", \"",
        b"host=\"\\\"",
        b"\\",
        b"\xff\xfe",
        b",,,",
        b"for=10.0.0.7;host=\"x, for=10.0.0.8",
    ];

    #[test]
    fn what_a_client_writes_before_a_proxy_changes_nothing_t6() {
        for own in CLIENTS_OWN {
            let cases: [(ClientAddressFrom, &str, &[u8]); 2] = [
                (ClientAddressFrom::XForwardedFor, "x-forwarded-for", b"198.51.100.7"),
                (ClientAddressFrom::Forwarded, "forwarded", b"for=198.51.100.7;host=\"a, for=10.0.0.9\""),
            ];
            for (from, field, appended) in cases {
                let joined = [own, b", ", appended].concat();
                let apart = [(field, own), (field, appended)];
                let found =
                    [by(from, &["10.0.0.0/8"], "10.0.0.1", &[(field, &joined)]), by(from, &["10.0.0.0/8"], "10.0.0.1", &apart)];
                assert_eq!(found, ["198.51.100.7", "198.51.100.7"], "{field}: {}", String::from_utf8_lossy(own));
            }
        }
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
            for from in [ClientAddressFrom::XForwardedFor, ClientAddressFrom::Forwarded] {
                let headers = [("x-forwarded-for", said.as_bytes()), ("forwarded", said.as_bytes())];
                let _address = by(from, &["10.0.0.0/8"], "10.0.0.1", &headers);
            }
        }

        /// The list that a proxy appended to, or a line of its own below: its word is the last, and it is not listed.
        #[test]
        fn a_client_never_chooses_its_address(own in "[ -~]{0,40}", one_line: bool, by_forwarded: bool) {
            let (from, field, appended) = if by_forwarded {
                (ClientAddressFrom::Forwarded, "forwarded", "for=198.51.100.7;proto=https")
            } else {
                (ClientAddressFrom::XForwardedFor, "x-forwarded-for", "198.51.100.7")
            };
            let joined = format!("{own}, {appended}");
            let lines: &[(&'static str, &[u8])] = if one_line {
                &[(field, joined.as_bytes())]
            } else {
                &[(field, own.as_bytes()), (field, appended.as_bytes())]
            };
            prop_assert_eq!(by(from, &["10.0.0.0/8"], "10.0.0.1", lines), "198.51.100.7");
        }
    }
}
