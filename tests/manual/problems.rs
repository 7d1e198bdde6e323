//! Every problem code of the sources has a row in docs/reference/problems.md, with its status.

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;
use sekisho::chain::refusal::Refusal;
use sekisho::gateway::problem::status_of;

use super::rows::{agree, rows};
use super::scan::{enclosed, is_name, quoted};
use super::sources::sources;

/// The bodies of the functions of this name that give codes.
fn code_functions<'a>(text: &'a str, head: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(head).filter_map(|(at, _)| {
        let opens = at + text[at..].find('{')?;
        text[at..opens].contains("&'static str").then(|| enclosed(text, opens + 1))
    })
}

#[test]
fn every_problem_code_has_a_row_with_its_status() {
    let mut said: BTreeMap<String, BTreeSet<u16>> = BTreeMap::new();
    for (file, text) in sources().iter().map(|source| (&source.name, source.code.as_str())) {
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
        // Why a password did not count is a word of its own type.
        let reasons = if file == "sign_in/password.rs" { "fn word(" } else { "fn code(" };
        for body in code_functions(text, "fn code(").chain(code_functions(text, reasons)) {
            let codes = body.split('"').skip(1).step_by(2).filter(|code| is_name(code));
            for code in codes {
                said.entry(code.to_owned()).or_default();
            }
        }
        // Reasons of the audit log, the errors of OAuth, and why no phone is asked.
        let mut heads = vec![".refused("];
        if file.starts_with("portal/oidc/") {
            heads.extend(["OauthError::new(", "Self::new(", "Error::"]);
        }
        if text.contains("fn why_silent(") {
            heads.extend(["Ok(Some(", "const TOO_MANY: &str = "]);
        }
        for head in heads {
            for (at, _) in text.match_indices(head) {
                let rest = &text[at + head.len()..];
                let rest = if head == "Error::" { rest.split_once(" => ").map_or("", |(_, rest)| rest) } else { rest };
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
    for refusal in Refusal::ALL {
        said.entry(refusal.code().to_owned()).or_default();
    }
    let rows = rows("problems.md", 4);
    agree("problems.md", &said, &rows);
    for (code, statuses) in said {
        let listed: BTreeSet<u16> = rows[&code][0].split(", ").filter_map(|status| status.parse().ok()).collect();
        assert!(statuses.is_subset(&listed), "{code} is answered with {statuses:?}, and its row says {listed:?}");
    }
    for refusal in Refusal::ALL.iter().copied() {
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
