//! Connections to an address between two requests: idle ones that anybody may have, and those that carry a person.

use std::sync::{Arc, PoisonError};
use std::thread::{self, ThreadId};

use hyper::client::conn::http1;

use super::address::Address;
use super::millis;
use crate::clock::SharedClock;
use crate::gateway::body::Body;
use crate::gateway::pinned::Home;

/// Idle connections kept for each address.
const POOL: usize = 128;
/// How long one is kept, milliseconds: shorter than the keep-alive of common servers.
const KEPT: u64 = 50_000;

/// A connection that waits for the next request.
pub(super) struct Idle {
    pub(super) sender: http1::SendRequest<Body>,
    since: u64,
    pub(super) home: ThreadId,
}

/// A connection that carries a person, between two requests.
#[derive(Debug)]
pub(in crate::gateway) struct Kept {
    pub(super) address: Arc<Address>,
    pub(super) sender: http1::SendRequest<Body>,
    pub(super) home: ThreadId,
}

/// What becomes of a connection once its answer was read.
#[derive(Debug)]
pub(super) enum Next {
    Pool,
    /// It carries a person: it is theirs, or closed.
    Pin(Home),
}

/// An HTTP/1.1 connection at work: given back after a clean end, closed otherwise.
pub(in crate::gateway) struct Lease {
    pub(super) address: Arc<Address>,
    pub(super) sender: Option<http1::SendRequest<Body>>,
    pub(super) home: ThreadId,
    pub(super) clock: SharedClock,
    pub(super) next: Next,
}

impl Lease {
    /// Back into the pool, or to whom it belongs.
    pub(in crate::gateway) fn give_back(mut self) {
        let Some(sender) = self.sender.take().filter(|sender| !sender.is_closed()) else { return };
        if let Next::Pin(home) = &self.next {
            return home.keep(Kept { address: Arc::clone(&self.address), sender, home: self.home });
        }
        let mut idle = self.address.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < POOL {
            idle.push_back(Idle { sender, since: millis(&self.clock), home: self.home });
        }
    }
}

impl Address {
    /// The connection used last, which is the likeliest to live, of those whose task runs on this very thread where there
    /// is one.
    pub(super) fn kept(&self, now: u64) -> Option<Idle> {
        let here = thread::current().id();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let is_old = |idle: &Idle| now.saturating_sub(idle.since) > KEPT;
        if idle.back().is_some_and(is_old) {
            idle.clear(); // Everything before it is older still.
        }
        loop {
            let place = idle.iter().rposition(|idle| idle.home == here).or(idle.len().checked_sub(1))?;
            let found = idle.remove(place)?;
            if !is_old(&found) && !found.sender.is_closed() {
                return Some(found);
            }
        }
    }
}
