//! The references in docs/reference say what the program says: some are generated from it, of the others every name is
//! searched in the sources and held against the rows, both ways. Codes of rules, decisions and threats resolve in docs.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends with the line it stands on")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use http::StatusCode;
use sekisho::chain::refusal::Refusal;
use sekisho::gateway::answer::status_of;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

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
        let mut child = command.args(line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        assert!(ended.status.success(), "{line:?}: {ended:?}");
        assert!(!String::from_utf8_lossy(&ended.stderr).contains("pipe"), "{line:?}: {ended:?}");
    }
}

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

/// Every source of the program but those of tests: its path below `src`, and its text without the tests within it.
fn sources() -> Vec<(String, String)> {
    let (mut found, mut folders) = (Vec::new(), vec![root().join("src")]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root().join("src")).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".rs")
                && !name.contains("/tests")
                && !name.contains("testing")
                && !name.ends_with("_tests.rs")
            {
                let text = fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
                let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
                found.push((name, code.collect::<Vec<_>>().join("\n")));
            }
        }
    }
    assert!(found.len() > 100, "the sources are read");
    found
}

/// The rows of the tables of a page whose first cell is in backticks: that name, and the other cells.
fn rows(page: &str, cells: usize) -> BTreeMap<String, Vec<String>> {
    let text = fs::read_to_string(root().join("docs/reference").join(page)).unwrap();
    let mut found = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("| `")) {
        let row: Vec<&str> = line.trim_start_matches("| ").trim_end_matches(" |").split(" | ").collect();
        assert_eq!(row.len(), cells, "{page}: {line}");
        assert!(row.iter().all(|cell| !cell.trim().is_empty()), "{page}: an empty cell: {line}");
        let name = row[0].trim_matches('`').to_owned();
        let rest = row[1..].iter().map(|cell| (*cell).to_owned()).collect();
        assert!(found.insert(name.clone(), rest).is_none(), "{page}: two rows of {name}");
    }
    found
}

/// Both ways: what the sources say has a row, and no row is of something that they do not say.
fn agree<T>(page: &str, said: &BTreeMap<String, T>, rows: &BTreeMap<String, Vec<String>>) {
    let without_row: Vec<_> = said.keys().filter(|name| !rows.contains_key(*name)).collect();
    let of_nothing: Vec<_> = rows.keys().filter(|name| !said.contains_key(*name)).collect();
    assert!(without_row.is_empty(), "docs/reference/{page} has no row of {without_row:?}");
    assert!(of_nothing.is_empty(), "docs/reference/{page} has rows of {of_nothing:?}, which the sources do not say");
    assert!(said.len() > 20, "the sources are searched");
}

/// The text from `at` on up to the bracket that closes what is open there; brackets within texts do not count.
fn enclosed(text: &str, at: usize) -> &str {
    let (mut depth, mut in_text, mut escaped) = (1, false, false);
    for (place, character) in text[at..].char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => in_text = !in_text,
            '(' | '[' | '{' if !in_text => depth += 1,
            ')' | ']' | '}' if !in_text => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[at..at + place];
        }
    }
    &text[at..]
}

/// What stands between quotation marks directly at the beginning of a text.
fn quoted(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix('"')?.split('"').next()
}

/// All calls of `head`, which ends in an opening bracket, with their arguments.
fn calls<'a>(text: &'a str, head: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(head).map(move |(at, _)| enclosed(text, at + head.len()))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.".contains(&byte))
}

#[test]
fn every_metric_has_a_row_with_its_kind_and_labels() {
    let mut said: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
    for (_, text) in sources() {
        for kind in ["counter", "gauge", "histogram"] {
            for call in calls(&text, &format!("{kind}!(")) {
                let Some(name) = quoted(call) else { continue };
                let labels =
                    call.match_indices("=>").filter_map(|(at, _)| call[..at].trim_end().strip_suffix('"')?.rsplit('"').next());
                let labels: BTreeSet<String> = labels.map(str::to_owned).collect();
                said.entry(name.to_owned()).or_insert_with(|| (kind.to_owned(), BTreeSet::new())).1.extend(labels);
            }
        }
        // Gauges that are set by way of a closure.
        for (at, _) in text.match_indices("\"sekisho_") {
            let name = quoted(&text[at..]).unwrap();
            if is_name(name) && text[..at].ends_with("told(") {
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
    for (file, text) in sources() {
        for level in ["error", "warn", "info", "debug", "trace"] {
            for call in calls(&text, &format!("tracing::{level}!(")) {
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
    for (file, text) in sources() {
        if file == "audit.rs" {
            continue;
        }
        for head in ["Event::new(", ".event(", "transaction_event("] {
            for call in calls(&text, head) {
                if let Some(name) = quoted(call) {
                    said.insert(name.to_owned(), ());
                } else if call.trim() == "Self::NAME" {
                    let name = text.split("const NAME: &'static str = ").nth(1).and_then(quoted);
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

/// The bodies of the functions that give codes.
fn code_functions(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("fn code(").filter_map(|(at, _)| {
        let opens = at + text[at..].find('{')?;
        text[at..opens].contains("&'static str").then(|| enclosed(text, opens + 1))
    })
}

#[test]
fn every_problem_code_has_a_row_with_its_status() {
    let mut said: BTreeMap<String, BTreeSet<u16>> = BTreeMap::new();
    for (file, text) in sources() {
        for (at, _) in text.match_indices("StatusCode::") {
            let rest = &text[at + "StatusCode::".len()..];
            let Some((name, behind)) = rest.split_once(',') else { continue };
            let Some(status) = status(name) else { continue };
            // `(StatusCode::GONE, "dead_link")`; what is the pattern of the next arm is not meant.
            if let Some(code) = quoted(behind).filter(|code| is_name(code)) {
                let after = behind.trim_start()[code.len() + 2..].trim_start();
                if !after.starts_with("=>") && !after.starts_with('|') {
                    said.entry(code.to_owned()).or_default().insert(status);
                }
            }
            // `"approval_unknown" | "not_found" => StatusCode::NOT_FOUND`.
            let line = text[..at].rsplit('\n').next().unwrap();
            if let Some(pattern) = line.trim().strip_suffix("=>") {
                for code in pattern.split('"').skip(1).step_by(2).filter(|code| is_name(code)) {
                    said.entry(code.to_owned()).or_default().insert(status);
                }
            }
        }
        for body in code_functions(&text) {
            let codes = body.split('"').skip(1).step_by(2).filter(|code| is_name(code));
            for code in codes {
                said.entry(code.to_owned()).or_default();
            }
        }
        // Reasons of the audit log, the errors of OAuth, and why no phone is asked.
        let mut heads = vec![".refused("];
        if text.contains("Fault::new(") {
            heads.extend(["Fault::new(", "NotGranted::"]);
        }
        if text.contains("fn why_silent(") {
            heads.extend(["Ok(Some(", "const TOO_MANY: &str = "]);
        }
        for head in heads {
            for (at, _) in text.match_indices(head) {
                let rest = &text[at + head.len()..];
                let rest = if head == "NotGranted::" { rest.split_once(" => ").map_or("", |(_, rest)| rest) } else { rest };
                if let Some(code) = quoted(rest).filter(|code| is_name(code)) {
                    said.entry(code.to_owned()).or_default();
                }
            }
        }
        let places = ["gateway/", "portal/api/", "sign_in/"];
        if places.iter().any(|place| file.starts_with(place)) {
            for head in ["Err(", "ok_or(", "map_err(|_| ", ".refused(", " refused(", "Shut(", "Wrong("] {
                for (at, _) in text.match_indices(head) {
                    if let Some(code) = quoted(&text[at + head.len()..]).filter(|code| is_name(code)) {
                        said.entry(code.to_owned()).or_default();
                    }
                }
            }
            for line in text.lines().filter(|line| line.contains("const LOWER_CASE: &str =") || line.contains("self.failed(")) {
                let last = line.trim_end().trim_end_matches([')', ';']).trim_end_matches('"').rsplit('"').next().unwrap();
                if line.contains('"') && is_name(last) {
                    said.entry(last.to_owned()).or_default();
                }
            }
        }
    }
    let rows = rows("problems.md", 4);
    agree("problems.md", &said, &rows);
    for (code, statuses) in said {
        let listed: BTreeSet<u16> = rows[&code][0].split(", ").filter_map(|status| status.parse().ok()).collect();
        assert!(statuses.is_subset(&listed), "{code} is answered with {statuses:?}, and its row says {listed:?}");
    }
    for refusal in Refusal::ALL {
        let listed = &rows[refusal.code()][0];
        assert!(listed.contains(status_of(refusal).as_str()), "{}: {listed}", refusal.code());
    }
}

/// The number of a status that is written as http names it.
fn status(name: &str) -> Option<u16> {
    let named = |code: u16| StatusCode::from_u16(code).ok()?.canonical_reason().map(|reason| (code, reason.to_owned()));
    let spelt = |reason: &str| reason.to_uppercase().replace([' ', '-'], "_").replace('\'', "");
    (100..600).filter_map(named).find(|(_, reason)| spelt(reason) == name).map(|(code, _)| code)
}

/// All text files in which codes may stand: sources, tests, docs.
fn texts() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<_> =
        ["src", "tests", "docs", "benches", "examples", "config", "fuzz"].iter().map(|name| root().join(name)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
            let is_text = [".rs", ".md", ".mjs", ".py", ".toml", ".html", ".ftl"].iter().any(|end| name.ends_with(end));
            if path.is_dir() && !name.contains("node_modules") && !name.contains(".cache") && !name.contains("corpus") {
                folders.push(path);
            } else if is_text && name != "tests/manual.rs" {
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"] {
        found.push((name.to_owned(), fs::read_to_string(root().join(name)).unwrap()));
    }
    found
}

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
