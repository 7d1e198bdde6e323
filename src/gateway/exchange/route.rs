//! Which of our own handlers or which app a request is for, by its host and its path.

use crate::gateway::exchange::{Exchange, forward_auth, overrides};
use std::sync::Arc;

use http::header::{self};
use http::{Method, Request, Response, StatusCode};
use tower::ServiceExt as _;

use crate::facts::arrival::Arrival;
use crate::facts::cookies;
use crate::facts::target;
use crate::gateway::body::Body;
use crate::gateway::device;
use crate::gateway::redirect;

use crate::gateway::hosts::AppHost;
use crate::gateway::posted::PostedRequest;
use crate::session::PORTAL;

const FORM_MOVES_WITHIN: std::time::Duration = std::time::Duration::from_secs(30);

impl<'a> Exchange<'a> {
    pub(super) async fn route(&mut self, mut request: Request<Body>, believed: bool) -> Response<Body> {
        if request.method() == Method::CONNECT {
            return self.problem(StatusCode::METHOD_NOT_ALLOWED, "connect_refused", request.headers());
        }
        // Before anything is judged: Django, Werkzeug and others read `post` as POST, and no rule here would.
        if overrides::is_lower_case(request.method()) {
            return self.problem(StatusCode::BAD_REQUEST, overrides::LOWER_CASE, request.headers());
        }
        // Before everything: a validator that was redirected here comes for any name, whatever stands behind it.
        if let Some(answer) = redirect::challenge(&self.snapshot.tls, &request) {
            return answer.map(Body::full);
        }
        let file = self.hosts.acme_webroot.as_ref().and_then(|webroot| webroot.asked(&request));
        if let Some(file) = file
            && let Some(answer) = file.answer().await
        {
            return answer.map(Body::full);
        }
        if self.connection.is_stand_in {
            return self.problem(StatusCode::SERVICE_UNAVAILABLE, "certificate_awaited", request.headers());
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
        // A listed proxy sends requests for many hosts over one connection, and shows no client's certificate.
        let may_differ = || believed && (own_path || self.agrees_on_nothing(&host));
        if self.connection.sni.as_deref().is_some_and(|sni| *sni != *host) && !may_differ() {
            return self.problem(StatusCode::MISDIRECTED_REQUEST, "misdirected", request.headers());
        }
        // A proxy that asks names the app in its question; the host that the question was sent to does not matter.
        if believed && forward_auth::is_question(request.uri().path()) {
            return Box::pin(self.forward_auth(request)).await;
        }
        if host == self.hosts.portal.as_str() {
            if request.uri().path().starts_with(device::PREFIX) {
                let (parts, _no_body) = request.into_parts();
                return Box::pin(self.device_path(PORTAL, &self.hosts.portal_origin, &parts)).await;
            }
            if let Some(answer) = self.without_device(PORTAL, &request) {
                return answer;
            }
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
        self.is_for_client = true;
        if let Some(held) = self.came_for(app, &request) {
            let (parts, _no_body) = request.into_parts();
            return Box::pin(self.deliver(app, &held, &parts.headers)).await;
        }
        let resumed = self.resumed(app, &mut request);
        let is_resumed = resumed.is_some();
        let request = resumed.unwrap_or(request);
        match &app.cors {
            Some(cors) => Box::pin(self.to_app_with_cors(app, cors, request, is_resumed)).await,
            None => self.to_app(app, request, is_resumed).await,
        }
    }

    /// Whether the handshake of this connection decides nothing about a host: neither under its name nor under that of the
    /// connection is a client certificate asked for, and none was shown.
    fn agrees_on_nothing(&self, host: &str) -> bool {
        let asks = |name: &str| self.snapshot.tls.asks_for_certificate(name);
        let is_mtls = self.hosts.mtls.as_ref().is_some_and(|mtls| host == mtls.as_str());
        !asks(host) && !is_mtls && !self.connection.sni.as_deref().is_some_and(asks) && self.connection.certificate.is_none()
    }

    /// To handlers of our own.
    async fn to_own(&self, router: &axum::Router, mut request: Request<Body>) -> Response<Body> {
        let arrival = Arrival {
            address: self.address,
            certificate: self.connection.certificate.clone(),
            channel_binding: self.connection.channel_binding.clone(),
            request_id: Arc::clone(&self.request_id),
        };
        request.extensions_mut().insert(arrival);
        // Forms are gathered: what is gathered counts until it is answered.
        let _gathered = request.body_mut().count_gathered();
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
        axum::body::Body::new(body.watched(FORM_MOVES_WITHIN).with_least_pace().of(self.body_origin(None)))
    }

    /// The posted request that waited for this sign-in; it replaces the GET that came back for it.
    fn resumed(&self, app: &AppHost, request: &mut Request<Body>) -> Option<Request<Body>> {
        if request.method() != Method::GET {
            return None;
        }
        let id = cookies::find(request.headers(), cookies::RESUME)?;
        let path_and_query = request.uri().path_and_query()?.as_str();
        let PostedRequest { method, uri, mut headers, body, .. } = self.gateway.posted.take(id, &app.name, path_and_query)?;
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
}

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
