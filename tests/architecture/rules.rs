//! Rules of the sources, kept by reading them: who may build a capability, who writes a table, which words stand nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::sources::{root, sources};

#[test]
fn every_file_says_what_it_is() {
    let silent: Vec<_> = sources()
        .iter()
        .filter(|source| !source.text.starts_with("//!") && !source.text.starts_with("// @generated"))
        .map(|source| source.name.clone())
        .collect();
    assert!(silent.is_empty(), "files without a first //! line: {silent:?}");
}

#[test]
fn the_chain_neither_waits_nor_reads_a_clock() {
    for source in sources().iter().filter(|source| source.name.starts_with("chain/")) {
        for word in ["async ", ".await", "tokio", "sqlx", "tracing", ".now()", "Mutex", "RwLock", "println!"] {
            assert!(!source.code.contains(word), "{} says {word:?}", source.name);
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
        ("Successor {", "factor/mod.rs"),
        ("Admission {", "login_protect/mod.rs"),
        ("AdmissionOfBoth {", "login_protect/mod.rs"),
        ("Consent {", "approval/consent.rs"),
        ("PasskeyWord {", "factor/passkey/answering.rs"),
        ("Attestation {", "idp/redemption.rs"),
    ] {
        let makers: Vec<String> = sources()
            .iter()
            .filter(|source| {
                source.code.lines().any(|line| {
                    let line = line.trim_start();
                    line.contains(seal)
                        && !["pub struct", "impl ", "struct ", "pub enum"].iter().any(|head| line.starts_with(head))
                        && word_before(line, seal)
                })
            })
            .map(|source| source.name.clone())
            .collect();
        assert!(makers.iter().all(|file| file == home), "{seal} is built in {makers:?}, not in {home} alone");
    }
    // Within its home, a proof is built by one function that only the verifiers in that folder can call.
    let proof = sources().iter().find(|source| source.name == "factor/mod.rs").unwrap();
    assert!(proof.text.contains("    fn new(method: Method"), "Proof::new must stay private to factor/");
    assert!(proof.text.contains("    const fn new(method: Method"), "Successor::new must stay private to factor/");
}

/// Whether the match is the whole word, not the tail of a longer one.
fn word_before(line: &str, seal: &str) -> bool {
    line.find(seal).is_some_and(|at| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[test]
fn evidence_comes_back_only_where_it_was_written_down() {
    let callers: Vec<String> =
        sources().iter().filter(|source| source.code.contains("Evidence::restore(")).map(|source| source.name.clone()).collect();
    for file in &callers {
        assert!(["session/records.rs", "sign_in/progress.rs"].contains(&file.as_str()), "{file} restores evidence");
    }
}

#[test]
fn a_table_belongs_to_one_folder() {
    let migrations = root().join("src/store/migrations");
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
    for source in sources() {
        let code = &source.code;
        for table in &tables {
            for verb in ["INSERT INTO ", "UPDATE "] {
                if code.contains(&format!("{verb}{table} ")) || code.contains(&format!("{verb}{table}(")) {
                    owners.entry(table.clone()).or_default().insert(source.folder().to_owned());
                }
            }
        }
    }
    let shared: Vec<_> = owners.iter().filter(|(_, folders)| folders.len() > 1).collect();
    assert!(shared.is_empty(), "tables written by more than one folder: {shared:?}");
}

#[test]
fn unsafe_is_in_one_file() {
    for source in sources().iter().filter(|source| source.name != "kerberos/gss.rs") {
        let has = |word: &str| source.code.contains(word);
        assert!(!has("unsafe {") && !has("unsafe fn") && !has("allow(unsafe_code)"), "{}", source.name);
    }
}

#[test]
fn no_shared_folder_without_an_idea() {
    for source in sources() {
        for part in source.name.trim_end_matches(".rs").split('/') {
            assert!(
                !["utils", "util", "common", "types", "models", "helpers", "services", "middleware", "errors", "misc", "manager"]
                    .contains(&part),
                "{}: name the idea",
                source.name
            );
        }
    }
}
