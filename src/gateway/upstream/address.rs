//! One address of an app: how it is spoken to, and whether it rests after a failure.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use http::Uri;
use http::header::HeaderValue;

use super::multiplexed::Multiplexed;
use super::pool::Pool;

/// How an address is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UpstreamScheme {
    Http,
    Https,
    H2c,
}

/// One address of an app.
pub(super) struct Address<B> {
    pub(super) scheme: UpstreamScheme,
    pub(super) authority: Box<str>,
    /// The authority, as a field's value.
    pub(super) host_field: HeaderValue,
    pub(super) host: Box<str>,
    pub(super) port: u16,
    pub(super) pool: Arc<Pool>,
    pub(super) multiplexed: Multiplexed<B>,
    failures: AtomicU32,
    pub(super) rests_until: AtomicU64,
}

impl<B> fmt::Debug for Address<B> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Address({})", self.authority)
    }
}

impl<B> Address<B> {
    /// Reads `scheme://host:port`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let uri: Uri = text.parse().map_err(|error| format!("{text:?} is not an address: {error}"))?;
        let (scheme, default_port) = match uri.scheme_str() {
            Some("http") => (UpstreamScheme::Http, 80),
            Some("https") => (UpstreamScheme::Https, 443),
            Some("h2c") => (UpstreamScheme::H2c, 80),
            _ => return Err(format!("{text:?} has no scheme that an upstream can have")),
        };
        let host = uri.host().ok_or_else(|| format!("{text:?} names no host"))?;
        if uri.path().len() > 1 || uri.query().is_some() {
            return Err(format!("{text:?} has a path; the path that the client asked for is forwarded as it is"));
        }
        let authority = uri.authority().map_or(host, http::uri::Authority::as_str);
        Ok(Self {
            scheme,
            host_field: HeaderValue::from_str(authority).map_err(|error| format!("{text:?} is not an address: {error}"))?,
            authority: authority.into(),
            host: host.trim_start_matches('[').trim_end_matches(']').into(),
            port: uri.port_u16().unwrap_or(default_port),
            pool: Arc::new(Pool::new()),
            multiplexed: Multiplexed::new(),
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
