//! Where a sign-in leads: its goal, and the addresses on the way there.

use axum::response::Response;
use http::StatusCode;

use crate::portal::kit::destination::AppDestination;
use crate::portal::kit::paths;
use crate::portal::kit::visit::Visit;
use crate::portal::sign_in::over_page::ExpiredPage;
use crate::sign_in::goal::{Goal, PortalArea};

/// Pages of the portal that a sign-in may lead back to, and whether the page or its form needs a fresh sign-in.
const BACK: [(&str, bool); 18] = [
    (paths::TRANSACTION_PASSWORD, true),
    (paths::DIRECTORY_PASSWORD, true),
    (paths::LAUNCHER, false),
    (paths::ACCOUNT, false),
    (paths::SESSIONS, true),
    (paths::BROWSERS, true),
    (paths::AUTHENTICATOR, true),
    (paths::RECOVERY_CODES, true),
    (paths::PASSWORD_CHANGE, true),
    (paths::PATTERN, true),
    (paths::AUTHENTICATOR_ENROL, true),
    (paths::AUTHENTICATOR_REMOVE, true),
    (paths::PASSKEYS, true),
    (paths::PASSKEY_ADD, true),
    (paths::IDENTITIES, true),
    (paths::CERTIFICATES, true),
    (paths::APPROVERS, true),
    (paths::APPROVER_ADD, true),
];

/// The goal of a sign-in: a page of the portal, or the app of a departure. An old departure is an error.
pub(in crate::portal) async fn goal(visit: &Visit, named: &str) -> Result<Goal, Response> {
    if named.is_empty() {
        return Ok(Goal::Portal { back: paths::LAUNCHER.to_owned(), fresh: false, area: PortalArea::Account });
    }
    if let Some((path, fresh)) = BACK.into_iter().find(|(path, _)| *path == named) {
        return Ok(Goal::Portal { back: path.to_owned(), fresh, area: paths::area_of(path) });
    }
    if paths::is_admin_page(named) {
        return Ok(Goal::Portal { back: named.to_owned(), fresh: true, area: paths::area_of(named) });
    }
    match visit.core.handover().departure(named).await {
        Ok(Some(departure)) => Ok(Goal::App { id: named.to_owned(), departure }),
        Ok(None) => Err(visit.page(StatusCode::GONE, &ExpiredPage { frame: visit.frame(), start_over: None }, &[])),
        Err(error) => Err(visit.failed(&error)),
    }
}

/// The query of a GET that follows the answer which set the sign-in's cookie.
pub(super) const COOKIE_SET: &str = "cookie-set";

/// Back to the GET, which shows the next step or goes on to the goal.
pub(in crate::portal) fn next(visit: &Visit, goal: &Goal) -> Response {
    let mark = if visit.is_new { format!("&{COOKIE_SET}") } else { String::new() };
    visit.see_other(&format!("{}{mark}", address(goal)))
}

/// To the page that waits for the phone, which was asked now.
pub(in crate::portal) fn waits(visit: &Visit, goal: &Goal) -> Response {
    let mark = if visit.is_new { format!("&{COOKIE_SET}") } else { String::new() };
    visit.see_other(&format!("{}&{}{mark}", address(goal), paths::ASKED))
}

/// Where the sign-in towards a goal is shown.
pub(in crate::portal) fn address(goal: &Goal) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("for", goal.id()).finish();
    format!("{}?{query}", paths::SIGN_IN)
}

/// Where a pattern is set that must be set before the sign-in goes on.
pub(in crate::portal) fn setting_at(goal: &Goal) -> String {
    paths::with_query(paths::NEW_PATTERN, &[("for", goal.id())])
}

pub(super) fn destination(visit: &Visit, goal: &Goal) -> Option<AppDestination> {
    let Goal::App { departure, .. } = goal else { return None };
    let config = visit.core.config();
    let app = config.file.app.iter().find(|app| app.name == departure.app)?;
    let host = url::Url::parse(&app.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    Some(AppDestination {
        title: app.title.clone().unwrap_or_else(|| app.name.clone()),
        host,
        holds_post: departure.held.is_some(),
    })
}
