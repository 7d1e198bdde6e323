//! The upstreams of one app: addresses, pooled connections, passive health, and retries of what is safe to retry.
//! An address that fails rests for a growing while; a request goes to the next one as long as nothing of it was sent.
//! Invariant: a connection goes back to its pool only after its answer was read to the end (T18), and never if it carries a
//! person (see `pinned`).

mod address;
mod dial;
mod pool;
mod tls;

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use http::{Request, Response, Uri, Version};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use tokio_util::task::TaskTracker;

use self::address::{Address, Scheme};
use self::dial::Fresh;
use self::pool::Next;
pub(super) use self::pool::{Kept, Lease};
use self::tls::Tls;
use super::body::{Body, Progress};
use super::pinned::{self, Owner};
use crate::clock::SharedClock;
use crate::config::diagnose::Complaint;
use crate::config::schema::AppSection;

/// Why no upstream answered.
#[derive(Debug, thiserror::Error)]
pub enum UpstreamError {
    /// No address of the app could be connected to.
    #[error("connect to an upstream of {app}: {reason}")]
    Unreachable {
        /// The app.
        app: Arc<str>,
        /// What the last address said.
        reason: String,
    },
    /// It was connected to, and broke off before it answered, or answered what is no HTTP.
    #[error("read an answer of {app}: {reason}")]
    Broken {
        /// The app.
        app: Arc<str>,
        /// The reason.
        reason: String,
    },
    /// It did not begin its answer in time.
    #[error("wait for {app}: it did not begin its answer within {within:?}")]
    TimedOut {
        /// The app.
        app: Arc<str>,
        /// The time allowed.
        within: Duration,
    },
    /// The request signs in the connection that it is sent over, which over HTTP/2 is not its own.
    #[error("sign in a connection to an upstream: over HTTP/2 none is the client's own; come by HTTP/1.1")]
    Http11Required,
    /// The client's own body broke off or was malformed; the upstream is not to blame.
    #[error("read the request's body")]
    ClientBody,
}

/// Marks a request that is sent once, whatever it is: not again on another connection, and not on one that was kept, whose
/// end might cross with it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Once;

/// A connection that a request goes over.
struct Over<'a> {
    address: &'a Arc<Address>,
    sender: http1::SendRequest<Body>,
    home: ThreadId,
    owner: Owner<'a>,
    /// Whether it was kept for this very client.
    is_own: bool,
}

/// The upstreams of one app.
pub struct Upstreams {
    app: Arc<str>,
    addresses: Box<[Arc<Address>]>,
    next: AtomicUsize,
    tls: Option<Tls>,
    connect_within: Duration,
    clock: SharedClock,
    tasks: TaskTracker,
}

impl fmt::Debug for Upstreams {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let authorities: Vec<_> = self.addresses.iter().map(|address| &address.authority).collect();
        write!(out, "Upstreams({} at {authorities:?})", self.app)
    }
}

fn millis(clock: &SharedClock) -> u64 {
    u64::try_from(clock.monotonic().as_millis()).unwrap_or(u64::MAX)
}

impl Upstreams {
    /// The upstreams that `app` (the place-th of the config) names.
    ///
    /// # Errors
    /// A complaint for each address or file that cannot be used.
    pub fn load(
        app: &AppSection,
        place: usize,
        connect_within: Duration,
        clock: SharedClock,
        tasks: TaskTracker,
    ) -> Result<Self, Vec<Complaint>> {
        let mut complaints = Vec::new();
        let mut addresses = Vec::new();
        for (number, text) in app.upstream.iter().enumerate() {
            match Address::parse(text) {
                Ok(address) => addresses.push(Arc::new(address)),
                Err(message) => complaints.push(
                    Complaint::new(format!("app[{place}].upstream[{number}]"), message)
                        .help("write http://host:port, https://host:port or h2c://host:port"),
                ),
            }
        }
        let tls = if addresses.iter().any(|address| address.scheme == Scheme::Https) {
            match tls::connector(&app.upstream_tls, place) {
                Ok(tls) => Some(tls),
                Err(complaint) => {
                    complaints.push(complaint);
                    None
                }
            }
        } else {
            None
        };
        if !complaints.is_empty() {
            return Err(complaints);
        }
        Ok(Self {
            app: app.name.as_str().into(),
            addresses: addresses.into(),
            next: AtomicUsize::new(0),
            tls,
            connect_within,
            clock,
            tasks,
        })
    }

    /// Sends a request and answers with the head of the response; its body streams. Tries the next address while
    /// nothing was sent, and once more on a fresh connection where a kept one turns out to be dead. The answer must begin
    /// `within` this time (at most twice of it) from when the request's own body last moved. Where its upstream connection
    /// comes to carry a person, it is `owner`'s from then on.
    ///
    /// # Errors
    /// [`UpstreamError`].
    pub async fn send(
        &self,
        mut request: Request<Body>,
        keep_host: bool,
        within: Duration,
        owner: Owner<'_>,
    ) -> Result<Response<Body>, UpstreamError> {
        let mut reason = String::from("it has no upstream");
        let progress = request.body_mut().followed();
        let patience = Patience { within, progress: progress.as_deref() };
        let own = owner.take().filter(|own| self.addresses.iter().any(|address| Arc::ptr_eq(address, &own.address)));
        if let Some(Kept { address, sender, home }) = own {
            let again = repeated(&request);
            name_host(&mut request, &address, keep_host);
            let over = Over { address: &address, sender, home, owner, is_own: true };
            request = match (self.send_h1(over, request, patience).await, again) {
                (Sent::Answered(response), _) => return Ok(response),
                // It was closed meanwhile: from here on whoever asks is nobody to the upstream, and signs in again.
                (Sent::Not { request, .. }, _) => *request,
                (Sent::Lost(_), Some(again)) => again,
                (Sent::Failed(error) | Sent::Lost(error), _) => return Err(error),
            };
        }
        for address in self.in_order() {
            request = match self.send_to(address, request, keep_host, patience, owner).await {
                Sent::Answered(response) => {
                    address.well();
                    return Ok(response);
                }
                Sent::Failed(error) | Sent::Lost(error) => {
                    if !matches!(error, UpstreamError::ClientBody | UpstreamError::TimedOut { .. }) {
                        address.failed(millis(&self.clock));
                    }
                    return Err(error);
                }
                Sent::Not { request, because } => {
                    // Once until it has rested, however many ask in the meantime.
                    if address.failed(millis(&self.clock)) {
                        tracing::warn!(app = %self.app, upstream = %address.authority, reason = %because, "upstream_unreachable");
                    }
                    reason = because;
                    *request
                }
            };
        }
        Err(UpstreamError::Unreachable { app: Arc::clone(&self.app), reason })
    }

    /// The addresses to try: round robin, those at rest last.
    fn in_order(&self) -> impl Iterator<Item = &Arc<Address>> {
        let count = self.addresses.len();
        let start = if count > 1 { self.next.fetch_add(1, Ordering::Relaxed) % count } else { 0 };
        let now = if count > 1 { millis(&self.clock) } else { 0 };
        let turned = move |at_rest: bool| {
            (0..count)
                .filter_map(move |step| self.addresses.get((start + step) % count))
                .filter(move |address| count == 1 || (address.rests_until.load(Ordering::Relaxed) > now) == at_rest)
        };
        let only = count == 1;
        turned(false).chain(turned(true).filter(move |_| !only))
    }

    async fn send_to(
        &self,
        address: &Arc<Address>,
        mut request: Request<Body>,
        keep_host: bool,
        patience: Patience<'_>,
        owner: Owner<'_>,
    ) -> Sent {
        name_host(&mut request, address, keep_host);
        if pinned::signs_in(request.headers()) {
            return self.send_alone(address, request, patience, owner).await;
        }
        let switches = request.headers().contains_key(http::header::UPGRADE);
        // A kept connection that died meanwhile gives the request back unsent, or ends without a word where its end and
        // our request crossed: once more, on a fresh one (RFC 9110 §9.2.2).
        let once = request.extensions().get::<Once>().is_some();
        while !once && let Some(idle) = address.kept(millis(&self.clock)) {
            let again = repeated(&request);
            let over = Over { address, sender: idle.sender, home: idle.home, owner, is_own: false };
            match (self.send_h1(over, request, patience).await, again) {
                (Sent::Not { request: unsent, .. }, _) => request = *unsent,
                (Sent::Lost(_), Some(again)) => {
                    request = again;
                    break;
                }
                (done, _) => return done,
            }
        }
        let shared =
            address.multiplexed.lock().unwrap_or_else(PoisonError::into_inner).clone().filter(|sender| !sender.is_closed());
        if let Some(sender) = shared.filter(|_| !switches || address.scheme == Scheme::H2c) {
            match self.send_h2(address, sender, request, patience).await {
                Sent::Not { request: unsent, .. } => request = *unsent,
                done => return done,
            }
        }
        match self.connected(address, switches).await {
            Ok(Fresh::H1(sender)) => {
                let over = Over { address, sender, home: thread::current().id(), owner, is_own: false };
                self.send_h1(over, request, patience).await
            }
            Ok(Fresh::H2(sender)) => {
                *address.multiplexed.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender.clone());
                self.send_h2(address, sender, request, patience).await
            }
            Err(because) => Sent::Not { request: Box::new(request), because },
        }
    }

    /// Sends a request that signs in its connection: over a connection that nobody used before. Where the upstream knows
    /// nothing but HTTP/2 it is for this request alone.
    async fn send_alone(&self, address: &Arc<Address>, request: Request<Body>, patience: Patience<'_>, owner: Owner<'_>) -> Sent {
        match self.connected(address, true).await {
            Ok(Fresh::H1(sender)) => {
                let over = Over { address, sender, home: thread::current().id(), owner, is_own: false };
                self.send_h1(over, request, patience).await
            }
            Ok(Fresh::H2(sender)) => self.send_h2(address, sender, request, patience).await,
            Err(because) => Sent::Not { request: Box::new(request), because },
        }
    }

    async fn send_h1(&self, over: Over<'_>, mut request: Request<Body>, patience: Patience<'_>) -> Sent {
        let Over { address, mut sender, home, owner, is_own } = over;
        if let Err(error) = sender.ready().await {
            return Sent::Not { request: Box::new(request), because: error.to_string() };
        }
        let signs_in = pinned::signs_in(request.headers());
        *request.version_mut() = Version::HTTP_11;
        match patience.wait(sender.try_send_request(request)).await {
            None => Sent::Failed(self.late(patience)),
            Some(Err(mut error)) => match error.take_message() {
                Some(request) => Sent::Not { request: Box::new(request), because: "the connection was closed".to_owned() },
                None => {
                    let error = error.into_error();
                    if was_closed(&error) {
                        Sent::Lost(self.broken(&error, patience))
                    } else {
                        Sent::Failed(self.broken(&error, patience))
                    }
                }
            },
            Some(Ok(response)) => {
                let carries = signs_in || is_own || pinned::asks(response.headers());
                let next = if carries { Next::Pin(owner.home()) } else { Next::Pool };
                let (address, clock) = (Arc::clone(address), Arc::clone(&self.clock));
                let lease = Lease { address, sender: Some(sender), home, clock, next };
                if response.status() == http::StatusCode::SWITCHING_PROTOCOLS {
                    return Sent::Answered(response.map(Body::streamed));
                }
                Sent::Answered(response.map(|body: Incoming| Body::streamed(body).with_trailers().leased(lease)))
            }
        }
    }

    async fn send_h2(
        &self,
        address: &Address,
        mut sender: http2::SendRequest<Body>,
        mut request: Request<Body>,
        patience: Patience<'_>,
    ) -> Sent {
        if let Err(error) = sender.ready().await {
            return Sent::Not { request: Box::new(request), because: error.to_string() };
        }
        to_h2(&mut request, address);
        match patience.wait(sender.try_send_request(request)).await {
            None => Sent::Failed(self.late(patience)),
            Some(Err(mut error)) => match error.take_message() {
                Some(request) => Sent::Not { request: Box::new(request), because: "the connection was closed".to_owned() },
                None => Sent::Failed(self.broken(&error.into_error(), patience)),
            },
            Some(Ok(response)) => Sent::Answered(response.map(|body| Body::streamed(body).with_trailers())),
        }
    }

    /// An answer that no upstream may give.
    pub(super) fn nonsense(&self, reason: &str) -> UpstreamError {
        UpstreamError::Broken { app: Arc::clone(&self.app), reason: reason.to_owned() }
    }

    fn late(&self, patience: Patience<'_>) -> UpstreamError {
        UpstreamError::TimedOut { app: Arc::clone(&self.app), within: patience.within }
    }

    fn broken(&self, error: &hyper::Error, patience: Patience<'_>) -> UpstreamError {
        if error.is_user() || patience.progress.is_some_and(Progress::is_broken) {
            // Our own side of the exchange failed: the body that the client sends.
            return UpstreamError::ClientBody;
        }
        UpstreamError::Broken { app: Arc::clone(&self.app), reason: with_causes(error) }
    }
}

#[expect(clippy::large_enum_variant, reason = "it lives for one match; a box would be an allocation for each request")]
enum Sent {
    /// The response's head is here.
    Answered(Response<Body>),
    /// Nothing was sent; the request is whole.
    Not { request: Box<Request<Body>>, because: String },
    /// Something was sent: trying again might do it twice.
    Failed(UpstreamError),
    /// It was sent, and the connection ended without a word.
    Lost(UpstreamError),
}

/// How long an answer is waited for.
#[derive(Clone, Copy)]
struct Patience<'a> {
    within: Duration,
    progress: Option<&'a Progress>,
}

impl Patience<'_> {
    /// Waits; `None` when neither an answer came nor the request's body moved.
    async fn wait<T>(self, answer: impl Future<Output = T>) -> Option<T> {
        let mut answer = std::pin::pin!(answer);
        let mut moved = None;
        loop {
            if let Ok(answer) = tokio::time::timeout(self.within, &mut answer).await {
                return Some(answer);
            }
            let now = self.progress.map(Progress::frames);
            if now == moved || now == Some(0) {
                return None;
            }
            moved = now;
        }
    }
}

/// The same request once more, where doing it twice is doing it once.
fn repeated(request: &Request<Body>) -> Option<Request<Body>> {
    if !request.method().is_idempotent() || !http_body::Body::is_end_stream(request.body()) {
        return None;
    }
    let mut again = Request::new(Body::empty());
    *again.method_mut() = request.method().clone();
    *again.uri_mut() = request.uri().clone();
    *again.headers_mut() = request.headers().clone();
    Some(again)
}

/// Whether the connection ended before a byte of an answer came: hyper tells a parser's trouble apart.
fn was_closed(error: &hyper::Error) -> bool {
    error.is_incomplete_message()
        || error.is_closed()
        || std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<io::Error>()).is_some_and(|cause| {
            matches!(cause.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionAborted)
        })
}

fn name_host(request: &mut Request<Body>, address: &Address, keep_host: bool) {
    if !keep_host && let Ok(host) = http::HeaderValue::from_str(&address.authority) {
        request.headers_mut().insert(http::header::HOST, host);
    }
}

/// HTTP/2 names scheme and authority in the target and knows no connection fields (RFC 9113 §8.2.2).
fn to_h2(request: &mut Request<Body>, address: &Address) {
    let authority = request.headers_mut().remove(http::header::HOST);
    let authority = authority.as_ref().and_then(|host| host.to_str().ok()).unwrap_or(&address.authority).to_owned();
    let scheme = if address.scheme == Scheme::Https { "https" } else { "http" };
    let path = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned();
    if let Ok(uri) = Uri::builder().scheme(scheme).authority(authority).path_and_query(path).build() {
        *request.uri_mut() = uri;
    }
    *request.version_mut() = Version::HTTP_2;
}

fn with_causes(error: &hyper::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
