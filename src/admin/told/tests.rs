//! That every reason has its sentence in Japanese, with the values of the English one.

use std::collections::BTreeSet;

use super::*;
use crate::admin::sentences::tests::{calls, messages, sources, variables};
use crate::principal::user::{GroupName, UserId};

const FILE: &str = include_str!("../locales/ja-errors.ftl");

/// What stands behind `before` in a source, up to the next quotation mark.
fn behind<'a>(source: &'a str, before: &str) -> Vec<&'a str> {
    source.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn every_reason_has_its_sentence_and_every_sentence_its_reason_r301() {
    let sentences = messages(&[FILE]);
    let own = include_str!("../told.rs");
    let mut used = BTreeSet::new();
    for (key, values) in calls(own, "key(") {
        let text = sentences.get(&key).unwrap_or_else(|| panic!("there is no sentence {key}"));
        assert_eq!(variables(text), values, "the values of {key}");
    }
    for kind in ["error-", "hint-"] {
        used.extend(behind(own, &format!("\"{kind}")).into_iter().map(|rest| format!("{kind}{rest}")));
    }
    for (file, source) in sources("admin").iter().filter(|(file, _)| !file.ends_with("told.rs")) {
        // Functions that make such an error; elsewhere `wrong` takes something else first.
        let makers = ["request_id(", "wrong("].into_iter().take(if file.contains("explain") { 2 } else { 1 });
        let called: Vec<String> = makers.flat_map(|function| calls(source, function)).map(|(what, _)| what).collect();
        for what in behind(source, "what: \"").into_iter().chain(called.iter().map(String::as_str)) {
            let keys = ["missing", "input"].map(|kind| format!("{kind}-{}", slug(what)));
            let found = keys.iter().find(|key| sentences.contains_key(*key));
            used.insert(found.unwrap_or_else(|| panic!("{file}: neither of {keys:?}")).clone());
        }
    }
    let all: BTreeSet<String> = sentences.keys().cloned().collect();
    assert_eq!(all, used);
    for (key, text) in &sentences {
        assert_eq!(key.starts_with("missing-"), variables(text).contains("name") && !key.starts_with("error-"), "{key}");
        // This one only joins two others.
        let is_japanese = key == "error-input" || text.chars().any(|c| matches!(c, '\u{3040}'..='\u{30ff}'));
        assert!(is_japanese, "{key} is not translated: {text}");
    }
}

#[test]
fn the_values_of_an_error_stand_in_its_japanese_sentence_r301() {
    let user = || UserId::parse("alice").unwrap();
    let fingerprint = Fingerprint::parse(&"ab".repeat(32)).unwrap();
    let errors = [
        (AdminError::Account(AccountError::UnknownUser(user())), vec!["alice"]),
        (AdminError::Account(AccountError::UnknownGroup(GroupName::parse("staff").unwrap())), vec!["staff"]),
        (AdminError::Register(CertificateRegisterError::Revoked(fingerprint)), vec!["abababab"]),
        (
            AdminError::Authority(AuthorityError::Outlives { id: "k1".to_owned(), ends: "2030-01-31".to_owned() }),
            vec!["k1", "2030-01-31"],
        ),
        (AdminError::Renewal(RenewalError::NoLonger("2030-01-31".to_owned())), vec!["2030-01-31"]),
        (AdminError::Decision(DecisionError::TooMany { user: user(), have: 3 }), vec!["alice", "3台"]),
        (AdminError::NotFound { what: "the session", name: "s1".to_owned() }, vec!["セッション s1"]),
        (
            AdminError::Input { what: "revoke browsers", why: "write one".to_owned() },
            vec!["ブラウザの登録を取り消せません：write one"],
        ),
        (AdminError::WithoutCertificate(WithoutCertificate { author: false, users: vec![user()] }), vec!["1人", "alice"]),
        (AdminError::Changed("v2".to_owned()), vec!["v2"]),
        (AdminError::State("the disk is full".to_owned()), vec!["the disk is full"]),
    ];
    for (wrong, values) in &errors {
        let japanese = error(wrong, Language::Japanese);
        assert!(!japanese.contains('⟦') && values.iter().all(|value| japanese.contains(value)), "{japanese}");
        assert_eq!(error(wrong, Language::English), wrong.to_string());
        assert_eq!(hint(wrong, Language::English), wrong.hint().map(str::to_owned));
        assert_eq!(hint(wrong, Language::Japanese).is_some(), wrong.hint().is_some(), "{wrong}");
    }
}
