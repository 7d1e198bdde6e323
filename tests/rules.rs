//! `docs/rules.md` says for every rule what the program does about it; a table that nobody checks would soon be wrong.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends with the line it stands on")]

use std::fs;
use std::path::Path;

/// What a rule may come to.
const STATES: [&str; 4] = ["held", "held, not by a test of its own", "mapped", "not yet"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The rows: number, what is here, tests, state.
fn rows() -> Vec<(u16, String, String, String)> {
    let table = fs::read_to_string(root().join("docs/rules.md")).unwrap();
    table
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.strip_prefix("| R-")?.strip_suffix(" |")?.split(" | ").collect();
            assert_eq!(cells.len(), 5, "five cells: {line}");
            let [number, _words, here, tests, state] = cells[..] else { return None };
            Some((number.parse().unwrap(), here.to_owned(), tests.to_owned(), state.to_owned()))
        })
        .collect()
}

#[test]
fn every_rule_has_its_row_once() {
    let numbers: Vec<u16> = rows().iter().map(|(number, ..)| *number).collect();
    let expected: Vec<u16> = (1..=43).chain(101..=159).chain(201..=256).chain(301..=345).chain(401..=455).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn what_is_held_names_its_test_and_what_is_not_says_what_is_missing() {
    for (number, here, tests, state) in rows() {
        assert!(STATES.contains(&state.as_str()), "R-{number:03}: {state}");
        assert!(state != "held" || tests.contains("::"), "R-{number:03} is held by which test?");
        assert_eq!(state == "not yet", here.contains("Missing"), "R-{number:03}: what is missing is said where something is");
    }
}

#[test]
fn every_test_that_is_named_is_there() {
    for (number, _, tests, _) in rows() {
        for named in tests.split("<br>").filter(|named| *named != "–") {
            let named = named.strip_prefix('`').and_then(|named| named.strip_suffix('`')).unwrap();
            let (file, test) = named.split_once("::").unwrap();
            let text = fs::read_to_string(root().join(file)).unwrap_or_else(|_| panic!("R-{number:03}: there is no {file}"));
            let head = match test.strip_prefix('"').and_then(|test| test.strip_suffix('"')) {
                Some(title) => format!("test('{title}'"),
                None => format!("fn {test}("),
            };
            assert!(text.contains(&head), "R-{number:03}: {file} has no {test}");
        }
    }
}

#[test]
fn every_test_that_docs_limits_names_is_there() {
    let table = fs::read_to_string(root().join("docs/limits.md")).unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| ") && line.matches(" | ").count() == 4);
    let named: Vec<&str> = rows.flat_map(|row| row.split('`').filter(|part| part.contains(".rs::"))).collect();
    assert!(named.len() > 20, "{named:?}");
    for named in named {
        let (file, test) = named.split_once("::").unwrap();
        let text = fs::read_to_string(root().join(file)).unwrap_or_else(|_| panic!("there is no {file}"));
        assert!(text.contains(&format!("fn {test}(")), "{file} has no {test}");
    }
}

/// Whether a file of the tests has this test: a function in Rust, or a title in quotes. A title that begins with what a loop names
/// (`nginx: …`) is cited without that.
fn has_test(file: &str, test: &str) -> bool {
    let text = fs::read_to_string(root().join(file)).unwrap_or_else(|_| panic!("there is no {file}"));
    match test.strip_prefix('"').and_then(|test| test.strip_suffix('"')) {
        Some(title) if file.ends_with(".mjs") => text.contains(&format!("test('{title}'")),
        Some(title) => text.contains(&format!("checks.check(\"{title}\")")) || text.contains(&format!("{{name}}{title}\")")),
        None => text.contains(&format!("fn {test}(")),
    }
}

#[test]
fn every_test_that_docs_checks_names_is_there() {
    let table = fs::read_to_string(root().join("docs/checks.md")).unwrap();
    let named: Vec<&str> = table.split('`').filter(|part| part.contains("::") && part.contains('/')).collect();
    assert!(named.len() > 30, "{named:?}");
    for named in named {
        let (file, test) = named.split_once("::").unwrap();
        assert!(has_test(file, test), "{file} has no {test}");
    }
}

#[test]
fn docs_checks_has_a_row_of_each_check_and_of_each_method_that_the_config_takes() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_sekisho")).args(["config", "schema"]).output().unwrap();
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let words = |of: &str| -> Vec<String> {
        let all = schema["$defs"][of]["oneOf"].as_array().unwrap_or_else(|| panic!("the schema has no {of}"));
        all.iter().map(|one| one["const"].as_str().unwrap().to_owned()).collect()
    };
    let table = fs::read_to_string(root().join("docs/checks.md")).unwrap();
    let row = |check: &str, method: &str| {
        let has = table.lines().any(|line| {
            let cells: Vec<&str> = line.split(" | ").collect();
            cells.len() == 4
                && cells.first().is_some_and(|cell| cell.contains(check))
                && cells.get(1).is_some_and(|cell| cell.contains(method))
        });
        assert!(has, "docs/checks.md has no row of {check} by {method}");
    };
    let of = |check: &str, methods: Vec<String>| methods.iter().for_each(|method| row(check, &format!("`{method}`")));
    row("1 `ip_restriction`", "–");
    row("2 `client_certificate`", "–");
    row("3 `desktop_sso`", "`kerberos`");
    of("4 `primary_factor`", words("PrimaryMethod"));
    of("5 `cookie`", words("BrowserWay"));
    of("6 `otp`", words("OtpMethod"));
}
