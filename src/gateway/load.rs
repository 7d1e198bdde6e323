//! What the requests under way on one HTTP/2 connection take up: their heads, and the forms that are gathered. A hundred
//! streams whose heads are named by a few bytes each (RFC 7541 §6.1) would otherwise hold megabytes for as long as an app
//! thinks. A little is any connection's; more is bounded for the connection, for its network and for all together.
//! Invariant: what is counted is given back when its [`Weight`] is dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::Request;
use parking_lot::Mutex;

use super::budget::{BudgetShare, NetworkBudget};
use crate::facts::client_address::ClientAddress;

/// What a request takes up beside its head: its stream, its task, its answer's head.
const REQUEST: u64 = 4 << 10;
/// What a field takes up beside its name and its value.
const FIELD: u64 = 112;
/// What a connection may take up of itself: as much as the head of one request over HTTP/1.1. Beyond, it is reserved in
/// pieces of this size.
const OWN: u64 = 64 << 10;

/// What one connection's requests take up.
#[derive(Debug)]
pub(super) struct Load {
    most: u64,
    used: AtomicU64,
    beyond: Mutex<Option<BudgetShare>>,
    budget: Arc<NetworkBudget>,
    of: Option<ClientAddress>,
}

/// A part of it.
#[derive(Debug)]
#[must_use]
pub(super) struct Weight {
    load: Arc<Load>,
    bytes: u64,
}

impl Load {
    /// A connection of a client at an address (without one: of a listed proxy), whose requests take up
    /// at most `most` together.
    pub(super) fn new(most: u64, budget: &Arc<NetworkBudget>, of: Option<ClientAddress>) -> Arc<Self> {
        Arc::new(Self { most, used: AtomicU64::new(0), beyond: Mutex::default(), budget: Arc::clone(budget), of })
    }

    /// Takes some of it; `None` where there is no room.
    pub(super) fn take(self: &Arc<Self>, bytes: u64) -> Option<Weight> {
        let mut weight = Weight { load: Arc::clone(self), bytes: 0 };
        weight.grow(bytes).then_some(weight)
    }

    /// Reserves what goes beyond a connection's own.
    fn reserve(&self, used: u64) -> bool {
        let wanted = used.saturating_sub(OWN).next_multiple_of(OWN);
        let mut beyond = self.beyond.lock();
        match &mut *beyond {
            Some(share) => share.bytes() >= wanted || share.grow(wanted - share.bytes()),
            None => {
                *beyond = self.budget.reserve(self.of, wanted);
                beyond.is_some()
            }
        }
    }
}

impl Weight {
    /// Takes more; `false` (and nothing is changed) where there is no room.
    #[must_use]
    pub(super) fn grow(&mut self, bytes: u64) -> bool {
        let load = &self.load;
        let used = load.used.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        let fits = used <= load.most && (used <= OWN || load.reserve(used));
        if fits {
            self.bytes += bytes;
        } else {
            load.used.fetch_sub(bytes, Ordering::Relaxed);
        }
        fits
    }
}

impl Drop for Weight {
    fn drop(&mut self) {
        let before = self.load.used.fetch_sub(self.bytes, Ordering::Relaxed);
        if before > OWN && before - self.bytes <= OWN {
            // A reservation at this very moment is counted at the next step.
            drop(self.load.beyond.lock().take());
        }
    }
}

/// What a request takes up until its answer begins.
pub(super) fn cost<B>(request: &Request<B>) -> u64 {
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    let fields: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    (target + fields) as u64 + request.headers().len() as u64 * FIELD + REQUEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connections_own_is_free_and_more_is_reserved_and_given_back() {
        let budget = NetworkBudget::new(8 << 20, 0);
        let load = Load::new(1 << 20, &budget, Some(ClientAddress::new([192, 0, 2, 1].into())));
        let own = load.take(OWN).unwrap();
        assert_eq!(budget.used(), 0);
        let mut more = load.take(1).unwrap();
        assert_eq!(budget.used(), OWN);
        assert!(more.grow(OWN - 1) && !more.grow(1 << 20));
        assert_eq!(budget.used(), OWN);
        assert!(load.take((1 << 20) - 2 * OWN + 1).is_none(), "its own bound");
        drop(more);
        assert_eq!(budget.used(), 0);
        drop(own);
        assert_eq!(load.used.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn many_connections_of_one_network_share_its_part() {
        let budget = NetworkBudget::new(8 << 20, 0);
        let of = |host: u8| Some(ClientAddress::new([192, 0, 2, host].into()));
        let load = |host: u8| Load::new(1 << 20, &budget, of(host));
        let first = load(1).take((1 << 20) - OWN).unwrap();
        assert!(load(1).take(4 * OWN).is_none(), "an eighth is one MiB");
        assert!(load(1).take(OWN).is_some(), "and a connection's own is always there");
        let second = load(2).take(1 << 20).unwrap();
        assert!(load(3).take(5 * OWN).is_none(), "the same /24");
        drop((first, second));
        assert_eq!(budget.used(), 0);
    }
}
