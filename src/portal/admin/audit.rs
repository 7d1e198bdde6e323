//! `/admin/audit`: the audit log, the latest entries first.

use axum::body::Body;
use axum::response::Response;

use crate::admin::audit::{KeyView, ListKeys, QueryAudit};
use crate::admin::values::Page;
use crate::audit::{AuditRecord, EventOutcome};
use crate::clock::Timestamp;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::list_page::{LINES, ListCell, ListLine, ListPage, SearchField, SearchInput};
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::Frame;
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;

const COLUMNS: &[&str] = &[
    "admin-column-at",
    "admin-column-event",
    "admin-column-outcome",
    "admin-column-user",
    "admin-column-actor",
    "admin-column-app",
    "admin-column-refusal",
    "admin-list-details",
];

const KEY_COLUMNS: &[&str] = &["admin-audit-key", "admin-audit-algorithm", "admin-search-since", "admin-search-until"];

/// GET /admin/audit
pub(super) async fn list(admin: AdminSession) -> Result<Response, Response> {
    let mut page = ListPage::new(&admin, AdminArea::Audit, COLUMNS);
    let outcome = admin.query("outcome").map(|word| word.parse::<EventOutcome>()).transpose();
    let moment = |name| admin.query(name).map(|day| day.parse()).transpose();
    let act = QueryAudit {
        user: admin.query("user"),
        what: admin.query("what"),
        from: moment("since").map_err(|error| admin.unreadable("read the day", error))?,
        until: moment("until").map_err(|error| admin.unreadable("read the day", error))?,
        address: admin.query("address"),
        outcome: outcome.map_err(|_unknown| admin.unreadable("read the outcome", "it is none"))?,
        after: admin.query("after"),
        limit: LINES,
    };
    page.fill(admin.required(act).await?, line);
    page.new = Some((paths::ADMIN_AUDIT_KEYS, "admin-audit-keys"));
    page.search = fields(|name| admin.query(name).unwrap_or_default());
    Ok(page.shown_to(&admin))
}

/// The fields of the search, each with what is searched for.
fn fields(value: impl Fn(&str) -> String) -> Vec<SearchField> {
    let text = |name, label| SearchField { name, label, input: SearchInput::Text(value(name)) };
    let day = |name, label| SearchField { name, label, input: SearchInput::Day(value(name)) };
    let outcomes = [EventOutcome::Done, EventOutcome::Refused].map(|outcome| (outcome.word(), outcome_key(outcome))).into();
    vec![
        text("user", "admin-search-user"),
        text("what", "admin-search-event"),
        SearchField { name: "outcome", label: "admin-column-outcome", input: SearchInput::Words(value("outcome"), outcomes) },
        text("address", "admin-column-address"),
        day("since", "admin-search-since"),
        day("until", "admin-search-until"),
    ]
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
    // By their names in the log, as a search, an export and the API have them.
    let known = [("address", entry.address), ("check", entry.check), ("request_id", entry.request_id)];
    let known = known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let details = known.chain(entry.details).collect();
    ListLine::without_action(vec![
        ListCell::Moment(entry.at),
        ListCell::text(entry.what),
        outcome_cell(entry.outcome),
        ListCell::text(entry.user.unwrap_or_default()),
        ListCell::text(entry.actor.unwrap_or_default()),
        ListCell::text(entry.app.unwrap_or_default()),
        ListCell::text(entry.refusal.unwrap_or_default()),
        ListCell::Details(details),
    ])
}

const fn outcome_key(outcome: EventOutcome) -> &'static str {
    match outcome {
        EventOutcome::Done => "admin-event-done",
        EventOutcome::Refused => "admin-event-refused",
    }
}

const fn outcome_cell(outcome: EventOutcome) -> ListCell {
    match outcome {
        EventOutcome::Done => ListCell::Words(outcome_key(outcome)),
        EventOutcome::Refused => ListCell::Alarm(outcome_key(outcome)),
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
            ListCell::text("wiki"),
            ListCell::text("scope_missing"),
            ListCell::Details(vec![
                ("address".to_owned(), "2001:db8:12:34::7".to_owned()),
                ("check".to_owned(), "primary_factor".to_owned()),
                ("request_id".to_owned(), "01KAT5Z9M3Q2V7X8B4C6D0E1F2".to_owned()),
                ("name".to_owned(), hostile()),
            ]),
        ]
    };
    let mut audit = ListPage::sample(frame, AdminArea::Audit, COLUMNS, Vec::new());
    audit.search = fields(|_| String::new());
    audit.new = Some((paths::ADMIN_AUDIT_KEYS, "admin-audit-keys"));
    let outcomes = [EventOutcome::Refused, EventOutcome::Done];
    audit.lines = outcomes.map(|outcome| ListLine::without_action(cells(outcome))).into();
    [audit, ListPage::empty_sample(frame, AdminArea::Audit)]
}
