//! Idle HTTP/1.1 connections to one address, which any request may use.

use std::collections::VecDeque;
use std::thread::{self, ThreadId};

use hyper::client::conn::http1;
use parking_lot::Mutex;

/// Idle connections kept for each address.
const POOL: usize = 128;
/// How long one is kept, milliseconds: shorter than the keep-alive of common servers.
const KEPT: u64 = 50_000;

/// The idle connections, those used last at the end.
pub(super) struct Pool<B>(Mutex<VecDeque<Idle<B>>>);

/// A connection that waits for the next request.
pub(super) struct Idle<B> {
    pub(super) sender: http1::SendRequest<B>,
    since: u64,
    pub(super) home: ThreadId,
}

impl<B> Pool<B> {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(VecDeque::new()))
    }

    /// Keeps a connection whose task runs on the thread `home`; closes it where enough are idle.
    pub(super) fn put(&self, sender: http1::SendRequest<B>, home: ThreadId, now: u64) {
        let mut idle = self.0.lock();
        if idle.len() < POOL {
            idle.push_back(Idle { sender, since: now, home });
        }
    }

    /// The connection used last, which is the likeliest to live, of those whose task runs on this very thread where there
    /// is one.
    pub(super) fn take(&self, now: u64) -> Option<Idle<B>> {
        let here = thread::current().id();
        let mut idle = self.0.lock();
        let is_old = |idle: &Idle<B>| now.saturating_sub(idle.since) > KEPT;
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
