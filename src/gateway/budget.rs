//! A bounded amount of bytes that unknown clients share: each network gets a part of it, the wider network around it a larger
//! part, so that one sender neither fills it nor keeps others out.
//! Invariant: bytes are reserved before they are used, and given back when their [`BudgetShare`] is dropped.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::facts::client_address::ClientAddress;

/// A network (an IPv4 address, an IPv6 /64) takes up at most this part of the whole …
const NEAR: u64 = 8;
/// … and a wider one (an IPv4 /24, an IPv6 /48) this part.
const WIDE: u64 = 4;

/// A bounded amount of bytes.
#[derive(Debug)]
pub struct NetworkBudget {
    most: u64,
    least: u64,
    used: Mutex<Used>,
}

#[derive(Debug, Default)]
struct Used {
    whole: u64,
    networks: HashMap<CountedNetwork, u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum CountedNetwork {
    Near(IpAddr),
    Wide(IpAddr),
}

/// Bytes that are reserved; dropped, they are free again.
#[derive(Debug)]
#[must_use]
pub struct BudgetShare {
    budget: Arc<NetworkBudget>,
    of: Option<ClientAddress>,
    bytes: u64,
}

impl NetworkBudget {
    /// At most `most` bytes in all; no network's part is smaller than `least`.
    pub fn new(most: u64, least: u64) -> Arc<Self> {
        Arc::new(Self { most, least: least.min(most), used: Mutex::default() })
    }

    /// Reserves bytes for a client at an address, or, without one, for a listed proxy, to which only the bound of the whole
    /// applies. `None`: the bound is reached.
    pub fn reserve(self: &Arc<Self>, of: Option<ClientAddress>, bytes: u64) -> Option<BudgetShare> {
        let mut share = BudgetShare { budget: Arc::clone(self), of, bytes: 0 };
        share.grow(bytes).then_some(share)
    }

    /// Bytes that are reserved at present.
    pub fn used(&self) -> u64 {
        self.used.lock().whole
    }
}

fn networks(of: Option<ClientAddress>) -> impl Iterator<Item = (CountedNetwork, u64)> {
    of.into_iter().flat_map(|address| {
        [(CountedNetwork::Near(address.counting_network()), NEAR), (CountedNetwork::Wide(address.wider_network()), WIDE)]
    })
}

impl BudgetShare {
    /// Reserves more; `false` (and nothing is changed) where there is no room.
    #[must_use]
    pub fn grow(&mut self, bytes: u64) -> bool {
        let NetworkBudget { most, least, .. } = *self.budget;
        let mut used = self.budget.used.lock();
        let fits = |used: u64, part: u64| used.checked_add(bytes).is_some_and(|sum| sum <= (most / part).max(least));
        let all_fit = fits(used.whole, 1)
            && networks(self.of).all(|(network, part)| fits(used.networks.get(&network).copied().unwrap_or(0), part));
        if all_fit && bytes > 0 {
            used.whole += bytes;
            for (network, _) in networks(self.of) {
                *used.networks.entry(network).or_default() += bytes;
            }
            self.bytes += bytes;
        }
        all_fit
    }

    /// Gives some back.
    pub fn shrink(&mut self, bytes: u64) {
        let bytes = bytes.min(self.bytes);
        let mut used = self.budget.used.lock();
        used.whole = used.whole.saturating_sub(bytes);
        for (network, _) in networks(self.of) {
            match used.networks.get_mut(&network) {
                Some(count) if *count > bytes => *count -= bytes,
                _ => {
                    used.networks.remove(&network);
                }
            }
        }
        self.bytes -= bytes;
    }

    /// How much it is.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Drop for BudgetShare {
    fn drop(&mut self) {
        self.shrink(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Option<ClientAddress> {
        Some(ClientAddress::new(text.parse().unwrap()))
    }

    #[test]
    fn one_network_takes_an_eighth_and_a_wider_one_a_quarter() {
        let budget = NetworkBudget::new(800, 1);
        let first = budget.reserve(of("2001:db8:1:1::1"), 100).unwrap();
        assert!(budget.reserve(of("2001:db8:1:1:ffff::2"), 1).is_none(), "the same /64");
        let second = budget.reserve(of("2001:db8:1:2::1"), 100).unwrap();
        assert!(budget.reserve(of("2001:db8:1:3::1"), 1).is_none(), "the same /48");
        let elsewhere: Vec<_> = (0..6).map(|place| budget.reserve(of(&format!("192.0.{place}.1")), 100).unwrap()).collect();
        assert!(budget.reserve(of("203.0.113.1"), 1).is_none() && budget.reserve(None, 1).is_none(), "the whole");
        drop((first, second, elsewhere));
        assert_eq!(budget.used(), 0);
        // A listed proxy carries the requests of many.
        assert!(budget.reserve(None, 800).is_some());
    }

    #[test]
    fn the_largest_thing_there_may_be_fits_into_any_networks_part() {
        let budget = NetworkBudget::new(800, 700);
        assert!(budget.reserve(of("192.0.2.1"), 700).is_some() && budget.reserve(of("192.0.2.1"), 701).is_none());
    }

    proptest! {
        #[test]
        fn whatever_is_reserved_and_dropped_nothing_is_left_and_no_bound_passed(
            acts in proptest::collection::vec((0u8..6, 0u64..200, any::<bool>()), 0..60)
        ) {
            let budget = NetworkBudget::new(1000, 1);
            let mut held: Vec<BudgetShare> = Vec::new();
            for (host, bytes, gives_back) in acts {
                if gives_back && !held.is_empty() {
                    let place = usize::from(host) % held.len();
                    if bytes % 2 == 0 { drop(held.remove(place)) } else { held[place].shrink(bytes) }
                } else if let Some(share) = budget.reserve(of(&format!("192.0.2.{host}")), bytes) {
                    held.push(share);
                }
                prop_assert_eq!(budget.used(), held.iter().map(BudgetShare::bytes).sum::<u64>());
                prop_assert!(budget.used() <= 1000 / WIDE);
            }
            drop(held);
            prop_assert_eq!(budget.used(), 0);
            prop_assert!(budget.used.lock().networks.is_empty());
        }
    }
}
