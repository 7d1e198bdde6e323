//! The shared state of one node: a sharded map whose entries end by the monotonic clock that was handed in.
//! Entries past their end are never answered; [`Memory::sweep`] frees them, and `put` beyond the limit is refused.
//! Invariant: no lock is held across an await, because nothing here awaits.

use std::future::ready;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use futures_util::future::BoxFuture;
use tokio::sync::mpsc;

use super::shared::{Shared, SharedState, SharedStateError};
use crate::clock::SharedClock;

#[derive(Debug)]
struct Held {
    value: Vec<u8>,
    ends: Duration,
}

/// Shared state in this process.
#[derive(Debug)]
pub struct Memory {
    clock: SharedClock,
    entries: DashMap<String, Held>,
    subscribers: DashMap<String, Vec<mpsc::Sender<Vec<u8>>>>,
    limit: usize,
    /// When a full store was last looked through, in milliseconds.
    swept: AtomicU64,
    /// What a test cannot reach: keys that begin so.
    #[cfg(test)]
    lost: std::sync::Mutex<Option<&'static str>>,
}

/// Whether a key can be reached: what is in this process always can, outside of tests.
macro_rules! reach {
    ($memory:expr, $key:expr) => {
        #[cfg(test)]
        if $memory.lost.lock().is_ok_and(|lost| lost.is_some_and(|lost| $key.starts_with(lost))) {
            return Box::pin(ready(Err(SharedStateError::Unreachable("a test lost it".to_owned()))));
        }
    };
}

impl Memory {
    /// Loses what lies under keys that begin so; finds it again with `None`.
    #[cfg(test)]
    pub(crate) fn lose(&self, keys: Option<&'static str>) {
        if let Ok(mut lost) = self.lost.lock() {
            *lost = keys;
        }
    }

    /// Empty, holding at most `limit` entries.
    pub fn new(clock: SharedClock, limit: usize) -> Self {
        Self {
            clock,
            entries: DashMap::new(),
            subscribers: DashMap::new(),
            limit,
            swept: AtomicU64::new(0),
            #[cfg(test)]
            lost: std::sync::Mutex::default(),
        }
    }

    /// Frees entries past their end; called now and then by the server.
    pub fn sweep(&self) {
        let now = self.clock.monotonic();
        self.entries.retain(|_, held| held.ends > now);
        self.subscribers.retain(|_, senders| {
            senders.retain(|sender| !sender.is_closed());
            !senders.is_empty()
        });
    }

    /// How many entries are held, ended ones included.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn held(&self, value: Vec<u8>, ttl: Duration) -> Held {
        Held { value, ends: self.clock.monotonic().saturating_add(ttl) }
    }

    /// Whether `key` may be set: it is there already, or there is room for one more.
    fn room(&self, key: &str) -> Shared<()> {
        if self.entries.len() < self.limit || self.entries.contains_key(key) {
            return Ok(());
        }
        // Looking through everything costs time that a flood must not be able to spend at every entry.
        let now = u64::try_from(self.clock.monotonic().as_millis()).unwrap_or(u64::MAX);
        let due = self.swept.load(Ordering::Relaxed).saturating_add(1000);
        if now >= due && self.swept.swap(now, Ordering::Relaxed) < due {
            self.sweep();
        }
        if self.entries.len() < self.limit { Ok(()) } else { Err(SharedStateError::Full(self.limit)) }
    }

    fn put_now(&self, key: &str, value: Vec<u8>, ttl: Duration) -> Shared<()> {
        self.room(key)?;
        self.entries.insert(key.to_owned(), self.held(value, ttl));
        Ok(())
    }

    fn put_new_now(&self, key: &str, value: Vec<u8>, ttl: Duration) -> Shared<bool> {
        self.room(key)?;
        let now = self.clock.monotonic();
        match self.entries.entry(key.to_owned()) {
            Entry::Occupied(present) if present.get().ends > now => Ok(false),
            Entry::Occupied(mut ended) => {
                ended.insert(self.held(value, ttl));
                Ok(true)
            }
            Entry::Vacant(free) => {
                free.insert(self.held(value, ttl));
                Ok(true)
            }
        }
    }

    fn get_now(&self, key: &str) -> Option<Vec<u8>> {
        let now = self.clock.monotonic();
        self.entries.get(key).filter(|held| held.ends > now).map(|held| held.value.clone())
    }

    fn take_now(&self, key: &str) -> Option<Vec<u8>> {
        let now = self.clock.monotonic();
        self.entries.remove(key).filter(|(_, held)| held.ends > now).map(|(_, held)| held.value)
    }

    fn swap_now(&self, key: &str, old: &[u8], new: Vec<u8>) -> bool {
        let now = self.clock.monotonic();
        match self.entries.get_mut(key) {
            Some(mut held) if held.ends > now && held.value == old => {
                held.value = new;
                true
            }
            _ => false,
        }
    }

    fn count_now(&self, key: &str, by: i64, ttl: Duration) -> Shared<i64> {
        self.room(key)?;
        let now = self.clock.monotonic();
        let mut held = self.entries.entry(key.to_owned()).or_insert_with(|| self.held(0i64.to_be_bytes().to_vec(), ttl));
        if held.ends <= now {
            *held = self.held(0i64.to_be_bytes().to_vec(), ttl);
        }
        let before: [u8; 8] = held.value.as_slice().try_into().map_err(|_| SharedStateError::Undecodable("counter"))?;
        let after = i64::from_be_bytes(before).saturating_add(by);
        held.value = after.to_be_bytes().to_vec();
        Ok(after)
    }
}

impl SharedState for Memory {
    fn put<'a>(&'a self, key: &'a str, value: Vec<u8>, ttl: Duration) -> BoxFuture<'a, Shared<()>> {
        reach!(self, key);
        Box::pin(ready(self.put_now(key, value, ttl)))
    }

    fn put_new<'a>(&'a self, key: &'a str, value: Vec<u8>, ttl: Duration) -> BoxFuture<'a, Shared<bool>> {
        reach!(self, key);
        Box::pin(ready(self.put_new_now(key, value, ttl)))
    }

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Shared<Option<Vec<u8>>>> {
        reach!(self, key);
        Box::pin(ready(Ok(self.get_now(key))))
    }

    fn take<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Shared<Option<Vec<u8>>>> {
        reach!(self, key);
        Box::pin(ready(Ok(self.take_now(key))))
    }

    fn swap<'a>(&'a self, key: &'a str, old: &'a [u8], new: Vec<u8>) -> BoxFuture<'a, Shared<bool>> {
        reach!(self, key);
        Box::pin(ready(Ok(self.swap_now(key, old, new))))
    }

    fn count<'a>(&'a self, key: &'a str, by: i64, ttl: Duration) -> BoxFuture<'a, Shared<i64>> {
        reach!(self, key);
        Box::pin(ready(self.count_now(key, by, ttl)))
    }

    fn publish<'a>(&'a self, channel: &'a str, message: Vec<u8>) -> BoxFuture<'a, Shared<()>> {
        if let Some(senders) = self.subscribers.get(channel) {
            for sender in senders.iter() {
                // A full queue belongs to a subscriber that sleeps: it loses this message, the others do not.
                let _delivered = sender.try_send(message.clone());
            }
        }
        Box::pin(ready(Ok(())))
    }

    fn subscribe<'a>(&'a self, channel: &'a str) -> BoxFuture<'a, Shared<mpsc::Receiver<Vec<u8>>>> {
        let (sender, receiver) = mpsc::channel(1024);
        self.subscribers.entry(channel.to_owned()).or_default().push(sender);
        Box::pin(ready(Ok(receiver)))
    }
}
