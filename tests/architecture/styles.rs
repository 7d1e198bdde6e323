//! Every class that a page carries has a rule in the style sheet, and every class of the style sheet is carried by a page.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::sources::root;

/// Classes without a rule: what scripts and tests find elements by.
const HOOKS: [&str; 2] = ["release", "signing-in"];

/// Every file below `folder` whose name ends with one of `endings`.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if endings.iter().any(|ending| path.to_str().unwrap().ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found
}

/// The text without what a template computes.
fn plain(text: &str) -> String {
    let (mut left, mut rest) = (String::new(), text);
    while let Some(at) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        left.push_str(&rest[..at]);
        left.push(' ');
        let end = if rest[at..].starts_with("{{") { "}}" } else { "%}" };
        rest = rest[at..].split_once(end).map_or("", |(_, behind)| behind);
    }
    left + rest
}

/// The words of every `class="…"` and of an unquoted `class=…`.
fn carried(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for piece in text.split("class=").skip(1) {
        let piece = piece.trim_start_matches('\\');
        let value = match piece.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next().unwrap().trim_end_matches('\\'),
            None => piece.split(|byte: char| byte.is_whitespace() || "\">".contains(byte)).next().unwrap(),
        };
        found.extend(value.split_whitespace().filter(|word| is_class(word)).map(str::to_owned));
    }
    found
}

fn is_class(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_lowercase())
        && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit())
}

/// The classes that a style sheet selects.
fn selected(sheet: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in sheet.match_indices('.') {
        let word: String = sheet[at + 1..]
            .chars()
            .take_while(|byte| byte.is_ascii_lowercase() || *byte == '-' || byte.is_ascii_digit())
            .collect();
        if is_class(&word) {
            found.insert(word);
        }
    }
    found
}

/// Whether a source names the class in quotes: a script that sets it, or a word that a template writes.
fn is_quoted(sources: &[String], class: &str) -> bool {
    sources.iter().any(|text| ['"', '\''].iter().any(|quote| text.contains(&format!("{quote}{class}{quote}"))))
}

fn agree(folder: &str, sheet: &str, endings: &[&str], hooks: &[&str]) {
    let folder = root().join(folder);
    let read = |path: &PathBuf| fs::read_to_string(path).unwrap();
    let texts: Vec<String> = files(&folder, endings).iter().map(read).collect();
    let carried: BTreeSet<String> = texts.iter().flat_map(|text| carried(&plain(text))).collect();
    assert!(!carried.is_empty(), "pages are read");
    let style = fs::read_to_string(folder.join(sheet)).unwrap();
    let selected = selected(&style);
    let bare: Vec<_> = carried.iter().filter(|class| !selected.contains(*class) && !hooks.contains(&class.as_str())).collect();
    assert!(bare.is_empty(), "{sheet} has no rule for these classes of pages: {bare:?}");
    let scripts: Vec<String> = files(&folder, &[".js", ".rs", ".html"]).iter().map(read).collect();
    let idle: Vec<_> = selected.iter().filter(|class| !carried.contains(*class) && !is_quoted(&scripts, class)).collect();
    assert!(idle.is_empty(), "no page carries these classes of {sheet}: {idle:?}");
    for hook in hooks {
        assert!(carried.contains(*hook) && !selected.contains(*hook), "{hook} needs no exception");
    }
}

#[test]
fn every_class_of_the_portal_has_a_rule_and_every_rule_a_class() {
    agree("src/portal", "kit/assets/style.css", &[".html", "qr.rs"], &HOOKS);
}

#[test]
fn every_class_of_the_demo_bank_has_a_rule_and_every_rule_a_class() {
    agree("src/cli/demo", "bank.css", &["bank.rs"], &[]);
}
