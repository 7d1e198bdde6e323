//! Login-protect: the switch in two steps, service IDs, and the way there for policies in use.

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;

use super::rooms::users;
use super::{Seat, looked, read, with};
use crate::admin::login_protect::{Decision, DisableLoginProtect, DrawService, RestoreLoginProtect, ShowLoginProtect};
use crate::admin::values::Count;
use crate::portal::kit::form::Fields;
use crate::portal::kit::paths;
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::portal::pages::administration::login_protect::{DecidePage, LoginProtectPage, MigrationPage, ServiceRow};

/// Users that are counted at most.
const COUNTED: Option<Count> = Some(Count(1000));

/// GET /admin/login-protect
pub(super) async fn show(State(desk): State<PortalState>, request: Request) -> Response {
    looked(read(&desk, request), async |seat: &Seat<'_>| page(seat, None).await).await
}

async fn page(seat: &Seat<'_>, drawn: Option<String>) -> Result<Response, Response> {
    let shown = seat.ask(ShowLoginProtect {}).await?;
    let page = LoginProtectPage {
        frame: seat.visit.frame(),
        hall: seat.hall(),
        notices: seat.notices(),
        services: shown
            .services
            .into_iter()
            .map(|service| ServiceRow { organisation: service.organisation, service: service.service, apps: service.apps })
            .collect(),
        without_phone: shown.users_without_phone,
        drawn,
    };
    Ok(seat.visit.page(StatusCode::OK, &page, &[]))
}

/// GET /admin/login-protect/migration
pub(super) async fn migration(State(desk): State<PortalState>, request: Request) -> Response {
    looked(read(&desk, request), async |seat: &Seat<'_>| {
        let services = seat.ask(ShowLoginProtect {}).await?.services.len();
        let page = MigrationPage { frame: seat.visit.frame(), hall: seat.hall(), users: users(seat, COUNTED).await?, services };
        Ok(seat.visit.page(StatusCode::OK, &page, &[]))
    })
    .await
}

/// POST /admin/login-protect/disable
pub(super) async fn disable(State(desk): State<PortalState>, request: Request) -> Response {
    changed(&desk, request, async |seat, fields| {
        let confirm = Some(fields.text("confirm").to_owned()).filter(|word| !word.is_empty());
        let decision = seat.ask(DisableLoginProtect { confirm }).await?;
        decided(seat, decision, true).await
    })
    .await
}

/// POST /admin/login-protect/restore
pub(super) async fn restore(State(desk): State<PortalState>, request: Request) -> Response {
    changed(&desk, request, async |seat, fields| {
        let confirm = Some(fields.text("confirm").to_owned()).filter(|word| !word.is_empty());
        let decision = seat.ask(RestoreLoginProtect { confirm }).await?;
        decided(seat, decision, false).await
    })
    .await
}

/// The page of the first step, or what the second did.
async fn decided(seat: &Seat<'_>, decision: Decision, disable: bool) -> Result<Response, Response> {
    let Some(confirm) = decision.confirm else {
        let done = if disable { "login-protect-disabled" } else { "login-protect-restored" };
        return Ok(seat.visit.see_other(&with(paths::ADMIN_LOGIN_PROTECT, &[("done", done)])));
    };
    let shown = seat.ask(ShowLoginProtect {}).await?;
    let page = DecidePage {
        frame: seat.visit.frame(),
        hall: seat.hall(),
        disable,
        confirm,
        services: shown.services.len(),
        without_phone: shown.users_without_phone,
    };
    Ok(seat.visit.page(StatusCode::OK, &page, &[]))
}

/// POST /admin/login-protect/service
pub(super) async fn service(State(desk): State<PortalState>, request: Request) -> Response {
    changed(&desk, request, async |seat, _fields| {
        let drawn = seat.ask(DrawService {}).await?.done;
        page(seat, Some(drawn)).await
    })
    .await
}

async fn changed(
    desk: &PortalState,
    request: Request,
    act: impl AsyncFnOnce(&Seat<'_>, Fields) -> Result<Response, Response>,
) -> Response {
    let answer = async |visit: &Visit, body| {
        let fields = visit.form(body).await?;
        let seat = Seat::to_change(visit, paths::ADMIN_LOGIN_PROTECT).await?;
        act(&seat, fields).await
    };
    match read(desk, request) {
        Ok((visit, body)) => answer(&visit, body).await.unwrap_or_else(|response| response),
        Err(response) => response,
    }
}
