//! Sign-out, and the launcher that is left behind: what there is to sign in to.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use http::header;

use crate::portal::account::circumstances;
use crate::portal::account::acts::refused;
use crate::portal::launcher::{AppTile, LauncherPage};
use crate::portal::kit::paths;
use crate::portal::sign_in::pages::{SignOutPage, SignedOut, SignedOutPage};
use crate::portal::sign_in::{Desk, first_sign_in};
use crate::portal::kit::visit::Visit;
use crate::chain::papers::Papers;
use crate::chain::policy::Policy;
use crate::chain::{self, Permit, Verdict};
use crate::facts::cookies;
use crate::self_service::sign_out::{self, Scope};
use crate::session::{Fresh, Session};
use crate::store::database::DatabaseError;

/// What the chain says of a session at a policy of the portal: the permit, or the way to earn it.
pub(in crate::portal) fn permitted(visit: &Visit, policy: &Policy, path: &str) -> Result<(Arc<Session>, Permit), Response> {
    let Some(session) = visit.session.clone() else { return Err(first_sign_in(visit, path)) };
    match judged(visit, &session, policy) {
        Verdict::Pass(permit) => Ok((session, permit)),
        Verdict::Ask(_turn) => Err(first_sign_in(visit, path)),
        Verdict::Refuse(refusal) => Err(visit.error(StatusCode::FORBIDDEN, refusal.code())),
        // No page of ours is a transaction.
        Verdict::Hold(_) => Err(visit.error(StatusCode::FORBIDDEN, "transaction")),
    }
}

/// What the chain says of a session at a policy of the portal. [`Visit::read`] let it pass only with the certificate that it
/// was made with.
pub(in crate::portal) fn judged(visit: &Visit, session: &Session, policy: &Policy) -> Verdict {
    let core = &visit.core;
    let standing = session.user().standing();
    let now = core.clock().now();
    let evidence = session.evidence();
    let certificate = visit.arrival.certificate.as_deref().map(|shown| (shown, core.certificates().standing(shown, now)));
    let papers = Papers {
        address: visit.arrival.address,
        certificate: certificate.as_ref().map(|(shown, standing)| (*shown, standing)),
        holder: None,
        bound_certificate: None,
        user: Some(&standing),
        evidence: &evidence,
        now,
    };
    chain::examine(policy, &papers).verdict
}

/// The witness of a session that was signed in to a short while ago; `None` where it was not, or not with everything that is
/// asked for then. The very policy is examined that the sign-in towards such a page examines, so that what it lets pass is
/// taken here.
pub(in crate::portal) async fn refreshed(visit: &Visit, session: &Arc<Session>, policy: &Policy) -> Result<Option<Fresh>, DatabaseError> {
    let core = &visit.core;
    let asked = core.afresh(policy, session.user()).await?;
    let Verdict::Pass(permit) = judged(visit, session, &asked.policy) else { return Ok(None) };
    let within = core.config().file.session.fresh.0;
    Ok(Fresh::of(&permit, session, asked.second, within, core.clock().now()).ok())
}

/// GET /
pub(in crate::portal) async fn launcher(State(desk): State<Desk>, request: Request) -> Response {
    let (visit, _body) = match Visit::read(Arc::clone(&desk.core), request) {
        Ok(read) => read,
        Err(response) => return response,
    };
    let policies = visit.core.policies();
    let (session, _permit) = match permitted(&visit, policies.portal(), paths::LAUNCHER) {
        Ok(permitted) => permitted,
        Err(response) => return response,
    };
    let standing = session.user().standing();
    let evidence = session.evidence();
    let config = visit.core.config();
    let mut apps = Vec::new();
    for app in &config.file.app {
        let Some(policy) = policies.app(&app.name) else { continue };
        let papers = Papers {
            address: visit.arrival.address,
            certificate: None,
            holder: None,
            bound_certificate: None,
            user: Some(&standing),
            evidence: &evidence,
            now: visit.core.clock().now(),
        };
        let asks = match chain::examine(policy.own(), &papers).verdict {
            Verdict::Pass(_) | Verdict::Hold(_) => None,
            Verdict::Ask(turn) => Some(turn.check()),
            // A certificate is shown to the app's own host; what it says cannot be known here.
            Verdict::Refuse(refusal) if refusal.check() == chain::Check::ClientCertificate => Some(refusal.check()),
            Verdict::Refuse(_) => continue,
        };
        let host = url::Url::parse(&app.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        apps.push(AppTile { title: app.title.clone().unwrap_or_else(|| app.name.clone()), host, url: app.url.clone(), asks });
    }
    visit.page(StatusCode::OK, &LauncherPage { frame: visit.frame(), apps, notices: Vec::new() }, &[])
}

/// GET /sign-out: asks; with `?app=` it tells that the app was left.
pub(in crate::portal) async fn ask_sign_out(State(desk): State<Desk>, request: Request) -> Response {
    let (visit, _body) = match Visit::read(Arc::clone(&desk.core), request) {
        Ok(read) => read,
        Err(response) => return response,
    };
    if let Some(name) = visit.query("app")
        && let Some(app) = visit.core.config().file.app.iter().find(|app| app.name == name)
    {
        let title = app.title.clone().unwrap_or_else(|| app.name.clone());
        return visit.page(StatusCode::OK, &SignedOutPage { frame: visit.frame(), scope: SignedOut::App(title) }, &[]);
    }
    match &visit.session {
        Some(session) => {
            let others = visit.core.sessions().of_user(session.user().id()).len().saturating_sub(1);
            visit.page(StatusCode::OK, &SignOutPage { frame: visit.frame(), other_sessions: others }, &[])
        }
        None => visit.page(StatusCode::OK, &SignedOutPage { frame: visit.frame(), scope: SignedOut::Here }, &[]),
    }
}

/// POST /sign-out
pub(in crate::portal) async fn sign_out(State(desk): State<Desk>, request: Request) -> Response {
    let (mut visit, body) = match Visit::read(Arc::clone(&desk.core), request) {
        Ok(read) => read,
        Err(response) => return response,
    };
    let fields = match visit.form(body).await {
        Ok(fields) => fields,
        Err(response) => return response,
    };
    let everywhere = fields.text("scope") == "everywhere";
    if let Some(session) = visit.session.take() {
        let scope = if everywhere { Scope::Everywhere } else { Scope::Here };
        if let Err(error) = sign_out::sign_out(&visit.core, &circumstances(&visit), &session, scope).await {
            return refused(&visit, &error);
        }
    }
    let mut response = if fields.text("scope") == "someone_else" {
        first_sign_in(&visit, fields.text("for"))
    } else {
        let scope = if everywhere { SignedOut::Everywhere } else { SignedOut::Here };
        visit.page(StatusCode::OK, &SignedOutPage { frame: visit.frame(), scope }, &[])
    };
    for name in [cookies::SESSION, cookies::SIGN_IN] {
        response.headers_mut().append(header::SET_COOKIE, cookies::set(name, "", Some(0)));
    }
    response
}
