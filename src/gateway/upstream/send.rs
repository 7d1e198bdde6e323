//! Sending one request to one address: over a connection that carries its person, an idle one, the shared HTTP/2 connection,
//! or a new one; and whether it may be sent again.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Response, Uri, Version};
use http_body::Body as _;
use hyper::client::conn::http2;

use super::address::{Address, UpstreamScheme};
use super::http1::{
    AnswerBody, AnswerFraming, AnswerSource, ExchangeFault, HeadReceived, SwitchedStream, Upload, UpstreamConnection, exchange,
};
use super::lease::{Lease, Next, millis};
use super::multiplexed::{NewConnection, SharedConnection};
use super::pinned::{self, ConnectionOwner};
use super::request_head::{FieldSink, RequestHead};
use super::{UpstreamError, Upstreams};
use crate::gateway::body::{Body, UploadProgress};

/// How long a request may still be sent whose answer is complete.
const SENT_ON_WITHIN: Duration = Duration::from_secs(30);

/// Marks a request that is sent at most once: never again on another connection, and not on an idle one, which the upstream
/// may close at the same moment.
#[derive(Clone, Copy, Debug)]
pub(in crate::gateway) struct SendOnce;

/// A request for an upstream.
#[derive(Debug)]
pub(in crate::gateway) struct OutgoingRequest<'a, H> {
    pub(in crate::gateway) head: &'a H,
    pub(in crate::gateway) body: Body,
    /// What [`SendOnce`] says.
    pub(in crate::gateway) once: bool,
}

impl<H: RequestHead> OutgoingRequest<'_, H> {
    /// Whether doing it twice is doing it once.
    pub(super) fn may_be_repeated(&self) -> bool {
        self.head.method().is_idempotent() && self.body.is_end_stream()
    }
}

/// An answer: the client's, or the begin of a tunnel.
#[derive(Debug)]
pub(in crate::gateway) enum UpstreamAnswer {
    /// The response; its body streams.
    Response(Response<Body>),
    /// A switch of protocols (101), and the connection.
    Switched(Response<()>, SwitchedStream),
}

/// A connection that a request goes over.
pub(super) struct InUse<'a> {
    pub(super) address: &'a Arc<Address<Body>>,
    pub(super) connection: UpstreamConnection,
    pub(super) owner: ConnectionOwner<'a>,
    /// Whether it was kept for this very client.
    pub(super) is_own: bool,
}

impl Upstreams {
    pub(super) async fn send_to<H: RequestHead>(
        &self,
        address: &Arc<Address<Body>>,
        request: &mut OutgoingRequest<'_, H>,
        patience: AnswerPatience<'_>,
        owner: ConnectionOwner<'_>,
    ) -> Sent {
        if request.head.signs_in() {
            // Over a connection that nobody used before. Where the upstream knows nothing but HTTP/2 it is for this request
            // alone.
            let connected = self.connected_alone(address).await;
            return self.send_over(address, connected, request, patience, owner).await;
        }
        // A kept connection that died meanwhile takes nothing of the request, or ends without a word where its end and
        // our request crossed: once more, on a fresh one (RFC 9110 §9.2.2).
        let again = request.may_be_repeated();
        while !request.once
            && let Some(connection) = address.pool.take(millis(&self.clock))
        {
            let over = InUse { address, connection, owner, is_own: false };
            match self.send_h1(over, request, patience).await {
                Sent::Not { .. } => {}
                Sent::Lost(_) if again => break,
                done => return done,
            }
        }
        let switches = request.head.switches();
        let shared = address.multiplexed.get().filter(|_| !switches || address.scheme == UpstreamScheme::H2c);
        if let Some(SharedConnection { sender, opened_by }) = shared {
            match self.send_h2(address, sender, request, patience).await {
                Sent::Not { .. } => address.multiplexed.forget(opened_by),
                done => return done,
            }
        }
        let connected = self.connected(address, switches).await;
        self.send_over(address, connected, request, patience, owner).await
    }

    /// Sends a request over a connection that nobody used before.
    async fn send_over<H: RequestHead>(
        &self,
        address: &Arc<Address<Body>>,
        connected: Result<NewConnection<Body>, String>,
        request: &mut OutgoingRequest<'_, H>,
        patience: AnswerPatience<'_>,
        owner: ConnectionOwner<'_>,
    ) -> Sent {
        match connected {
            Ok(NewConnection::H1(connection)) => {
                self.send_h1(InUse { address, connection, owner, is_own: false }, request, patience).await
            }
            Ok(NewConnection::H2(sender)) => self.send_h2(address, sender, request, patience).await,
            Err(because) => Sent::Not { because },
        }
    }

    pub(super) async fn send_h1<H: RequestHead>(
        &self,
        over: InUse<'_>,
        request: &mut OutgoingRequest<'_, H>,
        patience: AnswerPatience<'_>,
    ) -> Sent {
        let InUse { address, mut connection, owner, is_own } = over;
        let exchanged = exchange(&mut connection, request.head, &address.host_field, &mut request.body);
        let received = match patience.wait(exchanged).await {
            None => return Sent::Failed(self.late(patience)),
            Some(Ok(received)) => received,
            Some(Err(ExchangeFault::Unsent(error))) => return Sent::Not { because: format!("the connection broke: {error}") },
            Some(Err(ExchangeFault::Body)) => return Sent::Failed(UpstreamError::ClientBody),
            Some(Err(ExchangeFault::Answer(fault))) => {
                let (is_lost, error) = (fault.is_loss(), self.broken(fault.to_string(), patience));
                return if is_lost { Sent::Lost(error) } else { Sent::Failed(error) };
            }
        };
        let HeadReceived { head, mut rest, upload } = received;
        if head.framing == AnswerFraming::Switched {
            return Sent::Answered(UpstreamAnswer::Switched(head.response, connection.switched(rest)));
        }
        let lease = head.keeps.then(|| {
            let carries = is_own || request.head.signs_in() || pinned::asks(head.response.headers());
            let next = if carries { Next::Pin(owner.place()) } else { Next::Pool };
            Lease { pool: Arc::clone(&address.pool), clock: Arc::clone(&self.clock), next }
        });
        let source = match upload {
            None => AnswerSource::Whole(connection, lease),
            Some(upload) => self.send_on(connection, upload, std::mem::replace(&mut request.body, Body::empty())),
        };
        let body = match whole(head.framing, &rest) {
            // It came whole with its head, as most do.
            Some(length) => {
                source.end(length == rest.len());
                rest.truncate(length);
                Body::full(rest)
            }
            None => Body::answered(AnswerBody::new(head.framing, rest, source)),
        };
        Sent::Answered(UpstreamAnswer::Response(head.response.map(|()| body)))
    }

    /// Goes on sending a request whose answer began: for as long as the answer lasts, and a little longer.
    fn send_on(&self, connection: UpstreamConnection, upload: Upload, body: Body) -> AnswerSource {
        let (half, rest) = tokio::io::split(connection.stream);
        let (end, ended) = tokio::sync::oneshot::channel();
        self.tasks.spawn(async move {
            let mut sending = std::pin::pin!(upload.finish(rest, body));
            tokio::select! {
                () = &mut sending => {}
                ended = ended => if ended.is_ok() {
                    let _whole_or_cut = tokio::time::timeout(SENT_ON_WITHIN, sending).await;
                }
            }
        });
        AnswerSource::Half(half, end)
    }

    async fn send_h2<H: RequestHead>(
        &self,
        address: &Address<Body>,
        mut sender: http2::SendRequest<Body>,
        request: &mut OutgoingRequest<'_, H>,
        patience: AnswerPatience<'_>,
    ) -> Sent {
        if let Err(error) = sender.ready().await {
            return Sent::Not { because: error.to_string() };
        }
        let whole = over_h2(request, address);
        match patience.wait(sender.try_send_request(whole)).await {
            None => Sent::Failed(self.late(patience)),
            Some(Err(mut error)) => match error.take_message() {
                Some(unsent) => {
                    request.body = unsent.into_body();
                    Sent::Not { because: "the connection was closed".to_owned() }
                }
                None => {
                    let error = error.into_error();
                    // Our own side of the exchange failed: the body that the client sends.
                    let is_body = error.is_user();
                    Sent::Failed(if is_body { UpstreamError::ClientBody } else { self.broken(with_causes(&error), patience) })
                }
            },
            Some(Ok(response)) => {
                Sent::Answered(UpstreamAnswer::Response(response.map(|body| Body::streamed(body).with_trailers())))
            }
        }
    }

    fn late(&self, patience: AnswerPatience<'_>) -> UpstreamError {
        UpstreamError::TimedOut { app: Arc::clone(&self.app), within: patience.within }
    }

    fn broken(&self, reason: String, patience: AnswerPatience<'_>) -> UpstreamError {
        if patience.progress.is_some_and(UploadProgress::is_broken) {
            return UpstreamError::ClientBody;
        }
        UpstreamError::Broken { app: Arc::clone(&self.app), reason }
    }
}

/// How long a body is that came whole with its head.
fn whole(framing: AnswerFraming, rest: &Bytes) -> Option<usize> {
    match framing {
        AnswerFraming::Nothing => Some(0),
        AnswerFraming::Length(length) => usize::try_from(length).ok().filter(|length| *length <= rest.len()),
        AnswerFraming::Chunks | AnswerFraming::ToTheEnd | AnswerFraming::Switched => None,
    }
}

pub(super) enum Sent {
    /// The response's head is here.
    Answered(UpstreamAnswer),
    /// Nothing was sent; the request is whole.
    Not { because: String },
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

/// The request over HTTP/2, which names scheme and authority in the target and knows no connection fields (RFC 9113 §8.2.2).
/// Its body is taken.
fn over_h2<H: RequestHead>(request: &mut OutgoingRequest<'_, H>, address: &Address<Body>) -> Request<Body> {
    let head = request.head;
    let mut headers = GatheredFields(HeaderMap::new());
    head.fields(&address.host_field, &mut headers);
    let mut headers = headers.0;
    let body = std::mem::replace(&mut request.body, Body::empty());
    let has_payload = !matches!(*head.method(), Method::GET | Method::HEAD);
    match body.size_hint().exact() {
        Some(0) if !(has_payload && head.says_empty()) => {}
        Some(length) => drop(headers.insert(CONTENT_LENGTH, HeaderValue::from(length))),
        None => {}
    }
    let authority = headers.remove(HOST);
    let authority = authority.as_ref().and_then(|host| host.to_str().ok()).unwrap_or(&address.authority).to_owned();
    let scheme = if address.scheme == UpstreamScheme::Https { "https" } else { "http" };
    let mut whole = Request::new(body);
    if let Ok(uri) = Uri::builder().scheme(scheme).authority(authority).path_and_query(head.target()).build() {
        *whole.uri_mut() = uri;
    }
    *whole.method_mut() = head.method().clone();
    *whole.version_mut() = Version::HTTP_2;
    *whole.headers_mut() = headers;
    whole
}

struct GatheredFields(HeaderMap);

impl FieldSink for GatheredFields {
    fn field(&mut self, name: &HeaderName, value: &HeaderValue) {
        self.0.append(name.clone(), value.clone());
    }

    fn parts(&mut self, name: &HeaderName, parts: &[&[u8]]) {
        if let Ok(value) = HeaderValue::from_maybe_shared(Bytes::from(parts.concat())) {
            self.0.append(name.clone(), value);
        }
    }
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
