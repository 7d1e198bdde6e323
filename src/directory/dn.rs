//! Distinguished names, compared as names and not as texts: `CN=Smith\, John,DC=Corp,DC=Test` and
//! `cn=smith\2c john, dc=corp, dc=test` are one (RFC 4514; each server writes them in its own spelling).

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

/// Attribute types and their other names, short names first (RFC 4519): servers take each for the other.
const ALIASES: [&[&str]; 12] = [
    &["cn", "commonname", "2.5.4.3"],
    &["uid", "userid", "0.9.2342.19200300.100.1.1"],
    &["dc", "domaincomponent", "0.9.2342.19200300.100.1.25"],
    &["ou", "organizationalunitname", "2.5.4.11"],
    &["o", "organizationname", "2.5.4.10"],
    &["c", "countryname", "2.5.4.6"],
    &["l", "localityname", "2.5.4.7"],
    &["st", "stateorprovincename", "2.5.4.8"],
    &["sn", "surname", "2.5.4.4"],
    &["givenname", "gn", "2.5.4.42"],
    &["street", "streetaddress", "2.5.4.9"],
    &["mail", "rfc822mailbox", "0.9.2342.19200300.100.1.3"],
];

/// The one spelling of an attribute's name: without options, without capitals, by its short name.
pub(super) fn attribute_type(name: &str) -> String {
    let bare = name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let bare = bare.strip_prefix("oid.").map(str::to_owned).unwrap_or(bare);
    let known = ALIASES.iter().find(|names| names.contains(&bare.as_str())).and_then(|names| names.first());
    known.map_or(bare, |short| (*short).to_owned())
}

/// A distinguished name in its one spelling.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DistinguishedName(Vec<Vec<(String, String)>>);

impl DistinguishedName {
    /// Reads a name as a server or a config writes it; `None` where it is none. The empty name is one: the root.
    pub fn parse(text: &str) -> Option<Self> {
        if text.trim().is_empty() {
            return Some(Self(Vec::new()));
        }
        let mut rdns = Vec::new();
        for part in split(text, ',') {
            let mut pairs = Vec::new();
            for pair in split(part, '+') {
                let (kind, value) = pair.split_once('=')?;
                let kind = attribute_type(kind);
                let is_kind = kind.starts_with(|c: char| c.is_ascii_alphanumeric())
                    && kind.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
                if !is_kind {
                    return None;
                }
                pairs.push((kind, unescaped(value)?));
            }
            pairs.sort_unstable();
            rdns.push(pairs);
        }
        Some(Self(rdns))
    }

    /// Whether this is `base` or an entry below it.
    pub fn is_below(&self, base: &Self) -> bool {
        self.0.ends_with(&base.0)
    }

    /// Whether this is the root.
    pub const fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for DistinguishedName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, pairs) in self.0.iter().enumerate() {
            let sign = if place == 0 { "" } else { "," };
            out.write_str(sign)?;
            for (place, (kind, value)) in pairs.iter().enumerate() {
                let sign = if place == 0 { "" } else { "+" };
                write!(out, "{sign}{kind}={}", ldap3::dn_escape(value.as_str()))?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for DistinguishedName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// The parts between a separator that is neither escaped nor inside quotation marks (RFC 2253 wrote values so).
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut from, mut is_escaped, mut is_quoted) = (Vec::new(), 0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            c if c == separator && !is_quoted => {
                parts.push(text.get(from..at).unwrap_or_default());
                from = at + separator.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text.get(from..).unwrap_or_default());
    parts
}

/// A value without its escapes, in the spelling by which values are compared: no capitals, one blank between words.
fn unescaped(text: &str) -> Option<String> {
    let text = text.trim_start();
    let mut bytes = Vec::new();
    // Blanks at the end count only where they were escaped.
    let mut significant = 0;
    let mut rest = text.bytes();
    let mut is_quoted = false;
    while let Some(byte) = rest.next() {
        match byte {
            b'\\' => {
                let one = rest.next()?;
                let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                match digit(one) {
                    Some(high) => bytes.push(high << 4 | digit(rest.next()?)?),
                    None => bytes.push(one),
                }
                significant = bytes.len();
            }
            b'"' => is_quoted = !is_quoted,
            // What must be escaped where a value is written without quotation marks.
            b'=' if !is_quoted => {
                bytes.push(byte);
                significant = bytes.len();
            }
            byte => {
                bytes.push(byte);
                if byte != b' ' || is_quoted {
                    significant = bytes.len();
                }
            }
        }
    }
    if is_quoted {
        return None;
    }
    bytes.truncate(significant);
    let value = String::from_utf8(bytes).ok()?;
    if value.is_empty() {
        return None;
    }
    let folded: String = value.nfc().flat_map(char::to_lowercase).collect();
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    Some(if words.is_empty() { " ".to_owned() } else { words.join(" ") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dn(text: &str) -> DistinguishedName {
        DistinguishedName::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn one_name_has_many_spellings() {
        for [one, other] in [
            // As Active Directory, OpenLDAP and 389 Directory Server write the same person.
            [r"CN=Smith\, John,DC=corp,DC=test", r"cn=smith\2c john,dc=corp,dc=test"],
            [r"cn=Smith\2C John,ou=People,dc=a", r#"CN="Smith, John", OU=people , dc=A"#],
            [r"cn=Plus \2B \22Q\22 #x \3D \3Cy\3E\3B", r#"CN=plus \+ \"q\" #x \= \<y\>\;"#],
            ["userid=BOB,dc=a", "uid=bob,dc=a"],
            ["0.9.2342.19200300.100.1.1=bob,dc=a", "OID.0.9.2342.19200300.100.1.1=bob,DC=a"],
            ["cn=Multi+uid=multi,dc=a", "uid=multi+cn=Multi,dc=a"],
            [r"cn=\E5\B1\B1\E7\94\B0,dc=a", "cn=山田,dc=a"],
            ["cn=cafe\u{301}", "cn=caf\u{e9}"],
            ["cn=a  b , dc=c", "cn=a b,dc=c"],
        ] {
            assert_eq!(dn(one), dn(other), "{one} {other}");
        }
    }

    #[test]
    fn other_names_are_other_names() {
        for [one, other] in [
            ["cn=a,dc=b", "cn=a"],
            ["cn=a,dc=b", "dc=b,cn=a"],
            [r"cn=a\,dc=b", "cn=a,dc=b"],
            ["uid=bob", "cn=bob"],
            ["cn=bób", "cn=bob"],
            [r"cn=a\ ", "cn=b"],
        ] {
            assert_ne!(dn(one), dn(other), "{one} {other}");
        }
    }

    #[test]
    fn what_is_no_name_is_none() {
        for text in ["people", "ou=", "=a", "ou=a,,dc=b", r"cn=a\", r"cn=\e", r#"cn="a"#, "a b=c"] {
            assert_eq!(DistinguishedName::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_is_below_its_base_and_no_other() {
        assert!(dn("uid=a,ou=p,dc=x").is_below(&dn("DC=X")) && dn("dc=x").is_below(&dn("dc=x")));
        assert!(!dn("uid=a,dc=y").is_below(&dn("dc=x")) && !dn("dc=x").is_below(&dn("ou=p,dc=x")));
        assert!(dn("").is_root());
    }

    #[test]
    fn a_name_reads_back_as_itself() {
        for text in [r"CN=Smith\, John,DC=corp,DC=test", r"cn=Plus \2B \22Q\22 #x \3D", "uid=multi+cn=Multi,dc=a"] {
            assert_eq!(dn(&dn(text).to_string()), dn(text), "{text}");
        }
    }
}
