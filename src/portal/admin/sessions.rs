//! `/admin/sessions`: who is signed in, from where, and by which factors.

use axum::response::Response;

use crate::admin::sessions::{ListSessions, SessionView};
use crate::clock::Timestamp;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::list_page::{LINES, ListCell, ListLine, ListPage};
use crate::portal::admin::notice::AdminChange;
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::page::Frame;

const COLUMNS: &[&str] = &[
    "admin-column-user",
    "admin-column-browser",
    "admin-column-address",
    "admin-column-evidence",
    "sessions-since",
    "sessions-last-seen",
];

/// GET /admin/sessions
pub(super) async fn list(admin: AdminSession) -> Result<Response, Response> {
    let act = |user, after| ListSessions { user, after, limit: LINES };
    Ok(ListPage::by_user(&admin, AdminArea::Sessions, COLUMNS, line, act).await?.shown_to(&admin))
}

fn line(session: SessionView) -> ListLine {
    let name = format!("{}: {}", session.user, session.agent);
    let cells = vec![
        ListCell::user(session.user.as_str()),
        ListCell::text(session.agent),
        ListCell::text(session.address),
        ListCell::Tags(session.evidence.into_iter().chain(session.bound.iter().map(|at| format!("bound:{at}"))).collect()),
        ListCell::Moment(session.created_at),
        ListCell::Ago(session.last_seen),
    ];
    ListLine::new(&session.session, &name, cells)
}

pub(super) fn samples(frame: &Frame) -> [ListPage; 2] {
    let at = Timestamp::from_seconds(1_795_508_000);
    let cells = vec![
        ListCell::Link("alice".to_owned(), "/admin/users/alice".to_owned()),
        ListCell::text("Firefox, Linux"),
        ListCell::text("192.0.2.7"),
        ListCell::Tags(vec!["primary_factor:push".to_owned()]),
        ListCell::Moment(at),
        ListCell::Ago(at),
    ];
    let mut sessions = ListPage::sample(frame, AdminArea::Sessions, COLUMNS, cells);
    sessions.notices = vec![AdminChange::NothingSelected.notice()];
    [sessions, ListPage::empty_sample(frame, AdminArea::Sessions)]
}
