//! `/admin/transactions`: the list of requests that were held for their own approval.

pub mod export;
mod outcome;
pub mod record;

use axum::response::Response;
use strum::VariantArray as _;

use crate::admin::transactions::list::{ListTransactions, TransactionView};
use crate::admin::transactions::outcome::TransactionOutcome;
use crate::approval::question::{Detail, Details};
use crate::clock::Timestamp;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::list_page::{LINES, ListCell, ListLine, ListPage, SearchField, SearchInput};
use crate::portal::admin::transactions::export::{ExportFormat, search};
use crate::portal::admin::transactions::outcome::{outcome_cell, outcome_choices};
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::language::number::amount;
use crate::portal::kit::page::Frame;
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;

/// Of the fields that were shown, so many stand in a line of the list.
const FIRST_FIELDS: usize = 3;

const COLUMNS: &[&str] = &[
    "admin-column-at",
    "admin-column-transaction",
    "admin-column-app",
    "admin-column-requester",
    "admin-column-outcome",
    "admin-column-shown",
];

/// GET /admin/transactions
pub(in crate::portal::admin) async fn list(admin: AdminSession) -> Result<Response, Response> {
    let search = ListTransactions { after: admin.query("after"), limit: LINES, ..search(&admin)? };
    let found = admin.required(search).await?;
    let mut page = ListPage::new(&admin, AdminArea::Transactions, COLUMNS);
    let language = admin.visit.language.tag();
    page.fill(found, |transaction| line(transaction, language));
    let query = page.query();
    page.exports = ExportFormat::VARIANTS.iter().map(|format| (format.address(&query), format.label())).collect();
    page.search = fields(|name| admin.query(name).unwrap_or_default());
    Ok(page.shown_to(&admin))
}

/// The fields of the search, each with what is searched for.
fn fields(value: impl Fn(&str) -> String) -> Vec<SearchField> {
    let text = |name, label| SearchField { name, label, input: SearchInput::Text(value(name)) };
    let day = |name, label| SearchField { name, label, input: SearchInput::Day(value(name)) };
    let outcome = SearchInput::Words(value("outcome"), outcome_choices());
    vec![
        text("app", "admin-column-app"),
        text("requester", "admin-column-requester"),
        SearchField { name: "outcome", label: "admin-column-outcome", input: outcome },
        text("text", "admin-search-shown"),
        day("since", "admin-search-since"),
        day("until", "admin-search-until"),
    ]
}

fn line(transaction: TransactionView, language: &str) -> ListLine {
    let id = transaction.transaction;
    let title = transaction.details.title.say(language).to_owned();
    let first = in_language(&transaction.details, language).into_iter().take(FIRST_FIELDS);
    let cells = vec![
        ListCell::Moment(transaction.asked_at),
        ListCell::Link(title.clone(), paths::admin_transaction(id.as_str())),
        ListCell::text(transaction.app),
        match transaction.requester {
            Some(user) => ListCell::user(&user),
            None => ListCell::Words("admin-transaction-requester-program"),
        },
        outcome_cell(transaction.outcome),
        ListCell::Tags(first.map(|(label, value)| format!("{label}: {}", value.unwrap_or_else(|| "–".to_owned()))).collect()),
    ];
    // One that has ended cannot be cancelled.
    match transaction.outcome {
        TransactionOutcome::Held => ListLine::new(id.as_str(), &title, cells),
        _ => ListLine::without_action(cells),
    }
}

/// What was shown, in a language: labels and values.
fn in_language(details: &Details, language: &str) -> Vec<(String, Option<String>)> {
    details.fields.iter().map(|field| (field.label.say(language).to_owned(), shown(field, language))).collect()
}

fn shown(field: &Detail, language: &str) -> Option<String> {
    field.value.as_deref().map(|value| amount(value, language))
}

pub(in crate::portal::admin) fn samples(frame: &Frame) -> [ListPage; 2] {
    let cells = |outcome| {
        vec![
            ListCell::Moment(Timestamp::from_seconds(1_795_508_000)),
            ListCell::Link("Transfer".to_owned(), "/admin/transactions/AAAAAAAAAAAAAAAAAAAAAA".to_owned()),
            ListCell::text("bank"),
            ListCell::Link("alice".to_owned(), "/admin/users/alice".to_owned()),
            outcome_cell(outcome),
            ListCell::Tags(vec!["Payee: ACME".to_owned(), hostile()]),
        ]
    };
    let mut page = ListPage::sample(frame, AdminArea::Transactions, COLUMNS, cells(TransactionOutcome::Held));
    page.lines.extend(TransactionOutcome::VARIANTS.iter().map(|outcome| ListLine::without_action(cells(*outcome))));
    page.search = fields(|name| {
        let value = match name {
            "app" => "bank",
            "outcome" => "held",
            "text" => "\">ACME",
            "since" => "2026-11-25",
            _ => "",
        };
        value.to_owned()
    });
    page.exports = ExportFormat::VARIANTS.iter().map(|format| (format.address(""), format.label())).collect();
    [page, ListPage::empty_sample(frame, AdminArea::Transactions)]
}
