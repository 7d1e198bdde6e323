//! `/admin`: the administration at a glance.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use crate::admin::approvals::ListApprovals;
use crate::admin::certificates::ListCertificates;
use crate::admin::devices::ListDevices;
use crate::admin::locks::ListLocks;
use crate::admin::login_protect::ShowLoginProtect;
use crate::admin::phones::ListApprovers;
use crate::admin::transactions::list::ListTransactions;
use crate::admin::transactions::outcome::TransactionOutcome;
use crate::admin::users::views::ListUsers;
use crate::admin::values::Count;
use crate::browser::application::ApplicationState;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::administrator_sample;

/// Each number is counted up to this.
const COUNTED: u32 = 1000;

/// GET /admin
pub(super) async fn show(admin: AdminSession) -> Result<Response, Response> {
    let limit = Some(Count(COUNTED));
    let held = ListTransactions { outcome: Some(TransactionOutcome::Held), limit, ..ListTransactions::default() };
    let waiting = ListDevices { state: Some(ApplicationState::Pending), limit, ..ListDevices::default() };
    let within = admin.visit.core.config().file.certificates.soon();
    let ends_within = Some(Count(u32::from(within)));
    let ending = ListCertificates { certificate: None, user: None, search: None, ends_within, after: None, limit };
    let page = AdminOverviewPage {
        frame: admin.visit.frame(),
        layout: AdminLayout::of(&admin, AdminArea::Overview),
        users: count_users(&admin).await?,
        phones: admin.required(ListApprovers { user: None, after: None, limit }).await?.items.len(),
        approvals: admin.required(ListApprovals { user: None, after: None, limit }).await?.items.len(),
        transactions: admin.required(held).await?.items.len(),
        devices: admin.required(waiting).await?.items.len(),
        services: admin.required(ShowLoginProtect {}).await?.services.len(),
        locks: admin.required(ListLocks {}).await?.items.len(),
        ending: (within, admin.required(ending).await?.items.len()),
    };
    Ok(admin.visit.page(StatusCode::OK, &page, &[]))
}

/// How many users there are, and how many of them have no phone; each is counted up to [`COUNTED`].
pub(super) async fn count_users(admin: &AdminSession) -> Result<(usize, usize), Response> {
    let act = |without_phone| ListUsers { group: None, search: None, without_phone, after: None, limit: Some(Count(COUNTED)) };
    Ok((admin.required(act(false)).await?.items.len(), admin.required(act(true)).await?.items.len()))
}

/// The administration at a glance.
#[derive(Debug, Template)]
#[template(path = "admin/overview.html")]
pub struct AdminOverviewPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// How many users there are, and how many of them have no phone.
    pub users: (usize, usize),
    /// Registered phones.
    pub phones: usize,
    /// Open approvals.
    pub approvals: usize,
    /// Transactions that wait.
    pub transactions: usize,
    /// Applications for browsers that wait.
    pub devices: usize,
    /// Services that login-protect guards.
    pub services: usize,
    /// Locks.
    pub locks: usize,
    /// Within how many days certificates end soon, and how many do.
    pub ending: (u16, usize),
}

impl AdminOverviewPage {
    fn count(&self, count: &usize) -> String {
        if *count >= COUNTED as usize { format!("{COUNTED}+") } else { count.to_string() }
    }
}

impl PortalPage for AdminOverviewPage {
    const NAME: &'static str = "admin-overview";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |layout, users, approvals, services| Self {
            frame: administrator_sample(frame),
            layout,
            users,
            phones: 12,
            approvals,
            transactions: approvals,
            devices: approvals,
            services,
            locks: 1,
            ending: (30, 3),
        };
        vec![
            page(AdminLayout::sample(AdminArea::Overview), (1000, 42), 3, 1),
            page(AdminLayout::disabled_sample(AdminArea::Overview), (1, 1), 0, 0),
        ]
    }
}
