//! Transactions: the list, the page of one, its receipt, and all that a search finds as a file.

use std::io;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use http::StatusCode;

use super::lists::{LINES, next, of_user, shown, table, text, without_after};
use super::{Seat, looked, read};
use crate::admin::act::{self, Circumstances};
use crate::admin::error::AdminError;
use crate::admin::transactions::csv;
use crate::admin::transactions::list::{ExportTransactions, ListTransactions, TransactionView};
use crate::admin::transactions::outcome::TransactionOutcome;
use crate::admin::transactions::show::{ShowTransaction, TransactionRecord};
use crate::admin::values::{Count, Moment, Page};
use crate::approval::question::Details;
use crate::portal::kit::paths;
use crate::portal::kit::state::PortalState;
use crate::portal::pages::administration::Room;
use crate::portal::pages::administration::table::{Cell, EXPORTS, Field, Row, Sought, columns, outcome_cell, outcome_choices};
use crate::portal::pages::administration::transaction::RecordPage;

/// Of what was shown, so much stands in a line of the list.
const FIRST_FIELDS: usize = 3;
/// Transactions of an export asked for at once.
const PAGE: Count = Count(500);

/// GET /admin/transactions
pub(super) async fn list(State(desk): State<PortalState>, request: Request) -> Response {
    looked(read(&desk, request), list_page).await
}

async fn list_page(seat: &Seat<'_>) -> Result<Response, Response> {
    let search = ListTransactions { after: seat.sought("after"), limit: LINES, ..sought(seat)? };
    let found = seat.ask(search).await?;
    let mut page = table(seat, Room::Transactions, columns::TRANSACTIONS);
    let language = seat.visit.language.tag();
    page.rows = found.items.into_iter().map(|transaction| row(transaction, language)).collect();
    page.next = next(&page, found.next);
    let query = without_after(&page.back).split_once('?').map(|(_, query)| format!("{query}&")).unwrap_or_default();
    let export = |(format, key)| (format!("{}?{query}format={format}", paths::ADMIN_TRANSACTIONS_EXPORT), key);
    page.exports = EXPORTS.map(export).into();
    let said = |name| seat.sought(name).unwrap_or_default();
    page.search = vec![
        Field { name: "app", key: "admin-column-app", kind: Sought::Text(said("app")) },
        Field { name: "requester", key: "admin-column-requester", kind: Sought::Text(said("requester")) },
        Field { name: "outcome", key: "admin-column-outcome", kind: Sought::Words(said("outcome"), outcome_choices()) },
        Field { name: "text", key: "admin-search-shown", kind: Sought::Text(said("text")) },
        Field { name: "since", key: "admin-search-since", kind: Sought::Day(said("since")) },
        Field { name: "until", key: "admin-search-until", kind: Sought::Day(said("until")) },
    ];
    Ok(shown(seat, &page))
}

/// What is looked for.
fn sought(seat: &Seat<'_>) -> Result<ListTransactions, Response> {
    let wrong = |what, why| seat.refused(&AdminError::Input { what, why });
    let day = |name| seat.sought(name).map(|day| day.parse::<Moment>()).transpose().map_err(|why| wrong("read the day", why));
    let outcome = seat.sought("outcome").map(|word| {
        word.parse::<TransactionOutcome>().map_err(|_unknown| wrong("read the outcome", format!("{word:?} is none")))
    });
    Ok(ListTransactions {
        app: seat.sought("app"),
        requester: seat.sought("requester"),
        outcome: outcome.transpose()?,
        text: seat.sought("text"),
        since: day("since")?,
        until: day("until")?,
        after: None,
        limit: Some(PAGE),
    })
}

fn row(transaction: TransactionView, language: &str) -> Row {
    let id = transaction.transaction;
    let title = transaction.details.title.say(language).to_owned();
    let first = fields(&transaction.details, language).into_iter().take(FIRST_FIELDS);
    let cells = vec![
        Cell::Moment(transaction.asked_at),
        Cell::Link(title.clone(), paths::admin_transaction(id.as_str())),
        text(transaction.app),
        match transaction.requester {
            Some(user) => of_user(&user),
            None => Cell::Words("admin-machine"),
        },
        outcome_cell(transaction.outcome),
        Cell::Tags(first.map(|(label, value)| format!("{label}: {}", value.unwrap_or_else(|| "–".to_owned()))).collect()),
    ];
    // Nothing can be done to what has ended.
    let id = if transaction.outcome == TransactionOutcome::Held { id.to_string() } else { String::new() };
    Row { id, name: title, cells }
}

/// What was shown, in a language.
fn fields(details: &Details, language: &str) -> Vec<(String, Option<String>)> {
    details.fields.iter().map(|field| (field.label.say(language).to_owned(), field.value.clone())).collect()
}

/// The transaction that the address names.
async fn named(seat: &Seat<'_>, place: usize) -> Result<TransactionRecord, Response> {
    let id = seat.visit.parts.uri.path().split('/').nth(place).unwrap_or_default();
    seat.ask(ShowTransaction { transaction: id.to_owned() }).await
}

/// GET /admin/transactions/{transaction}
pub(super) async fn show(State(desk): State<PortalState>, request: Request) -> Response {
    looked(read(&desk, request), async |seat: &Seat<'_>| {
        let record = named(seat, 3).await?;
        let language = seat.visit.language.tag();
        let page = RecordPage {
            frame: seat.visit.frame(),
            hall: seat.hall(),
            notices: seat.notices(),
            title: record.details.title.say(language).to_owned(),
            sentence: record.details.sentence.say(language).to_owned(),
            fields: fields(&record.details, language),
            record,
        };
        Ok(seat.visit.page(StatusCode::OK, &page, &[]))
    })
    .await
}

/// GET /admin/transactions/{transaction}/receipt
pub(super) async fn receipt(State(desk): State<PortalState>, request: Request) -> Response {
    looked(read(&desk, request), async |seat: &Seat<'_>| {
        let record = named(seat, 3).await?;
        let none = || seat.refused(&AdminError::NotFound { what: "the receipt of", name: record.transaction.to_string() });
        let receipt = record.receipt.clone().ok_or_else(none)?;
        let name = format!("receipt-{}.jwt", record.transaction);
        Ok(seat.visit.file(&name, "application/jose", Body::from(format!("{receipt}\n"))))
    })
    .await
}

/// GET /admin/transactions/export
pub(super) async fn export(State(desk): State<PortalState>, request: Request) -> Response {
    looked(read(&desk, request), async |seat: &Seat<'_>| {
        let is_csv = match seat.visit.query("format").as_deref() {
            Some("csv") => true,
            Some("jsonl") => false,
            _ => return Err(seat.refused(&AdminError::Input { what: "export", why: "write csv or jsonl".to_owned() })),
        };
        let mut act = ExportTransactions(sought(seat)?);
        // Whoever may not gets a page that says so; after that all there is to do with a fault is to end the file.
        let first = seat.ask(act.clone()).await?;
        act.0.after.clone_from(&first.next);
        let (core, administrator) = (Arc::clone(&seat.visit.core), seat.administrator.clone());
        let (address, request_id) = (seat.visit.arrival.address, Arc::clone(&seat.visit.arrival.request_id));
        let head = if is_csv { csv::head() } else { String::new() };
        let first = Bytes::from(head + &written(&first, is_csv));
        let pages = stream::unfold(Some((Some(first), act)), move |state| {
            let (core, administrator, request_id) = (Arc::clone(&core), administrator.clone(), Arc::clone(&request_id));
            async move {
                let (first, mut act) = state?;
                if let Some(first) = first {
                    let more = act.0.after.is_some().then_some((None, act));
                    return Some((Ok(first), more));
                }
                let circumstances = Circumstances { address: Some(address), request_id: Some(&request_id) };
                match act::perform(&core, &administrator, &circumstances, act.clone()).await {
                    Ok(page) => {
                        act.0.after.clone_from(&page.next);
                        let more = act.0.after.is_some().then_some((None, act));
                        Some((Ok(Bytes::from(written(&page, is_csv))), more))
                    }
                    Err(error) => {
                        tracing::error!(%error, %request_id, "transactions_not_exported");
                        Some((Err(io::Error::other(error.to_string())), None))
                    }
                }
            }
        });
        let (name, kind) = if is_csv {
            ("transactions.csv", "text/csv; charset=utf-8")
        } else {
            ("transactions.jsonl", "application/jsonl; charset=utf-8")
        };
        Ok(seat.visit.file(name, kind, Body::from_stream(pages)))
    })
    .await
}

/// The lines of a page.
fn written(page: &Page<TransactionRecord>, is_csv: bool) -> String {
    let values = page.items.iter().filter_map(|record| serde_json::to_value(record).ok());
    values.map(|record| if is_csv { csv::row(&record) } else { format!("{record}\n") }).collect()
}
