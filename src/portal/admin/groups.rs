//! `/admin/groups`: the groups of users. The members of one are the list of users, searched by it.

use axum::response::Response;

use crate::admin::groups::{GroupView, ListGroups, ListMembers};
use crate::admin::users::views::UserView;
use crate::admin::values::Page;
use crate::clock::Timestamp;
use crate::portal::admin::action::bulk_action::BulkAction;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::forms::AdminFormKind;
use crate::portal::admin::list_page::{LINES, ListCell, ListLine, ListPage, SearchField, SearchInput};
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::page::Frame;
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;
use crate::principal::user::GroupName;

const COLUMNS: &[&str] =
    &["admin-search-group", "admin-field-description", "admin-column-members", "admin-user-certificates", "admin-column-created"];

const MEMBER_COLUMNS: &[&str] =
    &["admin-column-user", "admin-column-name", "account-email", "admin-column-methods", "admin-column-state"];

/// GET /admin/groups
pub(super) async fn list(admin: AdminSession) -> Result<Response, Response> {
    if let Some(group) = admin.query("group") {
        return members(&admin, group).await;
    }
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

/// GET /admin/groups?group=…: who is in a group. What may be done to users may be done to its members.
async fn members(admin: &AdminSession, group: String) -> Result<Response, Response> {
    let parsed = GroupName::parse(&group).map_err(|error| admin.unreadable("read the group", error.to_string()))?;
    let found = admin.required(ListMembers { group: parsed, after: admin.query("after"), limit: LINES }).await?;
    let groups = admin.required(ListGroups {}).await?.items.into_iter().map(|group| group.group).collect();
    let mut page = ListPage::new(admin, AdminArea::Groups, MEMBER_COLUMNS);
    page.actions = BulkAction::of(AdminArea::Users);
    page.fill(found, member);
    page.search = vec![members_of(group, groups)];
    Ok(page.shown_to(admin))
}

fn members_of(group: String, groups: Vec<String>) -> SearchField {
    SearchField { name: "group", label: "admin-search-members", input: SearchInput::Choice(group, groups) }
}

fn member(user: UserView) -> ListLine {
    let cells = vec![
        ListCell::user(user.user.as_str()),
        ListCell::text(user.display_name.unwrap_or_default()),
        ListCell::text(user.email.unwrap_or_default()),
        ListCell::Tags(user.methods.iter().map(|method| method.word().to_owned()).collect()),
        if user.enabled { ListCell::Words("admin-user-enabled") } else { ListCell::Alarm("admin-user-disabled") },
    ];
    ListLine::new(user.user.as_str(), user.user.as_str(), cells)
}

fn line(group: GroupView) -> ListLine {
    let cells = vec![
        ListCell::Link(group.group.clone(), paths::with_query(paths::ADMIN_USERS, &[("group", &group.group)])),
        ListCell::text(group.description.unwrap_or_default()),
        ListCell::Link(group.members.to_string(), paths::with_query(paths::ADMIN_GROUPS, &[("group", &group.group)])),
        ListCell::Words(if group.certificates_required { "admin-certificates-of-members" } else { "admin-certificates-of-each" }),
        ListCell::Moment(group.created_at),
    ];
    ListLine::new(&group.group, &group.group, cells)
}

pub(super) fn samples(frame: &Frame) -> [ListPage; 3] {
    let cells = |certificates| {
        vec![
            ListCell::Link("staff".to_owned(), "/admin/users?group=staff".to_owned()),
            ListCell::text(hostile()),
            ListCell::Link("42".to_owned(), "/admin/groups?group=staff".to_owned()),
            ListCell::Words(certificates),
            ListCell::Moment(Timestamp::from_seconds(1_795_508_000)),
        ]
    };
    let mut page = ListPage::sample(frame, AdminArea::Groups, COLUMNS, cells("admin-certificates-of-members"));
    page.lines.push(ListLine::new("3", "guests", cells("admin-certificates-of-each")));
    page.search = vec![SearchField::text("search", "admin-search-words", None)];
    page.adds = vec![AdminFormKind::AddGroup];
    let cells = vec![
        ListCell::user("alice"),
        ListCell::text(hostile()),
        ListCell::text("alice@example.com"),
        ListCell::Tags(vec!["password".to_owned()]),
        ListCell::Alarm("admin-user-disabled"),
    ];
    let mut members = ListPage::sample(frame, AdminArea::Groups, MEMBER_COLUMNS, cells);
    members.actions = BulkAction::of(AdminArea::Users);
    members.search = vec![members_of("staff".to_owned(), vec!["administrators".to_owned(), "staff".to_owned()])];
    [page, members, ListPage::empty_sample(frame, AdminArea::Groups)]
}
