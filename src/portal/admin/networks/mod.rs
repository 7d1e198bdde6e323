//! `/admin/networks`: the lists of networks of apps, groups and users; `/admin/networks/edit`: one of them.

pub mod pages;

use std::str::FromStr;

use axum::response::Response;
use http::StatusCode;
use ipnet::IpNet;
use serde::Deserialize;

use crate::account::list_line::NetworkNames;
use crate::account::network_list::{NO_LIST, tidy};
use crate::admin::error::AdminError;
use crate::admin::groups::ListGroups;
use crate::admin::networks::{
    HintKind, LARGEST, ListChange, ListKind, ListNetworkLists, NetworkHint, NetworkLineView, NetworkListView, SetNetworkList,
};
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::list_page::{LINES, ListCell, ListLine, ListPage, SearchField};
use crate::portal::admin::meant::MeantWord;
use crate::portal::admin::networks::pages::{NetworkListPage, PresentList};
use crate::portal::admin::notice::{self, AdminChange};
use crate::portal::kit::admin_session::{AdminFields, AdminForm, AdminSession};
use crate::portal::kit::page::Frame;
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;
use crate::principal::networks::{ADMINISTRATION, PORTAL};
use crate::principal::user::{GroupName, UserId};

const COLUMNS: &[&str] =
    &["admin-network-of", "admin-network-kind", "admin-field-allow", "admin-field-deny", "admin-network-remarks"];

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
    ListLine::new(&format!("{}@{}", list.id(), list.version), &list.name, cells)
}

fn texts(lines: &[NetworkLineView]) -> Vec<String> {
    let more = lines.len().checked_sub(SHOWN).filter(|more| *more > 0).map(|more| format!("+ {more}"));
    lines.iter().take(SHOWN).map(text).chain(more).collect()
}

fn text(line: &NetworkLineView) -> String {
    let word = line.word();
    line.note.as_ref().map_or_else(|| word.clone(), |note| format!("{word} # {note}"))
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
    /// Which list was shown, and in which version: `app/wiki@5f0c…`.
    pub version: String,
    /// The word of the question whether it is meant.
    pub confirmed: String,
}

impl AdminFields for NetworkListForm {
    const LARGEST: usize = LARGEST;

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

    /// The act that it means, not yet confirmed. Of another list than the one that was shown, none was shown.
    fn order(&self) -> Result<SetNetworkList, AdminError> {
        let owner = owner(self.kind()?, self.name.trim())?;
        let (allow, deny) = (tidy(lines(&self.allow)?), tidy(lines(&self.deny)?));
        let shown = self.version.rsplit_once('@').filter(|(list, _)| *list == self.list()).map(|(_, version)| version);
        Ok(SetNetworkList { allow, deny, version: Some(shown.unwrap_or(NO_LIST).to_owned()), ..owner })
    }

    /// Which list it is about.
    fn list(&self) -> String {
        format!("{}/{}", self.kind, self.name.trim())
    }

    /// The same about the list that is there, which is shown with it.
    fn beside(self, present: Option<&NetworkListView>) -> Self {
        let version = present.map_or(NO_LIST, |list| &list.version);
        Self { version: format!("{}@{version}", self.list()), ..self }
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
    Ok(SetNetworkList { app, group, user, how: ListChange::Replace, allow, deny, version: None, confirm: false })
}

/// The act that ends the list of a selected line, `group/staff@5f0c…`, once that was confirmed: in the version that was shown.
pub(super) fn ends(id: &str) -> Option<SetNetworkList> {
    let (list, version) = id.rsplit_once('@')?;
    let (kind, name) = list.split_once('/')?;
    let kind = NetworkListForm { kind: kind.to_owned(), ..NetworkListForm::default() }.kind().ok()?;
    Some(SetNetworkList { confirm: true, version: Some(version.to_owned()), ..owner(kind, name).ok()? })
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
    let fields = fields.beside(present.as_ref());
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
    let names = names(&NetworkNames::of(&config.file));
    let groups = admin.required(ListGroups {}).await?.items.into_iter().map(|group| group.group).collect();
    let page = NetworkListPage {
        frame: admin.visit.frame(),
        layout: AdminLayout::of(admin, AdminArea::Networks),
        notices: Vec::new(),
        here: admin.visit.arrival.address.to_string(),
        apps,
        groups,
        names,
        fields,
        hints: Vec::new(),
        problem: None,
        asks: None,
        present: None,
    };
    Ok(admin.visit.page(status, &with(page), &[]))
}

/// The names that a line may be, each with what it stands for.
fn names(named: &NetworkNames) -> Vec<(String, String)> {
    let stands_for = |networks: &[IpNet]| {
        let more = networks.len().checked_sub(SHOWN).filter(|more| *more > 0).map(|more| format!("+ {more}"));
        networks.iter().take(SHOWN).map(ToString::to_string).chain(more).collect::<Vec<_>>().join(", ")
    };
    named.all().map(|(name, networks)| (name.to_owned(), stands_for(networks))).collect()
}

/// POST /admin/networks/edit
pub(super) async fn save(AdminForm { admin, fields }: AdminForm<NetworkListForm>) -> Result<Response, Response> {
    let mut word = None;
    let done = match fields.order() {
        Ok(act) => {
            // The question is about who asks from where as well.
            let asked = MeantWord::of(&(&act, admin.visit.arrival.address.to_string()));
            let confirm = asked.is(&fields.confirmed);
            word = Some(asked);
            admin.perform(SetNetworkList { confirm, ..act }).await
        }
        Err(error) => Err(error),
    };
    match done {
        // What may not be meant is shown beside the list.
        Ok(list) if !list.hints.is_empty() => {
            Ok(admin.visit.see_other(&AdminChange::NetworksSaved.at(&address(list.kind, &list.name))))
        }
        Ok(_) => Ok(admin.visit.see_other(&AdminChange::NetworksSaved.at(paths::ADMIN_NETWORKS))),
        Err(AdminError::Unconfirmed(whom)) => {
            let confirmed = word.map(|word| word.text().to_owned()).unwrap_or_default();
            let fields = NetworkListForm { confirmed, ..fields };
            shown(&admin, StatusCode::OK, fields, |page| NetworkListPage { asks: Some(whom), ..page }).await
        }
        Err(AdminError::Changed(_)) => {
            let list = present(&admin, &fields).await?;
            let fields = fields.beside(list.as_ref());
            let beside = Some(PresentList::of(list.as_ref()));
            shown(&admin, StatusCode::CONFLICT, fields, |page| NetworkListPage { present: beside, ..page }).await
        }
        Err(error) if error.status() < 500 && error.status() != 403 => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
            let problem = Some(admin.reason(&error));
            shown(&admin, status, fields, |page| NetworkListPage { problem, ..page }).await
        }
        Err(error) => Err(admin.refused(&error)),
    }
}

/// The lists of samples.
pub(super) fn samples(frame: &Frame) -> [ListPage; 2] {
    let network = |text: &str| text.parse::<IpNet>().unwrap_or_default();
    let line_of =
        |text: &str, note: Option<String>| NetworkLineView { network: Some(network(text)), name: None, networks: None, note };
    let list = NetworkListView {
        kind: ListKind::Group,
        name: "staff".to_owned(),
        allow: vec![line_of("192.0.2.0/24", Some(hostile())), line_of("2001:db8::/32", None)],
        deny: (0..12).map(|number| line_of(&format!("198.51.100.{number}/32"), None)).collect(),
        version: NO_LIST.to_owned(),
        hints: vec![NetworkHint::of(HintKind::NoIpv4)],
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
