//! Transactions as CSV (RFC 4180), for those who read them in a spreadsheet.
//! Invariant: no cell is a formula to a spreadsheet, whatever somebody once sent to an app (T50).

use super::TransactionRecord;

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

/// The line of one transaction.
pub fn row(record: &TransactionRecord) -> String {
    let by = |approved: bool| {
        let users: Vec<&str> =
            record.answers.iter().filter(|given| given.approved == approved).map(|given| given.user.as_str()).collect();
        users.join(" ")
    };
    let status = record.status.map(|status| status.to_string()).unwrap_or_default();
    let (shown, approved, denied) = (record.shown.join("; "), by(true), by(false));
    line([
        &record.transaction,
        &record.app,
        &record.name,
        &record.title,
        record.requester.as_deref().unwrap_or_default(),
        &record.outcome,
        &status,
        &record.asked_at,
        record.ended_at.as_deref().unwrap_or_default(),
        &record.address,
        &record.agent,
        &record.method,
        &record.authority,
        &record.target,
        &record.request,
        &shown,
        &approved,
        &denied,
    ])
}

fn line(cells: [&str; COLUMNS.len()]) -> String {
    let mut line = cells.map(cell).join(",");
    line.push_str("\r\n");
    line
}

/// A quoted cell. What a spreadsheet would compute begins with an apostrophe, which makes it text there; in a tab or a
/// line's end the next cell could begin.
fn cell(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let computes = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    let mark = if plain.trim_start().starts_with(computes) { "'" } else { "" };
    format!("\"{mark}{}\"", plain.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_t50() {
        for (text, expected) in [
            ("ACME", "\"ACME\""),
            ("say \"hi\", now", "\"say \"\"hi\"\", now\""),
            ("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1+1", "\"' =1+1\""),
            ("\r\n=1+1", "\"'  =1+1\""),
            ("＝1+1", "\"'＝1+1\""),
            ("a\nb\u{0}", "\"a b \""),
            ("", "\"\""),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
    }
}
