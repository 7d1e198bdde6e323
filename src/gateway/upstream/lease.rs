//! An upstream connection while a request uses it, and what becomes of it once the answer was read.

use std::sync::Arc;
use std::thread::ThreadId;

use hyper::client::conn::http1;

use super::address::Address;
use super::pinned::{PinPlace, PinnedConnection};
use crate::clock::SharedClock;

/// What becomes of a connection once its answer was read.
#[derive(Debug)]
pub(super) enum Next<B> {
    /// Any request may use it.
    Pool,
    /// It carries a person: it goes back to that person's client connection, or it is closed.
    Pin(PinPlace<B>),
}

/// An HTTP/1.1 connection in use: given back after a clean end, closed otherwise.
pub(in crate::gateway) struct Lease<B> {
    pub(super) address: Arc<Address<B>>,
    pub(super) sender: Option<http1::SendRequest<B>>,
    pub(super) home: ThreadId,
    pub(super) clock: SharedClock,
    pub(super) next: Next<B>,
}

impl<B> Lease<B> {
    /// Puts the connection back into the pool, or to the client connection that it belongs to.
    pub(in crate::gateway) fn give_back(mut self) {
        let Some(sender) = self.sender.take().filter(|sender| !sender.is_closed()) else { return };
        match &self.next {
            Next::Pin(place) => {
                place.keep(PinnedConnection { address: Arc::clone(&self.address), sender, home: self.home });
            }
            Next::Pool => self.address.pool.put(sender, self.home, millis(&self.clock)),
        }
    }
}

/// The monotonic time, milliseconds.
pub(super) fn millis(clock: &SharedClock) -> u64 {
    u64::try_from(clock.monotonic().as_millis()).unwrap_or(u64::MAX)
}
