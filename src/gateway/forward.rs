//! The only way to an upstream. A request's head is written again from its parsed parts: hop-by-hop fields are removed first,
//! then every identity header of the client and every other field that apps believe only from a proxy; then our own fields are
//! set once. The body streams. An upgrade becomes a tunnel only after the upstream's own 101, and ends with the session that opened it.
//! Invariant: [`forward`] takes the chain's `Permit` by value; there is no other caller of `Upstreams::send`.

use std::sync::Arc;
use std::time::Duration;

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Response, StatusCode, Uri, Version};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio_util::task::TaskTracker;

use super::body::{Body, BodyOrigin, BodySide};
use super::stream_end::StreamEnd;
use super::upstream::{UpstreamError, Upstreams};
use crate::chain::Permit;
use crate::facts::client_address::ClientAddress;
use crate::facts::{cookies, device_session};
use crate::gateway::upstream::pinned;
use crate::gateway::upstream::pinned::ConnectionOwner;
use crate::identity::client_cert::{self, CLIENT_CERT, CLIENT_CERT_CHAIN, ClientCert};
use crate::identity::headers::{Names, Reserved, UpstreamIdentity};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_FORWARDED_PORT: HeaderName = HeaderName::from_static("x-forwarded-port");
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");
const HTTP2_SETTINGS: HeaderName = HeaderName::from_static("http2-settings");

/// Fields about the connection itself, which end at each hop (RFC 9110 §7.6.1). Their other spellings go with what else a
/// proxy alone may say.
const NEVER_ON: [HeaderName; 10] = [
    header::CONNECTION,
    KEEP_ALIVE,
    PROXY_CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HTTP2_SETTINGS,
];

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
    pub owner: ConnectionOwner<'a, Body>,
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
    write_head(&mut request, destination, &passage, upgrade.as_ref());
    if !http_body::Body::is_end_stream(request.body()) {
        // Calls of gRPC are conversations: a client that is silent for a while is not an attacker.
        let converses =
            request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"));
        request = request.map(|body| body.watched(destination.idle).of(passage.body_origin(BodySide::Request)));
        if !converses {
            request = request.map(Body::with_least_pace);
        }
    }
    let sent = destination.upstreams.send(request, destination.keep_host, destination.answer_within, passage.owner);
    let mut response = sent.await?;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return match (upgrade, downstream) {
            (Some(asked), Some(downstream)) => Ok(tunnel(response, downstream, &asked, passage)),
            // An upgrade that nobody asked for: nothing it says can be trusted.
            _ => Err(destination.upstreams.nonsense("it switched protocols without being asked")),
        };
    }
    clean_answer(response.headers_mut());
    if destination.names.client_cert {
        client_cert::keep_out_of_caches(response.headers_mut());
    }
    let origin = passage.body_origin(BodySide::Answer);
    Ok(response.map(|body| {
        let body = body.watched(destination.idle).of(origin);
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

fn write_head(request: &mut Request<Body>, destination: &Destination, passage: &Passage<'_>, upgrade: Option<&HeaderValue>) {
    let takes_trailers = has_token(request.headers(), &header::TE, "trailers");
    let has_body = !http_body::Body::is_end_stream(request.body());
    let headers = request.headers_mut();
    // RFC 9110 §7.6.1: the fields that Connection names go too; ours are set afterwards, so it can name none of them (T2).
    if headers.contains_key(header::CONNECTION) {
        strip_named_by_connection(headers);
    }
    for name in &NEVER_ON {
        headers.remove(name);
    }
    destination.reserved.strip(headers, &destination.let_through);
    cookies::strip_ours(headers);
    device_session::strip_ours(headers);
    if let Some(protocol) = upgrade {
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, protocol.clone());
    }
    if takes_trailers {
        headers.insert(header::TE, HeaderValue::from_static("trailers"));
    }
    headers.insert(header::HOST, destination.authority.clone());
    headers.insert(X_FORWARDED_HOST, destination.authority.clone());
    let address = passage.address.to_string();
    if let Some(forwarded) = forwarded(destination, passage, &address) {
        headers.insert(header::FORWARDED, forwarded);
    }
    if let Ok(address) = HeaderValue::try_from(address) {
        headers.insert(X_FORWARDED_FOR, address);
    }
    headers.insert(X_FORWARDED_PROTO, HeaderValue::from_static("https"));
    headers.insert(X_FORWARDED_PORT, destination.port.clone());
    if let Ok(id) = HeaderValue::from_str(passage.request_id) {
        headers.insert(X_REQUEST_ID, id);
    }
    passage.identity.set(&destination.names, headers);
    if let Some(certificate) = &passage.certificate {
        certificate.set(headers);
    }
    if !has_body && matches!(*request.method(), Method::GET | Method::HEAD) {
        request.headers_mut().remove(header::CONTENT_LENGTH);
    }
    // Only path and query go on, in origin form, as they were received (T11); `*` for OPTIONS stays.
    if request.uri().authority().is_some() || request.uri().scheme().is_some() {
        let path = request.uri().path_and_query().cloned();
        let mut parts = http::uri::Parts::default();
        parts.path_and_query = path;
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
        }
    }
}

pub(super) fn strip_named_by_connection(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
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
        .collect();
    for name in named {
        headers.remove(name);
    }
}

/// RFC 7239: an IPv6 address is bracketed and quoted.
fn forwarded(destination: &Destination, passage: &Passage<'_>, address: &str) -> Option<HeaderValue> {
    let brackets = if passage.address.ip().is_ipv6() { ["\"[", "]\""] } else { ["", ""] };
    let value = ["for=", brackets[0], address, brackets[1], &destination.forwarded].concat();
    HeaderValue::try_from(value).ok()
}

/// What is the upstream connection's own business does not reach the client.
fn clean_answer(headers: &mut HeaderMap) {
    if headers.contains_key(header::CONNECTION) {
        strip_named_by_connection(headers);
    }
    for name in [
        header::CONNECTION,
        KEEP_ALIVE,
        PROXY_CONNECTION,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
        HTTP2_SETTINGS,
        header::PROXY_AUTHENTICATE,
        // Of requests alone (RFC 9440 §2.2, §2.3).
        CLIENT_CERT,
        CLIENT_CERT_CHAIN,
    ] {
        headers.remove(name);
    }
}

/// Joins the two connections after the upstream's 101 (T18), until either ends or the session does (T25).
fn tunnel(mut response: Response<Body>, downstream: OnUpgrade, asked: &HeaderValue, passage: Passage<'_>) -> Response<Body> {
    let upstream = hyper::upgrade::on(&mut response);
    let ended = passage.ended;
    passage.tasks.spawn(async move {
        let joined = async {
            let (downstream, upstream) = tokio::try_join!(downstream, upstream)?;
            let (mut downstream, mut upstream) = (TokioIo::new(downstream), TokioIo::new(upstream));
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
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    std::mem::swap(answer.headers_mut(), response.headers_mut());
    for name in [KEEP_ALIVE, PROXY_CONNECTION, header::TRANSFER_ENCODING, header::CONTENT_LENGTH] {
        answer.headers_mut().remove(name);
    }
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    answer.headers_mut().entry(header::UPGRADE).or_insert_with(|| asked.clone());
    answer
}
