//! Upstream connections that carry a person. NTLM and Negotiate sign in the connection, not the request (RFC 4559 §6): what
//! is sent over it next is that person's, no matter who sends it. Such a connection belongs to the client's own connection, and
//! there to the session that it was made for; it is never in a pool.
//! Over HTTP/2, where requests of one connection are not told apart, it cannot be: the client is told to come by HTTP/1.1.
//! Invariant: a request that signs its connection in never goes over one that others use, before or after.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use http::header::{AUTHORIZATION, HeaderMap, HeaderName, WWW_AUTHENTICATE};

use super::upstream::Kept;
use crate::session::SessionId;

/// Schemes that sign in a connection.
const SCHEMES: [&str; 5] = ["ntlm", "negotiate", "kerberos", "nego2", "credssp"];

/// The upstream connection of one client connection that carries a person, while no request uses it.
#[derive(Debug, Default)]
pub struct Pinned {
    /// Whether there is one: asked at every request, and nearly always there is none.
    is_there: AtomicBool,
    pin: Mutex<Option<Pin>>,
}

#[derive(Debug)]
struct Pin {
    session: Option<SessionId>,
    connection: Kept,
}

/// Whose a request is, where its upstream connection may come to carry a person.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// Where the connection is kept; `None` where the client's own speaks for many, or for requests side by side.
    pub pinned: Option<&'a Arc<Pinned>>,
    /// The session; `None` where there is none.
    pub session: Option<SessionId>,
}

/// Where a connection goes that carries a person, once its answer was read.
#[derive(Debug)]
pub(super) struct Home {
    pinned: Option<Arc<Pinned>>,
    session: Option<SessionId>,
}

impl Owner<'_> {
    /// The connection that is kept for this very client and session. One that was kept for another session is closed.
    pub(super) fn take(&self) -> Option<Kept> {
        let pinned = self.pinned.filter(|pinned| pinned.is_there.load(Ordering::Acquire))?;
        let pin = pinned.pin.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        pinned.is_there.store(false, Ordering::Release);
        (pin.session == self.session).then_some(pin.connection)
    }

    /// Where its connection goes.
    pub(super) fn home(&self) -> Home {
        Home { pinned: self.pinned.cloned(), session: self.session }
    }
}

impl Home {
    /// Keeps a connection for the next request, or closes it.
    pub(super) fn keep(&self, connection: Kept) {
        if let Some(pinned) = &self.pinned {
            let pin = Pin { session: self.session, connection };
            *pinned.pin.lock().unwrap_or_else(PoisonError::into_inner) = Some(pin);
            pinned.is_there.store(true, Ordering::Release);
        }
    }
}

/// Whether a request signs in the connection that it is sent over.
pub(super) fn signs_in(headers: &HeaderMap) -> bool {
    names_a_scheme(headers, &AUTHORIZATION)
}

/// Whether an answer asks for that.
pub(super) fn asks(headers: &HeaderMap) -> bool {
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
        let told = |value: &'static str| {
            let headers = [(WWW_AUTHENTICATE, http::HeaderValue::from_static(value))].into_iter().collect();
            asks(&headers)
        };
        for value in ["NTLM", "ntlm TlRMTVNTUAAC", "Negotiate", "Basic realm=\"a, b\", NEGOTIATE", " Nego2 x", "Kerberos"] {
            assert!(told(value), "{value}");
        }
        for value in ["Basic realm=\"NTLM\"", "Bearer ntlm", "Negotiated", "", "Digest realm=\"x\", nonce=\"Negotiate\""] {
            assert!(!told(value), "{value}");
        }
    }
}
