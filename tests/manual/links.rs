//! Links between pages lead to a file and a heading that exist.

use std::fs;

use super::sources::root;
use super::texts::texts;

#[test]
fn every_link_between_pages_leads_somewhere() {
    let pages = texts().into_iter().filter(|(name, _)| name.ends_with(".md") && !name.starts_with("tests/browser"));
    for (name, text) in pages {
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            if link.contains("://") || link.contains(' ') {
                continue;
            }
            let here = root().join(&name);
            let target = if file.is_empty() { here.clone() } else { here.parent().unwrap().join(file) };
            assert!(target.exists(), "{name} leads to {link}, which is not there");
            if !place.is_empty() {
                let text = fs::read_to_string(&target).unwrap();
                let is_there = text.lines().filter(|line| line.starts_with('#')).any(|line| anchor(line) == place);
                assert!(is_there, "{name} leads to {link}, and there is no such heading");
            }
        }
    }
}

/// The anchor that a heading gets.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    words
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}
