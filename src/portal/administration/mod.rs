//! The administration's pages: who may sit there, and what its rooms share. A room reads the address, performs acts of
//! `crate::admin`, and fills in a page; it knows nothing of how an act is done.

mod deeds;
mod lists;
mod login_protect;
mod rooms;
mod settings;
mod transactions;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;

use crate::admin::act::{self, Act, Circumstances};
use crate::admin::error::AdminError;
use crate::login_protect::DISABLED;
use crate::portal::kit::admin_session::{administrator, here};
use crate::portal::kit::admission::{done, fresh_by};
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::paths;
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::portal::pages::administration::Hall;
use crate::session::Administrator;

/// Adds the administration's routes.
pub(super) fn routes(router: Router<PortalState>) -> Router<PortalState> {
    router
        .route(paths::ADMIN, get(rooms::overview))
        .route(paths::ADMIN_USERS, get(lists::users))
        .route(paths::ADMIN_USER, get(rooms::user))
        .route(paths::ADMIN_PHONES, get(lists::phones))
        .route(paths::ADMIN_APPROVALS, get(lists::approvals))
        .route(paths::ADMIN_TRANSACTIONS, get(transactions::list))
        .route(paths::ADMIN_TRANSACTIONS_EXPORT, get(transactions::export))
        .route(paths::ADMIN_TRANSACTION, get(transactions::show))
        .route(paths::ADMIN_TRANSACTION_RECEIPT, get(transactions::receipt))
        .route(paths::ADMIN_SESSIONS, get(lists::sessions))
        .route(paths::ADMIN_BROWSERS, get(lists::browsers))
        .route(paths::ADMIN_LOCKS, get(lists::locks))
        .route(paths::ADMIN_AUDIT, get(lists::audit))
        .route(paths::ADMIN_DEED, post(deeds::deed))
        .route(paths::ADMIN_LOGIN_PROTECT, get(login_protect::show))
        .route(paths::ADMIN_MIGRATION, get(login_protect::migration))
        .route(paths::ADMIN_LOGIN_PROTECT_DISABLE, post(login_protect::disable))
        .route(paths::ADMIN_LOGIN_PROTECT_RESTORE, post(login_protect::restore))
        .route(paths::ADMIN_LOGIN_PROTECT_SERVICE, post(login_protect::service))
        .route(paths::ADMIN_SETTINGS, get(settings::show).post(settings::set))
}

/// An administrator at a page.
struct Seat<'a> {
    visit: &'a Visit,
    administrator: Administrator,
}

impl<'a> Seat<'a> {
    /// Whoever may look: the policy of the administration passes now, and the session is an administrator's.
    fn to_look(visit: &'a Visit) -> Result<Self, Response> {
        let administrator = administrator(visit)?;
        Ok(Self { visit, administrator })
    }

    /// Whoever may also change: after a fresh sign-in. `back` is the page that the sign-in comes back to.
    async fn to_change(visit: &'a Visit, back: &str) -> Result<Self, Response> {
        let policies = visit.core.policies();
        fresh_by(visit, policies.admin(), back).await?;
        Self::to_look(visit)
    }

    /// Performs an act.
    async fn perform<A: Act>(&self, act: A) -> Result<A::Output, AdminError> {
        let arrival = &self.visit.arrival;
        let circumstances = Circumstances { address: Some(arrival.address), request_id: Some(&arrival.request_id) };
        act::perform(&self.visit.core, &self.administrator, &circumstances, act).await
    }

    /// Performs an act that a page cannot be shown without.
    async fn ask<A: Act>(&self, act: A) -> Result<A::Output, Response> {
        self.perform(act).await.map_err(|error| self.refused(&error))
    }

    /// Says why something was not done, where the whole page is about it.
    fn refused(&self, error: &AdminError) -> Response {
        match error.status() {
            503 => self.visit.failed(error),
            status => {
                tracing::info!(%error, request_id = %self.visit.arrival.request_id, "administration_refused");
                self.visit.error(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), error.code())
            }
        }
    }

    /// What stands over every room.
    fn hall(&self) -> Hall {
        let disabled = self.visit.core.settings().list().remove(DISABLED);
        Hall { disabled: disabled.map(|setting| (setting.changed_by, setting.changed_at)) }
    }

    /// What the act that led here did.
    fn notices(&self) -> Vec<PageNotice> {
        done(self.visit)
    }

    /// A value of the address, where it says something.
    fn sought(&self, name: &str) -> Option<String> {
        self.visit.query(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }
}

/// Shows a page to whoever may look.
async fn looked(
    read: Result<(Visit, Body), Response>,
    page: impl AsyncFnOnce(&Seat<'_>) -> Result<Response, Response>,
) -> Response {
    match read {
        Ok((visit, _body)) => match Seat::to_look(&visit) {
            Ok(seat) => page(&seat).await.unwrap_or_else(|response| response),
            Err(response) => response,
        },
        Err(response) => response,
    }
}

fn read(desk: &PortalState, request: Request) -> Result<(Visit, Body), Response> {
    Visit::read(Arc::clone(&desk.core), request)
}

/// That address, with more in it.
fn with(address: &str, pairs: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{address}{}{query}", if address.contains('?') { '&' } else { '?' })
}
