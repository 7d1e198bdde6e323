//! `/admin/certificate-results`: how check 2 ended for each user, and why it did not pass.

use std::sync::LazyLock;

use axum::response::Response;
use strum::VariantArray as _;

use crate::admin::certificate_results::{CertificateResultView, ListCertificateResults, certificate_refusals};
use crate::certificate::result::CertificateOutcome;
use crate::chain::refusal::Refusal;
use crate::clock::Timestamp;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::list_page::{LINES, ListCell, ListLine, ListPage, SearchField, SearchInput};
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::destination::dashed;
use crate::portal::kit::page::Frame;
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;

const COLUMNS: &[&str] = &[
    "admin-column-at",
    "admin-column-user",
    "admin-column-outcome",
    "admin-column-refusal",
    "admin-column-certificate",
    "admin-column-app",
    "admin-column-address",
];

/// The reasons of check 2, each with the message that its user reads.
static REASONS: LazyLock<Vec<(Refusal, String)>> =
    LazyLock::new(|| certificate_refusals().map(|refusal| (refusal, format!("refusal-{}", dashed(refusal.code())))).collect());

pub(super) fn reason_key(reason: Refusal) -> Option<&'static str> {
    REASONS.iter().find(|(known, _)| *known == reason).map(|(_, key)| key.as_str())
}

/// GET /admin/certificate-results
pub(super) async fn list(admin: AdminSession) -> Result<Response, Response> {
    let query = |name| admin.query(name).filter(|value| !value.is_empty());
    let user = query("user").map(|name| crate::principal::user::UserId::parse(&name)).transpose();
    let outcome = query("outcome").map(|word| word.parse::<CertificateOutcome>()).transpose();
    let moment = |name| query(name).map(|day| day.parse()).transpose();
    let act = ListCertificateResults {
        user: user.map_err(|error| admin.unreadable("read the user", error.to_string()))?,
        text: query("text"),
        outcome: outcome.map_err(|_unknown| admin.unreadable("read the outcome", "it is none"))?,
        reason: query("reason"),
        certificate: query("certificate"),
        app: query("app"),
        since: moment("since").map_err(|error| admin.unreadable("read the day", error))?,
        until: moment("until").map_err(|error| admin.unreadable("read the day", error))?,
        after: admin.query("after"),
        limit: LINES,
    };
    let found = admin.required(act).await?;
    let mut page = ListPage::new(&admin, AdminArea::CertificateResults, COLUMNS);
    page.fill(found, line);
    page.search = fields(|name| admin.query(name).unwrap_or_default());
    Ok(page.shown_to(&admin))
}

fn fields(value: impl Fn(&str) -> String) -> Vec<SearchField> {
    let text = |name, label| SearchField { name, label, input: SearchInput::Text(value(name)) };
    let day = |name, label| SearchField { name, label, input: SearchInput::Day(value(name)) };
    let outcomes = CertificateOutcome::VARIANTS.iter().map(|outcome| (outcome.word(), outcome_key(*outcome))).collect();
    let reasons = REASONS.iter().map(|(reason, key)| (reason.code(), key.as_str())).collect();
    vec![
        text("text", "admin-search-result"),
        SearchField { name: "outcome", label: "admin-column-outcome", input: SearchInput::Words(value("outcome"), outcomes) },
        SearchField { name: "reason", label: "admin-column-refusal", input: SearchInput::Words(value("reason"), reasons) },
        text("user", "admin-search-user"),
        text("app", "admin-column-app"),
        text("certificate", "admin-certificate-fingerprint"),
        day("since", "admin-search-since"),
        day("until", "admin-search-until"),
    ]
}

const fn outcome_key(outcome: CertificateOutcome) -> &'static str {
    match outcome {
        CertificateOutcome::Passed => "admin-result-passed",
        CertificateOutcome::Refused => "admin-result-refused",
        CertificateOutcome::WouldBeRefused => "admin-result-would-be-refused",
    }
}

const fn outcome_cell(outcome: CertificateOutcome) -> ListCell {
    match outcome {
        CertificateOutcome::Passed => ListCell::Words(outcome_key(outcome)),
        CertificateOutcome::Refused | CertificateOutcome::WouldBeRefused => ListCell::Alarm(outcome_key(outcome)),
    }
}

fn line(result: CertificateResultView) -> ListLine {
    let certificate = match result.certificate {
        Some(certificate) if result.is_registered => ListCell::Link(result.subject, paths::admin_certificate(&certificate)),
        Some(_) => ListCell::text(result.subject),
        None => ListCell::Words("admin-result-none"),
    };
    let ended = (result.outcome, result.reason);
    ListLine::without_action(cells(result.last_at, result.user.as_str(), ended, certificate, [result.app, result.address]))
}

fn cells(
    at: Timestamp,
    user: &str,
    (outcome, reason): (CertificateOutcome, Option<Refusal>),
    certificate: ListCell,
    [app, address]: [String; 2],
) -> Vec<ListCell> {
    vec![
        ListCell::Moment(at),
        ListCell::user(user),
        outcome_cell(outcome),
        reason.and_then(reason_key).map_or_else(|| ListCell::text(""), ListCell::Words),
        certificate,
        ListCell::text(app),
        ListCell::text(address),
    ]
}

pub(super) fn samples(frame: &Frame) -> [ListPage; 2] {
    let line = |outcome, reason, subject: Option<String>| {
        let certificate = match subject {
            Some(subject) => ListCell::Link(subject, paths::admin_certificate(&"ab".repeat(32))),
            None => ListCell::Words("admin-result-none"),
        };
        let places = ["wiki".to_owned(), "192.0.2.7".to_owned()];
        ListLine::without_action(cells(Timestamp::from_seconds(1_795_508_000), "alice", (outcome, reason), certificate, places))
    };
    let mut page = ListPage::sample(frame, AdminArea::CertificateResults, COLUMNS, Vec::new());
    page.lines = vec![line(CertificateOutcome::Passed, None, Some("CN=iPhone15".to_owned()))];
    page.lines.extend(certificate_refusals().map(|refusal| match refusal {
        Refusal::CertificateMissing => line(CertificateOutcome::WouldBeRefused, Some(refusal), None),
        _ => line(CertificateOutcome::Refused, Some(refusal), Some(hostile())),
    }));
    page.search = fields(|name| match name {
        "text" => "\">iPhone15".to_owned(),
        "reason" => "certificate_expired".to_owned(),
        "since" => "2026-11-25".to_owned(),
        _ => String::new(),
    });
    [page, ListPage::empty_sample(frame, AdminArea::CertificateResults)]
}
