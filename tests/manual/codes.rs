//! Codes of rules, decisions and threats resolve in docs; docs/threats.md names tests that exist.

use std::collections::BTreeSet;
use std::fs;

use super::sources::root;
use super::texts::texts;

/// The codes of one kind in a text: `R-101`, `_r_101` and `r101` in names of tests; `T37`, `t37`.
fn codes(text: &str, letter: char, digits: std::ops::RangeInclusive<usize>) -> BTreeSet<u16> {
    let (mut found, bytes) = (BTreeSet::new(), text.as_bytes());
    for (at, character) in text.char_indices() {
        let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
        let (starts, in_name) = (!before.is_ascii_alphanumeric() && before != b'_', before == b'_');
        let rest = &text[at + character.len_utf8()..];
        let number = match (character == letter, character == letter.to_ascii_lowercase()) {
            (true, _) if starts && letter == 'T' => rest,
            (true, _) if starts => match rest.strip_prefix('-') {
                Some(rest) => rest,
                None => continue,
            },
            (_, true) if in_name => rest.strip_prefix('_').unwrap_or(rest),
            _ => continue,
        };
        let number: String = number.chars().take_while(char::is_ascii_digit).collect();
        let behind = &rest.trim_start_matches(['-', '_'])[number.len()..];
        // In a name codes stand last, one after another, or before the id of an advisory: `is_a_64_and_…` is none.
        let is_last = match behind.strip_prefix('_') {
            Some(next) if in_name => {
                ["r_", "a_", "t", "r0", "r1", "cve", "ghsa", "rfc"].iter().any(|word| next.starts_with(word))
            }
            _ => {
                let of_time = letter == 'T' && behind.starts_with(':');
                !of_time && !behind.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            }
        };
        if digits.contains(&number.len()) && is_last {
            found.insert(number.parse().unwrap());
        }
    }
    found
}

#[test]
fn every_code_of_a_rule_a_decision_or_a_threat_resolves_in_docs() {
    for (letter, digits, page, head) in
        [('R', 3..=3, "rules.md", "| R-"), ('A', 2..=2, "decisions.md", "| A-"), ('T', 1..=2, "threats.md", "| T")]
    {
        let table = fs::read_to_string(root().join("docs").join(page)).unwrap();
        let rows: BTreeSet<u16> =
            table.lines().filter_map(|line| line.strip_prefix(head)?.split(' ').next()?.parse().ok()).collect();
        let mut cited = BTreeSet::new();
        for (file, text) in texts() {
            for code in codes(&text, letter, digits.clone()) {
                assert!(rows.contains(&code), "{file} cites {letter}{code}, and docs/{page} has no row of it");
                cited.insert(code);
            }
        }
        assert!(cited.len() > 30, "{letter}: {cited:?}");
    }
}

#[test]
fn every_test_that_docs_threats_names_is_there() {
    let table = fs::read_to_string(root().join("docs/threats.md")).unwrap();
    for row in table.lines().filter(|line| line.starts_with("| T")) {
        let cells: Vec<&str> = row.trim_start_matches("| ").trim_end_matches(" |").split(" | ").collect();
        let [code, _, _, test, state] = cells[..] else { panic!("five cells: {row}") };
        assert!(["held", "held, not by a test of its own", "not applicable"].contains(&state), "{code}: {state}");
        assert_eq!(state == "held", test != "–", "{code}: what is held names its test");
        if let Some((file, name)) = test.trim_matches('`').split_once("::") {
            let text = fs::read_to_string(root().join(file)).unwrap_or_else(|_| panic!("{code}: there is no {file}"));
            assert!(text.contains(&format!("fn {name}(")), "{code}: {file} has no {name}");
        }
    }
}
