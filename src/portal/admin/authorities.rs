//! `/admin/authorities`: the keys of the own authority, which sign client certificates; forms make, renew and import one.

use axum::response::Response;

use crate::admin::authority::{AuthorityView, ListAuthorities};
use crate::admin::values::Page;
use crate::clock::Timestamp;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::forms::AdminFormKind;
use crate::portal::admin::list_page::{ListCell, ListLine, ListPage, SearchField};
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::page::Frame;
use crate::portal::kit::sample::hostile;

const COLUMNS: &[&str] =
    &["admin-authority-subject", "admin-source-kind", "admin-column-state", "admin-authority-ends", "admin-authority-list"];

/// GET /admin/authorities
pub(super) async fn list(admin: AdminSession) -> Result<Response, Response> {
    let text = admin.query("search");
    let needle = text.as_deref().unwrap_or_default().to_lowercase();
    let mut items = admin.required(ListAuthorities {}).await?.items;
    let adds = if items.is_empty() {
        vec![AdminFormKind::CreateAuthority, AdminFormKind::ImportAuthority]
    } else {
        vec![AdminFormKind::RenewAuthority, AdminFormKind::ImportAuthority]
    };
    items.retain(|key| [&key.subject, &key.authority].iter().any(|text| text.to_lowercase().contains(&needle)));
    let mut page = ListPage::new(&admin, AdminArea::Authorities, COLUMNS);
    page.fill(Page::whole(items), line);
    page.search = vec![SearchField::text("search", "admin-search-words", text)];
    page.adds = adds;
    Ok(page.shown_to(&admin))
}

fn line(key: AuthorityView) -> ListLine {
    let state = match (key.withdrawn_at, key.signs) {
        (Some(_), _) => ListCell::Alarm("admin-authority-withdrawn"),
        (None, true) => ListCell::Words("admin-authority-signs"),
        (None, false) => ListCell::Words("admin-authority-counts"),
    };
    let kind = match key.kind.as_str() {
        "root" => "admin-authority-root",
        "imported" => "admin-authority-imported",
        _ => "admin-authority-issuing",
    };
    let cells = vec![
        ListCell::text(key.subject.clone()),
        ListCell::Words(kind),
        state,
        ListCell::Moment(key.not_after),
        ListCell::text(key.revocation_list),
    ];
    if key.withdrawn_at.is_some() {
        return ListLine::without_action(cells);
    }
    ListLine::new(&key.authority, &key.subject, cells)
}

pub(super) fn samples(frame: &Frame) -> [ListPage; 2] {
    let at = Timestamp::from_seconds(1_795_508_000);
    let key = |subject: String, kind: &str, signs, withdrawn_at| AuthorityView {
        authority: format!("{kind}-1"),
        kind: kind.to_owned(),
        subject,
        signs,
        not_after: at,
        withdrawn_at,
        revocation_list: format!("https://auth.example.com/.well-known/sekisho/{kind}-1.crl"),
        list_until: (kind != "root").then_some(at),
        bundle: "/var/lib/sekisho/authority/anchors.pem".to_owned(),
    };
    let mut page = ListPage::sample(frame, AdminArea::Authorities, COLUMNS, Vec::new());
    page.lines = vec![
        line(key("CN=関所 root 2026".to_owned(), "root", false, None)),
        line(key("CN=関所 issuing 2026".to_owned(), "issuing", false, Some(at))),
        line(key("CN=関所 issuing 2027".to_owned(), "issuing", true, None)),
        line(key(hostile(), "imported", false, None)),
    ];
    let search = |text: Option<&str>| vec![SearchField::text("search", "admin-search-words", text.map(str::to_owned))];
    page.search = search(Some("2027"));
    page.adds = vec![AdminFormKind::RenewAuthority, AdminFormKind::ImportAuthority];
    let adds = vec![AdminFormKind::CreateAuthority, AdminFormKind::ImportAuthority];
    [page, ListPage { search: search(None), adds, ..ListPage::empty_sample(frame, AdminArea::Authorities) }]
}
