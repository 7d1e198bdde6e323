//! One address of an app: how it is spoken to, and whether it rests after a failure.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use http::Uri;
use hyper::client::conn::http2;

use super::pool::Idle;
use crate::gateway::body::Body;

/// How an address is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Http,
    Https,
    H2c,
}

/// One address of an app.
pub(super) struct Address {
    pub(super) scheme: Scheme,
    pub(super) authority: Box<str>,
    pub(super) host: Box<str>,
    pub(super) port: u16,
    pub(super) idle: Mutex<VecDeque<Idle>>,
    pub(super) multiplexed: Mutex<Option<http2::SendRequest<Body>>>,
    failures: AtomicU32,
    pub(super) rests_until: AtomicU64,
}

impl fmt::Debug for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Address({})", self.authority)
    }
}

impl Address {
    /// Reads `scheme://host:port`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let uri: Uri = text.parse().map_err(|error| format!("{text:?} is no address: {error}"))?;
        let (scheme, default_port) = match uri.scheme_str() {
            Some("http") => (Scheme::Http, 80),
            Some("https") => (Scheme::Https, 443),
            Some("h2c") => (Scheme::H2c, 80),
            _ => return Err(format!("{text:?} has no scheme that an upstream can have")),
        };
        let host = uri.host().ok_or_else(|| format!("{text:?} names no host"))?;
        if uri.path().len() > 1 || uri.query().is_some() {
            return Err(format!("{text:?} has a path; the path that the client asked for is forwarded as it is"));
        }
        let authority = uri.authority().map_or(host, http::uri::Authority::as_str);
        Ok(Self {
            scheme,
            authority: authority.into(),
            host: host.trim_start_matches('[').trim_end_matches(']').into(),
            port: uri.port_u16().unwrap_or(default_port),
            idle: Mutex::default(),
            multiplexed: Mutex::default(),
            failures: AtomicU32::new(0),
            rests_until: AtomicU64::new(0),
        })
    }

    /// It answered: it rests no longer.
    pub(super) fn well(&self) {
        if self.failures.load(Ordering::Relaxed) != 0 {
            self.failures.store(0, Ordering::Relaxed);
            self.rests_until.store(0, Ordering::Relaxed);
        }
    }

    /// Rests 1 s, 2 s, 4 s … up to 30 s; whether it did not rest already.
    pub(super) fn failed(&self, now: u64) -> bool {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed).min(5);
        self.rests_until.swap(now + (1000 << failures).min(30_000), Ordering::Relaxed) <= now
    }
}
