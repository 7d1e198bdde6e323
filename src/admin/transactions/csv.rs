//! Transactions as CSV (RFC 4180), for those who read them in a spreadsheet.

use serde_json::Value;

use crate::admin::spreadsheet::line;

/// What the columns are called.
const COLUMNS: [&str; 18] = [
    "transaction",
    "app",
    "name",
    "title",
    "requester",
    "outcome",
    "status",
    "asked_at",
    "ended_at",
    "address",
    "agent",
    "method",
    "authority",
    "target",
    "request",
    "shown",
    "approved_by",
    "denied_by",
];

/// The first line.
pub fn head() -> String {
    line(COLUMNS)
}

/// The line of one transaction, as `transaction.export` answers it.
pub fn row(record: &Value) -> String {
    let by = |approved: bool| {
        let answers = record.get("answers").and_then(Value::as_array).into_iter().flatten();
        let such = answers.filter(|given| given.get("approved").and_then(Value::as_bool) == Some(approved));
        such.filter_map(|given| given.get("user")?.as_str()).collect::<Vec<_>>().join(" ")
    };
    let cells = COLUMNS.map(|column| match column {
        "approved_by" => by(true),
        "denied_by" => by(false),
        column => match record.get(column) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(lines)) => lines.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; "),
            None | Some(Value::Null) => String::new(),
            Some(other) => other.to_string(),
        },
    });
    line(cells.each_ref().map(String::as_str))
}
