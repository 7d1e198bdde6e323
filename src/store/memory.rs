//! The shared state of one node: a sharded map whose entries end by the monotonic clock that was handed in.
//! Entries past their end are never answered; [`Memory::sweep`] frees them, and `put` beyond the limit is refused. What
//! strangers can fill has a part of the whole, so that it never keeps out the rest.
//! Invariant: no lock is held across an await, because nothing here awaits.

use std::future::ready;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use futures_util::future::BoxFuture;
use tokio::sync::mpsc;

use super::shared::{Shared, SharedState, SharedStateError};
use crate::clock::SharedClock;

/// Keys that begin with one word, and how many of them there are.
#[derive(Debug)]
struct SharePart {
    word: &'static str,
    most: usize,
    count: AtomicUsize,
}

/// Who may wait for the same thing at once.
const SUBSCRIBERS: usize = 256;

struct Stored {
    value: Vec<u8>,
    ends: Duration,
}

debug_by_name!(Stored);

/// Shared state in this process.
#[derive(Debug)]
pub struct Memory {
    clock: SharedClock,
    entries: DashMap<String, Stored>,
    subscribers: DashMap<String, Vec<mpsc::Sender<Vec<u8>>>>,
    limit: usize,
    /// What has a part of the whole.
    parts: Box<[SharePart]>,
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
            parts: Box::default(),
            swept: AtomicU64::new(0),
            #[cfg(test)]
            lost: std::sync::Mutex::default(),
        }
    }

    /// With keys of these first words (up to a slash) given at most this part of the whole each: what is kept for anybody
    /// who comes, whether they are known or not.
    #[must_use]
    pub fn with_parts(mut self, words: &[(&'static str, usize)]) -> Self {
        let part = |(word, part): &(&'static str, usize)| SharePart {
            word,
            most: self.limit.checked_div(*part).unwrap_or(0).max(1),
            count: AtomicUsize::new(0),
        };
        self.parts = words.iter().map(part).collect();
        self
    }

    fn part(&self, key: &str) -> Option<&SharePart> {
        let word = key.split('/').next().unwrap_or(key);
        self.parts.iter().find(|part| part.word == word)
    }

    fn came(&self, key: &str) {
        if let Some(part) = self.part(key) {
            part.count.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn went(&self, key: &str) {
        if let Some(part) = self.part(key) {
            part.count.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Frees entries past their end; called now and then by the server.
    pub fn sweep(&self) {
        let now = self.clock.monotonic();
        self.entries.retain(|key, held| {
            let stays = held.ends > now;
            if !stays {
                self.went(key);
            }
            stays
        });
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

    fn held(&self, value: Vec<u8>, ttl: Duration) -> Stored {
        Stored { value, ends: self.clock.monotonic().saturating_add(ttl) }
    }

    /// Whether `key` may be set: it is there already, or there is space for another.
    fn reserve_space(&self, key: &str) -> Shared<()> {
        let part = self.part(key);
        let has_room =
            || self.entries.len() < self.limit && part.is_none_or(|part| part.count.load(Ordering::Relaxed) < part.most);
        if has_room() || self.entries.contains_key(key) {
            return Ok(());
        }
        // Looking through everything costs time that a flood must not be able to spend at every entry.
        let now = u64::try_from(self.clock.monotonic().as_millis()).unwrap_or(u64::MAX);
        let due = self.swept.load(Ordering::Relaxed).saturating_add(1000);
        if now >= due && self.swept.swap(now, Ordering::Relaxed) < due {
            self.sweep();
        }
        if has_room() { Ok(()) } else { Err(SharedStateError::Full(part.map_or(self.limit, |part| part.most))) }
    }

    fn put_now(&self, key: &str, value: Vec<u8>, ttl: Duration) -> Shared<()> {
        self.reserve_space(key)?;
        if self.entries.insert(key.to_owned(), self.held(value, ttl)).is_none() {
            self.came(key);
        }
        Ok(())
    }

    fn put_new_now(&self, key: &str, value: Vec<u8>, ttl: Duration) -> Shared<bool> {
        self.reserve_space(key)?;
        let now = self.clock.monotonic();
        match self.entries.entry(key.to_owned()) {
            Entry::Occupied(present) if present.get().ends > now => Ok(false),
            Entry::Occupied(mut ended) => {
                ended.insert(self.held(value, ttl));
                Ok(true)
            }
            Entry::Vacant(free) => {
                free.insert(self.held(value, ttl));
                self.came(key);
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
        let (_, held) = self.entries.remove(key)?;
        self.went(key);
        (held.ends > now).then_some(held.value)
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

    /// A counter that stands at nothing is none: asking how high one stands, or taking back what was counted, leaves nothing.
    fn count_now(&self, key: &str, by: i64, ttl: Duration) -> Shared<i64> {
        let now = self.clock.monotonic();
        let read = |held: &Stored| {
            let value: [u8; 8] = held.value.as_slice().try_into().map_err(|_| SharedStateError::Undecodable("counter"))?;
            Ok(if held.ends > now { i64::from_be_bytes(value) } else { 0 })
        };
        if by == 0 {
            return self.entries.get(key).map_or(Ok(0), |held| read(&held));
        }
        self.reserve_space(key)?;
        match self.entries.entry(key.to_owned()) {
            Entry::Occupied(mut present) => {
                let after = read(present.get())?.saturating_add(by);
                if after == 0 {
                    present.remove();
                    self.went(key);
                } else if present.get().ends > now {
                    present.get_mut().value = after.to_be_bytes().to_vec();
                } else {
                    present.insert(self.held(after.to_be_bytes().to_vec(), ttl));
                }
                Ok(after)
            }
            Entry::Vacant(free) => {
                free.insert(self.held(by.to_be_bytes().to_vec(), ttl));
                self.came(key);
                Ok(by)
            }
        }
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
        let mut senders = self.subscribers.entry(channel.to_owned()).or_default();
        // A waiting client may come and go many times before the next sweep.
        senders.retain(|sender| !sender.is_closed());
        let full = senders.len() >= SUBSCRIBERS;
        if !full {
            senders.push(sender);
        }
        drop(senders);
        Box::pin(ready(if full { Err(SharedStateError::Full(SUBSCRIBERS)) } else { Ok(receiver) }))
    }
}
