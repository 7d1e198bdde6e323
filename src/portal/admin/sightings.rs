//! `/admin/sightings`: who presented which certificate, and when; one that nobody knows leads to the form that
//! adds it to the register.

use axum::response::Response;

use crate::admin::certificate_results::{ListSightings, SightingView};
use crate::clock::Timestamp;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::forms::AdminFormKind;
use crate::portal::admin::list_page::{LINES, ListCell, ListLine, ListPage, SearchField};
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::page::Frame;
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;
use crate::principal::user::UserId;

const COLUMNS: &[&str] = &[
    "sessions-last-seen",
    "admin-column-user",
    "admin-column-certificate",
    "admin-source-issuer",
    "admin-certificate-last-day",
    "admin-column-address",
];

/// GET /admin/sightings
pub(super) async fn list(admin: AdminSession) -> Result<Response, Response> {
    let user = admin.query("user").map(|name| UserId::parse(&name)).transpose();
    let act = ListSightings {
        user: user.map_err(|error| admin.unreadable("read the user", error.to_string()))?,
        certificate: admin.query("certificate"),
        after: admin.query("after"),
        limit: LINES,
    };
    let found = admin.required(act).await?;
    let mut page = ListPage::new(&admin, AdminArea::Sightings, COLUMNS);
    page.fill(found, line);
    page.search = fields(admin.query("user"), admin.query("certificate"));
    Ok(page.shown_to(&admin))
}

fn fields(user: Option<String>, certificate: Option<String>) -> Vec<SearchField> {
    vec![SearchField::user(user), SearchField::text("certificate", "admin-certificate-fingerprint", certificate)]
}

fn line(sighting: SightingView) -> ListLine {
    let to = if sighting.is_registered {
        paths::admin_certificate(&sighting.certificate)
    } else {
        paths::with_query(&AdminFormKind::RegisterCertificate.address(""), &[("certificate", &sighting.certificate)])
    };
    ListLine::without_action(vec![
        ListCell::Ago(sighting.last_seen),
        sighting.user.as_deref().map_or_else(|| ListCell::text("–"), ListCell::user),
        ListCell::Link(sighting.subject, to),
        ListCell::text(sighting.issuer),
        ListCell::Moment(sighting.not_after),
        ListCell::text(sighting.address),
    ])
}

pub(super) fn samples(frame: &Frame) -> [ListPage; 2] {
    let at = Timestamp::from_seconds(1_795_508_000);
    let sighting = |subject: String, user: Option<&str>, is_registered| SightingView {
        certificate: "ab".repeat(32),
        is_registered,
        user: user.map(str::to_owned),
        issuer: "CN=関所 issuing 2026".to_owned(),
        subject,
        serial: "4f:8c:12:0a".to_owned(),
        not_after: at,
        address: "2001:db8::7".to_owned(),
        first_seen: at,
        last_seen: at,
    };
    let mut page = ListPage::sample(frame, AdminArea::Sightings, COLUMNS, Vec::new());
    page.lines = vec![line(sighting("CN=iPhone15".to_owned(), Some("alice"), true)), line(sighting(hostile(), None, false))];
    page.search = fields(Some("alice".to_owned()), Some("\">x".to_owned()));
    [page, ListPage { search: fields(None, None), ..ListPage::empty_sample(frame, AdminArea::Sightings) }]
}
