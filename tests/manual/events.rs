//! Every metric, log event and audit event of the sources has a row in docs/reference, and no row is of anything else.

use std::collections::{BTreeMap, BTreeSet};

use super::rows::{agree, rows};
use super::scan::{calls, enclosed, is_name, quoted};
use super::sources::sources;

#[test]
fn every_metric_has_a_row_with_its_kind_and_labels() {
    let mut said: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
    for text in sources().iter().map(|source| source.code.as_str()) {
        for kind in ["counter", "gauge", "histogram"] {
            for call in calls(text, &format!("{kind}!(")) {
                let Some(name) = quoted(call) else { continue };
                let labels =
                    call.match_indices("=>").filter_map(|(at, _)| call[..at].trim_end().strip_suffix('"')?.rsplit('"').next());
                let labels: BTreeSet<String> = labels.map(str::to_owned).collect();
                said.entry(name.to_owned()).or_insert_with(|| (kind.to_owned(), BTreeSet::new())).1.extend(labels);
            }
        }
        // Gauges that are set by way of a function.
        for (at, _) in text.match_indices("\"sekisho_") {
            let name = quoted(&text[at..]).unwrap();
            if is_name(name) && text[..at].ends_with('(') && !text[..at].ends_with("!(") {
                said.entry(name.to_owned()).or_insert_with(|| ("gauge".to_owned(), BTreeSet::new()));
            }
        }
        // No metric by another name.
        for (at, _) in text.match_indices("\"sekisho_") {
            let name = quoted(&text[at..]).unwrap();
            assert!(!name.ends_with("_total") || said.contains_key(name), "{name}");
        }
    }
    let rows = rows("metrics.md", 4);
    agree("metrics.md", &said, &rows);
    for (name, (kind, labels)) in said {
        assert_eq!(rows[&name][0], kind, "{name}: kind");
        let listed: BTreeSet<String> =
            rows[&name][1].split(", ").filter(|label| *label != "–").map(|label| label.trim_matches('`').to_owned()).collect();
        assert_eq!(listed, labels, "{name}: labels");
    }
}

#[test]
fn every_log_event_has_a_row_with_its_levels() {
    let mut said: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, text) in sources().iter().map(|source| (&source.name, source.code.as_str())) {
        for level in ["error", "warn", "info", "debug", "trace"] {
            for call in calls(text, &format!("tracing::{level}!(")) {
                let message =
                    call.trim_end().trim_end_matches(',').trim_end().strip_suffix('"').and_then(|call| call.rsplit('"').next());
                let message = message.unwrap_or_else(|| panic!("{file}: an event without a name: {call}"));
                said.entry(message.to_owned()).or_default().insert(level.to_owned());
            }
        }
    }
    let rows = rows("logs.md", 4);
    agree("logs.md", &said, &rows);
    for (name, levels) in said {
        let listed: BTreeSet<String> = rows[&name][0].split(", ").map(str::to_owned).collect();
        assert_eq!(listed, levels, "{name}: levels");
    }
}

#[test]
fn every_audit_event_has_a_row() {
    let mut said: BTreeMap<String, ()> = BTreeMap::new();
    for (file, text) in sources().iter().map(|source| (&source.name, source.code.as_str())) {
        if file.starts_with("audit/") {
            continue;
        }
        // `on_account!()` stands for the entry of the act around it; its own text is of none.
        for head in ["Event::new(", ".event(", "transaction_event(", "on_account!("] {
            for (at, _) in text.match_indices(head) {
                let call = enclosed(text, at + head.len());
                if let Some(name) = quoted(call) {
                    said.insert(name.to_owned(), ());
                } else if file != "admin/act.rs"
                    && (head == "on_account!(" || call.split(',').next().is_some_and(|first| first.trim() == "Self::NAME"))
                {
                    // A file has several acts: the name is the one that stands before.
                    let name = text[..at].rsplit("const NAME: &'static str = ").next().and_then(quoted);
                    said.insert(name.unwrap_or_else(|| panic!("{file}: an act without a name")).to_owned(), ());
                }
            }
        }
        // Names that are chosen before the event is made: every text with a dot in the choice.
        if [".event(what,", "Event::new(what)"].iter().any(|indirect| text.contains(indirect)) {
            let names = text.split('"').skip(1).step_by(2).filter(|name| is_name(name) && name.contains('.'));
            said.extend(names.map(|name| (name.to_owned(), ())));
        }
    }
    agree("audit-events.md", &said, &rows("audit-events.md", 3));
}
