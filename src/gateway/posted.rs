//! Posted requests that wait while their sender signs in, so that nothing is lost. They are kept in memory and taken once, by
//! the browser that sent them. The sender is unknown: all memory of a request (head, body, the entry itself, a body that is
//! still arriving) is reserved from one budget before it is read, and no network gets more than its part.
//! Invariant: only what a page of the app itself posted is held. A form that another site posts would otherwise be sent
//! with the user's fresh session, past the `SameSite` of its cookie.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderValue};
use http::request::Parts;
use http::{Method, Uri};
use http_body_util::BodyExt as _;
use parking_lot::Mutex;

use super::body::{Body, BodyOrigin};
use super::budget::{BudgetShare, NetworkBudget};
use crate::clock::SharedClock;
use crate::facts::client_address::ClientAddress;
use crate::facts::origin;
use crate::gateway::problem::PostNotKept;
use crate::random::{SharedRandom, base64url};

/// How long a body waits.
const WAITS: Duration = Duration::from_secs(30 * 60);
/// What an entry counts for at least, so that its number is bounded too: 16,384 of 256 MiB, an eighth of that of one network.
const LEAST: u64 = 16 << 10;
/// The longest head that is kept, without its cookies: those of the browser that comes back count.
const HEAD: u64 = 16 << 10;
/// What a field takes up beside its name and its value.
const FIELD: u64 = 128;
/// How long a body may stand still, and how long it may take in all.
const MOVES_WITHIN: Duration = Duration::from_secs(30);
const ARRIVES_WITHIN: Duration = Duration::from_secs(5 * 60);

/// A request that waits, with its whole body.
pub struct PostedRequest {
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
    /// Given back with it.
    _share: BudgetShare,
}

debug_by_name!(PostedRequest);

/// The bodies that wait.
#[derive(Debug)]
pub struct PostedRequests {
    clock: SharedClock,
    random: SharedRandom,
    budget: Arc<NetworkBudget>,
    arrives_within: Duration,
    held: Mutex<WaitingRequests>,
}

#[derive(Debug, Default)]
struct WaitingRequests {
    by_id: HashMap<String, PostedRequest>,
    /// When each ends, the soonest first; those that were taken stay until they would have ended.
    ends: VecDeque<(Duration, String)>,
}

impl PostedRequests {
    /// At most `most` bytes in all, bodies of at most `longest` each.
    pub fn new(clock: SharedClock, random: SharedRandom, most: u64, longest: u64) -> Self {
        Self {
            clock,
            random,
            budget: NetworkBudget::new(most, longest + HEAD),
            arrives_within: ARRIVES_WITHIN,
            held: Mutex::default(),
        }
    }

    /// Whether a request may be held: posted by a page of the app itself.
    pub fn may(headers: &HeaderMap, own: &str) -> bool {
        origin::is_own(headers, own)
    }

    /// Keeps a request, with a body of at most `longest` bytes, which it reads; its id.
    ///
    /// # Errors
    /// [`PostNotKept`]: the bound is reached, or the body is too large, too slow, or breaks off.
    pub(super) async fn keep(
        &self,
        origin: BodyOrigin,
        request: &Parts,
        body: Body,
        longest: u64,
    ) -> Result<String, PostNotKept> {
        self.forget();
        let (uri, headers, head) = compact(request).ok_or(PostNotKept::TooLarge)?;
        let app = origin.app.clone().ok_or(PostNotKept::Foreign)?;
        let from = Some(ClientAddress::new(origin.remote_ip));
        let mut share = self.budget.reserve(from, LEAST.max(head)).ok_or(PostNotKept::Full)?;
        let arriving = gather(body.watched(MOVES_WITHIN).with_least_pace().of(origin), head, longest, &mut share);
        let body = tokio::time::timeout(self.arrives_within, arriving).await.map_err(|_elapsed| PostNotKept::TooLarge)??;
        let id = base64url(&self.random.token());
        let ends = self.clock.monotonic() + WAITS;
        let held = PostedRequest { app, method: request.method.clone(), uri, headers, body, ends, _share: share };
        let mut waiting = self.held.lock();
        waiting.by_id.insert(id.clone(), held);
        waiting.ends.push_back((ends, id.clone()));
        Ok(id)
    }

    /// Takes a request that was for `app` and this target; one caller gets it.
    pub fn take(&self, id: &str, app: &str, path_and_query: &str) -> Option<PostedRequest> {
        let now = self.clock.monotonic();
        let mut waiting = self.held.lock();
        let fits = waiting.by_id.get(id).is_some_and(|one| {
            *one.app == *app && one.ends > now && one.uri.path_and_query().is_some_and(|target| target == path_and_query)
        });
        if fits { waiting.by_id.remove(id) } else { None }
    }

    /// Bytes that are reserved, of bodies that wait and of those under way.
    pub fn reserved(&self) -> u64 {
        self.budget.used()
    }

    /// Forgets what waited too long.
    pub fn forget(&self) {
        let now = self.clock.monotonic();
        let mut waiting = self.held.lock();
        while let Some((_, id)) = waiting.ends.pop_front_if(|(ends, _)| *ends <= now) {
            waiting.by_id.remove(&id);
        }
    }
}

/// The head as it is kept, and what it counts for: each value in memory of its own, since as they came all of them hold the
/// whole buffer that the connection was read into. `None` if it is too long.
fn compact(request: &Parts) -> Option<(Uri, HeaderMap, u64)> {
    let uri = request.uri.to_string();
    let replaced = [header::COOKIE, header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::EXPECT];
    let mut headers = HeaderMap::new();
    let mut size = uri.len() as u64;
    for (name, value) in request.headers.iter().filter(|(name, _)| !replaced.contains(name)) {
        size += (name.as_str().len() + value.len()) as u64 + FIELD;
        if size > HEAD {
            return None;
        }
        let mut own = HeaderValue::from_bytes(value.as_bytes()).ok()?;
        own.set_sensitive(value.is_sensitive());
        headers.append(name.clone(), own);
    }
    Some((Uri::try_from(uri).ok()?, headers, size))
}

/// Reads a body of at most `longest` bytes into a share that holds `head` bytes of something else.
async fn gather(mut body: Body, head: u64, longest: u64, share: &mut BudgetShare) -> Result<Bytes, PostNotKept> {
    let mut gathered = Vec::new();
    if http_body::Body::size_hint(&body).lower() > longest {
        return Err(PostNotKept::TooLarge);
    }
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_broken| PostNotKept::TooLarge)?.into_data() else { continue };
        let length = gathered.len() + data.len();
        if length as u64 > longest {
            return Err(PostNotKept::TooLarge);
        }
        if length > gathered.capacity() {
            // As a vector grows, but never beyond what could come, and reserved before.
            let room = length.max((gathered.capacity() * 2).min(usize::try_from(longest).unwrap_or(usize::MAX)));
            let more = (head + room as u64).saturating_sub(share.bytes());
            if more > 0 && !share.grow(more) {
                return Err(PostNotKept::Full);
            }
            gathered.reserve_exact(room - gathered.len());
        }
        gathered.extend_from_slice(&data);
    }
    gathered.shrink_to_fit();
    share.shrink(share.bytes().saturating_sub(LEAST.max(head + gathered.len() as u64)));
    Ok(gathered.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{ManualClock, Timestamp};
    use crate::gateway::body::BodySide;
    use crate::random::OsRandom;

    const MIB: u64 = 1 << 20;

    fn hold(most: u64) -> (Arc<ManualClock>, PostedRequests) {
        let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(0)));
        (clock.clone(), PostedRequests::new(clock, Arc::new(OsRandom::new()), most, MIB))
    }

    fn head(fields: &[(&str, &str)]) -> Parts {
        let mut request = http::Request::post("/save?x=1");
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn origin(from: &str) -> BodyOrigin {
        BodyOrigin {
            side: BodySide::Request,
            remote_ip: from.parse().unwrap(),
            app: Some("wiki".into()),
            request_id: "id".into(),
            is_known: false,
        }
    }

    async fn keep(hold: &PostedRequests, from: &str, size: usize) -> Result<String, PostNotKept> {
        hold.keep(origin(from), &head(&[]), Body::full(vec![0; size]), MIB).await
    }

    #[tokio::test]
    async fn a_body_is_taken_once_by_its_own_app_and_page() {
        let (clock, hold) = hold(16 * MIB);
        let id = keep(&hold, "192.0.2.1", 60_000).await.unwrap();
        assert!(hold.take(&id, "other", "/save?x=1").is_none());
        assert!(hold.take(&id, "wiki", "/save").is_none());
        assert_eq!(hold.take(&id, "wiki", "/save?x=1").unwrap().body.len(), 60_000);
        assert!(hold.take(&id, "wiki", "/save?x=1").is_none());
        let id = keep(&hold, "192.0.2.1", 60).await.unwrap();
        clock.advance(WAITS);
        assert!(hold.take(&id, "wiki", "/save?x=1").is_none(), "it waited too long");
        assert!(keep(&hold, "192.0.2.1", 60).await.is_ok());
        assert_eq!(hold.reserved(), LEAST, "and its room is free again");
    }

    #[tokio::test]
    async fn empty_posts_are_bounded_in_number_for_each_network() {
        let (_, hold) = hold(16 * MIB);
        let mut kept = 0;
        while keep(&hold, "2001:db8::1", 0).await.is_ok() {
            kept += 1;
        }
        assert_eq!(kept, 2 * MIB / LEAST, "an eighth of the whole");
        assert_eq!(keep(&hold, "2001:db8::2", 0).await, Err(PostNotKept::Full), "the same /64");
        assert!(keep(&hold, "2001:db8:0:1::1", 0).await.is_ok(), "and of another network there is room");
    }

    #[tokio::test]
    async fn a_head_is_kept_in_memory_of_its_own_bounded_and_without_its_cookies() {
        let (_, hold) = hold(16 * MIB);
        let from = || origin("192.0.2.1");
        let long = "c".repeat(50_000);
        let id = hold.keep(from(), &head(&[("cookie", &long), ("x-own", "1")]), Body::empty(), MIB).await.unwrap();
        assert_eq!(hold.reserved(), LEAST);
        let held = hold.take(&id, "wiki", "/save?x=1").unwrap();
        assert_eq!((held.headers.len(), held.headers.get("x-own").unwrap().as_bytes()), (1, &b"1"[..]));
        drop(held);
        let refused = hold.keep(from(), &head(&[("x-own", &long)]), Body::empty(), MIB).await;
        assert_eq!((refused, hold.reserved()), (Err(PostNotKept::TooLarge), 0));
    }

    /// A body that sends so many bytes at once and then no more, and never ends.
    fn unending(bytes: usize) -> Body {
        let sent = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from(vec![0; bytes]))]);
        Body::portal(axum::body::Body::from_stream(futures_util::StreamExt::chain(sent, futures_util::stream::pending())))
    }

    #[tokio::test]
    async fn a_body_under_way_is_counted_as_it_comes() {
        let (_, hold) = hold(16 * MIB);
        let from = || origin("192.0.2.1");
        let parts = head(&[]);
        let size = 900_000;
        let mut under_way: Vec<_> = Vec::new();
        for _ in 0..3 {
            let mut one = Box::pin(hold.keep(from(), &parts, unending(size), MIB));
            let answered = futures_util::poll!(&mut one);
            if under_way.len() < 2 {
                assert!(answered.is_pending());
                under_way.push(one);
            } else {
                assert_eq!(answered, std::task::Poll::Ready(Err(PostNotKept::Full)));
            }
        }
        assert!(hold.reserved() >= 2 * size as u64);
        drop(under_way);
        assert_eq!(hold.reserved(), 0, "who leaves gives it back");
    }

    #[tokio::test]
    async fn a_body_that_does_not_end_is_given_up() {
        let (_, hold) = hold(16 * MIB);
        let hold = PostedRequests { arrives_within: Duration::from_millis(20), ..hold };
        let from = || origin("192.0.2.1");
        let kept = hold.keep(from(), &head(&[]), unending(10), MIB).await;
        assert_eq!((kept, hold.reserved()), (Err(PostNotKept::TooLarge), 0));
    }

    #[test]
    fn what_another_site_posts_is_not_held() {
        let mut headers = HeaderMap::new();
        assert!(!PostedRequests::may(&headers, "https://wiki.example.com"));
        headers.insert(header::ORIGIN, "https://evil.example".parse().unwrap());
        assert!(!PostedRequests::may(&headers, "https://wiki.example.com"));
        headers.insert(header::ORIGIN, "https://wiki.example.com".parse().unwrap());
        assert!(PostedRequests::may(&headers, "https://wiki.example.com"));
        // A page that sends no referrer has no origin to say; the browser still says that it is the app's own.
        headers.insert(header::ORIGIN, "null".parse().unwrap());
        assert!(!PostedRequests::may(&headers, "https://wiki.example.com"));
        headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
        assert!(!PostedRequests::may(&headers, "https://wiki.example.com"));
        headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
        assert!(PostedRequests::may(&headers, "https://wiki.example.com"));
    }
}
