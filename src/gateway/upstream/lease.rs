//! An upstream connection while a request uses it, and what becomes of it once the answer was read.

use std::fmt;
use std::sync::Arc;

use super::http1::UpstreamConnection;
use super::pinned::{PinPlace, PinnedConnection};
use super::pool::Pool;
use crate::clock::SharedClock;

/// What becomes of a connection once its answer was read.
#[derive(Debug)]
pub(super) enum Next {
    /// Any request may use it.
    Pool,
    /// It carries a person: it goes back to that person's client connection, or it is closed.
    Pin(PinPlace),
}

/// Where a connection in use goes after a clean end.
pub(super) struct Lease {
    pub(super) pool: Arc<Pool>,
    pub(super) clock: SharedClock,
    pub(super) next: Next,
}

impl fmt::Debug for Lease {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Lease({:?})", self.next)
    }
}

impl Lease {
    /// Puts the connection back into the pool, or to the client connection that it belongs to.
    pub(super) fn give_back(self, connection: UpstreamConnection) {
        match self.next {
            Next::Pin(place) => place.keep(PinnedConnection { of: self.pool, connection }),
            Next::Pool => self.pool.put(connection, millis(&self.clock)),
        }
    }
}

/// The monotonic time, milliseconds.
pub(super) fn millis(clock: &SharedClock) -> u64 {
    u64::try_from(clock.monotonic().as_millis()).unwrap_or(u64::MAX)
}
