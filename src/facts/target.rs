//! What a request asks for: a host, a method, a path. The path is forwarded as it was received, and judged under every
//! reading that an upstream may have of it (T11, [`super::path`]).

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use http::Method;

use super::path::RequestPath;

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
    /// The port is not a number from 1 to 65535.
    #[error("its port is not a number from 1 to 65535")]
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

/// What rules match on.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path, as it was received.
    pub path: RequestPath<'a>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        fn no_host_makes_it_panic(host in ".{0,64}") {
            let _split = HostName::parse(&host);
        }
    }
}
