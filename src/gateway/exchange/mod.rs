//! The road of one request: which host, which path, which papers; the chain is asked, and its verdict obeyed.
//! Invariant: a request reaches an app only with the `Permit` that `examine` gave for this very request.

use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;
use http::header::{self, HeaderMap};
use http::{Method, Request, Response, StatusCode, Uri, Version};
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use super::answer::{self, Caller, Pages, Problem};
use super::asked;
use super::body::{Body, Side, Whose};
use super::connection::{ConnectionFacts, Http11Required, Road};
use super::forward::{self, Passage};
use super::forward_auth;
use super::hold::{Held, Hold};
use super::hosts::{AppHost, Hosts};
use super::overrides::{self, Override};
use super::pinned::Owner;
use super::upstream::UpstreamError;
use crate::chain::trace::Trace;
use crate::chain::{self, Named, Permit, Verdict};
use crate::core::Core;
use crate::facts::arrival::Arrival;
use crate::facts::client_address::ClientAddress;
use crate::facts::target;
use crate::facts::{cookies, request_id};
use crate::identity::headers::Told;
use crate::session::sessions::Admitted;
use crate::telemetry::access;
use crate::telemetry::strangers::{self, Kind};

/// The road, shared by all connections.
pub struct Gateway {
    /// Everything there is.
    pub core: Arc<Core>,
    /// The hosts of the present config.
    pub hosts: Arc<ArcSwap<Hosts>>,
    /// The portal's own handlers.
    pub portal: axum::Router,
    /// What apps ask for by their certificates.
    pub mtls: axum::Router,
    /// Pages for people.
    pub pages: Arc<dyn Pages>,
    /// Bodies that wait for a sign-in.
    pub hold: Hold,
    /// Where tunnels run.
    pub tasks: TaskTracker,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Gateway").field("hosts", &self.hosts.load()).finish_non_exhaustive()
    }
}

/// One request on the road, with what was read of it.
pub(super) struct Traveller<'a> {
    pub(super) gateway: &'a Arc<Gateway>,
    pub(super) hosts: &'a Hosts,
    pub(super) connection: &'a Arc<ConnectionFacts>,
    pub(super) address: ClientAddress,
    pub(super) request_id: Arc<str>,
    pub(super) caller: Caller,
    /// Host and port: the app's own as soon as the app is known, as the client spelt them before.
    pub(super) authority: String,
    pub(super) app: Option<&'a Arc<AppHost>>,
    /// Whom the chain let pass, for the access log.
    passed: OnceLock<Passed>,
}

/// Whom the chain let pass.
#[derive(Debug)]
enum Passed {
    SignedIn(Arc<crate::principal::user::UserStanding>),
    ByCertificate(Named),
}

impl Road for Gateway {
    async fn travel(self: Arc<Self>, request: Request<Body>, connection: Arc<ConnectionFacts>) -> Response<Body> {
        let hosts = self.hosts.load_full();
        let started = self.core.clock().monotonic();
        let believed = hosts.trusted.include(connection.connected());
        let request_id = request_id::of(request.headers(), believed, &**self.core.random());
        let address = hosts.trusted.client(connection.peer, connection.address_by_proxy_header, request.headers());
        let caller = Caller::of(request.method(), request.headers());
        let mut traveller = Traveller {
            gateway: &self,
            hosts: &hosts,
            connection: &connection,
            address,
            request_id,
            caller,
            authority: String::new(),
            app: None,
            passed: OnceLock::new(),
        };
        let format = hosts.access_log.filter(|_| access::is_wanted());
        let asked = format.map(|_| (request.method().clone(), request.uri().clone()));
        let mut response = traveller.travel(request, believed).await;
        if let Some(hsts) = &hosts.hsts {
            response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, hsts.clone());
        }
        if let (Some(format), Some((method, uri))) = (format, asked) {
            let took = self.core.clock().monotonic().saturating_sub(started);
            let entry = access::Entry {
                timestamp: &self.core.clock().now().rfc3339(),
                remote_ip: traveller.address.ip(),
                method: method.as_str(),
                host: &traveller.authority,
                path: loggable(&uri),
                status: response.status().as_u16(),
                user: traveller.passed.get().map_or("-", |passed| match passed {
                    Passed::SignedIn(standing) => standing.user.as_str(),
                    Passed::ByCertificate(named) => named.as_str(),
                }),
                outcome: response.extensions_mut().remove::<Noted>().map_or("ok", |noted| noted.0),
                ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
                request_id: &traveller.request_id,
            };
            entry.write(format);
        }
        response
    }
}

/// What the road tells the access log, handed on with the response.
#[derive(Clone, Copy, Debug)]
struct Noted(&'static str);

/// The path of a log line: no query (it may hold secrets), no one-time link, at most 256 bytes (T46).
fn loggable(uri: &Uri) -> &str {
    let path = uri.path();
    if path.starts_with("/invitation/") {
        return "/invitation/...";
    }
    path.get(..path.floor_char_boundary(256)).unwrap_or_default()
}

impl<'a> Traveller<'a> {
    async fn travel(&mut self, mut request: Request<Body>, believed: bool) -> Response<Body> {
        if request.method() == Method::CONNECT {
            return self.problem(StatusCode::METHOD_NOT_ALLOWED, "connect_refused", request.headers());
        }
        // Before anything is judged: Django, Werkzeug and others read `post` as POST, and no rule here would.
        if overrides::is_lower_case(request.method()) {
            return self.problem(StatusCode::BAD_REQUEST, overrides::LOWER_CASE, request.headers());
        }
        let authority = match authority_of(&request) {
            Ok(authority) => authority,
            Err(code) => return self.problem(StatusCode::BAD_REQUEST, code, request.headers()),
        };
        let Ok((host, _)) = target::split(&authority) else {
            return self.problem(StatusCode::BAD_REQUEST, "host_malformed", request.headers());
        };
        let host = if host.bytes().any(|byte| byte.is_ascii_uppercase()) { host.to_ascii_lowercase() } else { host.to_owned() };
        self.authority = authority;
        let own_path = request.uri().path().starts_with("/.sekisho/");
        // One connection, one name: what was agreed in the handshake under one name says nothing about another (T13).
        // A listed peer speaks for many hosts over one connection, and shows no client's certificate.
        if self.connection.sni.as_deref().is_some_and(|sni| *sni != *host) && !(believed && own_path) {
            return self.problem(StatusCode::MISDIRECTED_REQUEST, "misdirected", request.headers());
        }
        // A proxy that asks names the app in its own words; to which of our names it speaks does not matter.
        if believed && forward_auth::is_question(request.uri().path()) {
            return Box::pin(self.forward_auth(request)).await;
        }
        if host == self.hosts.portal.as_str() {
            return Box::pin(self.to_own(&self.gateway.portal, request)).await;
        }
        if self.hosts.mtls.as_ref().is_some_and(|mtls| host == mtls.as_str()) {
            return Box::pin(self.to_own(&self.gateway.mtls, request)).await;
        }
        let Some(app) = self.hosts.app(&host) else {
            return self.problem(StatusCode::MISDIRECTED_REQUEST, "unknown_host", request.headers());
        };
        self.app = Some(app);
        // Nothing behind this line sees how the client spelt it: no upstream, no digest, no address that we build (T16).
        self.authority.clear();
        self.authority.push_str(&app.authority);
        if own_path {
            return Box::pin(self.own_path(app, request)).await;
        }
        if let Some(held) = self.came_for(app, &request) {
            let (parts, _no_body) = request.into_parts();
            return Box::pin(self.deliver(app, &held, &parts.headers)).await;
        }
        let resumed = self.resumed(app, &mut request);
        let is_resumed = resumed.is_some();
        self.to_app(app, resumed.unwrap_or(request), is_resumed).await
    }

    /// To handlers of our own.
    async fn to_own(&self, router: &axum::Router, mut request: Request<Body>) -> Response<Body> {
        let arrival = Arrival {
            address: self.address,
            certificate: self.connection.certificate.clone(),
            request_id: Arc::clone(&self.request_id),
        };
        request.extensions_mut().insert(arrival);
        // Forms are gathered: what is gathered counts until it is answered.
        let _gathered = request.body_mut().gathered();
        match router.clone().oneshot(request.map(|body| self.watched(body))).await {
            Ok(response) => response.map(Body::portal),
            Err(never) => match never {},
        }
    }

    /// A form that does not go on coming, or drips, is not waited for (T22).
    fn watched(&self, body: Body) -> axum::body::Body {
        if http_body::Body::is_end_stream(&body) {
            return axum::body::Body::new(body);
        }
        axum::body::Body::new(body.watched(FORM_MOVES_WITHIN).in_haste().of(self.whose(None)))
    }

    /// Whose body a request's is.
    pub(super) fn whose(&self, app: Option<&Arc<str>>) -> Whose {
        let (app, request_id) = (app.map(Arc::clone), Arc::clone(&self.request_id));
        Whose { side: Side::Request, remote_ip: self.address.ip(), app, request_id, is_known: false }
    }

    /// A request for an app: papers, judgement, obedience.
    async fn to_app(&self, app: &'a Arc<AppHost>, request: Request<Body>, resumed: bool) -> Response<Body> {
        let asked = match asked::selected(app, request.method(), request.uri().path(), request.headers()) {
            Ok(asked) => asked,
            Err(_) if request.method() == Method::OPTIONS && request.uri().path() == "*" => {
                return self.problem(StatusCode::NOT_FOUND, "no_such_target", request.headers());
            }
            Err(why) => return self.unjudged(&why, None, request.headers()),
        };
        // Judged by one method and path, done by another: no rule would bite. What a listed peer wrote is removed later.
        if app.policy.has_parts()
            && let Some(found) = Override::of(request.headers(), |name| overrides::is_of_a_proxy(name) && self.is_listed())
        {
            return self.overridden(&found, request.headers());
        }
        let admitted = self.admitted(&app.name, request.headers());
        let judged = self.judge(app, asked, admitted.as_ref());
        match judged.verdict {
            Verdict::Pass(_)
                if self.asks_for_another_cookie(admitted.as_ref(), request.method(), request.headers())
                    && !is_upgrade(&request) =>
            {
                app.counters.asked.increment(1);
                let mut response = Box::pin(self.depart(app, request)).await;
                note(&mut response, "cookie_outgrown");
                response
            }
            Verdict::Pass(permit) => self.pass(app, permit, admitted, request, judged.standing).await,
            Verdict::Ask(turn) => {
                let mut response = Box::pin(self.ask(app, &turn, admitted.is_some(), request)).await;
                if resumed {
                    response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::RESUME, "", Some(0)));
                }
                response
            }
            Verdict::Hold(hold) => Box::pin(self.hold(app, hold, admitted, request)).await,
            Verdict::Refuse(refusal) => {
                app.counters.refused.increment(1);
                if judged.standing.is_some() || strangers::may_write(Kind::RequestRefused, self.address.ip()) {
                    tracing::info!(remote_ip = %self.address, app = %app.name, reason = refusal.code(), rules = asked.names(), request_id = %self.request_id, "request_refused");
                }
                self.refuse(refusal, judged.trace, judged.standing.as_deref(), request.headers())
            }
        }
    }

    /// Whether a page is to be come back to with a newer cookie: more was proved since this one was given out, at another
    /// host of the session. What it stands for is as much as it was; by way of the portal this browser gets one that stands
    /// for all of it, and the older one is dead (T26). Nothing but a page can go that way: all else goes on as it was.
    pub(super) fn asks_for_another_cookie(&self, admitted: Option<&Admitted>, method: &Method, headers: &HeaderMap) -> bool {
        admitted.is_some_and(Admitted::is_outgrown)
            && self.caller == Caller::Person
            && matches!(*method, Method::GET | Method::HEAD)
            && headers.get("sec-fetch-dest").is_none_or(|to| to == "document")
    }

    /// Whether one more line about this request is written: about somebody who is signed in always.
    pub(super) fn may_write(&self, kind: Kind, headers: &HeaderMap) -> bool {
        let is_known = || self.app.is_some_and(|app| self.admitted(&app.name, headers).is_some());
        is_known() || strangers::may_write(kind, self.address.ip())
    }

    /// Whether the peer is one whose word is believed.
    fn is_listed(&self) -> bool {
        self.hosts.trusted.include(self.connection.peer.ip())
    }

    /// The session that the request's cookie names at `scope`.
    pub(super) fn admitted(&self, scope: &str, headers: &HeaderMap) -> Option<Admitted> {
        self.gateway.core.sessions().find(scope, cookies::find(headers, cookies::SESSION)?)
    }

    async fn pass(
        &self,
        app: &'a Arc<AppHost>,
        permit: Permit,
        admitted: Option<Admitted>,
        request: Request<Body>,
        standing: Option<Arc<crate::principal::user::UserStanding>>,
    ) -> Response<Body> {
        let Some(destination) = &app.destination else {
            return self.problem(StatusCode::MISDIRECTED_REQUEST, "served_by_another_proxy", request.headers());
        };
        // Signed in or not: a browser's network and its certificate open doors to every page that it shows.
        if is_upgrade(&request) && !self.may_upgrade(app, request.headers()) {
            app.counters.refused.increment(1);
            return self.problem(StatusCode::FORBIDDEN, "websocket_origin", request.headers());
        }
        let told = self.told_who(app, admitted.as_ref(), permit.named());
        self.note_passed(admitted.as_ref(), standing, permit.named());
        let named = permit.named().cloned();
        // Watched before anything reaches the upstream: what ends in between ends this, too.
        let asks_for_stream =
            request.headers().get(header::ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/event-stream"));
        let asked = asked::Kept::of(request.method(), request.uri(), request.headers());
        let (ended, asked) = if asks_for_stream || is_upgrade(&request) {
            (Some(self.watch(app, asked, admitted.as_ref(), named.clone())), None)
        } else {
            (None, Some(asked))
        };
        // Only what a page needs to choose its language.
        let language = request.headers().get(header::ACCEPT_LANGUAGE).cloned();
        let passage = Passage {
            address: self.address,
            request_id: &self.request_id,
            app: &app.name,
            owner: Owner {
                pinned: self.connection.pinned.as_ref(),
                session: admitted.as_ref().map(|admitted| admitted.session.id()),
            },
            told: &told,
            ended,
            tasks: &self.gateway.tasks,
        };
        match forward::forward(permit, request, destination, passage).await {
            Ok(response) => {
                app.counters.passed.increment(1);
                // A stream that was not asked for as such ends with its session, too (T25).
                match asked {
                    Some(asked) => self.bound(app, asked, admitted.as_ref(), named, response),
                    None => response,
                }
            }
            Err(error) => {
                let headers = language.map(|language| (header::ACCEPT_LANGUAGE, language)).into_iter().collect();
                self.upstream_failed(app, &error, admitted.is_some(), &headers)
            }
        }
    }

    /// The identity that an app gets: the user of the session, or the holder that the demanded certificate names.
    pub(super) fn told_who(&self, app: &AppHost, admitted: Option<&Admitted>, named: Option<&Named>) -> Arc<Told> {
        match admitted {
            Some(admitted) if self.shows_what_it_was_made_with(admitted) => {
                self.gateway.core.assertions().told(&admitted.session, &admitted.evidence, &app.name)
            }
            Some(_) | None => Arc::new(Told::by_name(named.map(Named::as_str))),
        }
    }

    /// Whether a cookie that was made with a certificate comes with it: with another or none it is worth nothing, on a path
    /// that demands no certificate either.
    pub(super) fn shows_what_it_was_made_with(&self, admitted: &Admitted) -> bool {
        let shown = || self.connection.certificate.as_deref().map(|shown| shown.fingerprint());
        admitted.certificate.is_none_or(|bound| shown() == Some(bound))
    }

    /// Remembers who passed, for the access log.
    pub(super) fn note_passed(
        &self,
        admitted: Option<&Admitted>,
        standing: Option<Arc<crate::principal::user::UserStanding>>,
        named: Option<&Named>,
    ) {
        let passed = match (standing, named) {
            (Some(standing), _) if admitted.is_some_and(|admitted| self.shows_what_it_was_made_with(admitted)) => {
                Passed::SignedIn(standing)
            }
            (_, Some(named)) => Passed::ByCertificate(named.clone()),
            _ => return,
        };
        let _only_once = self.passed.set(passed);
    }

    /// Whether the page that opens a socket is one that may (T25).
    pub(super) fn may_upgrade(&self, app: &AppHost, headers: &HeaderMap) -> bool {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        match (origins.next(), origins.next()) {
            // Browsers always send it with a WebSocket; without it there is no page of another site behind the request.
            (None, _) => !headers.contains_key("sec-fetch-site"),
            (Some(origin), None) => {
                let origin = origin.as_bytes();
                *origin == *app.origin.as_bytes() || app.websocket_origins.iter().any(|allowed| allowed.as_bytes() == origin)
            }
            (Some(_), Some(_)) => false,
        }
    }

    fn upstream_failed(&self, app: &AppHost, error: &UpstreamError, is_known: bool, headers: &HeaderMap) -> Response<Body> {
        let (status, code) = match error {
            UpstreamError::Unreachable { .. } => (StatusCode::BAD_GATEWAY, "upstream_unreachable"),
            UpstreamError::Broken { .. } => (StatusCode::BAD_GATEWAY, "upstream_broken"),
            UpstreamError::TimedOut { .. } => (StatusCode::GATEWAY_TIMEOUT, "upstream_timed_out"),
            UpstreamError::ClientBody => (StatusCode::BAD_REQUEST, "body_malformed"),
            // Nobody reads it: the stream is reset for this reason, and the client comes by HTTP/1.1.
            UpstreamError::Http11Required => (StatusCode::HTTP_VERSION_NOT_SUPPORTED, "http_1_1_required"),
        };
        app.counters.failed.increment(1);
        if is_known || strangers::may_write(Kind::UpstreamFailed, self.address.ip()) {
            tracing::warn!(remote_ip = %self.address, app = %app.name, %error, request_id = %self.request_id, "upstream_failed");
        }
        let mut response = self.problem(status, code, headers);
        if matches!(error, UpstreamError::Http11Required) {
            response.extensions_mut().insert(Http11Required);
        }
        if matches!(error, UpstreamError::ClientBody) {
            // What is left of a broken body cannot be told from the next request (T18).
            response.headers_mut().insert(header::CONNECTION, http::HeaderValue::from_static("close"));
        }
        response
    }

    pub(super) fn refuse(
        &self,
        refusal: chain::refusal::Refusal,
        trace: Trace,
        user: Option<&crate::principal::user::UserStanding>,
        headers: &HeaderMap,
    ) -> Response<Body> {
        let mut told = self.told(answer::status_of(refusal), refusal.code(), Some(refusal));
        told.trace = Some(trace);
        told.user = user.map(|standing| standing.user.clone());
        let mut response = answer::problem(&told, self.caller, headers, &*self.gateway.pages);
        note(&mut response, refusal.code());
        response
    }

    /// The request that waited for this sign-in, in the place of the GET that came back for it.
    fn resumed(&self, app: &AppHost, request: &mut Request<Body>) -> Option<Request<Body>> {
        if request.method() != Method::GET {
            return None;
        }
        let id = cookies::find(request.headers(), cookies::RESUME)?;
        let path_and_query = request.uri().path_and_query()?.as_str();
        let Held { method, uri, mut headers, body, .. } = self.gateway.hold.take(id, &app.name, path_and_query)?;
        // Who asks is the browser that came back, with its present cookies.
        headers.remove(header::COOKIE);
        for cookie in request.headers().get_all(header::COOKIE) {
            headers.append(header::COOKIE, cookie.clone());
        }
        headers.remove(header::TRANSFER_ENCODING);
        headers.insert(header::CONTENT_LENGTH, http::HeaderValue::from(body.len()));
        headers.remove(header::EXPECT);
        let mut held = Request::new(Body::full(body));
        *held.method_mut() = method;
        *held.uri_mut() = uri;
        *held.headers_mut() = headers;
        *held.version_mut() = request.version();
        Some(held)
    }

    pub(super) fn told(&self, status: StatusCode, code: &'static str, refusal: Option<chain::refusal::Refusal>) -> Problem {
        let host = target::split(&self.authority).map_or("", |(host, _)| host);
        Problem {
            status,
            code,
            refusal,
            request_id: Arc::clone(&self.request_id),
            app: self.app.map(|app| (Arc::clone(&app.title), Arc::from(host))),
            trace: None,
            address: Some(self.address),
            user: None,
            detail: None,
        }
    }

    pub(super) fn problem(&self, status: StatusCode, code: &'static str, headers: &HeaderMap) -> Response<Body> {
        let mut response = answer::problem(&self.told(status, code, None), self.caller, headers, &*self.gateway.pages);
        note(&mut response, code);
        response
    }
}

pub(super) fn note(response: &mut Response<Body>, code: &'static str) {
    response.extensions_mut().insert(Noted(code));
}

pub(super) fn is_upgrade(request: &Request<Body>) -> bool {
    request.headers().contains_key(header::UPGRADE) && request.version() == Version::HTTP_11
}

const FORM_MOVES_WITHIN: std::time::Duration = std::time::Duration::from_secs(30);

/// The one authority of a request: `:authority` or `Host`; where both are there they must agree (T16).
fn authority_of(request: &Request<Body>) -> Result<String, &'static str> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = match hosts.next() {
        Some(host) => Some(host.to_str().map_err(|_| "host_malformed")?),
        None => None,
    };
    if hosts.next().is_some() {
        return Err("host_repeated");
    }
    match (request.uri().authority(), host) {
        (Some(authority), Some(host)) if !authority.as_str().eq_ignore_ascii_case(host) => Err("host_ambiguous"),
        (Some(authority), _) => Ok(authority.as_str().to_owned()),
        (None, Some(host)) => Ok(host.to_owned()),
        (None, None) => Err("host_missing"),
    }
}
