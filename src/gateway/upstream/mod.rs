//! The upstreams of one app: addresses, pooled connections, passive health, and retries of what is safe to retry.
//! An address that fails rests for a growing while; a request goes to the next one as long as nothing of it was sent.
//! Invariant: a connection goes back to its pool only after its answer was read to the end (T18), and never if it carries a
//! person (see `pinned`).

mod address;
mod dial;
pub mod http1;
mod lease;
mod multiplexed;
pub mod pinned;
mod pool;
pub(super) mod request_head;
mod send;
#[cfg(test)]
mod tests;
mod tls;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio_util::task::TaskTracker;

use self::address::{Address, UpstreamScheme};
use self::lease::millis;
use self::pinned::{ConnectionOwner, PinnedConnection};
use self::request_head::RequestHead;
use self::send::{AnswerPatience, InUse, Sent};
pub(super) use self::send::{OutgoingRequest, SendOnce, UpstreamAnswer};
use self::tls::UpstreamConnectors;
use super::body::Body;
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
    /// The connection broke off before an answer came, or the answer is not HTTP.
    #[error("read a response of {app}: {reason}")]
    Broken {
        /// The app.
        app: Arc<str>,
        /// The reason.
        reason: String,
    },
    /// It did not begin its answer in time.
    #[error("wait for {app}: its response did not begin within {within:?}")]
    TimedOut {
        /// The app.
        app: Arc<str>,
        /// The time allowed.
        within: Duration,
    },
    /// The request signs in the connection that it is sent over, which over HTTP/2 is not its own.
    #[error("authenticate a connection to an upstream: HTTP/2 shares upstream connections between clients; use HTTP/1.1")]
    Http11Required,
    /// The client's own body broke off or was malformed; the upstream is not to blame.
    #[error("read the request's body")]
    ClientBody,
}

/// The upstreams of one app.
pub struct Upstreams {
    app: Arc<str>,
    addresses: Box<[Arc<Address<Body>>]>,
    next: AtomicUsize,
    tls: Option<UpstreamConnectors>,
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
        let tls = if addresses.iter().any(|address| address.scheme == UpstreamScheme::Https) {
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
    pub(super) async fn send<H: RequestHead>(
        &self,
        mut request: OutgoingRequest<'_, H>,
        within: Duration,
        owner: ConnectionOwner<'_>,
    ) -> Result<UpstreamAnswer, UpstreamError> {
        let mut reason = String::from("it has no upstream");
        let progress = request.body.followed();
        let patience = AnswerPatience { within, progress: progress.as_deref() };
        if let Some(PinnedConnection { of, mut connection }) = owner.take()
            && let Some(address) = self.addresses.iter().find(|address| Arc::ptr_eq(&address.pool, &of))
            // It was closed meanwhile: to the upstream the client is now unknown, and signs in again.
            && connection.is_quiet()
        {
            let again = request.may_be_repeated();
            let over = InUse { address, connection, owner, is_own: true };
            match self.send_h1(over, &mut request, patience).await {
                Sent::Answered(answer) => return Ok(answer),
                Sent::Lost(_) if again => {}
                Sent::Not { .. } => {}
                Sent::Failed(error) | Sent::Lost(error) => return Err(error),
            }
        }
        for address in self.in_order() {
            match self.send_to(address, &mut request, patience, owner).await {
                Sent::Answered(answer) => {
                    address.well();
                    return Ok(answer);
                }
                Sent::Failed(error) | Sent::Lost(error) => {
                    if !matches!(error, UpstreamError::ClientBody | UpstreamError::TimedOut { .. }) {
                        address.failed(millis(&self.clock));
                    }
                    return Err(error);
                }
                Sent::Not { because } => {
                    // One line until it has rested, for any number of requests.
                    if address.failed(millis(&self.clock)) {
                        tracing::warn!(app = %self.app, upstream = %address.authority, reason = %because, "upstream_unreachable");
                    }
                    reason = because;
                }
            }
        }
        Err(UpstreamError::Unreachable { app: Arc::clone(&self.app), reason })
    }

    /// Closes idle connections that were not used for a while, or that their upstream closed.
    pub fn tidy(&self) {
        for address in &self.addresses {
            address.pool.tidy(millis(&self.clock));
        }
    }

    /// The addresses to try: round robin, those at rest last.
    fn in_order(&self) -> impl Iterator<Item = &Arc<Address<Body>>> {
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

    /// An answer that no upstream may give.
    pub(super) fn nonsense(&self, reason: &str) -> UpstreamError {
        UpstreamError::Broken { app: Arc::clone(&self.app), reason: reason.to_owned() }
    }
}
