//! `/admin/phones`: the phones that approve, and for which user each does.

use axum::response::Response;

use crate::admin::phones::{ApprovalsStand, ApproverView, ListApprovers};
use crate::clock::Timestamp;
use crate::portal::admin::action::target::PhoneTarget;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::list_page::{LINES, ListCell, ListLine, ListPage};
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::page::Frame;
use crate::portal::kit::paths;

const COLUMNS: &[&str] =
    &["admin-column-user", "admin-column-phone", "approvers-agent", "admin-column-state", "sessions-last-seen", "browsers-since"];

/// GET /admin/phones
pub(super) async fn list(admin: AdminSession) -> Result<Response, Response> {
    let act = |user, after| ListApprovers { user, after, limit: LINES };
    Ok(ListPage::by_user(&admin, AdminArea::Phones, COLUMNS, line, act).await?.shown_to(&admin))
}

fn line(phone: ApproverView) -> ListLine {
    let cells = vec![
        ListCell::user(phone.user.as_str()),
        ListCell::text(&phone.name),
        ListCell::text(phone.agent),
        match phone.state {
            ApprovalsStand::Active => ListCell::Words(state_key(phone.state)),
            ApprovalsStand::Locked | ApprovalsStand::Suspended => ListCell::Alarm(state_key(phone.state)),
        },
        ListCell::Ago(phone.last_seen),
        ListCell::Moment(phone.registered_at),
    ];
    let name = format!("{}: {}", phone.user, phone.name);
    ListLine::new(&PhoneTarget { user: phone.user, approver: phone.approver }.to_string(), &name, cells)
}

/// What is said of how the approvals of a user stand: a message key.
pub(super) const fn state_key(state: ApprovalsStand) -> &'static str {
    match state {
        ApprovalsStand::Active => "admin-phone-active",
        ApprovalsStand::Suspended => "admin-phone-suspended",
        ApprovalsStand::Locked => "admin-phone-locked",
    }
}

pub(super) fn samples(frame: &Frame) -> [ListPage; 2] {
    let at = Timestamp::from_seconds(1_795_508_000);
    let cells = vec![
        ListCell::Link("alice".to_owned(), "/admin/users/alice".to_owned()),
        ListCell::text("Pixel"),
        ListCell::text("Chrome, Android"),
        ListCell::Words("admin-phone-active"),
        ListCell::Ago(at),
        ListCell::Moment(at),
    ];
    let mut phones = ListPage::sample(frame, AdminArea::Phones, COLUMNS, cells);
    phones.first = Some(paths::ADMIN_PHONES.to_owned());
    [phones, ListPage::empty_sample(frame, AdminArea::Phones)]
}
