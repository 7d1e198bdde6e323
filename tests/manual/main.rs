//! The pages in docs/reference say what the program does. Some are generated from it; for the others, every name in the
//! sources is compared with the rows of the page, both ways. Codes of rules, decisions and threats resolve in docs.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends with the line it stands on")]
#![expect(unreachable_pub, reason = "one binary of modules")]

mod codes;
mod commands;
mod events;
mod links;
mod problems;
mod rows;
mod scan;
#[expect(dead_code, reason = "the tests of the architecture need more of it")]
#[path = "../support/sources.rs"]
mod sources;
mod texts;

use std::fs;
use std::process::{Command, Stdio};

use self::sources::root;

/// Compares a page with what it is made from. `BLESS=1 cargo test --test manual` writes it.
fn in_step(name: &str, text: &str) {
    let path = root().join("docs/reference").join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    let present = fs::read_to_string(&path).unwrap_or_default();
    assert!(present == text, "docs/reference/{name} is out of step with the sources: run BLESS=1 cargo test --test manual");
}

#[test]
fn the_reference_of_the_config_is_in_step() {
    in_step("config.md", &sekisho::config::reference::text());
}

#[test]
fn the_reference_of_the_command_line_is_in_step() {
    in_step("command-line.md", &sekisho::cli::manual::command_line());
}

#[test]
fn the_reference_of_the_api_is_in_step() {
    in_step("api.md", &sekisho::cli::manual::api());
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let written = Command::new(env!("CARGO_BIN_EXE_sekisho")).arg("man").arg(folder.path()).output().unwrap();
    assert!(written.status.success() && written.stdout.is_empty(), "{written:?}");
    let commands = sekisho::cli::manual::command_line();
    let commands: Vec<String> = commands.lines().filter_map(|line| Some(line.strip_prefix("## ")?.replace(' ', "-"))).collect();
    assert!(commands.len() > 70, "{commands:?}");
    for command in commands.iter().map(String::as_str).chain(["sekisho"]) {
        let page =
            fs::read_to_string(folder.path().join(format!("{command}.1"))).unwrap_or_else(|_| panic!("{command} has no page"));
        assert!(page.contains(&format!(".TH {command} 1 ")), "{page}");
    }
    let page = fs::read_to_string(folder.path().join("sekisho-push-suspend.1")).unwrap();
    assert!(page.contains("\\-\\-group"), "{page}");
}

#[test]
fn a_command_ends_quietly_where_nobody_reads_on() {
    for line in [&["completions", "bash"][..], &["config", "schema"], &["version"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sekisho"));
        let mut child =
            command.args(line).env("SEKISHO_LANGUAGE", "en").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        assert!(ended.status.success(), "{line:?}: {ended:?}");
        assert!(!String::from_utf8_lossy(&ended.stderr).contains("pipe"), "{line:?}: {ended:?}");
    }
}
