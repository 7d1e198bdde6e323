//! What can be counted: circles of imports, long files, type names with two meanings. The lists of what is not mended yet
//! stand in `unfinished.rs`, and may only become shorter.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::Imports;
use super::sources::{files_below, sources};
use super::unfinished::{FILES_IN_CIRCLES, LONG_FILES, TYPE_NAMES_WITH_TWO_MEANINGS};

/// What a reader takes in at once.
const LONGEST: usize = 450;

/// Files that may be longer: each is one table.
const TABLES: [&str; 0] = [];

#[test]
fn no_files_import_each_other_in_a_circle() {
    let imports = Imports::of(sources());
    let between = imports.between_files();
    let reached: BTreeMap<&str, BTreeSet<&str>> = between.keys().map(|file| (*file, reachable(&between, file))).collect();
    let mut circles: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (file, reached) in &reached {
        if reached.contains(file) {
            circles.entry(file.split('/').next().unwrap()).or_default().insert(file);
        }
    }
    let listed: BTreeMap<&str, usize> = FILES_IN_CIRCLES.iter().copied().collect();
    let mut wrong = Vec::new();
    for (folder, files) in &circles {
        let allowed = listed.get(folder).copied().unwrap_or(0);
        if files.len() > allowed {
            let arrows = files.iter().flat_map(|from| between[from].iter().map(move |to| (*from, *to)));
            let arrows: Vec<String> =
                arrows.filter(|(_, to)| files.contains(to)).map(|(from, to)| format!("    {from} -> {to}")).collect();
            wrong.push(format!("{folder}: {} files in circles, {allowed} allowed\n{}", files.len(), arrows.join("\n")));
        }
    }
    for (folder, allowed) in &listed {
        let present = circles.get(folder).map_or(0, BTreeSet::len);
        if present < *allowed {
            println!("FILES_IN_CIRCLES: {folder} has {present} now, {allowed} are listed: lower the number");
        }
    }
    assert!(wrong.is_empty(), "files that import each other in a circle:\n{}", wrong.join("\n"));
}

/// The files that can be reached by at least one import.
fn reachable<'a>(between: &BTreeMap<&str, BTreeSet<&'a str>>, from: &str) -> BTreeSet<&'a str> {
    let (mut found, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(file) = open.pop() {
        for next in between.get(file).into_iter().flatten() {
            if found.insert(*next) {
                open.push(next);
            }
        }
    }
    found
}

#[test]
fn no_file_is_longer_than_450_lines() {
    let mut long = BTreeSet::new();
    for top in ["src", "tests", "benches", "examples"] {
        for file in files_below(top) {
            let lines = file.text.lines().count();
            if lines > LONGEST {
                long.insert(format!("{top}/{}", file.name));
            }
        }
    }
    only_listed("LONG_FILES", &long, LONG_FILES.iter().chain(&TABLES));
}

#[test]
fn each_public_type_name_is_used_once() {
    let mut meanings: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources() {
        let tokens = super::tokens::tokens(&source.code);
        for at in 1..tokens.len().saturating_sub(1) {
            let is_type = matches!(tokens[at], "struct" | "enum" | "trait" | "type" | "union");
            let is_public = tokens[at - 1] == "pub" || tokens[..at].ends_with(&[")"]) && is_visibility(&tokens[..at]);
            if is_type && is_public {
                meanings.entry(tokens[at + 1].to_owned()).or_default().insert(source.name.clone());
            }
        }
    }
    meanings.retain(|_, files| files.len() > 1);
    for (name, files) in &meanings {
        if !TYPE_NAMES_WITH_TWO_MEANINGS.contains(&name.as_str()) {
            println!("{name}: {files:?}");
        }
    }
    only_listed("TYPE_NAMES_WITH_TWO_MEANINGS", &meanings.into_keys().collect(), TYPE_NAMES_WITH_TWO_MEANINGS.iter());
}

/// Whether the tokens end in `pub(crate)`, `pub(super)` or `pub(in …)`.
fn is_visibility(tokens: &[&str]) -> bool {
    tokens.iter().rposition(|token| *token == "(").is_some_and(|open| open > 0 && tokens[open - 1] == "pub")
}

/// Fails for what is present and not listed; says what is listed and gone.
fn only_listed<'a>(list: &str, present: &BTreeSet<String>, listed: impl Iterator<Item = &'a &'a str>) {
    let listed: BTreeSet<String> = listed.map(|name| (*name).to_owned()).collect();
    let gone: Vec<_> = listed.difference(present).collect();
    if !gone.is_empty() {
        println!("{list}: strike what is gone: {gone:?}");
    }
    let new: Vec<_> = present.difference(&listed).collect();
    assert!(new.is_empty(), "not in {list} of tests/architecture/unfinished.rs: {new:?}");
}
