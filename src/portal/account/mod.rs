//! The account pages: what a person sees of the own account. The acts are posted to `account_acts.rs`.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;

use crate::portal::account::acts as acts;
use crate::portal::sign_out::{permitted, refreshed};
use crate::portal::account::pages::{AuthenticatorPage, AuthenticatorRow, BrowserRow, BrowsersPage, FreshPage, Notice, OverviewPage, PasswordChangePage, RecoveryPage, SessionRow, SessionsPage, TransactionPasswordPage};
use crate::portal::enrol::{Course, EnrolPage, EnrolProblem, PasswordProblem};
use crate::portal::kit::paths;
use crate::portal::sign_in::Desk;
use crate::portal::kit::visit::Visit;
use crate::chain::policy::Policy;
use crate::factor::totp::Enrolment;
use crate::self_service::{self, ActError, Circumstances};
use crate::session::{Fresh, PORTAL, Session};

/// Adds the account's routes.
pub(in crate::portal) fn routes(router: Router<Desk>) -> Router<Desk> {
    router
        .route(paths::ACCOUNT, get(overview))
        .route(paths::SESSIONS, get(sessions))
        .route(paths::SESSION_REVOKE, post(acts::revoke_session))
        .route(paths::SESSIONS_REVOKE_OTHERS, post(acts::revoke_other_sessions))
        .route(paths::BROWSERS, get(browsers))
        .route(paths::BROWSER_FORGET, post(acts::forget_browser))
        .route(paths::PASSWORD_CHANGE, get(password).post(acts::change_password))
        .route(paths::TRANSACTION_PASSWORD, get(transaction_password).post(acts::set_transaction_password))
        .route(paths::AUTHENTICATOR, get(authenticator))
        .route(paths::AUTHENTICATOR_ENROL, get(enrol).post(acts::confirm_authenticator))
        .route(paths::AUTHENTICATOR_REMOVE, post(acts::remove_authenticator))
        .route(paths::RECOVERY_CODES, get(recovery_codes).post(acts::renew_recovery_codes))
}

/// Where a visit comes from, as the acts are told.
pub(in crate::portal) fn circumstances(visit: &Visit) -> Circumstances<'_> {
    Circumstances { address: visit.arrival.address, request_id: &visit.arrival.request_id }
}

/// The session, where the portal's policy passes; else the way to earn it. `path` is the page to come back to.
pub(in crate::portal) fn signed_in(visit: &Visit, path: &str) -> Result<Arc<Session>, Response> {
    let policies = visit.core.policies();
    permitted(visit, policies.portal(), path).map(|(session, _permit)| session)
}

/// A fresh sign-in, or the page that leads to one and comes back to `path`.
pub(in crate::portal) async fn fresh(visit: &Visit, path: &str) -> Result<Fresh, Response> {
    let policies = visit.core.policies();
    fresh_by(visit, policies.portal(), path).await
}

/// The same by the policy of the page.
pub(in crate::portal) async fn fresh_by(visit: &Visit, policy: &Policy, path: &str) -> Result<Fresh, Response> {
    let (session, _permit) = permitted(visit, policy, path)?;
    let fresh = refreshed(visit, &session, policy).await.map_err(|error| visit.failed(&error))?;
    fresh.ok_or_else(|| {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("for", path).finish();
        let sign_in = format!("{}?{query}", paths::SIGN_IN);
        let minutes = visit.core.config().file.session.fresh.0.as_secs().div_ceil(60);
        visit.page(StatusCode::FORBIDDEN, &FreshPage { frame: visit.frame(), minutes, sign_in }, &[])
    })
}

/// What an act that led here did.
pub(in crate::portal) fn done(visit: &Visit) -> Vec<Notice> {
    let count = visit.query("count").and_then(|count| count.parse().ok()).unwrap_or(0);
    visit.query("done").and_then(|word| Notice::done(&word, count)).into_iter().collect()
}

/// GET /account
async fn overview(State(desk): State<Desk>, request: Request) -> Response {
    answered(Visit::read(Arc::clone(&desk.core), request), overview_page).await
}

async fn overview_page(visit: &Visit) -> Result<Response, Response> {
    let session = signed_in(visit, paths::ACCOUNT)?;
    let (core, user) = (&visit.core, session.user());
    let failed = |error| visit.failed(&error);
    let authenticator = core.totps().of_user(user.id()).await.map_err(failed)?;
    let left = core.recovery_codes().left(user.id()).await.map_err(failed)?;
    let mut notices = done(visit);
    notices.extend(few(authenticator.is_some(), left));
    let page = OverviewPage {
        frame: visit.frame(),
        notices,
        user: user.id().to_string(),
        email: user.profile().email.clone(),
        groups: user.standing().groups.iter().map(ToString::to_string).collect(),
        password_set: core.passwords().set_at(user.id()).await.map_err(failed)?,
        authenticator_added: authenticator.map(|authenticator| authenticator.added_at),
        recovery_codes: left,
        sessions: core.sessions().of_user(user.id()).len(),
        browsers: core.browsers().of_user(user.id()).len(),
    };
    Ok(visit.page(StatusCode::OK, &page, &[]))
}

/// Fewer recovery codes than are comfortable.
fn few(has_authenticator: bool, left: usize) -> Option<Notice> {
    match left {
        _ if !has_authenticator => None,
        0 => Some(Notice::NoRecoveryCodes),
        1..=3 => Some(Notice::FewRecoveryCodes(left)),
        _ => None,
    }
}

/// GET /account/sessions
async fn sessions(State(desk): State<Desk>, request: Request) -> Response {
    answered(Visit::read(Arc::clone(&desk.core), request), sessions_page).await
}

async fn sessions_page(visit: &Visit) -> Result<Response, Response> {
    let this = signed_in(visit, paths::SESSIONS)?;
    let config = visit.core.config();
    let title =
        |scope: String| config.file.app.iter().find(|app| app.name == scope).and_then(|app| app.title.clone()).unwrap_or(scope);
    let mut rows: Vec<SessionRow> = self_service::sessions::list(&visit.core, this.user())
        .iter()
        .map(|session| SessionRow {
            id: session.id().text(),
            this: session.id() == this.id(),
            agent: session.agent().to_owned(),
            address: session.address().to_string(),
            created_at: session.created(),
            last_seen_at: session.last_seen(),
            apps: session.scopes().into_iter().filter(|scope| scope != PORTAL).map(title).collect(),
        })
        .collect();
    rows.sort_by_key(|row| !row.this);
    let page = SessionsPage { frame: visit.frame(), notices: done(visit), sessions: rows };
    Ok(visit.page(StatusCode::OK, &page, &[]))
}

/// GET /account/browsers
async fn browsers(State(desk): State<Desk>, request: Request) -> Response {
    answered(Visit::read(Arc::clone(&desk.core), request), browsers_page).await
}

async fn browsers_page(visit: &Visit) -> Result<Response, Response> {
    let session = signed_in(visit, paths::BROWSERS)?;
    let (core, user) = (&visit.core, session.user());
    let this =
        visit.visitor().browser_cookie.and_then(|cookie| core.browsers().find(user.id(), cookie)).map(|browser| browser.id);
    let mut rows: Vec<BrowserRow> = core
        .browsers()
        .of_user(user.id())
        .iter()
        .map(|browser| BrowserRow {
            id: browser.id.text(),
            this: Some(browser.id) == this,
            name: browser.agent.clone(),
            way: browser.way,
            registered_at: browser.registered_at,
            last_used_at: Some(browser.last_seen),
            expires_at: browser.expires_at,
        })
        .collect();
    rows.sort_by_key(|row| !row.this);
    let page = BrowsersPage { frame: visit.frame(), notices: done(visit), browsers: rows };
    Ok(visit.page(StatusCode::OK, &page, &[]))
}

/// GET /account/password
async fn password(State(desk): State<Desk>, request: Request) -> Response {
    answered(Visit::read(Arc::clone(&desk.core), request), async |visit: &Visit| {
        let fresh = fresh(visit, paths::PASSWORD_CHANGE).await?;
        self_service::has_proved_another(&fresh).map_err(|error| acts::refused(visit, &error))?;
        Ok(password_page(visit, &fresh, None))
    })
    .await
}

/// The form, with what was wrong with the last try.
pub(in crate::portal) fn password_page(visit: &Visit, fresh: &Fresh, problem: Option<PasswordProblem>) -> Response {
    let minimum_length = visit.core.passwords().minimum();
    let asks = visit.core.policies().apps().any(|(_, app)| app.transactions().iter().any(|held| held.transaction().password));
    let transaction_at = asks.then_some(paths::TRANSACTION_PASSWORD);
    let user = fresh.user().id().to_string();
    let page = PasswordChangePage { frame: visit.frame(), user, minimum_length, problem, transaction_at };
    visit.page(if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page, &[])
}

/// GET /account/transaction-password
async fn transaction_password(State(desk): State<Desk>, request: Request) -> Response {
    answered(Visit::read(Arc::clone(&desk.core), request), async |visit: &Visit| {
        let fresh = fresh(visit, paths::TRANSACTION_PASSWORD).await?;
        self_service::has_proved_another(&fresh).map_err(|error| acts::refused(visit, &error))?;
        transaction_password_page(visit, &fresh, None).await
    })
    .await
}

/// The form, with what was wrong with the last try.
pub(in crate::portal) async fn transaction_password_page(
    visit: &Visit,
    fresh: &Fresh,
    problem: Option<PasswordProblem>,
) -> Result<Response, Response> {
    let set_at = visit.core.transaction_passwords().set_at(fresh.user().id()).await.map_err(|error| visit.failed(&error))?;
    let user = fresh.user().id().to_string();
    let minimum_length = visit.core.passwords().minimum();
    let page = TransactionPasswordPage { frame: visit.frame(), user, minimum_length, set_at, problem };
    Ok(visit.page(if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page, &[]))
}

/// GET /account/authenticator
async fn authenticator(State(desk): State<Desk>, request: Request) -> Response {
    answered(Visit::read(Arc::clone(&desk.core), request), authenticator_page).await
}

async fn authenticator_page(visit: &Visit) -> Result<Response, Response> {
    let session = signed_in(visit, paths::AUTHENTICATOR)?;
    let (core, user) = (&visit.core, session.user());
    let failed = |error| visit.failed(&error);
    let authenticator = core.totps().of_user(user.id()).await.map_err(failed)?;
    let left = core.recovery_codes().left(user.id()).await.map_err(failed)?;
    let mut notices = done(visit);
    notices.extend(few(authenticator.is_some(), left));
    let authenticators = authenticator
        .map(|there| AuthenticatorRow { id: there.id.text(), added_at: there.added_at, last_used_at: there.last_used_at })
        .into_iter()
        .collect();
    let may_remove = self_service::totp::may_remove(core, user);
    let page = AuthenticatorPage { frame: visit.frame(), notices, authenticators, may_remove };
    Ok(visit.page(StatusCode::OK, &page, &[]))
}

/// GET /account/authenticator/enrol
async fn enrol(State(desk): State<Desk>, request: Request) -> Response {
    answered(Visit::read(Arc::clone(&desk.core), request), async |visit: &Visit| {
        let fresh = fresh(visit, paths::AUTHENTICATOR_ENROL).await?;
        let refused = |error: ActError| acts::refused(visit, &error);
        self_service::totp::is_not_excluded(&visit.core, fresh.user()).await.map_err(refused)?;
        let (shown, drawn) = self_service::totp::begin(&visit.core, &fresh).map_err(refused)?;
        let replaces = visit.core.totps().has(fresh.user().id()).await.map_err(|error| visit.failed(&error))?;
        let user = fresh.user().id().to_string();
        let form = EnrolForm { course: Course::Account, action: paths::AUTHENTICATOR_ENROL.to_owned(), user, replaces };
        Ok(enrol_page(visit, form, &shown, &drawn, None))
    })
    .await
}

/// What tells one enrolment form from another.
pub(in crate::portal) struct EnrolForm {
    pub(in crate::portal) course: Course,
    pub(in crate::portal) action: String,
    pub(in crate::portal) user: String,
    pub(in crate::portal) replaces: bool,
}

/// A new key, with what was wrong with the last try.
pub(in crate::portal) fn enrol_page(
    visit: &Visit,
    form: EnrolForm,
    shown: &Enrolment,
    drawn: &[u8],
    problem: Option<EnrolProblem>,
) -> Response {
    let page = EnrolPage {
        frame: visit.frame(),
        course: form.course,
        action: form.action,
        enrolment: crate::random::base64url(drawn),
        user: form.user,
        issuer: visit.core.config().file.totp.issuer.clone(),
        key: shown.key.chars().filter(|c| !c.is_whitespace()).collect(),
        uri: shown.uri.to_string(),
        replaces: form.replaces,
        problem,
    };
    visit.page(if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page, &[])
}

/// GET /account/recovery-codes
async fn recovery_codes(State(desk): State<Desk>, request: Request) -> Response {
    answered(Visit::read(Arc::clone(&desk.core), request), async |visit: &Visit| {
        let session = signed_in(visit, paths::RECOVERY_CODES)?;
        let (core, user) = (&visit.core, session.user());
        let failed = |error| visit.failed(&error);
        let page = RecoveryPage {
            frame: visit.frame(),
            notices: done(visit),
            left: core.recovery_codes().left(user.id()).await.map_err(failed)?,
            made_at: core.recovery_codes().made_at(user.id()).await.map_err(failed)?,
            has_authenticator: core.totps().has(user.id()).await.map_err(failed)?,
        };
        Ok(visit.page(StatusCode::OK, &page, &[]))
    })
    .await
}

/// A GET: what was read, or why not, answered.
pub(in crate::portal) async fn answered(
    read: Result<(Visit, Body), Response>,
    page: impl AsyncFnOnce(&Visit) -> Result<Response, Response>,
) -> Response {
    match read {
        Ok((visit, _body)) => page(&visit).await.unwrap_or_else(|response| response),
        Err(response) => response,
    }
}
