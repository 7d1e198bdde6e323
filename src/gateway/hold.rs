//! Bodies that wait while their sender signs in: what was posted is not lost. Held in memory, bounded for each, in all and
//! in time; taken once, by the browser that sent it.
//! Invariant: only what a page of the app itself posted is held. A form that another site posts would otherwise be sent
//! with the user's fresh session, past the `SameSite` of its cookie.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{self, HeaderMap};
use http::{Method, Uri};

use crate::clock::SharedClock;
use crate::random::{SharedRandom, base64url};

/// How long a body waits.
const WAITS: Duration = Duration::from_secs(30 * 60);

/// A request that waits, with its whole body.
#[derive(Debug)]
pub struct Held {
    /// The app it was for.
    pub app: Arc<str>,
    /// Its method.
    pub method: Method,
    /// Its target.
    pub uri: Uri,
    /// Its fields.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
    ends: Duration,
}

/// The bodies that wait.
#[derive(Debug)]
pub struct Hold {
    clock: SharedClock,
    random: SharedRandom,
    most: u64,
    held: Mutex<(u64, HashMap<String, Held>)>,
}

impl Hold {
    /// At most `most` bytes in all.
    pub fn new(clock: SharedClock, random: SharedRandom, most: u64) -> Self {
        Self { clock, random, most, held: Mutex::default() }
    }

    /// Whether a request may be held: posted by a page of the app itself.
    pub fn may(headers: &HeaderMap, origin: &str) -> bool {
        headers.get(header::ORIGIN).is_some_and(|given| given.as_bytes() == origin.as_bytes())
    }

    /// Keeps a request; its id, or `None` where there is no room.
    pub fn keep(&self, app: Arc<str>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Option<String> {
        let now = self.clock.monotonic();
        let size = body.len() as u64;
        let mut all = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let (total, held) = &mut *all;
        held.retain(|_, one| one.ends > now);
        *total = held.values().map(|one| one.body.len() as u64).sum();
        if *total + size > self.most {
            return None;
        }
        let id = base64url(&self.random.token());
        *total += size;
        held.insert(id.clone(), Held { app, method, uri, headers, body, ends: now + WAITS });
        Some(id)
    }

    /// Takes a request that was for `app` and this target; one caller gets it.
    pub fn take(&self, id: &str, app: &str, path_and_query: &str) -> Option<Held> {
        let now = self.clock.monotonic();
        let mut all = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let (total, held) = &mut *all;
        let fits = held.get(id).is_some_and(|one| {
            *one.app == *app && one.ends > now && one.uri.path_and_query().is_some_and(|target| target == path_and_query)
        });
        if !fits {
            return None;
        }
        let taken = held.remove(id)?;
        *total = total.saturating_sub(taken.body.len() as u64);
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{ManualClock, Timestamp};
    use crate::random::OsRandom;

    fn keep(hold: &Hold, size: usize) -> Option<String> {
        hold.keep("wiki".into(), Method::POST, "/save?x=1".parse().unwrap(), HeaderMap::new(), vec![0; size].into())
    }

    #[test]
    fn a_body_is_taken_once_by_its_own_app_and_page() {
        let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(0)));
        let hold = Hold::new(clock.clone(), Arc::new(OsRandom::new()), 100);
        let id = keep(&hold, 60).unwrap();
        assert!(keep(&hold, 60).is_none(), "no room for both");
        assert!(hold.take(&id, "other", "/save?x=1").is_none());
        assert!(hold.take(&id, "wiki", "/save").is_none());
        assert_eq!(hold.take(&id, "wiki", "/save?x=1").unwrap().body.len(), 60);
        assert!(hold.take(&id, "wiki", "/save?x=1").is_none());
        let id = keep(&hold, 60).unwrap();
        clock.advance(WAITS);
        assert!(hold.take(&id, "wiki", "/save?x=1").is_none(), "it waited too long");
        assert!(keep(&hold, 60).is_some(), "and its room is free again");
    }

    #[test]
    fn what_another_site_posts_is_not_held() {
        let mut headers = HeaderMap::new();
        assert!(!Hold::may(&headers, "https://wiki.example.com"));
        headers.insert(header::ORIGIN, "https://evil.example".parse().unwrap());
        assert!(!Hold::may(&headers, "https://wiki.example.com"));
        headers.insert(header::ORIGIN, "https://wiki.example.com".parse().unwrap());
        assert!(Hold::may(&headers, "https://wiki.example.com"));
    }
}
