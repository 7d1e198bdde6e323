//! What a request asks for: a host, a method, a path. The path is forwarded as it was received; rules match on its
//! normal form, and a path that could mean two things is refused, so that no upstream can read it otherwise (T11).

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use http::Method;

/// A host name in its one spelling: lower case, no port, no final dot. An IPv6 address keeps its brackets.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostName(Arc<str>);

/// Why an authority is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// Nothing there, or longer than 253 characters.
    #[error("it is empty or too long")]
    Length,
    /// `user@host`.
    #[error("it carries user information")]
    UserInfo,
    /// A character that no host name has.
    #[error("it holds a character that no host name has")]
    Character,
    /// The port is no number from 1 to 65535.
    #[error("its port is no port")]
    Port,
}

impl HostName {
    /// Reads the authority of a request (`Host` or `:authority`): the name, and the port where one is given.
    ///
    /// # Errors
    /// [`HostError`].
    pub fn parse(authority: &str) -> Result<(Self, Option<u16>), HostError> {
        let (name, port) = split(authority)?;
        let name =
            if name.bytes().any(|byte| byte.is_ascii_uppercase()) { name.to_ascii_lowercase().into() } else { name.into() };
        Ok((Self(name), port))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Splits an authority into its host, without a final dot, and its port. Allocates nothing; case is kept.
///
/// # Errors
/// [`HostError`].
pub fn split(authority: &str) -> Result<(&str, Option<u16>), HostError> {
    if authority.contains('@') {
        return Err(HostError::UserInfo);
    }
    let (name, port) = if authority.starts_with('[') {
        let end = authority.find(']').ok_or(HostError::Character)?;
        let (name, rest) = authority.split_at_checked(end + 1).ok_or(HostError::Character)?;
        let inside = name.trim_start_matches('[').trim_end_matches(']');
        inside.parse::<std::net::Ipv6Addr>().map_err(|_| HostError::Character)?;
        match rest.strip_prefix(':') {
            Some(port) => (name, Some(port)),
            None if rest.is_empty() => (name, None),
            None => return Err(HostError::Character),
        }
    } else {
        match authority.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (authority, None),
        }
    };
    let port = match port {
        None | Some("") => None,
        Some(port) if port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(port.parse::<u16>().ok().filter(|port| *port != 0).ok_or(HostError::Port)?)
        }
        Some(_) => return Err(HostError::Port),
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    // RFC 1035 §3.1: an empty label is the root alone, which no host is called.
    if name.starts_with('.') || name.ends_with('.') || name.contains("..") {
        return Err(HostError::Character);
    }
    if name.is_empty() || name.len() > 253 {
        return Err(HostError::Length);
    }
    if !name.starts_with('[') && !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')) {
        return Err(HostError::Character);
    }
    Ok((name, port))
}

impl Borrow<str> for HostName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for HostName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "HostName({})", self.0)
    }
}

/// A path as rules see it: without query, percent-decoded where that is safe, dot segments resolved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NormalPath(String);

/// Why a path is refused: it could mean two things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// Does not begin with `/`.
    #[error("it does not begin with a slash")]
    NotAbsolute,
    /// `%` without two hexadecimal digits.
    #[error("it has a percent sign without two hexadecimal digits")]
    BadPercent,
    /// `%2f` or `%5c`.
    #[error("it has an encoded slash or backslash")]
    EncodedSlash,
    /// `%25` before what would be another escape.
    #[error("it is encoded twice")]
    DoubleEncoding,
    /// A control byte, encoded or not; NUL among them.
    #[error("it has a control character")]
    Control,
    /// `\`.
    #[error("it has a backslash")]
    Backslash,
    /// `//`, or a segment of parameters alone (`/;x`).
    #[error("it has an empty segment")]
    EmptySegment,
    /// A segment that is `.` or `..` once decoded, or `..` with parameters (`..;x`).
    #[error("it has a dot segment in disguise")]
    DisguisedDots,
    /// More `..` than there are segments.
    #[error("it climbs out of the root")]
    ClimbsOut,
    /// Bytes above 0x7f, unencoded, or escapes that are no UTF-8.
    #[error("it is not UTF-8, percent-encoded")]
    NotUtf8,
    /// A raw `#`.
    #[error("it has a fragment")]
    Fragment,
}

impl PathError {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAbsolute => "path_not_absolute",
            Self::BadPercent => "path_bad_percent",
            Self::EncodedSlash => "path_encoded_slash",
            Self::DoubleEncoding => "path_double_encoding",
            Self::Control => "path_control_character",
            Self::Backslash => "path_backslash",
            Self::EmptySegment => "path_empty_segment",
            Self::DisguisedDots => "path_disguised_dots",
            Self::ClimbsOut => "path_climbs_out",
            Self::NotUtf8 => "path_not_utf8",
            Self::Fragment => "path_fragment",
        }
    }
}

impl NormalPath {
    /// The normal form of a path as it was received, without its query.
    ///
    /// # Errors
    /// [`PathError`], where it could mean two things.
    pub fn parse(received: &str) -> Result<Self, PathError> {
        if !received.starts_with('/') {
            return Err(PathError::NotAbsolute);
        }
        // By far the most paths have nothing to decode or resolve.
        if received.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'~' | b'.'))
            && !received.contains("//")
            && !received.contains("/.")
        {
            return Ok(Self(received.to_owned()));
        }
        Self::decoded(received)
    }

    fn decoded(received: &str) -> Result<Self, PathError> {
        let mut out: Vec<u8> = Vec::with_capacity(received.len());
        let raw = received.get(1..).unwrap_or_default();
        let last = raw.split('/').count() - 1;
        let mut ends: Vec<usize> = Vec::new();
        let mut segment = Vec::new();
        for (place, written) in raw.split('/').enumerate() {
            if written.is_empty() {
                if place != last {
                    return Err(PathError::EmptySegment);
                }
                out.push(b'/');
                continue;
            }
            decode(written, &mut segment)?;
            let name = segment.split(|byte| *byte == b';').next().unwrap_or_default();
            match (name, written) {
                (b".", ".") => {
                    if place == last {
                        out.push(b'/');
                    }
                    continue;
                }
                (b"..", "..") => {
                    out.truncate(ends.pop().ok_or(PathError::ClimbsOut)?);
                    if place == last {
                        out.push(b'/');
                    }
                    continue;
                }
                (b"." | b"..", _) => return Err(PathError::DisguisedDots),
                // Nothing but parameters: who drops them sees `//`, and `..` behind it climbs one higher.
                (b"", _) => return Err(PathError::EmptySegment),
                _ => {}
            }
            ends.push(out.len());
            out.push(b'/');
            out.extend_from_slice(&segment);
        }
        if out.is_empty() {
            out.push(b'/');
        }
        String::from_utf8(out).map(Self).map_err(|_| PathError::NotUtf8)
    }

    /// The path; begins with `/`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn decode(written: &str, out: &mut Vec<u8>) -> Result<(), PathError> {
    out.clear();
    let mut rest = written.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        let byte = match first {
            b'%' => {
                let (digits, tail) = tail.split_first_chunk::<2>().ok_or(PathError::BadPercent)?;
                rest = tail;
                let digit = |byte: u8| char::from(byte).to_digit(16).ok_or(PathError::BadPercent);
                let [high, low] = *digits;
                match u8::try_from(digit(high)? * 16 + digit(low)?).map_err(|_| PathError::BadPercent)? {
                    b'/' | b'\\' => return Err(PathError::EncodedSlash),
                    // What follows would be read as an escape by whoever decodes once more.
                    b'%' => return Err(PathError::DoubleEncoding),
                    decoded => decoded,
                }
            }
            b'\\' => return Err(PathError::Backslash),
            b'#' => return Err(PathError::Fragment),
            plain if *plain > 0x7f => return Err(PathError::NotUtf8),
            plain => *plain,
        };
        if byte < 0x20 || byte == 0x7f {
            return Err(PathError::Control);
        }
        out.push(byte);
    }
    if std::str::from_utf8(out).is_err() {
        return Err(PathError::NotUtf8);
    }
    Ok(())
}

/// What rules match on.
#[derive(Clone, Debug)]
pub struct Target {
    /// The method.
    pub method: Method,
    /// The normalised path.
    pub path: NormalPath,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_path_that_could_mean_two_things_is_refused_t11() {
        for (path, error) in [
            ("", PathError::NotAbsolute),
            ("*", PathError::NotAbsolute),
            ("/a%2fb", PathError::EncodedSlash),
            ("/a%5Cb", PathError::EncodedSlash),
            ("/a\\b", PathError::Backslash),
            ("/a%00", PathError::Control),
            ("/a%0d%0ab", PathError::Control),
            ("//a", PathError::EmptySegment),
            ("/a//b", PathError::EmptySegment),
            ("/public/;/../admin", PathError::EmptySegment),
            ("/a/;x=1", PathError::EmptySegment),
            ("/a/%3b/b", PathError::EmptySegment),
            ("/a/..%3b/b", PathError::DisguisedDots),
            ("/a/%2e%2e/b", PathError::DisguisedDots),
            ("/a/%2e/b", PathError::DisguisedDots),
            ("/a/.%2e/b", PathError::DisguisedDots),
            ("/a/..;/b", PathError::DisguisedDots),
            ("/a/..;x=1/b", PathError::DisguisedDots),
            ("/a/%252e%252e/b", PathError::DoubleEncoding),
            ("/a%25", PathError::DoubleEncoding),
            ("/a%", PathError::BadPercent),
            ("/a%2", PathError::BadPercent),
            ("/a%zz", PathError::BadPercent),
            ("/..", PathError::ClimbsOut),
            ("/a/../../b", PathError::ClimbsOut),
            ("/a#b", PathError::Fragment),
            ("/é", PathError::NotUtf8),
            ("/%ff", PathError::NotUtf8),
        ] {
            assert_eq!(NormalPath::parse(path), Err(error), "{path}");
        }
    }

    #[test]
    fn harmless_paths_keep_their_meaning() {
        for (path, normal) in [
            ("/", "/"),
            ("/a/b.html", "/a/b.html"),
            ("/a/./b", "/a/b"),
            ("/a/../b", "/b"),
            ("/a/b/..", "/a/"),
            ("/a/.", "/a/"),
            ("/a/", "/a/"),
            ("/%61dmin", "/admin"),
            ("/%E9%96%A2", "/関"),
            ("/a;v=1/b", "/a;v=1/b"),
            ("/a%20b", "/a b"),
            ("/..a/...", "/..a/..."),
            ("/.well-known/x", "/.well-known/x"),
            ("/a%3Fb", "/a?b"),
        ] {
            assert_eq!(NormalPath::parse(path).map(|path| path.as_str().to_owned()), Ok(normal.to_owned()), "{path}");
        }
    }

    #[test]
    fn a_host_has_one_spelling_t16() {
        assert_eq!(HostName::parse("Wiki.Example.COM.:8443").unwrap().0.as_str(), "wiki.example.com");
        assert_eq!(HostName::parse("[::1]:443").unwrap(), (HostName("[::1]".into()), Some(443)));
        for (authority, error) in [
            ("", HostError::Length),
            (".", HostError::Length),
            ("user@host", HostError::UserInfo),
            ("a b", HostError::Character),
            ("a/b", HostError::Character),
            ("a,b", HostError::Character),
            ("host:0", HostError::Port),
            ("host:99999", HostError::Port),
            ("host:+1", HostError::Port),
            ("a:1:2", HostError::Port),
            ("[::1", HostError::Character),
            ("[x]", HostError::Character),
            ("..", HostError::Character),
            ("a..b", HostError::Character),
            (".a", HostError::Character),
        ] {
            assert_eq!(HostName::parse(authority).map(|(host, _)| host), Err(error), "{authority}");
        }
    }

    proptest! {
        #[test]
        fn normal_is_normal_already(path in "/[a-c./;%2eE5cC0 \\\\#é-]{0,24}") {
            if let Ok(normal) = NormalPath::parse(&path) {
                // What was decoded is written again as a client would: the meaning must not move.
                let written: String = normal.as_str().bytes().map(|byte| if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b';') { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect();
                prop_assert_eq!(NormalPath::parse(&written), Ok(normal));
            }
        }

        #[test]
        fn however_often_an_upstream_decodes_it_sees_the_same_segments(path in "(/|%(2[0-9ef]|5c|61|e3|81|82)|[a.;~]){1,16}") {
            let path = format!("/{path}");
            if let Ok(normal) = NormalPath::parse(&path) {
                let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned);
                let once = decode(&path).unwrap();
                prop_assert_eq!(decode(&once).unwrap(), once.clone());
                prop_assert_eq!(once.split('/').count(), path.split('/').count());
                // Where nothing had to be resolved, what the upstream decodes is what the rules saw.
                if !once.split('/').any(|segment| segment == "." || segment == "..") {
                    prop_assert_eq!(normal.as_str(), once);
                }
            }
        }

        #[test]
        fn no_path_makes_it_panic(path in ".{0,64}") {
            let _judged = NormalPath::parse(&path);
            let _split = HostName::parse(&path);
        }

        #[test]
        fn a_normal_path_never_climbs_or_repeats(path in "(/(\\.|\\.\\.|a|b%41|%2e)){0,8}/?") {
            if let Ok(normal) = NormalPath::parse(&path) {
                prop_assert!(normal.as_str().starts_with('/') && !normal.as_str().contains("//"));
                prop_assert!(normal.as_str().split('/').all(|segment| segment != "." && segment != ".."));
            }
        }
    }
}
