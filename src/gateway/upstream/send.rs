//! Sending one request to one address: over a connection that carries its person, an idle one, the shared HTTP/2 connection,
//! or a new one; and whether it may be sent again.

use std::io;
use std::sync::Arc;
use std::thread::{self, ThreadId};
use std::time::Duration;

use http::{Request, Response, Uri, Version};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};

use super::address::{Address, UpstreamScheme};
use super::lease::{Lease, Next, millis};
use super::multiplexed::{NewConnection, SharedConnection};
use super::pinned::{self, ConnectionOwner};
use super::{UpstreamError, Upstreams};
use crate::gateway::body::{Body, UploadProgress};

/// Marks a request that is sent at most once: never again on another connection, and not on an idle one, which the upstream
/// may close at the same moment.
#[derive(Clone, Copy, Debug)]
pub(in crate::gateway) struct SendOnce;

/// A connection that a request goes over.
pub(super) struct InUse<'a> {
    pub(super) address: &'a Arc<Address<Body>>,
    pub(super) sender: http1::SendRequest<Body>,
    pub(super) home: ThreadId,
    pub(super) owner: ConnectionOwner<'a, Body>,
    /// Whether it was kept for this very client.
    pub(super) is_own: bool,
}

impl Upstreams {
    pub(super) async fn send_to(
        &self,
        address: &Arc<Address<Body>>,
        mut request: Request<Body>,
        keep_host: bool,
        patience: AnswerPatience<'_>,
        owner: ConnectionOwner<'_, Body>,
    ) -> Sent {
        name_host(&mut request, address, keep_host);
        if pinned::signs_in(request.headers()) {
            return self.send_alone(address, request, patience, owner).await;
        }
        let switches = request.headers().contains_key(http::header::UPGRADE);
        // A kept connection that died meanwhile gives the request back unsent, or ends without a word where its end and
        // our request crossed: once more, on a fresh one (RFC 9110 §9.2.2).
        let once = request.extensions().get::<SendOnce>().is_some();
        while !once && let Some(idle) = address.pool.take(millis(&self.clock)) {
            let again = repeated(&request);
            let over = InUse { address, sender: idle.sender, home: idle.home, owner, is_own: false };
            match (self.send_h1(over, request, patience).await, again) {
                (Sent::Not { request: unsent, .. }, _) => request = *unsent,
                (Sent::Lost(_), Some(again)) => {
                    request = again;
                    break;
                }
                (done, _) => return done,
            }
        }
        let shared = address.multiplexed.get().filter(|_| !switches || address.scheme == UpstreamScheme::H2c);
        if let Some(SharedConnection { sender, opened_by }) = shared {
            match self.send_h2(address, sender, request, patience).await {
                Sent::Not { request: unsent, .. } => {
                    address.multiplexed.forget(opened_by);
                    request = *unsent;
                }
                done => return done,
            }
        }
        match self.connected(address, switches).await {
            Ok(NewConnection::H1(sender)) => {
                let over = InUse { address, sender, home: thread::current().id(), owner, is_own: false };
                self.send_h1(over, request, patience).await
            }
            Ok(NewConnection::H2(sender)) => self.send_h2(address, sender, request, patience).await,
            Err(because) => Sent::Not { request: Box::new(request), because },
        }
    }

    /// Sends a request that signs in its connection: over a connection that nobody used before. Where the upstream knows
    /// nothing but HTTP/2 it is for this request alone.
    async fn send_alone(
        &self,
        address: &Arc<Address<Body>>,
        request: Request<Body>,
        patience: AnswerPatience<'_>,
        owner: ConnectionOwner<'_, Body>,
    ) -> Sent {
        match self.connected_alone(address).await {
            Ok(NewConnection::H1(sender)) => {
                let over = InUse { address, sender, home: thread::current().id(), owner, is_own: false };
                self.send_h1(over, request, patience).await
            }
            Ok(NewConnection::H2(sender)) => self.send_h2(address, sender, request, patience).await,
            Err(because) => Sent::Not { request: Box::new(request), because },
        }
    }

    pub(super) async fn send_h1(&self, over: InUse<'_>, mut request: Request<Body>, patience: AnswerPatience<'_>) -> Sent {
        let InUse { address, mut sender, home, owner, is_own } = over;
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
                let next = if carries { Next::Pin(owner.place()) } else { Next::Pool };
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
        address: &Address<Body>,
        mut sender: http2::SendRequest<Body>,
        mut request: Request<Body>,
        patience: AnswerPatience<'_>,
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

    fn late(&self, patience: AnswerPatience<'_>) -> UpstreamError {
        UpstreamError::TimedOut { app: Arc::clone(&self.app), within: patience.within }
    }

    fn broken(&self, error: &hyper::Error, patience: AnswerPatience<'_>) -> UpstreamError {
        if error.is_user() || patience.progress.is_some_and(UploadProgress::is_broken) {
            // Our own side of the exchange failed: the body that the client sends.
            return UpstreamError::ClientBody;
        }
        UpstreamError::Broken { app: Arc::clone(&self.app), reason: with_causes(error) }
    }
}

#[expect(clippy::large_enum_variant, reason = "it lives for one match; a box would be an allocation for each request")]
pub(super) enum Sent {
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
pub(super) struct AnswerPatience<'a> {
    pub(super) within: Duration,
    pub(super) progress: Option<&'a UploadProgress>,
}

impl AnswerPatience<'_> {
    /// Waits; `None` when neither an answer came nor the request's body moved.
    async fn wait<T>(self, answer: impl Future<Output = T>) -> Option<T> {
        let mut answer = std::pin::pin!(answer);
        let mut moved = None;
        loop {
            if let Ok(answer) = tokio::time::timeout(self.within, &mut answer).await {
                return Some(answer);
            }
            let now = self.progress.map(UploadProgress::frames);
            if now == moved || now == Some(0) {
                return None;
            }
            moved = now;
        }
    }
}

/// The same request once more, where doing it twice is doing it once.
pub(super) fn repeated(request: &Request<Body>) -> Option<Request<Body>> {
    if !request.method().is_idempotent() || !http_body::Body::is_end_stream(request.body()) {
        return None;
    }
    let mut again = Request::new(Body::empty());
    *again.method_mut() = request.method().clone();
    *again.uri_mut() = request.uri().clone();
    *again.headers_mut() = request.headers().clone();
    Some(again)
}

/// Whether the connection ended before a byte of an answer came, in contrast to an answer that cannot be parsed.
fn was_closed(error: &hyper::Error) -> bool {
    error.is_incomplete_message()
        || error.is_closed()
        || std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<io::Error>()).is_some_and(|cause| {
            matches!(cause.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionAborted)
        })
}

pub(super) fn name_host(request: &mut Request<Body>, address: &Address<Body>, keep_host: bool) {
    if !keep_host && let Ok(host) = http::HeaderValue::from_str(&address.authority) {
        request.headers_mut().insert(http::header::HOST, host);
    }
}

/// HTTP/2 names scheme and authority in the target and knows no connection fields (RFC 9113 §8.2.2).
fn to_h2(request: &mut Request<Body>, address: &Address<Body>) {
    let authority = request.headers_mut().remove(http::header::HOST);
    let authority = authority.as_ref().and_then(|host| host.to_str().ok()).unwrap_or(&address.authority).to_owned();
    let scheme = if address.scheme == UpstreamScheme::Https { "https" } else { "http" };
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
