//! An answer as a person reads it: lists as aligned tables, things as aligned lines. Data goes to stdout, words about it to
//! stderr.
//! Invariant: nothing that a client once sent can steer a terminal (T46).

use std::io::{self, Write};

use serde_json::{Map, Value};

use crate::cli::words::{field, padded, say, width};

/// Prints an answer.
pub(super) fn render(answer: &Value, out: &mut impl Write, words: &mut impl Write) -> io::Result<()> {
    let Value::Object(fields) = answer else { return writeln!(out, "{}", cell(answer)) };
    if let Some(Value::Array(items)) = fields.get("items") {
        if items.is_empty() {
            return writeln!(words, "{}", say("table-none", &[]));
        }
        table(items, out)?;
        return match fields.get("next").and_then(Value::as_str) {
            Some(next) => writeln!(words, "\n{}", say("table-more", &[("next", &plain(next))])),
            None => Ok(()),
        };
    }
    match (fields.get("done").and_then(Value::as_str), fields.len()) {
        (Some(done), 1) => writeln!(out, "{}", plain(done)),
        _ => lines(fields, "", out),
    }
}

/// A thing: its plain fields aligned, then what lies in it.
fn lines(fields: &Map<String, Value>, indent: &str, out: &mut impl Write) -> io::Result<()> {
    let is_plain = |value: &Value| match value {
        Value::Object(_) => false,
        Value::Array(items) => !items.iter().any(Value::is_object),
        Value::String(text) => !text.contains('\n'),
        _ => true,
    };
    let shown: Vec<_> = fields.iter().filter(|(_, value)| is_plain(value) && !cell(value).is_empty()).collect();
    let shown: Vec<_> = shown.into_iter().map(|(name, value)| (field(name), value)).collect();
    let columns = shown.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    for (name, value) in shown {
        writeln!(out, "{indent}{}  {}", padded(&name, columns), cell(value))?;
    }
    for (name, value) in fields.iter().filter(|(_, value)| !is_plain(value)) {
        match value {
            Value::Object(inner) if inner.is_empty() => {}
            Value::Object(inner) => {
                writeln!(out, "{indent}{}", field(name))?;
                lines(inner, &format!("{indent}  "), out)?;
            }
            Value::Array(items) => {
                writeln!(out)?;
                table(items, out)?;
            }
            Value::String(text) => {
                writeln!(out)?;
                for line in text.lines() {
                    writeln!(out, "{indent}{}", plain(line))?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// A list: a column for each field that any item has.
fn table(items: &[Value], out: &mut impl Write) -> io::Result<()> {
    let mut columns: Vec<&str> = Vec::new();
    for (name, value) in items.iter().filter_map(Value::as_object).flatten() {
        if !cell(value).is_empty() && !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    let texts: Vec<Vec<String>> =
        items.iter().map(|item| columns.iter().map(|name| item.get(*name).map(cell).unwrap_or_default()).collect()).collect();
    let heads: Vec<String> = columns.iter().map(|name| field(name).to_uppercase()).collect();
    let widths: Vec<usize> = (0..columns.len())
        .map(|place| {
            let longest = texts.iter().filter_map(|row| row.get(place)).chain(heads.get(place)).map(|text| width(text));
            longest.max().unwrap_or(0)
        })
        .collect();
    for row in std::iter::once(&heads).chain(&texts) {
        let mut line = String::new();
        for (text, columns) in row.iter().zip(&widths) {
            line.push_str(&padded(text, columns + 2));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => say("table-yes", &[]),
        Value::Bool(false) => say("table-no", &[]),
        Value::String(text) => plain(text),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(" "),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| format!("{}={}", plain(name), cell(value))).collect::<Vec<_>>().join(" ")
        }
        Value::Number(number) => number.to_string(),
    }
}

/// A text without what steers a terminal.
pub(in crate::cli) fn plain(text: &str) -> String {
    // Directional marks turn a line around as control characters steer a terminal.
    let steers =
        |c: char| c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(answer: &Value) -> (String, String) {
        let (mut out, mut words) = (Vec::new(), Vec::new());
        render(answer, &mut out, &mut words).unwrap();
        (String::from_utf8(out).unwrap(), String::from_utf8(words).unwrap())
    }

    #[test]
    fn a_list_is_an_aligned_table_and_an_empty_one_is_said_in_words() {
        let list = json!({ "items": [
            { "user": "alice", "enabled": true, "groups": ["staff", "eu"], "email": null },
            { "user": "bo", "enabled": false, "groups": [], "email": null },
        ], "next": "bo" });
        let (out, words) = shown(&list);
        assert_eq!(out, "USER   ENABLED  GROUPS\nalice  yes      staff eu\nbo     no\n");
        assert_eq!(words, "\nmore: --after bo\n");
        assert_eq!(shown(&json!({ "items": [] })), (String::new(), "none\n".to_owned()));
    }

    #[test]
    fn nothing_that_was_sent_steers_the_terminal_t46() {
        let (out, _) = shown(&json!({ "agent": "\u{1b}[2Jhi\u{202e}", "body": "one\ntwo\u{7}" }));
        assert!(!out.chars().any(|c| c.is_control() && c != '\n') && !out.contains('\u{202e}'), "{out:?}");
    }
}
