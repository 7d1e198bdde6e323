//! One request to the portal: its session, its language and where it came from; and the answers that all handlers give alike.
//! Forms are taken only from our own pages.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::response::Response;
use http::header::{self, HeaderMap, HeaderValue};
use http::{StatusCode, request};

use crate::account::settings::PORTAL_NOTICE;
use crate::core::Core;
use crate::device::Device;
use crate::facts::arrival::Arrival;
use crate::facts::{cookies, device_session, origin};
use crate::portal::kit::continue_page::ContinuePage;
use crate::portal::kit::error_page::ErrorPage;
use crate::portal::kit::language::Language;
use crate::portal::kit::moment;
use crate::portal::kit::page::{Frame, Person, PortalPage, Styles};
use crate::portal::kit::protection;
use crate::portal::kit::state::PortalState;
use crate::principal::user::GroupName;
use crate::session::{PORTAL, Session};
use crate::sign_in::visitor::Visitor;
use crate::telemetry::strangers::{self, Kind};

/// One request, read.
pub(in crate::portal) struct Visit {
    pub(in crate::portal) core: Arc<Core>,
    pub(in crate::portal) arrival: Arrival,
    pub(in crate::portal) parts: request::Parts,
    pub(in crate::portal) language: Language,
    pub(in crate::portal) session: Option<Arc<Session>>,
    /// The key of this browser, if it shows one.
    pub(in crate::portal) device: Option<Arc<Device>>,
    /// The value of `__Host-sekisho-signin`: the browser's own, or a new one to set.
    pub(in crate::portal) sign_in_cookie: String,
    /// Whether the browser brought none.
    pub(in crate::portal) is_new: bool,
    agent: String,
}

impl Visit {
    /// Reads a request without its body; `Err` if it came past the gateway, which is a fault of the server.
    pub(in crate::portal) fn read(core: Arc<Core>, request: Request) -> Result<(Self, Body), Response> {
        let (parts, body) = request.into_parts();
        let Some(arrival) = parts.extensions.get::<Arrival>().cloned() else {
            let mut response = Response::new(Body::from("this request came past the gateway"));
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            return Err(response);
        };
        let cookie = |name| cookies::find(&parts.headers, name);
        let bound = || cookie(cookies::BOUND);
        let found = cookie(cookies::SESSION).and_then(|cookie| core.sessions().find_beside(PORTAL, cookie, bound));
        let session = found.filter(|admitted| {
            // A session made with a certificate is dead with another or none.
            admitted.certificate.is_none()
                || admitted.certificate == arrival.certificate.as_deref().map(|shown| shown.fingerprint())
        });
        let session = session.map(|admitted| admitted.session);
        let profile_language = session.as_ref().and_then(|session| session.user().profile().language.clone());
        let accept = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let language = Language::negotiate(cookie(cookies::LANGUAGE), profile_language.as_deref(), accept);
        let known =
            cookie(cookies::SIGN_IN).filter(|value| crate::random::from_base64url::<32>(value).is_some()).map(str::to_owned);
        let is_new = known.is_none();
        let sign_in_cookie = known.unwrap_or_else(|| crate::random::base64url(&core.random().token()));
        let agent = agent_of(&parts.headers);
        let device = core.device_shown(PORTAL, &parts.headers);
        Ok((Self { core, arrival, parts, language, session, device, sign_in_cookie, is_new, agent }, body))
    }

    /// Every browser of today sends `Origin` with a POST, though `null` where it is hidden; then it says where it comes from.
    pub(in crate::portal) fn is_from_our_pages(&self) -> bool {
        origin::is_own(&self.parts.headers, &self.origin())
    }

    /// Scheme, host and port of the portal.
    pub(in crate::portal) fn origin(&self) -> String {
        url::Url::parse(&self.core.config().file.portal.url).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
    }

    /// Who is at the barrier.
    pub(in crate::portal) fn visitor(&self) -> Visitor<'_> {
        Visitor {
            address: self.arrival.address,
            certificate: self.arrival.certificate.as_ref(),
            channel_binding: self.arrival.channel_binding.as_ref(),
            sign_in_cookie: &self.sign_in_cookie,
            browser_cookie: cookies::find(&self.parts.headers, cookies::BROWSER),
            device: self.device.as_ref(),
            session: self.session.as_ref(),
            agent: &self.agent,
            request_id: &self.arrival.request_id,
        }
    }

    /// A value of the query.
    pub(in crate::portal) fn query(&self, name: &str) -> Option<String> {
        let query = self.parts.uri.query()?;
        url::form_urlencoded::parse(query.as_bytes()).find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
    }

    /// The frame of a page at this address.
    pub(in crate::portal) fn frame(&self) -> Frame {
        let config = self.core.config();
        let administrators = GroupName::parse(&config.file.portal.administrators).ok();
        let person = self.session.as_ref().map(|session| {
            let (standing, profile) = (session.user().standing(), session.user().profile());
            Person {
                user: standing.user.to_string(),
                display_name: profile.display_name.clone(),
                administrator: administrators.as_ref().is_some_and(|group| standing.is_in(group)),
            }
        });
        let here = (self.parts.method == http::Method::GET)
            .then(|| self.parts.uri.path_and_query().map_or("/".to_owned(), ToString::to_string));
        Frame {
            language: self.language,
            organisation: config.file.portal.title.as_deref().map(Arc::from),
            announcement: self.core.settings().value(PORTAL_NOTICE),
            person,
            here,
            form_token: None,
            styles: Styles::Linked,
            request_id: Some(Arc::clone(&self.arrival.request_id)),
            now: self.core.clock().now(),
            zone: moment::zone_of(&self.parts.headers).unwrap_or_else(|| config.file.time.zone.0.clone()),
        }
    }

    /// A page; `targets` are the origins that its forms may end at.
    pub(in crate::portal) fn page(&self, status: StatusCode, page: &impl PortalPage, targets: &[&str]) -> Response {
        let mut response = Response::new(Body::from(page.html()));
        *response.status_mut() = status;
        protection::protect(response.headers_mut(), targets);
        self.finish(response)
    }

    /// A page that works by a script of ours.
    pub(in crate::portal) fn scripted_page(&self, status: StatusCode, page: &impl PortalPage) -> Response {
        self.scripted_page_towards(status, page, &[])
    }

    /// The same, with forms that may end at these origins.
    pub(in crate::portal) fn scripted_page_towards(
        &self,
        status: StatusCode,
        page: &impl PortalPage,
        targets: &[&str],
    ) -> Response {
        let mut response = Response::new(Body::from(page.html()));
        *response.status_mut() = status;
        protection::protect_scripted(response.headers_mut(), targets);
        self.finish(response)
    }

    /// A file to keep: shown nowhere, run nowhere. `name` is ours.
    pub(in crate::portal) fn file(&self, name: &str, kind: &'static str, body: Body) -> Response {
        let mut response = Response::new(body);
        protection::protect(response.headers_mut(), &[]);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        let disposition = HeaderValue::try_from(format!("attachment; filename=\"{name}\""));
        headers.insert(header::CONTENT_DISPOSITION, disposition.unwrap_or(HeaderValue::from_static("attachment")));
        self.finish(response)
    }

    /// An error, as a page.
    pub(in crate::portal) fn error(&self, status: StatusCode, code: &str) -> Response {
        let page =
            ErrorPage { frame: self.frame(), status: status.as_u16(), app: None, code: Some(code.to_owned()), retry_after: None };
        self.page(status, &page, &[])
    }

    /// An internal error: it is logged, and the page says that the visitor did not cause it.
    pub(in crate::portal) fn failed(&self, error: &dyn std::fmt::Display) -> Response {
        if self.session.is_some() || strangers::may_write(Kind::StateUnavailable, self.arrival.address.ip()) {
            tracing::error!(%error, request_id = %self.arrival.request_id, "portal_failed");
        }
        self.error(StatusCode::SERVICE_UNAVAILABLE, "state_unavailable")
    }

    /// Whether this request stands in the chain of redirects that one of our forms began: a POST, or a GET that one led to.
    fn came_by_form(&self) -> bool {
        self.parts.method == http::Method::POST || self.query(SENT).is_some()
    }

    /// Leaves for an app; `own` is the address of ours that leads there, `app` what people call it. A browser holds the
    /// `form-action` of a page against every redirect after its form (CSP3 §6.4.1), and whither an app redirects first is
    /// not ours to know: what a form began ends at a page of ours, and the browser goes on from there.
    pub(in crate::portal) fn leave_for(&self, own: &str, app: &str, location: &str) -> Response {
        if !self.came_by_form() {
            return self.see_other(location);
        }
        if self.parts.method == http::Method::POST {
            return self.see_other(own);
        }
        self.page(StatusCode::OK, &ContinuePage { frame: self.frame(), app: app.to_owned(), next: own.to_owned() }, &[])
    }

    /// 303 See Other.
    pub(in crate::portal) fn see_other(&self, location: &str) -> Response {
        // What leads on to an app carries on that a form began it.
        let leads_on = location.starts_with("/sign-in?") || location.starts_with("/transaction/");
        let mark = if location.contains('?') { '&' } else { '?' };
        let marked = (leads_on && self.came_by_form()).then(|| format!("{location}{mark}{SENT}"));
        let location = marked.as_deref().unwrap_or(location);
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SEE_OTHER;
        if let Ok(location) = HeaderValue::try_from(location) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        self.finish(response)
    }

    /// Gives the browser a cookie for its session, and offers to bind it to a key.
    pub(in crate::portal) fn admit(&self, response: &mut Response, cookie: &str) {
        let headers = response.headers_mut();
        headers.append(header::SET_COOKIE, cookies::set(cookies::SESSION, cookie, None));
        if let Some(offer) = self.core.device_offer(PORTAL, cookie, &self.parts.headers) {
            headers.insert(device_session::REGISTRATION, offer);
        }
    }

    /// Adds what every answer of a sign-in carries.
    fn finish(&self, mut response: Response) -> Response {
        if self.is_new && self.parts.uri.path().starts_with("/sign-in") {
            response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::SIGN_IN, &self.sign_in_cookie, None));
        }
        if let Ok(id) = HeaderValue::from_str(&self.arrival.request_id) {
            response.headers_mut().insert("x-request-id", id);
        }
        response
    }
}

impl FromRequest<PortalState> for Visit {
    type Rejection = Response;

    async fn from_request(request: Request, state: &PortalState) -> Result<Self, Response> {
        Self::read(Arc::clone(&state.core), request).map(|(visit, _body)| visit)
    }
}

/// The query of a GET that a form of ours led to.
const SENT: &str = "sent";

/// A browser in a few words: `Firefox, Linux`. What it says of itself is only ever shown, never believed.
fn agent_of(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first =
        |words: &[(&'static str, &'static str)]| words.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => agent.chars().filter(|c| !c.is_control()).take(32).collect(),
    }
}
