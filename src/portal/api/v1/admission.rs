//! Who may use the API: the bearer of a token, or an administrator by a session that meets the policy of the
//! administration now. What a session changes must come from our own pages; that, and what shows a credential,
//! needs a fresh sign-in.
//! Invariant: what the administration demands of a connection (checks 1 and 2) holds for tokens too.

use std::sync::Arc;

use super::problem::ApiProblem;
use super::{Api, ApiAccess};
use axum::body::Body;
use axum::extract::Request;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, header};

use crate::admin::act::Route;
use crate::chain::evidence::Gathered;
use crate::chain::papers::Papers;
use crate::chain::{self, Verdict};
use crate::core::Core;
use crate::facts::arrival::Arrival;
use crate::facts::client_address::ClientAddress;
use crate::portal::kit::admission::{judged, refreshed};
use crate::portal::kit::visit::Visit;
use crate::principal::language::Language;
use crate::principal::user::GroupName;
use crate::session::Administrator;
use crate::telemetry::strangers::{self, Kind};

/// Who was admitted.
pub(super) struct ApiCaller {
    pub(super) administrator: Administrator,
    pub(super) address: Option<ClientAddress>,
    pub(super) request_id: Option<Arc<str>>,
    /// The language of the answer: the command line asks for the language of its terminal, every other program gets English.
    pub(super) language: Language,
}

const BEARER: &str = "Bearer realm=\"sekisho\"";
const BAD_BEARER: &str = "Bearer realm=\"sekisho\", error=\"invalid_token\"";
const STRONGER: &str = "Sekisho realm=\"sekisho\", error=\"insufficient_user_authentication\"";

/// Admits a request, or says why not.
pub(super) async fn admit(api: &Api, request: Request, route: Route) -> Result<(ApiCaller, Parts, Body), ApiProblem> {
    if api.access == ApiAccess::Machine {
        let (parts, body) = request.into_parts();
        let administrator = Administrator::at_the_machine();
        let asked = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let language = asked.and_then(Language::nearest).unwrap_or_default();
        return Ok((ApiCaller { administrator, address: None, request_id: None, language }, parts, body));
    }
    let Ok((visit, body)) = Visit::read(Arc::clone(&api.core), request) else {
        return Err(ApiProblem::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", "this request came past the gateway"));
    };
    let arrival = visit.arrival.clone();
    let administrator = match bearer(&visit.parts.headers) {
        Some(token) => by_token(&api.core, &arrival, token),
        None => by_session(&visit, route).await,
    };
    let administrator = administrator.map_err(|problem| problem.of_request(Some(&arrival.request_id)))?;
    let (address, request_id) = (Some(arrival.address), Some(Arc::clone(&arrival.request_id)));
    let admitted = ApiCaller { administrator, address, request_id, language: Language::English };
    Ok((admitted, visit.parts, body))
}

/// The token, if a header of that kind is there: then nothing else is looked at.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().unwrap_or_default();
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    Some(if scheme.eq_ignore_ascii_case("bearer") { token.trim() } else { "" })
}

fn by_token(core: &Core, arrival: &Arrival, token: &str) -> Result<Administrator, ApiProblem> {
    let refused = |code, detail: &str, status| {
        if strangers::may_write(Kind::ApiRefused, arrival.address.ip()) {
            tracing::warn!(remote_ip = %arrival.address, code, request_id = %arrival.request_id, "api_refused");
        }
        ApiProblem::new(status, code, detail)
    };
    connection(core, arrival)
        .map_err(|code| refused(code, "the administration is not open to this connection", StatusCode::FORBIDDEN))?;
    let Some(bearer) = core.tokens().find(token) else {
        let detail = "the token is not good: unknown, ended, revoked, or its owner is switched off";
        return Err(refused("invalid_token", detail, StatusCode::UNAUTHORIZED).challenged(BAD_BEARER));
    };
    Ok(Administrator::by_token(&bearer))
}

/// What the administration demands of the connection alone.
fn connection(core: &Core, arrival: &Arrival) -> Result<(), &'static str> {
    let now = core.clock().now();
    let certificate = arrival.certificate.as_deref().map(|shown| (shown, core.certificates().standing(shown, now)));
    let holder = certificate.as_ref().and_then(|(_, standing)| core.users().find(standing.user()?)).map(|user| user.standing());
    let lists = core.networks().lists();
    let papers = Papers {
        address: arrival.address,
        lists: &lists,
        certificate: certificate.as_ref().map(|(shown, standing)| (*shown, standing)),
        holder: holder.as_ref().map(|standing| &***standing),
        bound_certificate: None,
        user: None,
        evidence: &Gathered::none(),
        bound_browser: false,
        now,
    };
    let examined = chain::examine(&core.policies().admin().of_the_connection(), &papers);
    examined.trace.failed().map_or(Ok(()), |(_, refusal)| Err(refusal.code()))
}

async fn by_session(visit: &Visit, route: Route) -> Result<Administrator, ApiProblem> {
    let Some(session) = &visit.session else {
        let detail = "bring an API token (`Authorization: Bearer sekisho_…`) or the session of an administrator";
        return Err(ApiProblem::new(StatusCode::UNAUTHORIZED, "not_signed_in", detail).challenged(BEARER));
    };
    let core = &visit.core;
    let policies = core.policies();
    let permit = match judged(visit, session, policies.admin()) {
        Verdict::Pass(permit) => permit,
        Verdict::Ask(turn) => {
            let detail = "the administration asks for a stronger sign-in";
            return Err(ApiProblem::new(StatusCode::UNAUTHORIZED, turn.refusal().code(), detail).challenged(STRONGER));
        }
        Verdict::Hold(_) => return Err(ApiProblem::new(StatusCode::FORBIDDEN, "transaction", "the API is not a transaction")),
        Verdict::Refuse(refusal) => {
            return Err(ApiProblem::new(StatusCode::FORBIDDEN, refusal.code(), "the administration is not open to you"));
        }
    };
    if !matches!(visit.parts.method, Method::GET | Method::HEAD) && !visit.is_from_our_pages() {
        return Err(ApiProblem::new(StatusCode::FORBIDDEN, "foreign_origin", "only our own pages may act by a session"));
    }
    let fresh = if route.fresh { refreshed(visit, session, policies.admin()).await } else { Ok(None) };
    if route.fresh && fresh.map_err(|error| ApiProblem::fault(&error))?.is_none() {
        let detail = "sign in again to change anything or to see a credential";
        return Err(ApiProblem::new(StatusCode::UNAUTHORIZED, "sign_in_too_old", detail).challenged(STRONGER));
    }
    let config = core.config();
    let group = GroupName::parse(&config.file.portal.administrators)
        .map_err(|error| ApiProblem::fault(&format!("read portal.administrators: {error}")))?;
    Administrator::by_session(&permit, session, &group)
        .map_err(|error| ApiProblem::new(StatusCode::FORBIDDEN, "not_an_administrator", &error.to_string()))
}
