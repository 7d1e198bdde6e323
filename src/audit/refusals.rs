//! How many refusals of one network, and of all, are noted within an hour: anybody can be refused again and again, and rows
//! are kept for ever.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use crate::facts::client_address::ClientAddress;

/// Refusals of one network that are noted within an hour …
pub(super) const OF_NETWORK: u32 = 1_000;

/// … and of all. What is refused anybody can do again and again, and rows are for ever.
const OF_ALL: u32 = 20_000;

pub(super) const HOUR: Duration = Duration::from_secs(3600);

/// Refusals that were noted within the hour.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    since: Duration,
    all: u32,
    pub(super) networks: HashMap<IpAddr, u32>,
}

/// What becomes of one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoteDecision {
    Yes,
    /// The last of its network.
    Last,
    No,
}

impl Refusals {
    pub(super) fn one_more(&mut self, address: ClientAddress, now: Duration) -> NoteDecision {
        if now.saturating_sub(self.since) >= HOUR {
            *self = Self { since: now, ..Self::default() };
        }
        let of_network = self.networks.get(&address.counting_network()).copied().unwrap_or(0);
        if self.all >= OF_ALL || of_network >= OF_NETWORK {
            return NoteDecision::No;
        }
        self.all += 1;
        self.networks.insert(address.counting_network(), of_network + 1);
        if of_network + 1 == OF_NETWORK || self.all == OF_ALL { NoteDecision::Last } else { NoteDecision::Yes }
    }
}
