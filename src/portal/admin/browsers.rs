//! `/admin/browsers`: the browsers that are registered for users.

use axum::response::Response;

use crate::admin::browsers::{BrowserView, ListBrowsers};
use crate::clock::Timestamp;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::list_page::{LINES, ListCell, ListLine, ListPage};
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::page::Frame;
use crate::portal::kit::parts::browser_way;
use crate::principal::method::Method;

const COLUMNS: &[&str] = &[
    "admin-column-user",
    "admin-column-browser",
    "admin-column-way",
    "admin-column-address",
    "browsers-since",
    "sessions-last-seen",
];

/// GET /admin/browsers
pub(super) async fn list(admin: AdminSession) -> Result<Response, Response> {
    let act = |user, after| ListBrowsers { user, after, limit: LINES };
    Ok(ListPage::by_user(&admin, AdminArea::Browsers, COLUMNS, line, act).await?.shown_to(&admin))
}

fn line(browser: BrowserView) -> ListLine {
    let name = format!("{}: {}", browser.user, browser.agent);
    let cells = vec![
        ListCell::user(browser.user.as_str()),
        ListCell::text(if browser.bound { format!("{} (bound)", browser.agent) } else { browser.agent }),
        ListCell::Words(browser_way(browser.way)),
        ListCell::text(browser.address),
        ListCell::Moment(browser.registered_at),
        ListCell::Ago(browser.last_seen),
    ];
    ListLine::new(&browser.browser, &name, cells)
}

pub(super) fn samples(frame: &Frame) -> [ListPage; 2] {
    let at = Timestamp::from_seconds(1_795_508_000);
    let cells = vec![
        ListCell::Link("alice".to_owned(), "/admin/users/alice".to_owned()),
        ListCell::text("Firefox, Linux"),
        ListCell::Words(browser_way(Method::BrowserByNumber)),
        ListCell::text("192.0.2.7"),
        ListCell::Moment(at),
        ListCell::Ago(at),
    ];
    [ListPage::sample(frame, AdminArea::Browsers, COLUMNS, cells), ListPage::empty_sample(frame, AdminArea::Browsers)]
}
