//! What a certificate is for: DNS names and IP addresses, as the config writes them.

use std::fmt;
use std::net::IpAddr;

use instant_acme::Identifier;

/// A DNS name, lower case, or an IP address (RFC 8738).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OwnCertificateName {
    /// A DNS name.
    Dns(String),
    /// An IP address.
    Ip(IpAddr),
}

impl OwnCertificateName {
    /// As the config writes it, where its form was checked.
    pub fn read(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Dns(text.to_ascii_lowercase()), Self::Ip)
    }

    /// The server name by which a validator asks for it: of an address the name in the reverse tree (RFC 8738 §6).
    pub fn server_name(&self) -> String {
        match self {
            Self::Dns(name) => name.clone(),
            Self::Ip(IpAddr::V4(address)) => {
                let [a, b, c, d] = address.octets();
                format!("{d}.{c}.{b}.{a}.in-addr.arpa")
            }
            Self::Ip(IpAddr::V6(address)) => {
                let nibbles = address.octets().into_iter().rev().flat_map(|byte| [byte & 0xf, byte >> 4]);
                let digits: String = nibbles.map(|nibble| format!("{nibble:x}.")).collect();
                format!("{digits}ip6.arpa")
            }
        }
    }

    pub(super) fn identifier(&self) -> Identifier {
        match self {
            Self::Dns(name) => Identifier::Dns(name.clone()),
            Self::Ip(address) => Identifier::Ip(*address),
        }
    }
}

impl fmt::Display for OwnCertificateName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => out.write_str(name),
            Self::Ip(address) => address.fmt(out),
        }
    }
}

/// The names of one certificate as one text, whatever their order in the config.
pub(super) fn key_of(names: &[OwnCertificateName]) -> String {
    let mut texts: Vec<String> = names.iter().map(ToString::to_string).collect();
    texts.sort();
    texts.dedup();
    texts.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_validator_asks_for_an_address_by_its_reverse_name() {
        for (text, asked) in [
            ("Auth.Example.com", "auth.example.com"),
            ("127.0.0.1", "1.0.0.127.in-addr.arpa"),
            ("2001:db8::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"),
        ] {
            assert_eq!(OwnCertificateName::read(text).server_name(), asked);
        }
    }

    #[test]
    fn the_order_of_the_names_does_not_matter() {
        let key = |names: [&str; 2]| key_of(&names.map(OwnCertificateName::read));
        assert_eq!(key(["b.test", "a.test"]), key(["A.test", "b.test"]));
    }
}
