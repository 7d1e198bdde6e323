//! Idle HTTP/1.1 connections to one address, which any request may use. Each worker keeps those that it opened, and takes
//! from another one only where it has none itself: workers meet there alone.
//! As many are kept as were in use at once; one that is not used for a while is closed.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use parking_lot::{Mutex, MutexGuard};

use super::http1::UpstreamConnection;

/// How long one is kept, milliseconds: shorter than the keep-alive of common servers.
const KEPT: u64 = 50_000;
/// The most workers that have a place of their own; more share.
const WORKERS: usize = 64;

/// The idle connections.
pub(super) struct Pool(Box<[WorkerPlace]>);

/// The idle connections that one worker opened, those used last at the end. Apart from each other in memory, so that no two
/// workers write to one line of the cache.
#[repr(align(128))]
#[derive(Default)]
struct WorkerPlace(Mutex<VecDeque<Idle>>);

/// A connection that waits for the next request.
struct Idle {
    connection: UpstreamConnection,
    since: u64,
}

impl Idle {
    const fn is_old(&self, now: u64) -> bool {
        now.saturating_sub(self.since) > KEPT
    }
}

/// The number of this thread among those that use upstream connections.
pub(super) fn worker() -> usize {
    static WORKERS: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static NUMBER: usize = WORKERS.fetch_add(1, Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}

impl Pool {
    pub(super) fn new() -> Self {
        let workers = thread::available_parallelism().map_or(1, usize::from).min(WORKERS);
        Self((0..workers).map(|_| WorkerPlace::default()).collect())
    }

    /// Keeps a connection, at the worker that opened it.
    pub(super) fn put(&self, connection: UpstreamConnection, now: u64) {
        if let Some(place) = self.0.get(connection.home % self.0.len().max(1)) {
            place.0.lock().push_back(Idle { connection, since: now });
        }
    }

    /// The connection used last, which is the likeliest to live, of this worker's own where it has one.
    pub(super) fn take(&self, now: u64) -> Option<UpstreamConnection> {
        let own = worker() % self.0.len().max(1);
        if let Some(found) = self.0.get(own).and_then(|place| take(place.0.lock(), now)) {
            return Some(found);
        }
        let others = self.0.iter().cycle().skip(own + 1).take(self.0.len().saturating_sub(1));
        others.into_iter().find_map(|place| take(place.0.try_lock()?, now))
    }

    /// Closes what was not used for a while, and what its upstream closed.
    pub(super) fn tidy(&self, now: u64) {
        for place in &self.0 {
            let mut closed = Vec::new();
            let mut idle = place.0.lock();
            while let Some(old) = idle.pop_front_if(|oldest| oldest.is_old(now)) {
                closed.push(old);
            }
            for at in (0..idle.len()).rev() {
                if idle.get_mut(at).is_some_and(|idle| !idle.connection.is_quiet()) {
                    closed.extend(idle.remove(at));
                }
            }
            drop(idle);
        }
    }
}

fn take(mut idle: MutexGuard<'_, VecDeque<Idle>>, now: u64) -> Option<UpstreamConnection> {
    if idle.back().is_some_and(|latest| latest.is_old(now)) {
        idle.clear(); // Everything before it is older still.
    }
    loop {
        let mut found = idle.pop_back()?;
        if !found.is_old(now) && found.connection.is_quiet() {
            return Some(found.connection);
        }
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Pool({} workers)", self.0.len())
    }
}
