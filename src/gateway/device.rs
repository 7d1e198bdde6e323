//! `/.sekisho/device/`, on every host of ours: a browser registers a key, and renews the cookie of that key (Device Bound Session
//! Credentials). And what a request gets that shows a bound cookie without the cookie of its key.
//!
//! Chromium ends a session for good where its renewal is answered by 401, 404, 429, a redirect or a page, so that none of these
//! is ever the answer to one. A renewal needs nothing but memory: it is answered while the database is away.
//! Invariant: nothing is believed of a request but a proof that verifies.

use std::sync::Arc;
use std::time::Duration;

use http::header::{self, HeaderMap, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use serde_json::json;

use super::body::Body;
use crate::account::user::User;
use crate::audit::Event;
use crate::core::devices::{REFRESH, REGISTER};
use crate::device::{self, ChallengePurpose, Device, DeviceId, Unproved};
use crate::facts::problem::ProblemDocument;
use crate::facts::{cookies, device_session};
use crate::gateway::exchange::Exchange;
use crate::gateway::exchange::outcome::note;
use crate::gateway::problem::Caller;
use crate::seal::TokenHash;
use crate::session::PORTAL;
use crate::store::database::DatabaseError;
use crate::telemetry::strangers::{self, Kind};

/// What all addresses here begin with.
pub(super) const PREFIX: &str = "/.sekisho/device/";

/// How long a registration waits for the directory: a browser holds other requests as long as it waits for an answer.
const WRITTEN_WITHIN: Duration = Duration::from_millis(1500);
/// How long it is remembered that a page was loaded again, seconds.
const AGAIN_LASTS: u64 = 20;
/// How often a page is loaded again at most: tabs that were opened together share the count.
const AGAIN_MOST: u8 = 2;
/// How long a browser whose keys did not work is offered none, seconds.
const UNBOUND_LASTS: u64 = 24 * 3600;
/// When a browser that used up its limit may be asked again, seconds.
const LATER: &str = "60";

/// What the answer to a registration or a renewal is about.
struct Renewed<'a> {
    device: &'a Device,
    origin: &'a str,
    /// Devices of the session.
    beside: usize,
}

impl Exchange<'_> {
    /// Answers an address of ours under [`PREFIX`] at the host of a scope.
    pub(super) async fn device_path(&self, scope: &str, origin: &str, request: &Parts) -> Response<Body> {
        match (&request.method, request.uri.path()) {
            (&Method::POST, REGISTER) => self.register_device(scope, origin, &request.headers).await,
            (&Method::POST, REFRESH) => self.refresh_device(scope, origin, &request.headers),
            (_, REGISTER | REFRESH) => self.device_problem(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            _ => self.device_problem(StatusCode::NOT_FOUND, "no_such_page"),
        }
    }

    /// Binds the cookie of a session to the key that the request proves.
    async fn register_device(&self, scope: &str, origin: &str, headers: &HeaderMap) -> Response<Body> {
        let core = &self.gateway.core;
        let proof = device_session::one(headers, &device_session::RESPONSE).unwrap_or_default();
        let (key, cookie) = match core.devices().proved(proof, scope) {
            Ok(proved) => proved,
            Err(error) => {
                self.device_refused("register", scope, None, error);
                return self.device_problem(StatusCode::FORBIDDEN, error.code());
            }
        };
        // A listed proxy that asks by forward-auth hands these addresses on, and its cookies could not be renewed.
        let is_ours = self.app.is_none_or(|app| app.destination.is_some());
        // A browser that came from another site sends no cookie here; one that sends another has a newer one.
        let is_newest = cookies::find(headers, cookies::SESSION).is_none_or(|sent| TokenHash::of_text(sent) == Some(cookie));
        let unbound =
            core.sessions().unbound(scope, cookie).filter(|it| is_ours && is_newest && core.sessions().has_room(&it.session));
        let Some(unbound) = unbound else {
            return self.device_problem(StatusCode::FORBIDDEN, "no_session_to_bind");
        };
        let (session, user) = (unbound.session.id().text(), Arc::clone(unbound.session.user()));
        let kept = tokio::time::timeout(WRITTEN_WITHIN, async {
            let device = core.devices().add(scope, key).await?;
            let event = Event::new("browser.bind").address(self.address).request_id(&*self.request_id).user(user.id().as_str());
            let event = event.detail("device", device.id().text()).detail("session", session);
            let event = if scope == PORTAL { event } else { event.app(scope) };
            let is_bound = core.sessions().bind(&unbound, &device).await?;
            if is_bound {
                core.audit().record(event).await?;
            }
            // A registration of this browser, made a moment ago or long before, is bound to the same key.
            if is_bound && scope == PORTAL {
                match (cookies::find(headers, cookies::BROWSER), unbound.session.browser()) {
                    (Some(registered), _) => core.browsers().bind(user.id(), registered, &device).await?,
                    (None, Some(registered)) => core.browsers().bind_registration(registered, &device).await?,
                    (None, None) => false,
                };
            }
            Ok::<_, DatabaseError>(is_bound.then_some(device))
        });
        let device = match kept.await {
            Ok(Ok(Some(device))) => device,
            Ok(Ok(None)) => return self.device_problem(StatusCode::FORBIDDEN, "no_session_to_bind"),
            Ok(Err(error)) => return self.device_not_kept(&error),
            Err(elapsed) => return self.device_not_kept(&elapsed),
        };
        count("register", "accepted");
        let beside = unbound.session.devices().len();
        self.renewed(&Renewed { device: &device, origin, beside })
    }

    /// Renews the cookie of a key. Only what a browser itself sends is one: no script can set the field that names the key.
    fn refresh_device(&self, scope: &str, origin: &str, headers: &HeaderMap) -> Response<Body> {
        let core = &self.gateway.core;
        let Some(named) = device_session::one(headers, &device_session::ID) else {
            return self.device_problem(StatusCode::BAD_REQUEST, "no_device_named");
        };
        let id = std::str::from_utf8(named).ok().and_then(DeviceId::parse);
        let device = id.and_then(|id| core.devices().find(id)).filter(|device| device.scope() == scope);
        let Some(device) = device else { return ended() };
        let session = core.sessions().of_device(device.id());
        // A registered browser keeps its key from one session to the next.
        if session.is_none() && !(scope == PORTAL && core.browsers().has_device(device.id())) {
            return ended();
        }
        let Some(proof) = device_session::one(headers, &device_session::RESPONSE) else {
            count("refresh", "challenged");
            return self.challenged(&device);
        };
        if let Err(error) = core.devices().refresh(&device, proof) {
            // A browser that comes back answers a challenge of long ago, without fault of anybody.
            if error == Unproved::Challenge {
                count("refresh", "challenged");
            } else {
                self.device_refused("refresh", scope, session.as_ref().map(|session| &**session.user()), error);
            }
            return self.challenged(&device);
        }
        count("refresh", "accepted");
        let beside = session.map_or(1, |session| session.devices().len());
        let mut response = self.renewed(&Renewed { device: &device, origin, beside });
        for name in [cookies::UNBOUND, cookies::AGAIN].into_iter().filter(|name| cookies::find(headers, name).is_some()) {
            response.headers_mut().append(header::SET_COOKIE, cookies::set(name, "", Some(0)));
        }
        response
    }

    /// 200 with the cookie, the session as the browser keeps it, and the challenge of the next renewal.
    fn renewed(&self, renewed: &Renewed<'_>) -> Response<Body> {
        let Renewed { device, origin, beside } = renewed;
        let lasts = device::life(*beside);
        let document = json!({
            "session_identifier": device.id().text(),
            "refresh_url": REFRESH,
            "scope": { "origin": origin, "include_site": false },
            "allowed_refresh_initiators": self.hosts.refresh_initiators,
            "credentials": [{ "type": "cookie", "name": cookies::BOUND, "attributes": cookies::attributes() }],
        });
        let mut response = json_answer(StatusCode::OK, &document);
        let cookie = self.gateway.core.devices().cookie(device, lasts);
        response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::BOUND, &cookie, Some(lasts.as_secs())));
        self.challenge(&mut response, device);
        response
    }

    /// 403, the one status that a browser answers by a proof.
    fn challenged(&self, device: &Device) -> Response<Body> {
        let mut response = self.device_problem(StatusCode::FORBIDDEN, "proof_wanted");
        self.challenge(&mut response, device);
        response
    }

    fn challenge(&self, response: &mut Response<Body>, device: &Device) {
        let challenge = self.gateway.core.devices().challenge(ChallengePurpose::Refresh(device.id()));
        let value = HeaderValue::try_from(format!("\"{challenge}\";id=\"{}\"", device.id().text()));
        if let Ok(value) = value {
            response.headers_mut().insert(device_session::CHALLENGE, value);
        }
    }

    fn device_not_kept(&self, error: &dyn std::fmt::Display) -> Response<Body> {
        count("register", "unavailable");
        if strangers::may_write(Kind::StateUnavailable, self.address.ip()) {
            tracing::error!(%error, request_id = %self.request_id, "device_not_kept");
        }
        self.device_problem(StatusCode::SERVICE_UNAVAILABLE, "state_unavailable")
    }

    fn device_refused(&self, what: &'static str, scope: &str, user: Option<&User>, error: Unproved) {
        count(what, error.code());
        if strangers::may_write(Kind::DeviceRefused, self.address.ip()) {
            tracing::warn!(remote_ip = %self.address, scope, reason = error.code(), request_id = %self.request_id, "device_refused");
            let event = Event::new("browser.bind").address(self.address).request_id(&*self.request_id);
            let event = event.refused(error.code()).detail("at", what);
            self.gateway.core.audit().note(match user {
                Some(user) => event.user(user.id().as_str()),
                None => event,
            });
        }
    }

    /// A problem as programs read it: a browser shows it to nobody.
    fn device_problem(&self, status: StatusCode, code: &'static str) -> Response<Body> {
        let document = ProblemDocument::new(status, code).with("request_id", &*self.request_id);
        let mut response = document.respond(Body::full);
        note(&mut response, code);
        response
    }

    /// The key that is to be shown beside the cookies of a request, and is not: that of its session, and at a sign-in that of
    /// the registered browser.
    fn device_wanted(&self, scope: &str, request: &Request<Body>) -> Option<Arc<Device>> {
        let (core, headers) = (&self.gateway.core, request.headers());
        // Phones prove who they are with each request, and have no session.
        if scope == PORTAL && request.uri().path().starts_with("/approver") {
            return None;
        }
        let shown = cookies::find(headers, cookies::BOUND);
        let of_session = cookies::find(headers, cookies::SESSION).and_then(|cookie| core.sessions().binding(scope, cookie));
        if let Some(device) = of_session {
            return (!core.devices().is_shown(&device, shown)).then_some(device);
        }
        if scope != PORTAL || !request.uri().path().starts_with("/sign-in") {
            return None;
        }
        let device = shown.and_then(|shown| core.devices().shown(scope, shown));
        core.browsers().wants_key(cookies::find(headers, cookies::BROWSER)?, device.as_ref())
    }

    /// What a request gets whose session's cookie is bound to a key and comes without the cookie of that key; `None` where
    /// it is judged like any request without a session.
    ///
    /// A browser renews the cookie before it sends a request, unless a page of another host led to this one: then a page of
    /// ours is the first of this host that asks for something, and the renewal is done when it loads the address again.
    pub(super) fn without_device(&self, scope: &str, request: &Request<Body>) -> Option<Response<Body>> {
        let headers = request.headers();
        let device = self.device_wanted(scope, request)?;
        if device_session::is_skipped(headers) {
            // The browser knows its key and could not use it now. A sign-in would lead back to the same.
            let mut response = self.problem(StatusCode::SERVICE_UNAVAILABLE, "device_not_renewed", headers);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(LATER));
            return Some(response);
        }
        let is_page = self.caller == Caller::Person
            && request.method() == Method::GET
            && headers.get("sec-fetch-dest").is_some_and(|to| to == "document");
        let tried = cookies::find(headers, cookies::AGAIN).and_then(|count| count.parse::<u8>().ok()).unwrap_or(0);
        if !is_page || tried >= AGAIN_MOST {
            return None;
        }
        let problem = self.problem_for(StatusCode::OK, "device_not_shown", None);
        // With its host in front: a path may begin with two slashes (T17).
        let origin = self.app.map_or(&*self.hosts.portal_origin, |app| &*app.origin);
        let address = format!("{origin}{}", request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str));
        let (page_headers, page) = self.gateway.pages.load_again(&address, &problem, headers);
        let mut response = Response::new(Body::full(page));
        *response.headers_mut() = page_headers;
        let set = response.headers_mut();
        set.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        set.append(header::SET_COOKIE, cookies::set(cookies::AGAIN, &(tried + 1).to_string(), Some(AGAIN_LASTS)));
        if tried > 0 && device.refreshed().is_none() {
            // It never renewed anything: its keys do not work, and each of them would end in another sign-in.
            set.append(header::SET_COOKIE, cookies::set(cookies::UNBOUND, "1", Some(UNBOUND_LASTS)));
        }
        note(&mut response, "device_not_shown");
        Some(response)
    }
}

/// The end of a session, in the one way that says so to a browser; the cookie goes with it.
fn ended() -> Response<Body> {
    count("refresh", "ended");
    let mut response = json_answer(StatusCode::OK, &json!({ "continue": false }));
    response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::BOUND, "", Some(0)));
    response
}

fn json_answer(status: StatusCode, document: &serde_json::Value) -> Response<Body> {
    let mut response = Response::new(Body::full(document.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn count(what: &'static str, outcome: &'static str) {
    metrics::counter!("sekisho_device_proofs_total", "what" => what, "outcome" => outcome).increment(1);
}
