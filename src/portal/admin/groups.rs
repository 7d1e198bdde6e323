//! `/admin/groups`: the groups of users. The members of one are the list of users, searched by it.

use axum::response::Response;

use crate::admin::groups::{GroupView, ListGroups};
use crate::admin::values::Page;
use crate::clock::Timestamp;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::forms::AdminFormKind;
use crate::portal::admin::list_page::{ListCell, ListLine, ListPage, SearchField};
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::page::Frame;
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;

const COLUMNS: &[&str] = &["admin-search-group", "admin-field-description", "admin-column-members", "browsers-since"];

/// GET /admin/groups
pub(super) async fn list(admin: AdminSession) -> Result<Response, Response> {
    let text = admin.query("search");
    let needle = text.as_deref().unwrap_or_default().to_lowercase();
    let mut items = admin.required(ListGroups {}).await?.items;
    items.retain(|one| {
        let texts = [Some(one.group.as_str()), one.description.as_deref()];
        texts.into_iter().flatten().any(|text| text.to_lowercase().contains(&needle))
    });
    let mut page = ListPage::new(&admin, AdminArea::Groups, COLUMNS);
    page.fill(Page::whole(items), line);
    page.search = vec![SearchField::text("search", "admin-search-words", text)];
    page.adds = vec![AdminFormKind::AddGroup];
    Ok(page.shown_to(&admin))
}

fn line(group: GroupView) -> ListLine {
    let cells = vec![
        ListCell::Link(group.group.clone(), paths::with_query(paths::ADMIN_USERS, &[("group", &group.group)])),
        ListCell::text(group.description.unwrap_or_default()),
        ListCell::Count(group.members),
        ListCell::Moment(group.created_at),
    ];
    ListLine::new(&group.group, &group.group, cells)
}

pub(super) fn samples(frame: &Frame) -> [ListPage; 2] {
    let cells = vec![
        ListCell::Link("staff".to_owned(), "/admin/users?group=staff".to_owned()),
        ListCell::text(hostile()),
        ListCell::Count(42),
        ListCell::Moment(Timestamp::from_seconds(1_795_508_000)),
    ];
    let mut page = ListPage::sample(frame, AdminArea::Groups, COLUMNS, cells);
    page.search = vec![SearchField::text("search", "admin-search-words", None)];
    page.adds = vec![AdminFormKind::AddGroup];
    [page, ListPage::empty_sample(frame, AdminArea::Groups)]
}
