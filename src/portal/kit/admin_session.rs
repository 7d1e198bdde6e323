//! Who may see a page of the administration.
//! Invariant: [`Administrator`] is made from a session only where the policy of the administration passes now.

use axum::extract::{FromRequest, Request};
use axum::response::Response;
use http::StatusCode;

use crate::portal::kit::admission::permitted;
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::principal::user::GroupName;
use crate::session::Administrator;

/// A visit by an administrator whose session the policy of the administration lets pass now.
pub(in crate::portal) struct AdminSession {
    pub(in crate::portal) visit: Visit,
    pub(in crate::portal) administrator: Administrator,
}

impl FromRequest<PortalState> for AdminSession {
    type Rejection = Response;

    async fn from_request(request: Request, state: &PortalState) -> Result<Self, Response> {
        let visit = Visit::from_request(request, state).await?;
        let administrator = administrator(&visit)?;
        Ok(Self { visit, administrator })
    }
}

/// The administrator whose session this is; otherwise an answer that leads to the sign-in, and from there back to the
/// page.
pub(in crate::portal) fn administrator(visit: &Visit) -> Result<Administrator, Response> {
    let policies = visit.core.policies();
    let (session, permit) = permitted(visit, policies.admin(), &here(visit))?;
    let group = GroupName::parse(&visit.core.config().file.portal.administrators).map_err(|error| visit.failed(&error))?;
    Administrator::by_session(&permit, &session, &group)
        .map_err(|_error| visit.error(StatusCode::FORBIDDEN, "not_an_administrator"))
}

/// The page that is asked for, without the notice of the last act.
pub(in crate::portal) fn here(visit: &Visit) -> String {
    let path = visit.parts.uri.path();
    let query = visit.parts.uri.query().unwrap_or_default();
    let mut kept = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if !matches!(&*name, "done" | "count" | "drawn") && !value.is_empty() {
            kept.append_pair(&name, &value);
        }
    }
    match kept.finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}
