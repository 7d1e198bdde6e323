//! Regulation: password and code guesses are slowed down and locked out. Attempts are counted per user and network, per
//! network, and per user. An IPv6 network is a /64; the networks of one /48, which a single holder may have whole, share one
//! limit. Each attempt is counted before it is evaluated, so that any number of parallel guesses evaluates at most the limit
//! (T39); a success returns its count, and a reservation that is dropped counts as a failure.
//!
//! Nobody can lock another user out: only the pair of a user and a network, or a network, is ever locked. Too many failures
//! of one user from everywhere only lengthen the pause between two attempts of each network. First and second factor are
//! counted apart, so that an attacker who knows the password cannot reset the count of wrong codes with it. Since only an
//! attacker who knows the password can fail at a code, the lengthened pause between codes holds for all networks together.
//! Invariant: a name that no user has is counted like any other, and without the counters every attempt is refused.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use dashmap::DashMap;
use parking_lot::Mutex;
use serde::Serialize;
use strum::VariantArray;

use crate::clock::{SharedClock, Timestamp};
use crate::config::schema;
use crate::facts::client_address::ClientAddress;
use crate::principal::user::UserId;
use crate::store::shared::{Shared, SharedState, SharedStateError};

/// Failures of a pair that cost nothing: typing errors. From the next on pauses grow 1 s, 2 s, 4 s …
const FREE: i64 = 2;
/// An IPv6 /48 may fail as often as this many of its networks.
const SITE: i64 = 8;

/// Why an attempt is not evaluated.
#[derive(Debug, thiserror::Error)]
pub enum AttemptRefused {
    /// Too many failures: come back later.
    #[error("verify a factor: too many failed attempts, wait {} s", .retry_after.as_secs().max(1))]
    Locked {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The counters do not answer: nobody is let in.
    #[error(transparent)]
    Unavailable(#[from] SharedStateError),
}

/// Which factor is being tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::IntoStaticStr, strum::VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AttemptKind {
    /// Check 4: who it is.
    First,
    /// Check 6, or a code that registers a browser: tried by somebody who passed check 4.
    Second,
    /// The password of a transaction: tried by somebody who is signed in.
    TransactionPassword,
    /// The code of a transaction. Counted by itself: who knows one of the two must not wash away failures of the other.
    TransactionCode,
}

impl AttemptKind {
    /// The word in keys and lists.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// What is locked at present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// The name that was tried, in its one spelling; `None`: the whole network is locked.
    pub who: Option<String>,
    /// At which factor, where a name is locked.
    pub step: AttemptKind,
    /// The network: an IPv4 address or the first address of an IPv6 /64.
    pub network: IpAddr,
    /// Until when.
    pub until: Timestamp,
}

/// The right to evaluate one attempt. Dropped without [`Regulation::succeeded`], it is a failure.
#[derive(Debug)]
#[must_use = "dropping it counts a failure"]
pub struct Reservation {
    keys: CounterKeys,
    /// Whether it took the slot of a pause.
    paused: bool,
    /// Where a failure is reported; `None` once the attempt succeeded.
    failures: Option<Arc<Mutex<Vec<CounterKeys>>>>,
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if let Some(failures) = self.failures.take() {
            failures.lock().push(self.keys.clone());
        }
    }
}

/// What an attempt is counted under.
#[derive(Clone, Debug)]
struct CounterKeys {
    who: String,
    step: AttemptKind,
    network: IpAddr,
    pair: String,
    net: String,
    site: Option<String>,
    user: String,
}

impl CounterKeys {
    fn new(step: AttemptKind, who: &str, address: ClientAddress) -> Self {
        let (who, network) = (bucket(who), address.counting_network());
        let user = format!("{}/{who}", step.word());
        let site = address.site().map(|site| site.to_string());
        Self { pair: format!("{network}/{user}"), net: network.to_string(), site, user, network, who, step }
    }

    /// The networks that the attempt is counted under, whichever user it names.
    fn wider(&self) -> impl Iterator<Item = (&'static str, &String)> {
        [("net", &self.net)].into_iter().chain(self.site.as_ref().map(|site| ("site", site)))
    }

    fn pause(&self) -> String {
        pause(&self.pair)
    }

    /// The pause that all networks share.
    fn pause_everywhere(&self) -> String {
        pause(&self.user)
    }
}

/// The counters.
#[derive(Debug)]
pub struct Regulation {
    shared: Arc<dyn SharedState>,
    clock: SharedClock,
    config: ArcSwap<schema::RegulationSection>,
    /// Failures that are reported but not yet counted: a reservation is dropped where the code cannot wait.
    failures: Arc<Mutex<Vec<CounterKeys>>>,
    /// What this node has locked, for the list.
    locks: DashMap<String, Lock>,
}

impl Regulation {
    /// Counts in this shared state.
    pub fn new(shared: Arc<dyn SharedState>, config: schema::RegulationSection, clock: SharedClock) -> Self {
        Self { shared, clock, config: ArcSwap::from_pointee(config), failures: Arc::default(), locks: DashMap::new() }
    }

    /// Takes over changed settings.
    pub fn configure(&self, config: schema::RegulationSection) {
        self.config.store(Arc::new(config));
    }

    /// Counts an attempt of `who` (as typed, whether there is such a user or not) and says whether it may be evaluated.
    ///
    /// # Errors
    /// [`AttemptRefused`]: it must not be evaluated; this refusal itself is not counted.
    pub async fn reserve(&self, who: &str, address: ClientAddress) -> Result<Reservation, AttemptRefused> {
        self.reserve_step(AttemptKind::First, who, address).await
    }

    /// As [`Self::reserve`], for one factor or the other.
    ///
    /// # Errors
    /// As [`Self::reserve`].
    pub async fn reserve_step(
        &self,
        step: AttemptKind,
        who: &str,
        address: ClientAddress,
    ) -> Result<Reservation, AttemptRefused> {
        let keys = CounterKeys::new(step, who, address);
        self.held(&keys).await?;
        let config = self.config.load_full();
        let window = config.window.0;
        let pair = self.shared.count(&tried("pair", &keys.pair), 1, window).await?;
        let (mut wider, mut unavailable) = ([0; 2], None);
        for ((kind, key), count) in keys.wider().zip(&mut wider) {
            match self.shared.count(&tried(kind, key), 1, window).await {
                Ok(counted) => *count = counted,
                Err(error) => unavailable = Some(error),
            }
        }
        let [net, site] = wider;
        if let Some(error) = unavailable {
            let _given_back = self.lower(&tried("pair", &keys.pair), 1).await;
            for ((kind, key), count) in keys.wider().zip(wider) {
                if count > 0 {
                    let _given_back = self.lower(&tried(kind, key), 1).await;
                }
            }
            return Err(error.into());
        }
        // A lock resets the counters: an attempt that is counted after that must see the lock.
        if let Some(retry_after) = self.locked(&keys).await? {
            self.give_back(&keys).await?;
            return Err(AttemptRefused::Locked { retry_after });
        }
        let of_network = i64::from(config.per_network);
        let over = pair > i64::from(config.per_user_and_network) || net > of_network || site > of_network.saturating_mul(SITE);
        let from_everywhere = self.shared.count(&failed("user", &keys.user), 0, window).await? >= i64::from(config.per_user);
        let wait = if from_everywhere { config.longest_delay.0 } else { growing(pair, config.longest_delay.0) };
        let slot = if from_everywhere && step != AttemptKind::First { keys.pause_everywhere() } else { keys.pause() };
        // The slot of the pause is taken by one: of many side by side the others come too early.
        if over || (!wait.is_zero() && !self.shared.put_new(&slot, self.until(wait), wait).await?) {
            self.give_back(&keys).await?;
            let retry_after = self.remaining(&slot).await?.unwrap_or(Duration::from_secs(1));
            return Err(AttemptRefused::Locked { retry_after });
        }
        Ok(Reservation { keys, paused: !wait.is_zero(), failures: Some(Arc::clone(&self.failures)) })
    }

    /// Whether an attempt would be evaluated at present, without counting one: for what a page says beforehand.
    ///
    /// # Errors
    /// [`AttemptRefused`].
    pub async fn peek(&self, who: &str, address: ClientAddress) -> Result<(), AttemptRefused> {
        self.held(&CounterKeys::new(AttemptKind::First, who, address)).await
    }

    /// The attempt succeeded: what it counted is given back, and the failures of this user at this factor from this
    /// network are forgotten. Those of the network and of the user from elsewhere are not: one's own account must not
    /// wash away guesses at others.
    ///
    /// # Errors
    /// [`SharedStateError`]; the attempt then stays counted.
    pub async fn succeeded(&self, mut reservation: Reservation) -> Shared<()> {
        let window = self.config.load().window.0;
        self.count_failures().await?;
        reservation.failures = None;
        let keys = &reservation.keys;
        let failures = self.shared.count(&failed("pair", &keys.pair), 0, window).await?;
        if failures > 0 {
            self.shared.count(&failed("pair", &keys.pair), -failures, window).await?;
        }
        self.give_back(keys).await?;
        self.lower(&tried("pair", &keys.pair), failures).await?;
        self.shared.take(&keys.pause()).await?;
        self.unlock(&keys.pair).await
    }

    /// The attempt was not evaluated after all (no processor was free, a store did not answer): what it counted is
    /// given back, and nothing is forgotten.
    ///
    /// # Errors
    /// [`SharedStateError`]; the attempt then stays counted.
    pub async fn withdrawn(&self, mut reservation: Reservation) -> Shared<()> {
        reservation.failures = None;
        if reservation.paused {
            self.shared.take(&reservation.keys.pause()).await?;
        }
        self.give_back(&reservation.keys).await
    }

    /// What this node has locked, the longest first.
    ///
    /// # Errors
    /// [`SharedStateError`].
    pub async fn locks(&self) -> Shared<Vec<Lock>> {
        self.count_failures().await?;
        let now = self.clock.now();
        self.locks.retain(|_, lock| lock.until > now);
        let mut locks: Vec<_> = self.locks.iter().map(|lock| lock.clone()).collect();
        locks.sort_by(|a, b| b.until.cmp(&a.until).then_with(|| (&a.who, a.network).cmp(&(&b.who, b.network))));
        Ok(locks)
    }

    /// Lifts a lock before its time and forgets what led to it; whether there was one. `who` as in [`Lock::who`].
    ///
    /// # Errors
    /// [`SharedStateError`].
    pub async fn lift(&self, who: Option<&str>, network: IpAddr) -> Shared<bool> {
        self.count_failures().await?;
        let address = ClientAddress::new(network);
        let mut locked = false;
        let keys: Vec<(&str, String)> = match who {
            Some(who) => {
                AttemptKind::VARIANTS.iter().copied().map(|step| ("pair", CounterKeys::new(step, who, address).pair)).collect()
            }
            None => {
                let site = address.site().map(|site| ("site", site.to_string()));
                [("net", address.counting_network().to_string())].into_iter().chain(site).collect()
            }
        };
        for (kind, key) in keys {
            locked |= self.shared.take(&format!("regulation/lock/{key}")).await?.is_some();
            self.locks.remove(&key);
            for counter in [tried(kind, &key), failed(kind, &key), pause(&key)] {
                self.shared.take(&counter).await?;
            }
        }
        Ok(locked)
    }

    /// Counts the failures that dropped reservations reported; locks what reached its limit.
    async fn count_failures(&self) -> Shared<()> {
        let reported = std::mem::take(&mut *self.failures.lock());
        let config = self.config.load_full();
        let window = config.window.0;
        for keys in reported {
            let pair = self.shared.count(&failed("pair", &keys.pair), 1, window).await?;
            let net = self.shared.count(&failed("net", &keys.net), 1, window).await?;
            self.shared.count(&failed("user", &keys.user), 1, window).await?;
            if pair >= i64::from(config.per_user_and_network) {
                self.lock(&keys.pair, Some(keys.who), keys.step, keys.network, config.lock.0).await?;
            }
            if net >= i64::from(config.per_network) {
                self.lock(&keys.net, None, keys.step, keys.network, config.lock.0).await?;
            }
        }
        Ok(())
    }

    async fn lock(&self, key: &str, who: Option<String>, step: AttemptKind, network: IpAddr, length: Duration) -> Shared<()> {
        if self.shared.put_new(&format!("regulation/lock/{key}"), self.until(length), length).await? {
            tracing::warn!(remote_ip = %network, who = who.as_deref().unwrap_or("-"), "locked: too many failures");
            let who_is_named = who.is_some();
            self.locks.insert(key.to_owned(), Lock { who, step, network, until: self.clock.now().plus(length) });
            // What led to the lock is paid for by it: when it ends, counting begins again.
            let kind = if who_is_named { "pair" } else { "net" };
            self.shared.take(&failed(kind, key)).await?;
            self.shared.take(&tried(kind, key)).await?;
        }
        Ok(())
    }

    async fn held(&self, keys: &CounterKeys) -> Result<(), AttemptRefused> {
        self.count_failures().await?;
        let mut held = self.locked(keys).await?.max(self.remaining(&keys.pause()).await?);
        if keys.step != AttemptKind::First {
            held = held.max(self.remaining(&keys.pause_everywhere()).await?);
        }
        held.map_or(Ok(()), |retry_after| Err(AttemptRefused::Locked { retry_after }))
    }

    async fn locked(&self, keys: &CounterKeys) -> Shared<Option<Duration>> {
        let pair = self.remaining(&format!("regulation/lock/{}", keys.pair)).await?;
        let net = self.remaining(&format!("regulation/lock/{}", keys.net)).await?;
        Ok(pair.max(net))
    }

    async fn unlock(&self, key: &str) -> Shared<()> {
        self.locks.remove(key);
        self.shared.take(&format!("regulation/lock/{key}")).await.map(drop)
    }

    async fn give_back(&self, keys: &CounterKeys) -> Shared<()> {
        self.lower(&tried("pair", &keys.pair), 1).await?;
        for (kind, key) in keys.wider() {
            self.lower(&tried(kind, key), 1).await?;
        }
        Ok(())
    }

    /// Lowers a counter, never below zero: its window may have ended between the count and this.
    async fn lower(&self, key: &str, by: i64) -> Shared<()> {
        if by == 0 {
            return Ok(());
        }
        let window = self.config.load().window.0;
        let after = self.shared.count(key, -by, window).await?;
        if after < 0 {
            self.shared.count(key, -after, window).await?;
        }
        Ok(())
    }

    async fn remaining(&self, key: &str) -> Shared<Option<Duration>> {
        let Some(until) = self.shared.get(key).await? else { return Ok(None) };
        let until = until.try_into().map(i64::from_be_bytes).map_err(|_| SharedStateError::Undecodable("regulation"))?;
        let left = Timestamp::from_millis(until).since(self.clock.now());
        Ok(Some(left.max(Duration::from_secs(1))))
    }

    fn until(&self, length: Duration) -> Vec<u8> {
        self.clock.now().plus(length).millis().to_be_bytes().to_vec()
    }
}

/// The pause after the `count`th attempt.
fn growing(count: i64, longest: Duration) -> Duration {
    let Some(doublings) = u32::try_from(count - FREE - 1).ok() else { return Duration::ZERO };
    Duration::from_secs(1u64.checked_shl(doublings).unwrap_or(u64::MAX)).min(longest)
}

/// One bucket for one name, whether or not a user has it (T32). A text that is not a valid name is counted too, by
/// its hash: its length is a client's choice.
fn bucket(who: &str) -> String {
    match UserId::parse(who) {
        Ok(user) => user.as_str().to_owned(),
        Err(_) => {
            let hash = crate::seal::TokenHash::of(who.trim().as_bytes());
            format!("?{}", crate::random::base64url(hash.as_bytes()))
        }
    }
}

fn tried(kind: &str, key: &str) -> String {
    format!("regulation/tried/{kind}/{key}")
}

fn failed(kind: &str, key: &str) -> String {
    format!("regulation/failed/{kind}/{key}")
}

fn pause(key: &str) -> String {
    format!("regulation/pause/{key}")
}
