//! Every command that a page of the docs shows exists, with its options.

use std::collections::{BTreeMap, BTreeSet};

use super::texts::texts;

/// The commands of the reference, each with its options.
fn commands() -> BTreeMap<String, BTreeSet<String>> {
    let (mut found, mut of) = (BTreeMap::<String, BTreeSet<String>>::new(), String::new());
    for line in sekisho::cli::manual::command_line().lines() {
        if let Some(command) = line.strip_prefix("## sekisho ") {
            command.clone_into(&mut of);
            found.entry(of.clone()).or_default();
        } else if let Some(option) = line.strip_prefix("| `--").and_then(|rest| rest.split([' ', '`']).next()) {
            found.get_mut(&of).unwrap().insert(format!("--{option}"));
        }
    }
    found
}

/// What pages show as code: the lines of blocks, and what stands in backticks.
fn code_of(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (place, part) in page.split("```").enumerate() {
        if place % 2 == 1 {
            found.extend(part.lines().map(|line| line.split('#').next().unwrap().to_owned()));
        } else {
            found.extend(part.split('`').skip(1).step_by(2).map(|code| code.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
    }
    found
}

#[test]
fn every_command_that_pages_show_is_there_with_its_options() {
    let commands = commands();
    let mut seen = 0;
    for (page, text) in texts().into_iter().filter(|(name, _)| name.ends_with(".md")) {
        for code in code_of(&text) {
            let code = code.replace("sudo -u sekisho -E", "").replace("sudo -u sekisho", "");
            let Some((before, line)) = code.split_once("sekisho ") else { continue };
            if !(before.trim().is_empty() || before.ends_with("/bin/") || before.ends_with("/new/") || before.trim_end() == "$") {
                continue;
            }
            let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            let words: Vec<&str> = line.split(' ').take_while(is_word).filter(|word| !word.starts_with('-')).collect();
            let Some(first) = words.first() else { continue };
            let below = commands.keys().any(|command| command.starts_with(&format!("{first} ")));
            let name = match words.get(1) {
                Some(second) if below => format!("{first} {second}"),
                _ => (*first).to_owned(),
            };
            let options = commands.get(&name).unwrap_or_else(|| panic!("{page} shows `{code}`: there is no such command"));
            for option in line.split([' ', '[', ']', '|']).filter(|word| word.starts_with("--")) {
                let option = option.split('=').next().unwrap().trim_end_matches([',', ')']);
                let has_it = options.contains(option) || words.len() < 2 && below;
                assert!(has_it, "{page} shows `{code}`: {name} has no {option}");
            }
            seen += 1;
        }
    }
    assert!(seen > 60, "{seen}");
}
