//! Short-lived state: sign-ins, one-time codes, counters. One small trait with two homes, in memory for one node and
//! (later) Redis for several; a slice never sees raw keys but a [`Keyspace`] of its own values.
//! Both homes pass the same conformance suite (`tests/shared_state.rs`), races included.
//! Invariant: what is single-use leaves by [`SharedState::take`]; no other operation reads and deletes.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;

/// Why the shared state did not answer. A check that needed it fails closed.
#[derive(Debug, thiserror::Error)]
pub enum SharedStateError {
    /// The store is unreachable or refused.
    #[error("reach the shared state: {0}")]
    Unreachable(String),
    /// It is full: `limits.shared_entries` are held.
    #[error("put into the shared state: it holds {0} entries of this kind, its limit")]
    Full(usize),
    /// An entry cannot be read as what it should be.
    #[error("read the shared state: an entry of {0} cannot be decoded")]
    Undecodable(&'static str),
}

/// The result of everything here.
pub type Shared<T> = Result<T, SharedStateError>;

/// Keyed values that end by themselves. Times are of the store's own monotonic clock.
pub trait SharedState: Send + Sync + fmt::Debug {
    /// Sets `key` to `value` for `ttl`, whatever was there.
    fn put<'a>(&'a self, key: &'a str, value: Vec<u8>, ttl: Duration) -> BoxFuture<'a, Shared<()>>;
    /// Sets `key` only if it holds nothing; `true` if this call set it. One caller wins.
    fn put_new<'a>(&'a self, key: &'a str, value: Vec<u8>, ttl: Duration) -> BoxFuture<'a, Shared<bool>>;
    /// The value of `key`, unless absent or ended.
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Shared<Option<Vec<u8>>>>;
    /// Gets and deletes in one step: of any number of callers exactly one gets the value.
    fn take<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Shared<Option<Vec<u8>>>>;
    /// Compare and set: `key` becomes `new` (its end unchanged) if it holds `old`; `true` if it did.
    fn swap<'a>(&'a self, key: &'a str, old: &'a [u8], new: Vec<u8>) -> BoxFuture<'a, Shared<bool>>;
    /// Adds `by` to the counter `key` and answers its new value; the window of `ttl` starts with the first count. A counter
    /// that comes to nothing is gone, and with `by` nothing none is made.
    fn count<'a>(&'a self, key: &'a str, by: i64, ttl: Duration) -> BoxFuture<'a, Shared<i64>>;
    /// Notifies all present subscribers of `channel`.
    fn publish<'a>(&'a self, channel: &'a str, message: Vec<u8>) -> BoxFuture<'a, Shared<()>>;
    /// Messages published to `channel` from now on. A subscriber that falls 1,024 behind loses the oldest.
    fn subscribe<'a>(&'a self, channel: &'a str) -> BoxFuture<'a, Shared<mpsc::Receiver<Vec<u8>>>>;
}

/// Counts one more under each of these keys, unless one has come to its most already: then none of them is counted, so that who
/// is refused fills nothing, and uses up nothing of what others have in common with them. Whether it was counted.
///
/// # Errors
/// [`SharedStateError`].
pub async fn count_below(state: &dyn SharedState, counters: &[(String, i64)], window: Duration) -> Shared<bool> {
    for (key, most) in counters {
        if state.count(key, 0, window).await? >= *most {
            return Ok(false);
        }
    }
    let mut is_below = true;
    for (key, most) in counters {
        // Of many at once who found the last place free, those who came too late are refused here.
        is_below &= state.count(key, 1, window).await? <= *most;
    }
    Ok(is_below)
}

/// Takes back what [`count_below`] counted; never below zero, since a window may have ended in between.
///
/// # Errors
/// [`SharedStateError`].
pub async fn uncount(state: &dyn SharedState, counters: &[(String, i64)], window: Duration) -> Shared<()> {
    for (key, _most) in counters {
        let after = state.count(key, -1, window).await?;
        if after < 0 {
            state.count(key, -after, window).await?;
        }
    }
    Ok(())
}

/// Values of one type under one prefix, as JSON.
pub struct Keyspace<T> {
    state: Arc<dyn SharedState>,
    prefix: &'static str,
    ttl: Duration,
    values: PhantomData<fn() -> T>,
}

impl<T> Clone for Keyspace<T> {
    fn clone(&self) -> Self {
        Self { state: Arc::clone(&self.state), prefix: self.prefix, ttl: self.ttl, values: PhantomData }
    }
}

impl<T> fmt::Debug for Keyspace<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Keyspace({})", self.prefix)
    }
}

impl<T: Serialize + DeserializeOwned> Keyspace<T> {
    /// A keyspace under `prefix` (its owner's own word, unique in the program), whose entries live for `ttl`.
    pub const fn new(state: Arc<dyn SharedState>, prefix: &'static str, ttl: Duration) -> Self {
        Self { state, prefix, ttl, values: PhantomData }
    }

    /// How long an entry lives.
    pub const fn ttl(&self) -> Duration {
        self.ttl
    }

    /// Sets the entry, whatever was there.
    ///
    /// # Errors
    /// [`SharedStateError`]. So for the other methods.
    pub async fn put(&self, key: &str, value: &T) -> Shared<()> {
        self.put_for(key, value, self.ttl).await
    }

    /// As [`Self::put`], for another time than the others of this keyspace.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn put_for(&self, key: &str, value: &T, ttl: Duration) -> Shared<()> {
        self.state.put(&self.key(key), self.encode(value)?, ttl).await
    }

    /// Sets the entry only if there is none; `true` if this call set it.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn put_new(&self, key: &str, value: &T) -> Shared<bool> {
        self.state.put_new(&self.key(key), self.encode(value)?, self.ttl).await
    }

    /// The entry, if there.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn get(&self, key: &str) -> Shared<Option<T>> {
        self.decode(self.state.get(&self.key(key)).await?)
    }

    /// The entry, gone for everybody else.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn take(&self, key: &str) -> Shared<Option<T>> {
        self.decode(self.state.take(&self.key(key)).await?)
    }

    /// Compare and set; `true` if `old` was there and is now `new`.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn swap(&self, key: &str, old: &T, new: &T) -> Shared<bool> {
        self.state.swap(&self.key(key), &self.encode(old)?, self.encode(new)?).await
    }

    fn key(&self, key: &str) -> String {
        format!("{}/{key}", self.prefix)
    }

    fn encode(&self, value: &T) -> Shared<Vec<u8>> {
        serde_json::to_vec(value).map_err(|_| SharedStateError::Undecodable(self.prefix))
    }

    fn decode(&self, bytes: Option<Vec<u8>>) -> Shared<Option<T>> {
        bytes.map(|bytes| serde_json::from_slice(&bytes).map_err(|_| SharedStateError::Undecodable(self.prefix))).transpose()
    }
}
