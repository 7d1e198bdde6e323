//! `sekisho transaction export`: all that a search finds, as JSON lines with their receipts or as CSV for a spreadsheet.

use std::io::{self, BufWriter, Write as _};

use clap::Args;
use serde_json::Value;

use super::{ConfigFile, at_the_door, unless_enough};
use crate::admin::transactions::csv;
use crate::admin::transactions::list::{ExportTransactions, ListTransactions};
use crate::admin::transactions::outcome::TransactionOutcome;
use crate::admin::values::{Count, Moment};
use crate::cli::CommandFailure;

/// Write transactions with everything that is kept of them, newest first: JSON lines, or CSV
#[derive(Args, Clone, Debug)]
pub(super) struct ExportTransactionsArgs {
    /// Of this app.
    #[arg(long, value_name = "APP")]
    app: Option<String>,
    /// Asked for by this user.
    #[arg(long, value_name = "USER")]
    requester: Option<String>,
    /// How it stands, or ended.
    #[arg(long, value_name = "OUTCOME")]
    outcome: Option<TransactionOutcome>,
    /// With this in what was shown, in whichever language.
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// Asked for from this moment on, or from the beginning of this day.
    #[arg(long, value_name = "MOMENT")]
    since: Option<Moment>,
    /// Asked for before this moment, or to the end of this day.
    #[arg(long, value_name = "MOMENT")]
    until: Option<Moment>,
    /// As CSV for a spreadsheet, without receipts.
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Transactions asked for at once.
const PAGE: Count = Count(500);

impl ExportTransactionsArgs {
    /// Writes one transaction a line to stdout until there is none left.
    ///
    /// # Errors
    /// [`CommandFailure`]; what was written until then is whole lines.
    pub(super) fn run(self) -> Result<(), CommandFailure> {
        let Self { app, requester, outcome, text, since, until, csv, config } = self;
        let mut query = ListTransactions { app, requester, outcome, text, since, until, after: None, limit: Some(PAGE) };
        at_the_door(&config, async move |door| {
            let mut out = BufWriter::new(io::stdout().lock());
            let mut begun = if csv { out.write_all(csv::head().as_bytes()) } else { Ok(()) };
            loop {
                let page = door.perform(ExportTransactions(query.clone())).await?;
                let items = page.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
                let line = |item: &Value| if csv { csv::row(item) } else { format!("{item}\n") };
                let mut write = |item: &Value| out.write_all(line(item).as_bytes());
                begun = begun.and_then(|()| items.iter().try_for_each(&mut write));
                let written = begun.and_then(|()| out.flush());
                if written.is_err() {
                    return unless_enough(written);
                }
                begun = Ok(());
                query.after = page.get("next").and_then(Value::as_str).map(str::to_owned);
                if query.after.is_none() {
                    return Ok(());
                }
            }
        })
    }
}
