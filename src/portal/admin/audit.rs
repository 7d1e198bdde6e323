//! `/admin/audit`: the audit log, the latest entries first.

use axum::response::Response;

use crate::admin::audit::QueryAudit;
use crate::audit::{AuditRecord, EventOutcome};
use crate::clock::Timestamp;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::list_page::{LINES, ListCell, ListLine, ListPage, SearchField};
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::page::Frame;

const COLUMNS: &[&str] = &[
    "admin-column-at",
    "admin-column-event",
    "admin-column-outcome",
    "admin-column-user",
    "admin-column-actor",
    "admin-column-address",
    "admin-column-refusal",
];

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
    page.search = vec![SearchField::user(user), SearchField::text("what", "admin-search-event", what)];
    Ok(page.shown_to(&admin))
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
    let outcomes = [EventOutcome::Refused, EventOutcome::Done];
    audit.lines = outcomes.map(|outcome| ListLine::without_action(cells(outcome))).into();
    [audit, ListPage::empty_sample(frame, AdminArea::Audit)]
}
