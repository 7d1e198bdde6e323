//! The house rules, kept by reading the sources: who may import whom, who may build what, which words are not spoken
//! where. ARCHITECTURE.md tells the same in prose; where the two differ, this file is right.

#![expect(clippy::unwrap_used, reason = "a test ends with the line it stands on")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// From which others a folder of `src` imports, as it is used: downwards only. `core` holds those below it together; `cli` and
/// `server` know all.
const MAY_IMPORT: &[(&str, &str)] = &[
    ("clock", ""),
    ("random", ""),
    ("seal", "random"),
    ("principal", "clock random"),
    ("telemetry", "clock config"),
    ("config", ""),
    ("store", "clock"),
    ("facts", "random principal config"),
    ("audit", "clock store facts"),
    ("account", "clock random seal principal config store facts"),
    ("browser", "clock random seal principal config store facts"),
    ("certificate", "clock principal config store facts account"),
    ("approval", "clock random seal principal config store facts audit"),
    ("login_protect", "clock random principal telemetry config store account"),
    ("factor", "clock random seal principal config store facts browser approval login_protect"),
    ("chain", "clock principal config facts"),
    ("session", "clock random seal principal config store facts account chain"),
    ("transaction", "clock random principal config store facts approval factor chain session"),
    ("identity", "clock random seal principal config store account chain session"),
    (
        "core",
        "clock random seal principal telemetry config store facts audit account browser certificate approval login_protect factor chain session transaction identity",
    ),
    (
        "sign_in",
        "random seal principal telemetry config store facts audit account approval login_protect factor chain session transaction core",
    ),
    ("backchannel", "clock random seal principal config store facts audit account approval core"),
    (
        "admin",
        "clock principal config store facts audit account browser certificate approval login_protect chain session transaction core",
    ),
    ("self_service", "clock seal principal store facts audit account approval login_protect factor chain session core"),
    (
        "portal",
        "clock random principal telemetry config store facts account certificate approval login_protect factor chain session transaction core sign_in backchannel admin self_service",
    ),
    ("gateway", "clock random seal principal telemetry config facts approval chain session transaction identity core"),
];

/// Capabilities that the chain takes although it may not call anything where they are made.
const PLAIN: &[(&str, &str)] = &[("chain", "factor::Proof"), ("chain", "approval::Consent")];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every Rust source below `src` but those of tests, which may build and import what they like.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if path.file_name().is_some_and(|name| name != "tests") {
                    folders.push(path);
                }
            } else if path.file_name().is_some_and(|name| name == "tests.rs" || name == "testing.rs" || name == "push_tests.rs") {
                // Compiled for tests alone.
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// The room a file belongs to: its first folder, or its own name.
fn room(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The code of a file without comments and without what follows its tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    text.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line }).collect::<Vec<_>>().join("\n")
}

/// Everything a text names under `crate::`, nested `use` groups spelt out to two segments.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with('(') && code[..at].ends_with("pub(") {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        let first: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let tail = &rest[first.len()..];
        if first.is_empty() {
            // `use crate::{a, b::c}`: split the group.
            let group: String = tail.chars().skip(1).take_while(|c| *c != ';').collect();
            let mut depth = 0;
            let mut part = String::new();
            for c in group.chars().chain([',']) {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth <= 0 => {
                        found.insert(two_segments(part.trim()));
                        part.clear();
                        continue;
                    }
                    _ => {}
                }
                part.push(c);
            }
        } else if let Some(group) = tail.strip_prefix("::{") {
            let group: String = group.chars().take_while(|c| *c != '}').collect();
            for part in group.split(',').map(str::trim).filter(|part| !part.is_empty()) {
                found.insert(two_segments(&format!("{first}::{part}")));
            }
        } else {
            let second: String =
                tail.strip_prefix("::").unwrap_or("").chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            found.insert(if second.is_empty() { first } else { format!("{first}::{second}") });
        }
    }
    found
}

fn two_segments(path: &str) -> String {
    let path = path.split(" as ").next().unwrap().trim_end_matches('}').trim();
    let mut parts = path.split("::");
    let first = parts.next().unwrap_or("").trim();
    match parts.next().map(|second| second.trim_start_matches('{').trim()) {
        Some("self") | None | Some("") => first.to_owned(),
        Some(second) => format!("{first}::{second}"),
    }
}

#[test]
fn rooms_import_downwards_only() {
    let table: BTreeMap<&str, BTreeSet<&str>> =
        MAY_IMPORT.iter().map(|(room, others)| (*room, others.split_whitespace().collect())).collect();
    let mut used: BTreeMap<String, BTreeSet<String>> = table.keys().map(|room| ((*room).to_owned(), BTreeSet::new())).collect();
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let room = room(&file);
        if matches!(room, "lib" | "main" | "cli" | "server") {
            continue;
        }
        let Some(allowed) = table.get(room) else {
            wrong.push(format!("{file}: the folder `{room}` is not in the table"));
            continue;
        };
        for import in imports(&code(&text)) {
            let target = import.split("::").next().unwrap();
            let known = table.contains_key(target) || matches!(target, "cli" | "server");
            let plain = PLAIN.iter().any(|(who, what)| *who == room && import == *what);
            if target == room || !known || plain {
                continue;
            }
            used.get_mut(room).unwrap().insert(target.to_owned());
            if !allowed.contains(target) {
                wrong.push(format!("{file}: {room} may not import {import}"));
            }
        }
    }
    // What is allowed and not used keeps nothing out.
    for (room, allowed) in &table {
        let idle: Vec<_> = allowed.iter().filter(|other| !used[*room].contains(**other)).collect();
        if !idle.is_empty() {
            wrong.push(format!("{room} imports nothing of {idle:?}: strike it from the table"));
        }
        for other in allowed {
            if table.get(other).is_some_and(|back| back.contains(room)) {
                wrong.push(format!("{room} and {other} import each other"));
            }
        }
    }
    assert!(wrong.is_empty(), "imports that go upwards or sideways:\n{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is() {
    let silent: Vec<_> = sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//!") && !text.starts_with("// @generated"))
        .map(|(file, _)| file)
        .collect();
    assert!(silent.is_empty(), "files without a first //! line: {silent:?}");
}

#[test]
fn the_chain_neither_waits_nor_reads_a_clock() {
    for (file, text) in sources().into_iter().filter(|(file, _)| file.starts_with("chain/") && !file.ends_with("tests.rs")) {
        // Compiling a policy happens at load; only judging is bound to silence.
        let code = code(&text);
        for word in ["async ", ".await", "tokio", "sqlx", "tracing", ".now()", "Mutex", "RwLock", "println!"] {
            assert!(!code.contains(word), "{file} says {word:?}");
        }
    }
}

#[test]
fn the_seals_are_made_in_one_place_each() {
    for (seal, home) in [
        ("Permit {", "chain/mod.rs"),
        ("Turn {", "chain/mod.rs"),
        ("Hold {", "chain/mod.rs"),
        ("Proof {", "factor/mod.rs"),
        ("Admission {", "login_protect/mod.rs"),
        ("AdmissionOfBoth {", "login_protect/mod.rs"),
        ("Consent {", "approval/consent.rs"),
    ] {
        let makers: Vec<String> = sources()
            .into_iter()
            .filter(|(_, text)| {
                code(text).lines().any(|line| {
                    let line = line.trim_start();
                    line.contains(seal)
                        && !["pub struct", "impl ", "struct ", "pub enum"].iter().any(|head| line.starts_with(head))
                        && word_before(line, seal)
                })
            })
            .map(|(file, _)| file)
            .collect();
        assert!(makers.iter().all(|file| file == home), "{seal} is built in {makers:?}, not in {home} alone");
    }
    // Within its home, a proof is built by one function that only the verifiers in that folder can call.
    let proof = sources().into_iter().find(|(file, _)| file == "factor/mod.rs").unwrap().1;
    assert!(proof.contains("    fn new(method: Method"), "Proof::new must stay private to factor/");
}

/// Whether the match is the whole word, not the tail of a longer one.
fn word_before(line: &str, seal: &str) -> bool {
    line.find(seal).is_some_and(|at| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[test]
fn evidence_comes_back_only_where_it_was_written_down() {
    let callers: Vec<String> =
        sources().into_iter().filter(|(_, text)| code(text).contains("Evidence::restore(")).map(|(file, _)| file).collect();
    for file in &callers {
        assert!(["session/records.rs", "sign_in/progress.rs"].contains(&file.as_str()), "{file} restores evidence");
    }
}

#[test]
fn a_table_belongs_to_one_room() {
    let migrations = root().join("store/migrations");
    let mut tables = BTreeSet::new();
    for entry in fs::read_dir(migrations).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in text.lines() {
            if let Some(rest) = line.trim().strip_prefix("CREATE TABLE ") {
                tables.insert(rest.trim_start_matches("IF NOT EXISTS ").split([' ', '(']).next().unwrap().to_owned());
            }
        }
    }
    assert!(tables.len() > 5, "the migrations make tables");
    let mut owners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, text) in sources() {
        let code = code(&text);
        for table in &tables {
            for verb in ["INSERT INTO ", "UPDATE "] {
                if code.contains(&format!("{verb}{table} ")) || code.contains(&format!("{verb}{table}(")) {
                    owners.entry(table.clone()).or_default().insert(room(&file).to_owned());
                }
            }
        }
    }
    let shared: Vec<_> = owners.iter().filter(|(_, rooms)| rooms.len() > 1).collect();
    assert!(shared.is_empty(), "tables written by more than one room: {shared:?}");
}

#[test]
fn unsafe_is_nowhere() {
    for (file, text) in sources() {
        let code = code(&text);
        assert!(!code.contains("unsafe {") && !code.contains("unsafe fn") && !code.contains("allow(unsafe_code)"), "{file}");
    }
}

#[test]
fn no_shared_folder_without_an_idea() {
    for (file, _) in sources() {
        for part in file.trim_end_matches(".rs").split('/') {
            assert!(
                !["utils", "util", "common", "types", "models", "helpers", "services", "middleware", "errors", "misc", "manager"]
                    .contains(&part),
                "{file}: name the idea"
            );
        }
    }
}
