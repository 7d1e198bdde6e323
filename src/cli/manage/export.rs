//! `sekisho audit export`: the audit log as JSON lines, newest first, for systems that keep or search logs elsewhere.

use std::io::{self, BufWriter, Write as _};

use clap::Args;
use serde_json::Value;

use super::{ConfigFile, at_the_door, unless_enough};
use crate::admin::audit::QueryAudit;
use crate::admin::values::{Count, Moment};
use crate::audit::EventOutcome;
use crate::cli::CommandFailure;

/// Write the audit log as JSON lines, newest first
#[derive(Args, Clone, Debug)]
pub(super) struct Export {
    /// About this user, or done by this one.
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// This event, or all of a kind: `user` finds `user.add`.
    #[arg(long, value_name = "EVENT")]
    what: Option<String>,
    /// From this moment on, or from the beginning of this day.
    #[arg(long, value_name = "MOMENT")]
    from: Option<Moment>,
    /// Before this moment, or to the end of this day.
    #[arg(long, value_name = "MOMENT")]
    until: Option<Moment>,
    /// From this address.
    #[arg(long, value_name = "ADDRESS")]
    address: Option<String>,
    /// How it ended.
    #[arg(long, value_name = "OUTCOME")]
    outcome: Option<EventOutcome>,
    #[command(flatten)]
    config: ConfigFile,
}

/// Entries asked for at once.
const PAGE: Count = Count(1000);

impl Export {
    /// Writes one entry a line to stdout until there is none left.
    ///
    /// # Errors
    /// [`CommandFailure`]; what was written until then is whole lines.
    pub(super) fn run(self) -> Result<(), CommandFailure> {
        let Self { user, what, from, until, address, outcome, config } = self;
        let mut query = QueryAudit { user, what, from, until, address, outcome, after: None, limit: Some(PAGE) };
        at_the_door(&config, async move |door| {
            let mut out = BufWriter::new(io::stdout().lock());
            loop {
                let page = door.perform(query.clone()).await?;
                let items = page.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
                let written = items.iter().try_for_each(|entry| writeln!(out, "{entry}")).and_then(|()| out.flush());
                if written.is_err() {
                    return unless_enough(written);
                }
                query.after = page.get("next").and_then(Value::as_str).map(str::to_owned);
                if query.after.is_none() {
                    return Ok(());
                }
            }
        })
    }
}
