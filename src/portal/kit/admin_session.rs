//! Who may see a page of the administration, and who may change something from it.
//! Invariant: [`Administrator`] is made from a session only where the policy of the administration passes now, and a form is
//! acted on only after a fresh sign-in by that policy.

use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use axum::response::Response;
use http::StatusCode;
use serde::de::DeserializeOwned;

use crate::admin::act::{self, Act, Circumstances};
use crate::admin::error::AdminError;
use crate::admin::told;
use crate::portal::kit::admission::{fresh_by, permitted};
use crate::portal::kit::form::Form;
use crate::portal::kit::reason::ReasonText;
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::principal::user::GroupName;
use crate::session::Administrator;

/// A visit by an administrator whose session the policy of the administration lets pass now.
pub(in crate::portal) struct AdminSession {
    pub(in crate::portal) visit: Visit,
    pub(in crate::portal) administrator: Administrator,
}

/// The fields of a form of the administration.
pub(in crate::portal) trait AdminFields: DeserializeOwned + Send {
    /// Bytes of the form, where more than `limits.portal_body` is taken of an administrator.
    const LARGEST: usize = 0;

    /// The page that a fresh sign-in comes back to.
    fn page(&self) -> &str;
}

/// A form that an administrator posted after a fresh sign-in. The form is judged first, the sign-in then, and last whether
/// the user is an administrator.
pub(in crate::portal) struct AdminForm<T> {
    pub(in crate::portal) admin: AdminSession,
    pub(in crate::portal) fields: T,
}

/// The fields of a form of the administration with a file that may be long.
pub(in crate::portal) trait AdminUploadFields: DeserializeOwned + Send {
    /// The page that a fresh sign-in comes back to.
    const PAGE: &'static str;
    /// Bytes at most.
    const LONGEST: usize;
}

/// A form with a long file: nothing of it is read before it is known that an administrator sends it after a fresh sign-in.
pub(in crate::portal) struct AdminUpload<T> {
    pub(in crate::portal) admin: AdminSession,
    pub(in crate::portal) fields: T,
}

impl<T: AdminUploadFields> FromRequest<PortalState> for AdminUpload<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &PortalState) -> Result<Self, Response> {
        let (visit, body) = Visit::read(Arc::clone(&state.core), request)?;
        visit.refuse_foreign()?;
        let policies = visit.core.policies();
        fresh_by(&visit, policies.admin(), T::PAGE).await?;
        let admin = AdminSession::of(visit)?;
        let limit = admin.visit.core.config().file.limits.portal_body.bytes().max(T::LONGEST);
        let fields = admin.visit.fields(body, limit).await?;
        Ok(Self { admin, fields })
    }
}

impl FromRequest<PortalState> for AdminSession {
    type Rejection = Response;

    async fn from_request(request: Request, state: &PortalState) -> Result<Self, Response> {
        Self::of(Visit::from_request(request, state).await?)
    }
}

impl<T: AdminFields> FromRequest<PortalState> for AdminForm<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &PortalState) -> Result<Self, Response> {
        let (visit, body) = Visit::read(Arc::clone(&state.core), request)?;
        let largest = if T::LARGEST > 0 && AdminSession::administrator(&visit).is_ok() { T::LARGEST } else { 0 };
        let Form { visit, fields } = Form::<T>::read(visit, body, largest).await?;
        let policies = visit.core.policies();
        fresh_by(&visit, policies.admin(), fields.page()).await?;
        Ok(Self { admin: AdminSession::of(visit)?, fields })
    }
}

impl AdminSession {
    /// The administrator whose session this is; otherwise an answer that leads to the sign-in, and from there back to the page.
    fn of(visit: Visit) -> Result<Self, Response> {
        let administrator = Self::administrator(&visit)?;
        Ok(Self { visit, administrator })
    }

    fn administrator(visit: &Visit) -> Result<Administrator, Response> {
        let policies = visit.core.policies();
        let (session, permit) = permitted(visit, policies.admin(), &here(visit))?;
        let group = GroupName::parse(&visit.core.config().file.portal.administrators).map_err(|error| visit.failed(&error))?;
        Administrator::by_session(&permit, &session, &group)
            .map_err(|_error| visit.error(StatusCode::FORBIDDEN, "not_an_administrator"))
    }

    /// Performs an act.
    pub(in crate::portal) async fn perform<A: Act>(&self, act: A) -> Result<A::Output, AdminError> {
        let arrival = &self.visit.arrival;
        let circumstances = Circumstances { address: Some(arrival.address), request_id: Some(&arrival.request_id) };
        act::perform(&self.visit.core, &self.administrator, &circumstances, act).await
    }

    /// Performs an act without which the page cannot be shown; its error is the answer.
    pub(in crate::portal) async fn required<A: Act>(&self, act: A) -> Result<A::Output, Response> {
        self.perform(act).await.map_err(|error| self.refused(&error))
    }

    /// The answer to a request that an act refused as a whole.
    pub(in crate::portal) fn refused(&self, error: &AdminError) -> Response {
        match error.status() {
            503 => self.visit.failed(error),
            status => {
                tracing::info!(%error, request_id = %self.visit.arrival.request_id, "administration_refused");
                self.visit.error(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), error.code())
            }
        }
    }

    /// Why an act was not done, in the language of the page.
    pub(in crate::portal) fn reason(&self, error: &AdminError) -> ReasonText {
        ReasonText::of(told::reason(error, self.visit.language))
    }

    /// The answer to input that cannot be read.
    pub(in crate::portal) fn unreadable(&self, what: &'static str, why: impl Into<String>) -> Response {
        self.refused(&AdminError::Input { what, why: why.into() })
    }

    /// A value of the query without the blanks around it; `None` if it is empty.
    pub(in crate::portal) fn query(&self, name: &str) -> Option<String> {
        self.visit.query(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// The page that is asked for, without the notice of the last action.
    pub(in crate::portal) fn here(&self) -> String {
        here(&self.visit)
    }
}

fn here(visit: &Visit) -> String {
    let path = visit.parts.uri.path();
    let query = visit.parts.uri.query().unwrap_or_default();
    let mut kept = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if !matches!(&*name, "done" | "count") && !value.is_empty() {
            kept.append_pair(&name, &value);
        }
    }
    match kept.finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}
