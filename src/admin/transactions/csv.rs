//! Transactions as CSV (RFC 4180), for those who read them in a spreadsheet.
//! Invariant: no cell is a formula to a spreadsheet, whatever somebody once sent to an app (T50).

use serde_json::Value;

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
