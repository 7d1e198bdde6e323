//! What a transaction or the question of an app is about, as this approver tells it: read of the very text that is signed.
//! Invariant: nothing that stands in a held request can steer the terminal (T46).

use std::fmt::Write as _;

use serde_json::Value;

use super::list;
use crate::cli::manage::render::plain;
use crate::cli::words::{say, spoken};

/// The details in what is shown of a question; a sign-in has none.
pub(super) fn of(question: &Value) -> Option<Value> {
    let shown: Value = serde_json::from_str(question.get("shown")?.as_str()?).ok()?;
    shown.get("details").cloned()
}

/// Puts the details of every question beside its text, so that a program need not read JSON out of JSON.
pub(super) fn unfold(seen: &mut Value) {
    let slots = seen.get_mut("slots").and_then(Value::as_array_mut).into_iter().flatten();
    for question in slots.filter_map(|slot| slot.get_mut("approvals")?.as_array_mut()).flatten() {
        if let (Some(details), Some(question)) = (of(question), question.as_object_mut()) {
            question.insert("details".to_owned(), details);
        }
    }
}

/// Writes them for people: the title, who asks, each value with its label.
pub(super) fn write(out: &mut String, details: &Value, indent: &str) {
    // English is always there; another language is where who asks wrote it (docs/approvals-api.md).
    let text = |words: &Value| words.get(spoken().tag()).or_else(|| words.get("en")).and_then(Value::as_str).map(plain);
    let said = |words: &Value| text(words).unwrap_or_default();
    let mut lines = vec![said(&details["title"])];
    lines.extend(details.get("sentence").map(said));
    lines
        .extend(details.get("requester").and_then(Value::as_str).map(|user| say("approver-asked-by", &[("user", &plain(user))])));
    for field in list(details, "fields") {
        let value = field.get("value").and_then(Value::as_str).map_or_else(|| say("approver-not-given", &[]), plain);
        lines.push(format!("{}: {value}", said(&field["label"])));
    }
    for line in lines {
        let _infallible = writeln!(out, "{indent}{line}");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_asked_is_told_with_its_gaps_and_steers_no_terminal() {
        let details = json!({
            "title": { "en": "Transfer", "ja": "振込" }, "sentence": { "en": "It cannot be undone." }, "requester": "bob",
            "fields": [
                { "label": { "en": "Payee" }, "value": "ACME\u{1b}[2J\u{202e}" },
                { "label": { "en": "Note" }, "value": null },
            ],
        });
        let mut out = String::new();
        write(&mut out, &details, "  ");
        assert_eq!(
            out,
            "  Transfer\n  It cannot be undone.\n  asked for by: bob\n  Payee: ACME\u{fffd}[2J\u{fffd}\n  Note: (not given)\n"
        );
        let shown = json!({ "purpose": "transaction", "details": details }).to_string();
        let mut seen = json!({ "slots": [{ "approvals": [{ "shown": shown }, { "shown": "{}" }] }, null] });
        unfold(&mut seen);
        assert_eq!(seen["slots"][0]["approvals"][0]["details"], details);
        assert_eq!(seen["slots"][0]["approvals"][1].get("details"), None);
    }
}
