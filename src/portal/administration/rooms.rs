//! The overview, and the page of one user.

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;

use super::{Seat, looked, read};
use crate::admin::approvals::ListApprovals;
use crate::admin::error::AdminError;
use crate::admin::locks::ListLocks;
use crate::admin::login_protect::ShowLoginProtect;
use crate::admin::phones::life_cycle::ListApprovers;
use crate::admin::transactions::list::ListTransactions;
use crate::admin::transactions::outcome::TransactionOutcome;
use crate::admin::users::views::{ListUsers, ShowUser};
use crate::admin::values::Count;
use crate::portal::account::phones::ApproverRow;
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::state::PortalState;
use crate::portal::pages::administration::overview::AdminPage;
use crate::portal::pages::administration::user::UserPage;
use crate::principal::user::UserId;

/// What the overview counts at most.
const COUNTED: u32 = 1000;

/// GET /admin
pub(super) async fn overview(AdminSession { visit, administrator }: AdminSession) -> Result<Response, Response> {
    let seat = &Seat { visit: &visit, administrator };
    let limit = Some(Count(COUNTED));
    let held = ListTransactions { outcome: Some(TransactionOutcome::Held), limit, ..ListTransactions::default() };
    let page = AdminPage {
        frame: seat.visit.frame(),
        hall: seat.hall(),
        users: users(seat, limit).await?,
        phones: seat.ask(ListApprovers { user: None, after: None, limit }).await?.items.len(),
        approvals: seat.ask(ListApprovals { user: None, after: None, limit }).await?.items.len(),
        transactions: seat.ask(held).await?.items.len(),
        services: seat.ask(ShowLoginProtect {}).await?.services.len(),
        locks: seat.ask(ListLocks {}).await?.items.len(),
        limit: usize::try_from(COUNTED).unwrap_or(usize::MAX),
    };
    Ok(seat.visit.page(StatusCode::OK, &page, &[]))
}

/// Users, and how many of them have no phone; no more than `limit` are counted.
pub(super) async fn users(seat: &Seat<'_>, limit: Option<Count>) -> Result<(usize, usize), Response> {
    let act = |without_phone| ListUsers { group: None, search: None, without_phone, after: None, limit };
    Ok((seat.ask(act(false)).await?.items.len(), seat.ask(act(true)).await?.items.len()))
}

/// GET /admin/users/{user}
pub(super) async fn user(State(desk): State<PortalState>, request: Request) -> Response {
    looked(read(&desk, request), user_page).await
}

async fn user_page(seat: &Seat<'_>) -> Result<Response, Response> {
    let last = seat.visit.parts.uri.path().rsplit('/').next().unwrap_or_default();
    let name = percent_encoding::percent_decode_str(last).decode_utf8_lossy();
    let user = UserId::parse(&name)
        .map_err(|_unlike_a_name| seat.refused(&AdminError::NotFound { what: "the user", name: name.to_string() }))?;
    let shown = seat.ask(ShowUser { user: user.clone() }).await?;
    let phones = seat.ask(ListApprovers { user: Some(user.clone()), after: None, limit: None }).await?.items;
    let pending = seat.ask(ListApprovals { user: Some(user), after: None, limit: None }).await?.items.len();
    let page = UserPage {
        frame: seat.visit.frame(),
        hall: seat.hall(),
        notices: seat.notices(),
        user: shown.user.user.to_string(),
        display_name: shown.user.display_name,
        email: shown.user.email,
        enabled: shown.user.enabled,
        groups: shown.user.groups.iter().map(ToString::to_string).collect(),
        methods: shown.user.methods,
        created_at: shown.user.created_at,
        password_set: shown.password_set_at,
        transaction_password_set: shown.transaction_password_set_at,
        authenticator: shown.authenticator.is_some(),
        approvals: phones.first().map(|phone| phone.state),
        phones: phones
            .into_iter()
            .map(|phone| ApproverRow {
                id: phone.approver.to_string(),
                name: phone.name,
                agent: phone.agent,
                registered_at: phone.registered_at,
                last_seen: phone.last_seen,
            })
            .collect(),
        pending,
        sessions: shown.sessions,
        browsers: shown.browsers,
    };
    Ok(seat.visit.page(StatusCode::OK, &page, &[]))
}
