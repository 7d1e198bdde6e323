//! Lengths of time, sizes, networks and zones as people write them.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use ipnet::{IpNet, Ipv4Net};
use jiff::tz::TimeZone;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::diagnose::did_you_mean;

/// A length of time: `"90s"`, `"10m"`, `"12h"`, `"180d"`, `"250ms"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeSpan(pub Duration);

impl TimeSpan {
    /// A hundred years.
    const LONGEST: Self = Self::days(36_500);

    /// Seconds.
    pub const fn seconds(count: u64) -> Self {
        Self(Duration::from_secs(count))
    }
    /// Minutes.
    pub const fn minutes(count: u64) -> Self {
        Self::seconds(count * 60)
    }
    /// Hours.
    pub const fn hours(count: u64) -> Self {
        Self::minutes(count * 60)
    }
    /// Days.
    pub const fn days(count: u64) -> Self {
        Self::hours(count * 24)
    }
}

const LENGTH_UNITS: [(&str, u64); 5] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

impl FromStr for TimeSpan {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let length = measured(text, &LENGTH_UNITS).map(|millis| Self(Duration::from_millis(millis))).ok_or_else(|| {
            format!("{text:?} is not a length of time; write a number and a unit, as in \"90s\", \"10m\", \"12h\" or \"180d\"")
        })?;
        // Any moment plus this is one that a calendar knows.
        if length > Self::LONGEST {
            return Err(format!("{text:?} is too long; write at most \"{}\"", Self::LONGEST));
        }
        Ok(length)
    }
}

impl fmt::Display for TimeSpan {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        written(out, u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX), &LENGTH_UNITS)
    }
}

/// A size in bytes: `"512B"`, `"64KiB"`, `"8MiB"`, `"1GiB"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub u64);

impl Size {
    /// Kibibytes.
    pub const fn kib(count: u64) -> Self {
        Self(count * 1024)
    }
    /// Mebibytes.
    pub const fn mib(count: u64) -> Self {
        Self::kib(count * 1024)
    }
    /// Bytes, as an index counts them.
    pub fn bytes(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

const SIZE_UNITS: [(&str, u64); 4] = [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        measured(text, &SIZE_UNITS)
            .map(Self)
            .ok_or_else(|| format!("{text:?} is not a size; write a number and a unit, as in \"512B\", \"64KiB\" or \"8MiB\""))
    }
}

impl fmt::Display for Size {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        written(out, self.0, &SIZE_UNITS)
    }
}

/// A network in CIDR form, or a single address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CidrBlock(pub IpNet);

impl FromStr for CidrBlock {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("{text:?} is not a network; write CIDR as in \"10.0.0.0/8\" or \"2001:db8::/32\", or a single address");
        match text.parse::<IpNet>() {
            Ok(network) if network.addr() == network.network() => Ok(Self(unmapped(network))),
            Ok(network) => Err(format!("{text:?} has bits set behind its prefix; you probably mean \"{}\"", network.trunc())),
            Err(_) => text.parse::<IpAddr>().map(|address| Self(IpNet::from(address.to_canonical()))).map_err(|_| wrong()),
        }
    }
}

impl fmt::Display for CidrBlock {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// IPv4 networks that are written as IPv6 (`::ffff:192.0.2.0/120`) as what they are: addresses are compared as such.
fn unmapped(network: IpNet) -> IpNet {
    let IpNet::V6(written) = network else { return network };
    let bits = written.prefix_len().checked_sub(96);
    let mapped = written.addr().to_ipv4_mapped().zip(bits).and_then(|(address, bits)| Ipv4Net::new(address, bits).ok());
    mapped.map_or(network, IpNet::V4)
}

/// A network with a note: `192.0.2.0/24 # the office`. The note is what stands behind the `#`, 128 characters at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkLine {
    /// The network.
    pub network: CidrBlock,
    /// What was written beside it.
    pub note: Option<String>,
}

/// The longest note, in characters.
const LONGEST_NOTE: usize = 128;

impl From<IpNet> for NetworkLine {
    fn from(network: IpNet) -> Self {
        Self { network: CidrBlock(network), note: None }
    }
}

impl FromStr for NetworkLine {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (network, note) = with_note(text);
        let network: CidrBlock = network.parse()?;
        Ok(Self { network, note: read_note(&network, note)? })
    }
}

/// What stands before the `#` of a line, and behind it.
pub fn with_note(line: &str) -> (&str, &str) {
    let (what, note) = line.split_once('#').unwrap_or((line, ""));
    (what.trim(), note.trim())
}

/// A note as it may be kept.
///
/// # Errors
/// What is wrong with it.
pub fn read_note(beside: &impl fmt::Display, note: &str) -> Result<Option<String>, String> {
    if note.chars().count() > LONGEST_NOTE {
        return Err(format!("the note beside {beside} is too long; write at most {LONGEST_NOTE} characters"));
    }
    if note.chars().any(char::is_control) {
        return Err(format!("the note beside {beside} holds a control character; write it on one line"));
    }
    Ok(Some(note.to_owned()).filter(|note| !note.is_empty()))
}

impl fmt::Display for NetworkLine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.network.fmt(out)?;
        self.note.iter().try_for_each(|note| write!(out, " # {note}"))
    }
}

/// A zone of the tz database, by its name: `"Asia/Tokyo"`. The database is a part of this program, so that a day begins
/// alike on every machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(pub TimeZone);

impl Zone {
    /// Where this program comes from (A-26).
    pub fn tokyo() -> Self {
        Self(TimeZone::get("Asia/Tokyo").unwrap_or(TimeZone::UTC))
    }
}

impl FromStr for Zone {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            let near = || jiff::tz::db().available().map(|name| name.to_string()).collect::<Vec<_>>();
            let names = near();
            let meant = did_you_mean(text, names.iter().map(String::as_str)).map(|meant| format!("did you mean {meant:?}? "));
            let meant = meant.unwrap_or_default();
            format!(
                "{text:?} is not a zone; {meant}write its name in the tz database, as in \"Asia/Tokyo\", \"Europe/Paris\" or \"UTC\""
            )
        };
        let zone = TimeZone::get(text).map_err(|_| wrong())?;
        // It is written as it is called.
        if zone.iana_name() == Some(text) { Ok(Self(zone)) } else { Err(wrong()) }
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0.iana_name().unwrap_or("UTC"))
    }
}

fn measured(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(split)?;
    let factor = units.iter().find(|(name, _)| *name == unit.trim())?.1;
    number.parse::<u64>().ok()?.checked_mul(factor)
}

fn written(out: &mut fmt::Formatter<'_>, count: u64, units: &[(&str, u64)]) -> fmt::Result {
    let (unit, factor) =
        units.iter().rev().find(|(_, factor)| count > 0 && count.is_multiple_of(*factor)).or(units.first()).unwrap_or(&("", 1));
    write!(out, "{}{unit}", count / factor)
}

macro_rules! as_text {
    ($($name:ty),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    )*};
}
as_text!(TimeSpan, Size, CidrBlock, NetworkLine, Zone);

/// Whether `text` can be read as the schema's `format` says. Formats that are not ours are not looked at.
///
/// # Errors
/// What is wrong with it.
pub(super) fn well_formed(format: &str, text: &str) -> Result<(), String> {
    match format {
        LENGTH => text.parse::<TimeSpan>().map(drop),
        SIZE => text.parse::<Size>().map(drop),
        NETWORK => text.parse::<CidrBlock>().map(drop),
        NETWORK_LINE => text.parse::<NetworkLine>().map(drop),
        ZONE => text.parse::<Zone>().map(drop),
        SOCKET => text.parse::<SocketAddr>().map(drop).map_err(|_| {
            format!(
                "{text:?} is not an address to listen on; write an IP address and a port, as in \"0.0.0.0:443\" or \"[::]:443\""
            )
        }),
        _ => Ok(()),
    }
}

/// How a value of this format is written.
pub(super) fn example(format: &str) -> &'static str {
    match format {
        LENGTH => "30s",
        SIZE => "64KiB",
        NETWORK => "10.0.0.0/8",
        NETWORK_LINE => "192.0.2.0/24 # the office",
        ZONE => "Asia/Tokyo",
        SOCKET => "0.0.0.0:443",
        _ => "…",
    }
}

const LENGTH: &str = "length-of-time";
const SIZE: &str = "size";
/// What `config::networks` looks for: a list of these may name a list of `[networks]`.
pub(super) const NETWORK: &str = "network";
const NETWORK_LINE: &str = "network-line";
const SOCKET: &str = "socket-address";
const ZONE: &str = "zone";

macro_rules! described {
    ($($name:ty, $title:literal, $format:expr, $pattern:literal;)*) => {$(
        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $title.into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "format": $format, "pattern": $pattern })
            }
        }
    )*};
}
described! {
    TimeSpan, "Length", LENGTH, r"^\s*[0-9]+\s*(ms|s|m|h|d)\s*$";
    Size, "Size", SIZE, r"^\s*[0-9]+\s*(B|KiB|MiB|GiB)\s*$";
    CidrBlock, "Network", NETWORK, r"^([0-9a-fA-F.:]+(/[0-9]{1,3})?|[A-Za-z][A-Za-z0-9_-]*)$";
    NetworkLine, "NetworkLine", NETWORK_LINE, r"^\s*[0-9a-fA-F.:]+(/[0-9]{1,3})?\s*(#.*)?$";
    Zone, "Zone", ZONE, r"^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$";
}

/// Stands in the schema for an address to listen on.
#[derive(Debug)]
pub struct Socket;

impl JsonSchema for Socket {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Socket".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": SOCKET, "pattern": r"^(\[[0-9a-fA-F:.]+\]|[0-9.]+):[0-9]{1,5}$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_read_what_they_write() {
        for text in ["250ms", "90s", "10m", "12h", "180d", "36500d"] {
            assert_eq!(text.parse::<TimeSpan>().unwrap().to_string(), text);
        }
        for text in ["512B", "64KiB", "8MiB", "1GiB"] {
            assert_eq!(text.parse::<Size>().unwrap().to_string(), text);
        }
        for text in ["", "s", "10", "10 parsecs", "-1s", "99999999999999999999s", "36501d"] {
            assert!(text.parse::<TimeSpan>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_zone_is_called_as_the_tz_database_calls_it() {
        for text in ["Asia/Tokyo", "America/Argentina/Buenos_Aires", "UTC", "Etc/GMT+5"] {
            assert_eq!(text.parse::<Zone>().unwrap().to_string(), text);
        }
        for (text, meant) in [
            ("Asia/Tokio", "\"Asia/Tokyo\""),
            ("asia/tokyo", "\"Asia/Tokyo\""),
            ("JST", "tz database"),
            ("+09:00", "tz database"),
        ] {
            let error = text.parse::<Zone>().unwrap_err();
            assert!(error.contains("is not a zone") && error.contains(meant), "{error}");
        }
        assert_eq!(Zone::tokyo().to_string(), "Asia/Tokyo");
    }

    #[test]
    fn a_network_with_bits_behind_its_prefix_is_told_what_was_meant() {
        assert!("10.0.0.1/8".parse::<CidrBlock>().unwrap_err().contains("10.0.0.0/8"));
        assert_eq!("10.1.2.3".parse::<CidrBlock>().unwrap().to_string(), "10.1.2.3/32");
    }

    #[test]
    fn an_ipv4_network_that_is_written_as_ipv6_is_the_ipv4_network_a_20() {
        for (text, meant) in [
            ("::ffff:10.1.2.3", "10.1.2.3/32"),
            ("::ffff:10.1.2.0/120", "10.1.2.0/24"),
            ("::ffff:0:0/96", "0.0.0.0/0"),
            ("::/0", "::/0"),
            ("2001:db8::/120", "2001:db8::/120"),
        ] {
            assert_eq!(text.parse::<CidrBlock>().unwrap().to_string(), meant, "{text}");
        }
        assert!("::ffff:10.1.2.3/120".parse::<CidrBlock>().unwrap_err().contains("you probably mean"));
    }

    #[test]
    fn a_line_is_a_network_and_a_note_a_20() {
        for text in ["192.0.2.0/24 # the office", "2001:db8::/32", "192.0.2.7/32 # 東京 #2"] {
            assert_eq!(text.parse::<NetworkLine>().unwrap().to_string(), text);
        }
        assert_eq!("  192.0.2.7 #  ".parse::<NetworkLine>().unwrap().note, None);
        for (text, why) in
            [("# a note", "is not a network"), ("192.0.2.7/24 # x", "192.0.2.0/24"), ("office", "is not a network")]
        {
            assert!(text.parse::<NetworkLine>().unwrap_err().contains(why), "{text}");
        }
        assert!(format!("192.0.2.7#{}", "x".repeat(129)).parse::<NetworkLine>().unwrap_err().contains("at most 128"));
        assert!("192.0.2.7 # a\nb".parse::<NetworkLine>().unwrap_err().contains("one line"));
    }
}
