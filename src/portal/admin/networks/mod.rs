//! `/admin/networks`: the lists of networks of apps, groups and users; `/admin/networks/edit`: one of them.

pub mod pages;

use std::str::FromStr;

use axum::response::Response;
use http::StatusCode;
use ipnet::IpNet;
use serde::Deserialize;

use crate::admin::error::AdminError;
use crate::admin::groups::ListGroups;
use crate::admin::networks::{
    HintKind, ListChange, ListKind, ListNetworkLists, NetworkHint, NetworkLineView, NetworkListView, SetNetworkList,
};
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::list_page::{LINES, ListCell, ListLine, ListPage, SearchField};
use crate::portal::admin::networks::pages::NetworkListPage;
use crate::portal::admin::notice::{self, AdminChange};
use crate::portal::kit::admin_session::{AdminFields, AdminForm, AdminSession};
use crate::portal::kit::page::Frame;
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;
use crate::principal::networks::{ADMINISTRATION, PORTAL};
use crate::principal::user::{GroupName, UserId};

const COLUMNS: &[&str] =
    &["admin-network-of", "admin-network-kind", "admin-field-allow", "admin-field-deny", "admin-network-remarks"];

/// Characters of what is wrong.
const LONGEST_PROBLEM: usize = 400;
/// Networks of a list that a line shows.
const SHOWN: usize = 8;

/// GET /admin/networks
pub(super) async fn list(admin: AdminSession) -> Result<Response, Response> {
    let search = admin.query("search");
    let act =
        ListNetworkLists { search: search.clone(), after: admin.query("after"), limit: LINES, ..ListNetworkLists::default() };
    let found = admin.required(act).await?;
    let mut page = ListPage::new(&admin, AdminArea::Networks, COLUMNS);
    page.fill(found, |list| line(&list));
    page.search = vec![SearchField::text("search", "admin-network-search", search)];
    page.new = Some((paths::ADMIN_NETWORK_LIST, "admin-network-new"));
    Ok(page.shown_to(&admin))
}

fn line(list: &NetworkListView) -> ListLine {
    let remarks = if list.hints.is_empty() { ListCell::text("") } else { ListCell::Alarm("admin-network-see") };
    let cells = vec![
        ListCell::Link(list.name.clone(), address(list.kind, &list.name)),
        ListCell::Words(kind_key(list.kind)),
        ListCell::Tags(texts(&list.allow)),
        ListCell::Tags(texts(&list.deny)),
        remarks,
    ];
    ListLine::new(&list.id(), &list.name, cells)
}

fn texts(lines: &[NetworkLineView]) -> Vec<String> {
    let more = lines.len().checked_sub(SHOWN).filter(|more| *more > 0).map(|more| format!("+ {more}"));
    lines.iter().take(SHOWN).map(text).chain(more).collect()
}

fn text(line: &NetworkLineView) -> String {
    line.note.as_ref().map_or_else(|| line.network.to_string(), |note| format!("{} # {note}", line.network))
}

const fn kind_key(kind: ListKind) -> &'static str {
    match kind {
        ListKind::App => "admin-network-app",
        ListKind::Group => "admin-network-group",
        ListKind::User => "admin-network-user",
    }
}

/// The address of the form for a list.
pub(super) fn address(kind: ListKind, name: &str) -> String {
    paths::with_query(paths::ADMIN_NETWORK_LIST, &[("kind", kind.word()), ("name", name)])
}

/// What the form sends, and its address says the first two of.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NetworkListForm {
    /// `app`, `group` or `user`.
    pub kind: String,
    /// The name of it.
    pub name: String,
    /// One network a line.
    pub allow: String,
    /// One network a line.
    pub deny: String,
    /// `yes` once it was asked whether it is meant.
    pub confirmed: String,
}

impl AdminFields for NetworkListForm {
    fn page(&self) -> &str {
        paths::ADMIN_NETWORKS
    }
}

impl NetworkListForm {
    fn kind(&self) -> Result<ListKind, AdminError> {
        match self.kind.as_str() {
            "app" => Ok(ListKind::App),
            "group" => Ok(ListKind::Group),
            "user" => Ok(ListKind::User),
            other => Err(unread("read what the list is for", format!("{other:?} is none of app, group and user"))),
        }
    }

    /// The act that it means.
    fn order(&self) -> Result<SetNetworkList, AdminError> {
        let owner = owner(self.kind()?, self.name.trim())?;
        let (allow, deny) = (lines(&self.allow)?, lines(&self.deny)?);
        Ok(SetNetworkList { allow, deny, confirm: self.confirmed == "yes", ..owner })
    }
}

/// An act that ends the list of one.
fn owner(kind: ListKind, name: &str) -> Result<SetNetworkList, AdminError> {
    let (mut app, mut group, mut user) = (None, None, None);
    match kind {
        ListKind::App => app = Some(name.to_owned()),
        ListKind::Group => group = Some(GroupName::parse(name).map_err(|error| unread("read the group", error.to_string()))?),
        ListKind::User => user = Some(UserId::parse(name).map_err(|error| unread("read the user name", error.to_string()))?),
    }
    let (allow, deny) = (Vec::new(), Vec::new());
    Ok(SetNetworkList { app, group, user, how: ListChange::Replace, allow, deny, confirm: false })
}

/// The act that ends the list of a selected line, `group/staff`.
pub(super) fn ends(id: &str) -> Option<SetNetworkList> {
    let (kind, name) = id.split_once('/')?;
    let kind = NetworkListForm { kind: kind.to_owned(), ..NetworkListForm::default() }.kind().ok()?;
    owner(kind, name).ok()
}

fn unread(what: &'static str, why: String) -> AdminError {
    AdminError::Input { what, why }
}

/// Lines as a form shows them, one network a line.
pub(super) fn written(lines: &[NetworkLineView]) -> String {
    lines.iter().map(text).collect::<Vec<_>>().join("\n")
}

/// One network a line; an error says in which.
pub(super) fn lines<T: FromStr<Err = String>>(text: &str) -> Result<Vec<T>, AdminError> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(number, line)| line.parse().map_err(|why| unread("read the networks", format!("line {number}: {why}")))).collect()
}

/// GET /admin/networks/edit
pub(super) async fn form(admin: AdminSession) -> Result<Response, Response> {
    let (kind, name) = (admin.query("kind").unwrap_or_default(), admin.query("name").unwrap_or_default());
    let fields = NetworkListForm { kind, name, ..NetworkListForm::default() };
    let present = present(&admin, &fields).await?;
    let fields = match &present {
        Some(list) => NetworkListForm { allow: written(&list.allow), deny: written(&list.deny), ..fields },
        None => fields,
    };
    shown(&admin, StatusCode::OK, fields, |page| NetworkListPage {
        hints: present.map(|list| list.hints).unwrap_or_default(),
        notices: notice::done(&admin),
        ..page
    })
    .await
}

/// The list that the form is about, where there is one.
async fn present(admin: &AdminSession, fields: &NetworkListForm) -> Result<Option<NetworkListView>, Response> {
    if fields.name.trim().is_empty() {
        return Ok(None);
    }
    let owner = fields.kind().and_then(|kind| owner(kind, fields.name.trim())).map_err(|error| admin.refused(&error))?;
    let SetNetworkList { app, group, user, .. } = owner;
    let found = admin.required(ListNetworkLists { app, group, user, ..ListNetworkLists::default() }).await?;
    Ok(found.items.into_iter().next())
}

async fn shown(
    admin: &AdminSession,
    status: StatusCode,
    fields: NetworkListForm,
    with: impl FnOnce(NetworkListPage) -> NetworkListPage,
) -> Result<Response, Response> {
    let config = admin.visit.core.config();
    let apps = config.file.app.iter().map(|app| app.name.clone()).chain([PORTAL, ADMINISTRATION].map(str::to_owned)).collect();
    let groups = admin.required(ListGroups {}).await?.items.into_iter().map(|group| group.group).collect();
    let page = NetworkListPage {
        frame: admin.visit.frame(),
        layout: AdminLayout::of(admin, AdminArea::Networks),
        notices: Vec::new(),
        here: admin.visit.arrival.address.to_string(),
        apps,
        groups,
        fields,
        hints: Vec::new(),
        problem: None,
        asks: None,
    };
    Ok(admin.visit.page(status, &with(page), &[]))
}

/// POST /admin/networks/edit
pub(super) async fn save(AdminForm { admin, fields }: AdminForm<NetworkListForm>) -> Result<Response, Response> {
    let done = match fields.order() {
        Ok(act) => admin.perform(act).await,
        Err(error) => Err(error),
    };
    match done {
        // What may not be meant is shown beside the list.
        Ok(list) if !list.hints.is_empty() => {
            Ok(admin.visit.see_other(&AdminChange::NetworksSaved.at(&address(list.kind, &list.name))))
        }
        Ok(_) => Ok(admin.visit.see_other(&AdminChange::NetworksSaved.at(paths::ADMIN_NETWORKS))),
        Err(AdminError::Unconfirmed(whom)) => {
            shown(&admin, StatusCode::OK, fields, |page| NetworkListPage { asks: Some(whom), ..page }).await
        }
        Err(error) if error.status() < 500 && error.status() != 403 => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
            shown(&admin, status, fields, |page| NetworkListPage { problem: Some(whole(&error)), ..page }).await
        }
        Err(error) => Err(admin.refused(&error)),
    }
}

/// What is wrong, with the line that would do: longer than other texts may be.
fn whole(error: &AdminError) -> String {
    error.to_string().chars().take(LONGEST_PROBLEM).collect()
}

/// The lists of samples.
pub(super) fn samples(frame: &Frame) -> [ListPage; 2] {
    let network = |text: &str| text.parse::<IpNet>().unwrap_or_default();
    let line_of = |text: &str, note: Option<String>| NetworkLineView { network: network(text), note };
    let list = NetworkListView {
        kind: ListKind::Group,
        name: "staff".to_owned(),
        allow: vec![line_of("192.0.2.0/24", Some(hostile())), line_of("2001:db8::/32", None)],
        deny: (0..12).map(|number| line_of(&format!("198.51.100.{number}/32"), None)).collect(),
        hints: vec![NetworkHint { kind: HintKind::NoIpv4, network: None, within: None }],
    };
    let cells = line(&list).cells;
    let sample = ListPage::sample(frame, AdminArea::Networks, COLUMNS, cells);
    let new = Some((paths::ADMIN_NETWORK_LIST, "admin-network-new"));
    let notices = vec![AdminChange::NetworksSaved.notice()];
    let search = vec![SearchField::text("search", "admin-network-search", None)];
    [
        ListPage { new, notices, search, ..sample },
        ListPage { new, search: Vec::new(), ..ListPage::empty_sample(frame, AdminArea::Networks) },
    ]
}
