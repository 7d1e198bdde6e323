//! Rate limiting of prompts (push fatigue, T41): after too many prompts without an approval, and for a network that the user
//! denied as somebody else's. The user sees each silence, its reason and its end on the phone, and can end it.
//! Invariant: the requester learns nothing of a silence here; prompts of strangers never silence the user's own.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::RequesterClass;
use crate::clock::{SharedClock, Timestamp};
use crate::config::schema;
use crate::facts::client_address::ClientAddress;
use crate::principal::user::UserId;
use crate::store::shared::{Keyspace, Shared, SharedState};

/// How long prompts from a network are ignored after the user denied one of them as somebody else's.
const NOT_ME: Duration = Duration::from_secs(24 * 3600);
/// The longest silence after too many unanswered questions.
const LONGEST: Duration = Duration::from_secs(4 * 3600);
/// How long it is remembered that there was a silence: the next one is longer.
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);

/// How many networks of a user are listed on the phone.
const MOST_NETWORKS: usize = 64;

/// One reason for which a user's phones are not prompted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// Why.
    pub why: Why,
    /// Until when.
    pub until: Timestamp,
}

/// Why phones are not prompted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Too many prompts of this class of requesters were not approved.
    Unanswered(RequesterClass),
    /// The user denied a prompt from this network as somebody else's.
    NotMe(String),
}

/// A network whose prompts are ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Denied {
    network: String,
    until: Timestamp,
}

/// All silences.
pub(super) struct Silences {
    shared: Arc<dyn SharedState>,
    silent: Keyspace<Timestamp>,
    denied: Keyspace<()>,
    /// The networks of a user, to be listed: what counts is [`Self::denied`].
    networks: Keyspace<Vec<Denied>>,
    clock: SharedClock,
}

impl fmt::Debug for Silences {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Silences")
    }
}

impl Silences {
    pub(super) fn new(shared: &Arc<dyn SharedState>, clock: SharedClock) -> Self {
        Self {
            shared: Arc::clone(shared),
            silent: Keyspace::new(Arc::clone(shared), "approval_silence", LONGEST),
            denied: Keyspace::new(Arc::clone(shared), "approval_not_me", NOT_ME),
            networks: Keyspace::new(Arc::clone(shared), "approval_not_me_of", NOT_ME),
            clock,
        }
    }

    /// Whether phones are not prompted for this class of requesters. Each class is counted by itself: a stranger who asks again
    /// and again silences strangers, never the user (T41).
    pub(super) async fn is_silent(&self, requester: RequesterClass, user: &UserId) -> Shared<bool> {
        Ok(self.silent.get(&of(requester, user)).await?.is_some())
    }

    /// Counts one more question; whether a silence begins instead of it.
    pub(super) async fn begins(&self, requester: RequesterClass, user: &UserId, config: &schema::Approval) -> Shared<bool> {
        let window = config.unanswered_within.0;
        if self.shared.count(&unanswered(requester, user), 1, window).await? <= i64::from(config.unanswered) {
            return Ok(false);
        }
        // Each time it comes to this again within a day, the silence is twice as long.
        let level = self.shared.count(&before(requester, user), 1, REMEMBERED).await?;
        let doubled = u32::try_from(level.clamp(1, 16) - 1).unwrap_or(0);
        let length = window.saturating_mul(1 << doubled).min(LONGEST);
        self.silent.put_for(&of(requester, user), &self.clock.now().plus(length), length).await?;
        metrics::counter!("sekisho_approval_silences_total").increment(1);
        Ok(true)
    }

    /// Takes one question off the count: it did not stay unanswered.
    pub(super) async fn uncount(&self, requester: RequesterClass, user: &UserId, config: &schema::Approval) -> Shared<()> {
        self.shared.count(&unanswered(requester, user), -1, config.unanswered_within.0).await.map(drop)
    }

    /// Counts from the beginning: something was approved.
    pub(super) async fn forget_counts(&self, user: &UserId) -> Shared<()> {
        for requester in RequesterClass::ALL {
            self.shared.take(&unanswered(requester, user)).await?;
            self.shared.take(&before(requester, user)).await?;
        }
        Ok(())
    }

    /// Whether the user said of this network that it was somebody else who asked.
    pub(super) async fn is_denied(&self, user: &UserId, address: ClientAddress) -> Shared<bool> {
        Ok(self.denied.get(&from(user, &network(address))).await?.is_some())
    }

    /// Stops listening to a network.
    pub(super) async fn deny(&self, user: &UserId, address: ClientAddress) -> Shared<()> {
        let network = network(address);
        let until = self.clock.now().plus(NOT_ME);
        self.denied.put(&from(user, &network), &()).await?;
        let mut networks = vec![Denied { network, until }];
        loop {
            // Taken and put again, so that the list lives as long as its latest entry; who comes between is merged.
            let there = self.networks.take(user.as_str()).await?.unwrap_or_default();
            let now = self.clock.now();
            for one in there {
                if one.until > now && networks.iter().all(|known| known.network != one.network) {
                    networks.push(one);
                }
            }
            networks.truncate(MOST_NETWORKS);
            if self.networks.put_new(user.as_str(), &networks).await? {
                return Ok(());
            }
        }
    }

    /// Those of a user, with when each ends.
    pub(super) async fn of(&self, user: &UserId) -> Shared<Vec<Silence>> {
        let mut silences = Vec::new();
        for requester in RequesterClass::ALL {
            if let Some(until) = self.silent.get(&of(requester, user)).await? {
                silences.push(Silence { why: Why::Unanswered(requester), until });
            }
        }
        for Denied { network, until } in self.networks.get(user.as_str()).await?.unwrap_or_default() {
            if self.denied.get(&from(user, &network)).await?.is_some() {
                silences.push(Silence { why: Why::NotMe(network), until });
            }
        }
        Ok(silences)
    }

    /// Ends all of a user's, and begins to count from the beginning.
    pub(super) async fn end(&self, user: &UserId) -> Shared<()> {
        for requester in RequesterClass::ALL {
            self.silent.take(&of(requester, user)).await?;
        }
        for Denied { network, .. } in self.networks.take(user.as_str()).await?.unwrap_or_default() {
            self.denied.take(&from(user, &network)).await?;
        }
        self.forget_counts(user).await
    }
}

fn of(requester: RequesterClass, user: &UserId) -> String {
    format!("{}/{user}", requester.word())
}

fn from(user: &UserId, network: &str) -> String {
    format!("{user}/{network}")
}

fn network(address: ClientAddress) -> String {
    match address.counting_network() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(network) => format!("{network}/64"),
    }
}

fn unanswered(requester: RequesterClass, user: &UserId) -> String {
    format!("approval_unanswered/{}/{user}", requester.word())
}

fn before(requester: RequesterClass, user: &UserId) -> String {
    format!("approval_silences/{}/{user}", requester.word())
}
