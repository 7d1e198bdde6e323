//! `/admin/transactions/export`: all that a search finds, as a file.

use std::io;
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::admin::act::{self, Circumstances};
use crate::admin::transactions::csv;
use crate::admin::transactions::list::{ExportTransactions, ListTransactions};
use crate::admin::transactions::outcome::TransactionOutcome;
use crate::admin::transactions::show::TransactionRecord;
use crate::admin::values::{Count, Moment, Page};
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::paths;

/// Transactions that are read at once.
const PAGE: Count = Count(500);

/// The formats of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "lowercase")]
pub(super) enum ExportFormat {
    /// Comma-separated values (RFC 4180).
    Csv,
    /// One JSON document a line, with the receipt.
    Jsonl,
}

impl ExportFormat {
    /// The text of its link: a message key.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Csv => "admin-transactions-export-csv",
            Self::Jsonl => "admin-transactions-export-jsonl",
        }
    }

    /// The address of the file with all that a query finds.
    pub(super) fn address(self, query: &str) -> String {
        let address = if query.is_empty() {
            paths::ADMIN_TRANSACTIONS_EXPORT.to_owned()
        } else {
            format!("{}?{query}", paths::ADMIN_TRANSACTIONS_EXPORT)
        };
        paths::with_query(&address, &[("format", self.into())])
    }

    /// The name of the file and its media type.
    const fn file(self) -> (&'static str, &'static str) {
        match self {
            Self::Csv => ("transactions.csv", "text/csv; charset=utf-8"),
            Self::Jsonl => ("transactions.jsonl", "application/jsonl; charset=utf-8"),
        }
    }

    /// What stands before the first line.
    fn head(self) -> String {
        match self {
            Self::Csv => csv::head(),
            Self::Jsonl => String::new(),
        }
    }

    /// The lines of a page.
    fn lines(self, page: &Page<TransactionRecord>) -> String {
        let values = page.items.iter().filter_map(|record| serde_json::to_value(record).ok());
        let line = |record: serde_json::Value| match self {
            Self::Csv => csv::row(&record),
            Self::Jsonl => format!("{record}\n"),
        };
        values.map(line).collect()
    }
}

/// The search that the address carries.
pub(super) fn search(admin: &AdminSession) -> Result<ListTransactions, Response> {
    let day = |name| {
        let day = admin.query(name).map(|day| day.parse::<Moment>()).transpose();
        day.map_err(|why| admin.unreadable("read the day", why))
    };
    let outcome = admin.query("outcome").map(|word| {
        word.parse::<TransactionOutcome>().map_err(|_unknown| admin.unreadable("read the outcome", format!("{word:?} is none")))
    });
    Ok(ListTransactions {
        app: admin.query("app"),
        requester: admin.query("requester"),
        outcome: outcome.transpose()?,
        text: admin.query("text"),
        since: day("since")?,
        until: day("until")?,
        after: None,
        limit: Some(PAGE),
    })
}

/// GET /admin/transactions/export
pub(in crate::portal::admin) async fn export(admin: AdminSession) -> Result<Response, Response> {
    let format = admin.query("format").and_then(|word| word.parse::<ExportFormat>().ok());
    let format = format.ok_or_else(|| admin.unreadable("export", "write csv or jsonl"))?;
    let mut act = ExportTransactions(search(&admin)?);
    // An administrator who may not see it gets a page that says so. Once the file has begun, an error can only end it.
    let first = admin.required(act.clone()).await?;
    act.0.after.clone_from(&first.next);
    let (name, media_type) = format.file();
    let first = Bytes::from(format.head() + &format.lines(&first));
    let (core, administrator) = (Arc::clone(&admin.visit.core), admin.administrator.clone());
    let (address, request_id) = (admin.visit.arrival.address, Arc::clone(&admin.visit.arrival.request_id));
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
                    Some((Ok(Bytes::from(format.lines(&page))), more))
                }
                Err(error) => {
                    tracing::error!(%error, %request_id, "transactions_not_exported");
                    Some((Err(io::Error::other(error.to_string())), None))
                }
            }
        }
    });
    Ok(admin.visit.file(name, media_type, Body::from_stream(pages)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_holds_what_the_list_was_searched_for() {
        assert_eq!(ExportFormat::Csv.address(""), "/admin/transactions/export?format=csv");
        let query = "outcome=held&text=a%26b";
        assert_eq!(ExportFormat::Jsonl.address(query), "/admin/transactions/export?outcome=held&text=a%26b&format=jsonl");
        for hostile in ["", "CSV", "csv ", "xlsx", "../csv"] {
            assert!(hostile.parse::<ExportFormat>().is_err(), "{hostile:?}");
        }
    }
}
