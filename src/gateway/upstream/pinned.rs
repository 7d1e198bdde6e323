//! Upstream connections that carry a person. NTLM and Negotiate sign in the connection, not the request (RFC 4559 §6): the
//! upstream takes whatever comes over it next for that person's. Such a connection belongs to the client's own connection, and
//! there to the session that it was made for; it is never in a pool.
//! This is impossible over HTTP/2, where the requests of one connection cannot be kept apart: the client is sent back to
//! HTTP/1.1.
//! Invariant: a request that signs its connection in never goes over one that others use, before or after.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::header::{AUTHORIZATION, HeaderMap, HeaderName, WWW_AUTHENTICATE};
use parking_lot::Mutex;

use super::http1::UpstreamConnection;
use super::pool::Pool;
use crate::session::SessionId;

/// Schemes that sign in a connection.
const SCHEMES: [&str; 5] = ["ntlm", "negotiate", "kerberos", "nego2", "credssp"];

/// The upstream connection of one client connection that carries a person, while no request uses it.
#[derive(Default)]
pub struct Pinned {
    /// Whether there is one: read at every request, and nearly always there is none.
    is_there: AtomicBool,
    pin: Mutex<Option<Pin>>,
}

struct Pin {
    session: Option<SessionId>,
    connection: PinnedConnection,
}

/// A connection that carries a person, between two requests.
pub(super) struct PinnedConnection {
    /// The pool of its address, in which it never is.
    pub(super) of: Arc<Pool>,
    pub(super) connection: UpstreamConnection,
}

/// The owner of an upstream connection that may come to carry a person.
#[derive(Clone, Copy)]
pub struct ConnectionOwner<'a> {
    /// The place where the connection is kept; `None` where the client's connection carries the requests of several people,
    /// or several requests at once.
    pub pinned: Option<&'a Arc<Pinned>>,
    /// The session; `None` where there is none.
    pub session: Option<SessionId>,
}

/// The place where a connection that carries a person goes once its answer was read.
pub(super) struct PinPlace {
    pinned: Option<Arc<Pinned>>,
    session: Option<SessionId>,
}

impl fmt::Debug for Pinned {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Pinned({})", self.is_there.load(Ordering::Relaxed))
    }
}

impl fmt::Debug for ConnectionOwner<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ConnectionOwner({:?})", self.session)
    }
}

impl fmt::Debug for PinPlace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PinPlace({:?})", self.session)
    }
}

impl ConnectionOwner<'_> {
    /// The connection that is kept for this very client and session. One that was kept for another session is closed.
    pub(super) fn take(&self) -> Option<PinnedConnection> {
        let pinned = self.pinned.filter(|pinned| pinned.is_there.load(Ordering::Acquire))?;
        let pin = pinned.pin.lock().take()?;
        pinned.is_there.store(false, Ordering::Release);
        (pin.session == self.session).then_some(pin.connection)
    }

    /// The place where its connection goes.
    pub(super) fn place(&self) -> PinPlace {
        PinPlace { pinned: self.pinned.cloned(), session: self.session }
    }
}

impl PinPlace {
    /// Keeps a connection for the next request, or closes it.
    pub(super) fn keep(&self, connection: PinnedConnection) {
        if let Some(pinned) = &self.pinned {
            let pin = Pin { session: self.session, connection };
            *pinned.pin.lock() = Some(pin);
            pinned.is_there.store(true, Ordering::Release);
        }
    }
}

/// Whether a request signs in the connection that it is sent over.
pub(in crate::gateway) fn signs_in(headers: &HeaderMap) -> bool {
    names_a_scheme(headers, &AUTHORIZATION)
}

/// Whether an answer asks for that.
pub(in crate::gateway) fn asks(headers: &HeaderMap) -> bool {
    names_a_scheme(headers, &WWW_AUTHENTICATE)
}

fn names_a_scheme(headers: &HeaderMap, name: &HeaderName) -> bool {
    let is_one = |part: &[u8]| {
        let scheme = part.trim_ascii().split(u8::is_ascii_whitespace).next().unwrap_or_default();
        SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known.as_bytes()))
    };
    // Several challenges may stand in one value, after commas (RFC 9110 §11.6.1).
    headers.get_all(name).iter().any(|value| value.as_bytes().split(|byte| *byte == b',').any(is_one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_that_sign_in_a_connection_are_known_in_every_spelling() {
        let is_asked = |value: &'static str| {
            let headers = [(WWW_AUTHENTICATE, http::HeaderValue::from_static(value))].into_iter().collect();
            asks(&headers)
        };
        for value in ["NTLM", "ntlm TlRMTVNTUAAC", "Negotiate", "Basic realm=\"a, b\", NEGOTIATE", " Nego2 x", "Kerberos"] {
            assert!(is_asked(value), "{value}");
        }
        for value in ["Basic realm=\"NTLM\"", "Bearer ntlm", "Negotiated", "", "Digest realm=\"x\", nonce=\"Negotiate\""] {
            assert!(!is_asked(value), "{value}");
        }
    }
}
