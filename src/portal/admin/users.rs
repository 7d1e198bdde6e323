//! `/admin/users`: the list of users, searched by name, by group and by who has no phone.

use axum::response::Response;

use crate::admin::groups::ListGroups;
use crate::admin::phones::ListApprovers;
use crate::admin::users::views::{ListUsers, UserView};
use crate::admin::values::Page;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::forms::AdminFormKind;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::list_page::{LINES, ListCell, ListLine, ListPage, SearchField, SearchInput};
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::page::Frame;
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;
use crate::principal::certificate_setting::CertificateSetting;
use crate::principal::user::GroupName;

const COLUMNS: &[&str] = &[
    "admin-column-user",
    "admin-column-name",
    "admin-column-groups",
    "admin-column-methods",
    "admin-phones",
    "admin-user-certificates",
    "admin-column-state",
];

/// GET /admin/users
pub(super) async fn list(admin: AdminSession) -> Result<Response, Response> {
    let mut page = ListPage::new(&admin, AdminArea::Users, COLUMNS);
    let (search, group) = (admin.query("search"), admin.query("group"));
    let without_phone = admin.query("without_phone").is_some();
    let parsed = group.as_deref().map(GroupName::parse).transpose();
    let parsed = parsed.map_err(|error| admin.unreadable("read the group", error.to_string()))?;
    let act = ListUsers { group: parsed, search: search.clone(), without_phone, after: admin.query("after"), limit: LINES };
    let found = admin.required(act).await?;
    let mut items = Vec::new();
    for user in found.items {
        let of_user = ListApprovers { user: Some(user.user.clone()), after: None, limit: None };
        items.push((user, admin.required(of_user).await?.items.len()));
    }
    page.fill(Page { items, next: found.next }, |(user, phones)| line(user, phones));
    page.applies_to_all = true;
    page.adds = vec![AdminFormKind::AddUser];
    page.new = Some((paths::ADMIN_MANY, "admin-many"));
    let groups = admin.required(ListGroups {}).await?.items.into_iter().map(|group| group.group).collect();
    page.search = fields(search, group, groups, without_phone);
    Ok(page.shown_to(&admin))
}

fn fields(search: Option<String>, group: Option<String>, groups: Vec<String>, without_phone: bool) -> Vec<SearchField> {
    let choice = SearchInput::Choice(group.unwrap_or_default(), groups);
    vec![
        SearchField::text("search", "admin-search-text", search),
        SearchField { name: "group", label: "admin-search-group", input: choice },
        SearchField { name: "without_phone", label: "admin-search-without-phone", input: SearchInput::Switch(without_phone) },
    ]
}

fn line(user: UserView, phones: usize) -> ListLine {
    let cells = vec![
        ListCell::user(user.user.as_str()),
        ListCell::text(user.display_name.unwrap_or_default()),
        ListCell::Tags(user.groups.iter().map(ToString::to_string).collect()),
        ListCell::Tags(user.methods.iter().map(|method| method.word().to_owned()).collect()),
        ListCell::Count(phones),
        ListCell::Words(certificates_key(user.certificates, user.certificates_required_by_group)),
        if user.enabled { ListCell::Words("admin-user-enabled") } else { ListCell::Alarm("admin-user-disabled") },
    ];
    ListLine::new(user.user.as_str(), user.user.as_str(), cells)
}

/// How a user stands to client certificates: a message key.
pub(super) const fn certificates_key(setting: CertificateSetting, by_group: bool) -> &'static str {
    match setting {
        // Shut out where they are demanded of selected users.
        CertificateSetting::Refused if by_group => "admin-certificates-refused-in-group",
        CertificateSetting::Refused => "admin-certificates-refused",
        CertificateSetting::Required => "admin-certificates-required",
        CertificateSetting::Accepted if by_group => "admin-certificates-by-group",
        CertificateSetting::Accepted => "admin-certificates-accepted",
    }
}

pub(super) fn samples(frame: &Frame) -> [ListPage; 2] {
    let cells = |name: &str, state| {
        vec![
            ListCell::Link(name.to_owned(), "/admin/users/alice".to_owned()),
            ListCell::text("Alice Arai"),
            ListCell::Tags(vec!["staff".to_owned(), "administrators".to_owned()]),
            ListCell::Tags(vec!["push".to_owned(), "password".to_owned()]),
            ListCell::Count(2),
            ListCell::Words("admin-certificates-by-group"),
            state,
        ]
    };
    let mut users = ListPage::sample(frame, AdminArea::Users, COLUMNS, cells("alice", ListCell::Words("admin-user-enabled")));
    users.lines.push(ListLine::new("mallory", &hostile(), cells(&hostile(), ListCell::Alarm("admin-user-disabled"))));
    let groups = vec!["administrators".to_owned(), "staff".to_owned()];
    users.search = fields(Some("ali".to_owned()), Some("staff".to_owned()), groups, true);
    users.applies_to_all = true;
    users.new = Some((paths::ADMIN_MANY, "admin-many"));
    users.adds = vec![AdminFormKind::AddUser];
    users.next = Some("/admin/users?after=bob".to_owned());
    let mut empty = ListPage::empty_sample(frame, AdminArea::Users);
    empty.layout = AdminLayout::disabled_sample(AdminArea::Users);
    [users, empty]
}
