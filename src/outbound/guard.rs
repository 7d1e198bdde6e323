//! The address guard against server-side request forgery: endpoints that others choose lead to public addresses alone, or to
//! networks that the config lists.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;

/// Why an endpoint is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// No `https://` address of a host.
    #[error("accept the subscription: its endpoint must be an https URL without user information")]
    Address,
    /// Every address of the host is one of the inside.
    #[error("accept the subscription: its endpoint does not resolve to a public address")]
    Inside,
}

/// Where an endpoint leads, if it may be sent to: the public internet, or one of these networks.
///
/// # Errors
/// [`EndpointError`].
pub async fn reach(endpoint: &str, networks: &[IpNet]) -> Result<(url::Url, SocketAddr), EndpointError> {
    let url = url::Url::parse(endpoint).map_err(|_| EndpointError::Address)?;
    let is_plain = url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
    let host = url.host_str().filter(|_| is_plain && endpoint.len() <= 2048).ok_or(EndpointError::Address)?;
    let port = url.port_or_known_default().unwrap_or(443);
    // The address that was judged is the one that is connected to: no second look-up (DNS rebinding).
    let found = tokio::net::lookup_host((host.trim_matches(['[', ']']), port)).await.map_err(|_| EndpointError::Inside)?;
    let fits = |address: &SocketAddr| {
        let ip = address.ip().to_canonical();
        is_public(ip) || networks.iter().any(|network| network.contains(&ip))
    };
    let address = found.into_iter().find(fits).ok_or(EndpointError::Inside)?;
    Ok((url, address))
}

/// Whether an address is one of the public internet: nothing of the inside, nothing special (RFC 6890).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_multicast()
                || ip.is_broadcast()
                || ip.is_documentation()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && (18..20).contains(&b)))
        }
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

/// Global unicast alone (2000::/3), without what carries an IPv4 address or is for documents.
const fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    first & 0xe000 == 0x2000 && first != 0x2002 && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_of_the_inside_is_public() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.0.8",
            "198.18.0.1",
            "203.0.113.9",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2001:0:1::",
            "64:ff9b::7f00:1",
            "::ffff:7f00:1",
        ] {
            assert!(!is_public(inside.parse::<IpAddr>().unwrap().to_canonical()), "{inside}");
        }
        for outside in ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "2a00:1450:4001::1"] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }
}
