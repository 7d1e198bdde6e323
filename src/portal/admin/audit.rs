//! `/admin/audit`: the audit log, the latest entries first.

use axum::body::Body;
use axum::response::Response;

use crate::admin::audit::{KeyView, ListKeys, QueryAudit};
use crate::admin::values::Page;
use crate::audit::{AuditRecord, EventOutcome};
use crate::clock::Timestamp;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::list_page::{LINES, ListCell, ListLine, ListPage, SearchField};
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::Frame;
use crate::portal::kit::paths;

const COLUMNS: &[&str] = &[
    "admin-column-at",
    "admin-column-event",
    "admin-column-outcome",
    "admin-column-user",
    "admin-column-actor",
    "admin-column-address",
    "admin-column-refusal",
];

const KEY_COLUMNS: &[&str] = &["admin-audit-key", "admin-audit-algorithm", "admin-search-since", "admin-search-until"];

/// GET /admin/audit
pub(super) async fn list(admin: AdminSession) -> Result<Response, Response> {
    let mut page = ListPage::new(&admin, AdminArea::Audit, COLUMNS);
    let (user, what) = (admin.query("user"), admin.query("what"));
    let act = QueryAudit {
        user: user.clone(),
        what: what.clone(),
        from: None,
        until: None,
        address: None,
        outcome: None,
        after: admin.query("after"),
        limit: LINES,
    };
    page.fill(admin.required(act).await?, line);
    page.new = Some((paths::ADMIN_AUDIT_KEYS, "admin-audit-keys"));
    page.search = vec![SearchField::user(user), SearchField::text("what", "admin-search-event", what)];
    Ok(page.shown_to(&admin))
}

/// GET /admin/audit/keys
pub(super) async fn keys(admin: AdminSession) -> Result<Response, Response> {
    let found = admin.required(ListKeys {}).await?;
    if admin.query("format").as_deref() == Some("jwks") {
        let text = serde_json::to_string_pretty(&found).map_err(|error| admin.visit.failed(&error))?;
        return Ok(admin.visit.file("jwks.json", "application/jwk-set+json", Body::from(text)));
    }
    let mut page = ListPage::new(&admin, AdminArea::Audit, KEY_COLUMNS);
    page.fill(Page::whole(found.keys), key_line);
    page.notices = vec![PageNotice::success("admin-audit-keys.about")];
    page.exports = vec![(paths::with_query(paths::ADMIN_AUDIT_KEYS, &[("format", "jwks")]), "admin-audit-keys-file")];
    Ok(page.shown_to(&admin))
}

fn key_line(key: KeyView) -> ListLine {
    ListLine::without_action(vec![
        ListCell::text(key.kid),
        ListCell::text(format!("{} ({} {})", key.alg, key.kty, key.crv)),
        ListCell::Moment(Timestamp::from_seconds(key.nbf)),
        ListCell::Moment(Timestamp::from_seconds(key.exp)),
    ])
}

pub(super) fn keys_sample(frame: &Frame) -> ListPage {
    let cells = vec![
        ListCell::text("0a1b2c3d"),
        ListCell::text("ES256 (EC P-256)"),
        ListCell::Moment(Timestamp::from_seconds(1_795_508_000)),
        ListCell::Moment(Timestamp::from_seconds(1_798_508_000)),
    ];
    let lines = vec![ListLine::without_action(cells.clone())];
    let exports = vec![("/admin/audit/keys?format=jwks".to_owned(), "admin-audit-keys-file")];
    let notices = vec![PageNotice::success("admin-audit-keys.about")];
    ListPage { lines, exports, notices, search: Vec::new(), ..ListPage::sample(frame, AdminArea::Audit, KEY_COLUMNS, cells) }
}

fn line(entry: AuditRecord) -> ListLine {
    ListLine::without_action(vec![
        ListCell::Moment(entry.at),
        ListCell::text(entry.what),
        outcome_cell(entry.outcome),
        ListCell::text(entry.user.unwrap_or_default()),
        ListCell::text(entry.actor.unwrap_or_default()),
        ListCell::text(entry.address.unwrap_or_default()),
        ListCell::text(entry.refusal.unwrap_or_default()),
    ])
}

const fn outcome_cell(outcome: EventOutcome) -> ListCell {
    match outcome {
        EventOutcome::Done => ListCell::Words("admin-event-done"),
        EventOutcome::Refused => ListCell::Alarm("admin-event-refused"),
    }
}

pub(super) fn samples(frame: &Frame) -> [ListPage; 2] {
    let cells = |outcome| {
        vec![
            ListCell::Moment(Timestamp::from_seconds(1_795_508_000)),
            ListCell::text("user.add"),
            outcome_cell(outcome),
            ListCell::text("alice"),
            ListCell::text("root"),
            ListCell::text("192.0.2.7"),
            ListCell::text("scope_missing"),
        ]
    };
    let mut audit = ListPage::sample(frame, AdminArea::Audit, COLUMNS, Vec::new());
    audit.new = Some((paths::ADMIN_AUDIT_KEYS, "admin-audit-keys"));
    let outcomes = [EventOutcome::Refused, EventOutcome::Done];
    audit.lines = outcomes.map(|outcome| ListLine::without_action(cells(outcome))).into();
    [audit, ListPage::empty_sample(frame, AdminArea::Audit)]
}
