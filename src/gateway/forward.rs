//! The only way to an upstream. A request's head is written again from its parsed parts: hop-by-hop fields are removed first,
//! then every identity header of the client and every other field that apps believe only from a proxy; then our own fields are
//! set once. The body streams. An upgrade becomes a tunnel only after the upstream's own 101, and ends with the session that opened it.
//! Invariant: [`forward`] takes the chain's `Permit` by value; there is no other caller of `Upstreams::send`.

use std::sync::Arc;
use std::time::Duration;

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{Method, Request, Response, Version};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio_util::task::TaskTracker;

use super::body::{Body, BodyOrigin, BodySide};
use super::stream_end::StreamEnd;
use super::upstream::http1::SwitchedStream;
use super::upstream::request_head::{FieldSink, RequestHead};
use super::upstream::{OutgoingRequest, SendOnce, UpstreamAnswer, UpstreamError, Upstreams};
use crate::chain::Permit;
use crate::facts::client_address::ClientAddress;
use crate::facts::{cookies, device_session};
use crate::gateway::upstream::pinned;
use crate::gateway::upstream::pinned::ConnectionOwner;
use crate::identity::client_cert::{self, ClientCert};
use crate::identity::headers::{Names, Reserved, UpstreamIdentity};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_FORWARDED_PORT: HeaderName = HeaderName::from_static("x-forwarded-port");
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");

/// What is the same for every request of an app.
#[derive(Debug)]
pub struct Destination {
    /// Where it is.
    pub upstreams: Upstreams,
    /// The names of its identity headers.
    pub names: Names,
    /// The names no client may use.
    pub reserved: std::sync::Arc<Reserved>,
    /// Fields that reach this app although a proxy alone may say them.
    pub let_through: Box<[HeaderName]>,
    /// Host and port as browsers see them, from the config: a client's own spelling reaches nobody (T16).
    pub authority: HeaderValue,
    /// The same in a `Forwarded` field, with all that follows it.
    pub forwarded: Box<str>,
    /// Protocols that a connection may switch to.
    pub upgrades: Box<[HeaderValue]>,
    /// Whether the app gets its own Host, and not the upstream's.
    pub keep_host: bool,
    /// How long it may take to begin its answer.
    pub answer_within: Duration,
    /// How long a body may stand still.
    pub idle: Duration,
    /// `https` port as browsers see it.
    pub port: HeaderValue,
}

/// What belongs to one request.
#[derive(Debug)]
pub struct Passage<'a> {
    /// The client.
    pub address: ClientAddress,
    /// Its id.
    pub request_id: &'a Arc<str>,
    /// The app's name.
    pub app: &'a Arc<str>,
    /// The owner of an upstream connection that comes to carry a person.
    pub owner: ConnectionOwner<'a>,
    /// The identity of its user, for the app.
    pub identity: &'a UpstreamIdentity,
    /// The certificate that check 2 accepted, where the app is to get it.
    pub certificate: Option<ClientCert>,
    /// The end of what it opens, where something opened it that can end.
    pub ended: Option<StreamEnd>,
    /// Where tunnels run.
    pub tasks: &'a TaskTracker,
}

/// Forwards one request, which the chain permitted.
///
/// # Errors
/// [`UpstreamError`]: the caller answers it with our own page.
pub async fn forward(
    permit: Permit,
    mut request: Request<Body>,
    destination: &Destination,
    passage: Passage<'_>,
) -> Result<Response<Body>, UpstreamError> {
    // The permit is used up here: one request, one judgement.
    let _used = permit;
    // RFC 4559 §6 signs in a connection, and over HTTP/2 the client is sent back for one of its own (RFC 9113 §7).
    if request.version() == Version::HTTP_2 && pinned::signs_in(request.headers()) {
        return Err(UpstreamError::Http11Required);
    }
    let upgrade = wanted_upgrade(&request, &destination.upgrades);
    let downstream = upgrade.as_ref().map(|_| hyper::upgrade::on(&mut request));
    let (parts, mut body) = request.into_parts();
    if !http_body::Body::is_end_stream(&body) {
        // Calls of gRPC are conversations: a client that is silent for a while is not an attacker.
        let converses = parts.headers.get(header::CONTENT_TYPE);
        let converses = converses.is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"));
        body = body.watched(destination.idle).of(passage.body_origin(BodySide::Request));
        if !converses {
            body = body.with_least_pace();
        }
    }
    let head = ForwardedHead::new(&parts, destination, &passage, upgrade.as_ref());
    let once = parts.extensions.get::<SendOnce>().is_some();
    let outgoing = OutgoingRequest { head: &head, body, once };
    let mut response = match destination.upstreams.send(outgoing, destination.answer_within, passage.owner).await? {
        UpstreamAnswer::Response(response) => response,
        UpstreamAnswer::Switched(response, upstream) => {
            return match (upgrade, downstream) {
                (Some(asked), Some(downstream)) => Ok(tunnel(response, upstream, downstream, &asked, passage)),
                // An upgrade that nobody asked for: nothing it says can be trusted.
                _ => Err(destination.upstreams.nonsense("it switched protocols without being asked")),
            };
        }
    };
    clean_answer(response.headers_mut());
    if destination.names.client_cert {
        client_cert::keep_out_of_caches(response.headers_mut());
    }
    Ok(response.map(|body| {
        // What is all here can neither stand still nor outlive anything.
        if !body.is_streamed() {
            return body;
        }
        let body = body.watched(destination.idle).of(passage.body_origin(BodySide::Answer));
        match passage.ended {
            Some(ended) => body.until(ended),
            None => body,
        }
    }))
}

impl Passage<'_> {
    fn body_origin(&self, side: BodySide) -> BodyOrigin {
        let (app, request_id) = (Some(Arc::clone(self.app)), Arc::clone(self.request_id));
        BodyOrigin { side, remote_ip: self.address.ip(), app, request_id, is_known: self.owner.session.is_some() }
    }
}

/// The protocol that the client asks to switch to, over HTTP/1.1 only: one field with one protocol that the app's config
/// names. Anything else is as if nobody had asked, which RFC 9110 §7.8 leaves to a server: the request goes on as an
/// ordinary one.
fn wanted_upgrade(request: &Request<Body>, allowed: &[HeaderValue]) -> Option<HeaderValue> {
    if request.version() != Version::HTTP_11 || !has_token(request.headers(), &header::CONNECTION, "upgrade") {
        return None;
    }
    let mut asked = request.headers().get_all(header::UPGRADE).iter();
    let only = asked.next().filter(|_| asked.next().is_none())?.as_bytes().trim_ascii();
    allowed.iter().find(|protocol| protocol.as_bytes().eq_ignore_ascii_case(only)).cloned()
}

fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.split(',').any(|one| one.trim().eq_ignore_ascii_case(token)))
}

/// The head of a request as its app gets it: what the client sent without what ends here and without what a proxy alone may
/// say, then what the gateway says, each field once.
struct ForwardedHead<'a> {
    parts: &'a Parts,
    destination: &'a Destination,
    passage: &'a Passage<'a>,
    upgrade: Option<&'a HeaderValue>,
    /// RFC 9110 §7.6.1: the fields that Connection names go, too; ours stand behind them, so it can name none of them (T2).
    named: Vec<HeaderName>,
    signs_in: bool,
}

impl<'a> ForwardedHead<'a> {
    fn new(parts: &'a Parts, destination: &'a Destination, passage: &'a Passage<'a>, upgrade: Option<&'a HeaderValue>) -> Self {
        let (named, signs_in) = (named_by_connection(&parts.headers), pinned::signs_in(&parts.headers));
        Self { parts, destination, passage, upgrade, named, signs_in }
    }

    /// Whether a field of the client goes on as it is.
    fn is_kept(&self, name: &HeaderName) -> bool {
        let Self { parts, destination, named, .. } = self;
        let is_removed = is_written_here(name.as_str())
            || named.contains(name)
            || destination.reserved.removes(name, &destination.let_through)
            || (*name == device_session::SKIPPED && device_session::is_skipped(&parts.headers));
        !is_removed
    }
}

/// Fields of a client that never go on as they are: those about the connection itself, which end at each hop (RFC 9110 §7.6.1;
/// their other spellings go with what else a proxy alone may say), and those that are written anew.
fn is_written_here(name: &str) -> bool {
    matches!(
        name,
        "connection"
            | "keep-alive"
            | "proxy-connection"
            | "proxy-authenticate"
            | "proxy-authorization"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
            | "http2-settings"
            | "host"
            | "content-length"
            | "cookie"
            | "forwarded"
            | "x-forwarded-for"
            | "x-forwarded-host"
            | "x-forwarded-proto"
            | "x-forwarded-port"
            | "x-request-id"
    )
}

impl RequestHead for ForwardedHead<'_> {
    fn method(&self) -> &Method {
        &self.parts.method
    }

    /// Only path and query go on, as they were received (T11); `*` for OPTIONS stays.
    fn target(&self) -> &str {
        self.parts.uri.path_and_query().map_or("/", PathAndQuery::as_str)
    }

    fn says_empty(&self) -> bool {
        let Parts { method, headers, .. } = self.parts;
        !matches!(*method, Method::GET | Method::HEAD) && headers.contains_key(header::CONTENT_LENGTH)
    }

    fn switches(&self) -> bool {
        self.upgrade.is_some()
    }

    fn signs_in(&self) -> bool {
        self.signs_in
    }

    fn fields(&self, host: &HeaderValue, sink: &mut impl FieldSink) {
        let Self { parts, destination, passage, upgrade, .. } = self;
        let headers = &parts.headers;
        sink.field(&header::HOST, if destination.keep_host { &destination.authority } else { host });
        for (name, value) in headers {
            if self.is_kept(name) {
                sink.field(name, value);
            }
        }
        if let Some(cookies) = cookies::for_app(headers) {
            sink.field(&header::COOKIE, &cookies);
        }
        if let Some(protocol) = upgrade {
            sink.field(&header::CONNECTION, &HeaderValue::from_static("upgrade"));
            sink.field(&header::UPGRADE, protocol);
        }
        if has_token(headers, &header::TE, "trailers") {
            sink.field(&header::TE, &HeaderValue::from_static("trailers"));
        }
        sink.field(&X_FORWARDED_HOST, &destination.authority);
        let address = passage.address.to_string();
        // RFC 7239: an IPv6 address is bracketed and quoted.
        let brackets: [&[u8]; 2] = if passage.address.ip().is_ipv6() { [b"\"[", b"]\""] } else { [b"", b""] };
        let [open, close] = brackets;
        sink.parts(&header::FORWARDED, &[b"for=", open, address.as_bytes(), close, destination.forwarded.as_bytes()]);
        sink.parts(&X_FORWARDED_FOR, &[address.as_bytes()]);
        sink.field(&X_FORWARDED_PROTO, &HeaderValue::from_static("https"));
        sink.field(&X_FORWARDED_PORT, &destination.port);
        if passage.request_id.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            sink.parts(&X_REQUEST_ID, &[passage.request_id.as_bytes()]);
        }
        passage.identity.each(&destination.names, |name, value| sink.field(name, value));
        if let Some(certificate) = &passage.certificate {
            certificate.each(|name, value| sink.field(name, value));
        }
    }
}

fn named_by_connection(headers: &HeaderMap) -> Vec<HeaderName> {
    headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(|token| {
            !token.eq_ignore_ascii_case("keep-alive")
                && !token.eq_ignore_ascii_case("close")
                && !token.eq_ignore_ascii_case("upgrade")
        })
        .filter_map(|token| HeaderName::try_from(token).ok())
        // What frames and addresses the request itself is not for a client to take away.
        .filter(|name| {
            *name != header::HOST && *name != header::CONTENT_LENGTH && *name != header::COOKIE && *name != header::AUTHORIZATION
        })
        .collect()
}

pub(super) fn strip_named_by_connection(headers: &mut HeaderMap) {
    for name in named_by_connection(headers) {
        headers.remove(name);
    }
}

/// What is the upstream connection's own business does not reach the client.
fn clean_answer(headers: &mut HeaderMap) {
    if headers.contains_key(header::CONNECTION) {
        strip_named_by_connection(headers);
    }
    // One or two of them are there, if any.
    while let Some(name) = headers.keys().find(|name| ends_here(name.as_str())).cloned() {
        headers.remove(name);
    }
}

fn ends_here(name: &str) -> bool {
    matches!(
        name,
        "connection"
            | "keep-alive"
            | "proxy-connection"
            | "transfer-encoding"
            | "upgrade"
            | "http2-settings"
            | "proxy-authenticate"
            // Of requests alone (RFC 9440 §2.2, §2.3).
            | "client-cert"
            | "client-cert-chain"
    )
}

/// Joins the two connections after the upstream's 101 (T18), until either ends or the session does (T25).
fn tunnel(
    mut response: Response<()>,
    mut upstream: SwitchedStream,
    downstream: OnUpgrade,
    asked: &HeaderValue,
    passage: Passage<'_>,
) -> Response<Body> {
    let ended = passage.ended;
    passage.tasks.spawn(async move {
        let joined = async {
            let mut downstream = TokioIo::new(downstream.await?);
            let _either_ended =
                tokio::io::copy_bidirectional_with_sizes(&mut downstream, &mut upstream, 16 * 1024, 16 * 1024).await;
            Ok::<_, hyper::Error>(())
        };
        tokio::select! {
            _done = joined => {}
            // Dropping both ends closes them at once.
            () = StreamEnd::of(ended.as_ref()) => metrics::counter!("sekisho_tunnels_closed_by_revocation_total").increment(1),
        }
    });
    let headers = response.headers_mut();
    for name in [KEEP_ALIVE, PROXY_CONNECTION, header::TRANSFER_ENCODING, header::CONTENT_LENGTH] {
        headers.remove(name);
    }
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.entry(header::UPGRADE).or_insert_with(|| asked.clone());
    response.map(|()| Body::empty())
}
