//! That every reason has its sentence in each language but English, with the values of the English one.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::admin::import::ImportProblem;
use crate::admin::sentences::tests::{calls, messages, sources, variables};
use crate::principal::user::{GroupName, NameError, UserId};

const FILES: [(Language, &str); 6] = [
    (Language::Japanese, include_str!("../locales/ja-errors.ftl")),
    (Language::SimplifiedChinese, include_str!("../locales/zh-Hans-errors.ftl")),
    (Language::TraditionalChinese, include_str!("../locales/zh-Hant-errors.ftl")),
    (Language::Korean, include_str!("../locales/ko-errors.ftl")),
    (Language::French, include_str!("../locales/fr-errors.ftl")),
    (Language::Spanish, include_str!("../locales/es-errors.ftl")),
];

/// Sentences that only join others, and read alike in several languages.
const JOINING: [&str; 2] = ["error-input", "import-line"];

/// What stands behind `before` in a source, up to the next quotation mark.
fn behind<'a>(source: &'a str, before: &str) -> Vec<&'a str> {
    source.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// Whether a text is written in a language, as far as its letters say that.
fn reads_as(text: &str, language: Language) -> bool {
    let has = |letters: std::ops::RangeInclusive<char>| text.chars().any(|c| letters.contains(&c));
    match language {
        Language::Japanese => has('\u{3040}'..='\u{30ff}'),
        Language::SimplifiedChinese | Language::TraditionalChinese => {
            has('\u{4e00}'..='\u{9fff}') && !has('\u{3040}'..='\u{30ff}')
        }
        Language::Korean => has('\u{ac00}'..='\u{d7a3}'),
        Language::English | Language::French | Language::Spanish => !has('\u{3040}'..='\u{d7a3}'),
    }
}

#[test]
fn every_reason_has_its_sentence_and_every_sentence_its_reason_r301() {
    let sentences = messages(&[FILES[0].1]);
    let (own, faults) = (include_str!("../told.rs"), include_str!("../import/fault.rs"));
    let mut used = BTreeSet::new();
    for (key, values) in [own, faults].into_iter().flat_map(|source| calls(source, "key(")) {
        let text = sentences.get(&key).unwrap_or_else(|| panic!("there is no sentence {key}"));
        assert_eq!(variables(text), values, "the values of {key}");
    }
    for (source, kind) in [(own, "error-"), (own, "hint-"), (faults, "import-")] {
        used.extend(behind(source, &format!("\"{kind}")).into_iter().map(|rest| format!("{kind}{rest}")));
    }
    // What acts say and what the pages say themselves: functions that make such an error, and where they are called with a phrase.
    let of_acts = |file: &str| if file.contains("explain") { vec!["request_id(", "wrong("] } else { vec!["request_id("] };
    let acts = sources("admin").into_iter().map(|(file, source)| (of_acts(&file), file, source));
    let pages = sources("portal/admin").into_iter().map(|(file, source)| (vec!["unread(", "wrong(", "gone("], file, source));
    for (makers, file, source) in acts.chain(pages).filter(|(_, file, _)| !file.ends_with("told.rs")) {
        let called: Vec<String> = makers.iter().flat_map(|function| calls(&source, function)).map(|(what, _)| what).collect();
        for what in behind(&source, "what: \"").into_iter().chain(called.iter().map(String::as_str)) {
            let keys = ["missing", "input"].map(|kind| format!("{kind}-{}", slug(what)));
            let found = keys.iter().find(|key| sentences.contains_key(*key));
            used.insert(found.unwrap_or_else(|| panic!("{file}: neither of {keys:?}")).clone());
        }
    }
    let all: BTreeSet<String> = sentences.keys().cloned().collect();
    assert_eq!(all, used);
    for (key, text) in &sentences {
        assert_eq!(key.starts_with("missing-"), variables(text).contains("name") && !key.starts_with("error-"), "{key}");
    }
}

#[test]
fn every_language_has_every_sentence_with_the_same_values_r301() {
    let mut seen: Vec<(Language, BTreeMap<String, String>)> = Vec::new();
    for (language, file) in FILES {
        let sentences = messages(&[file]);
        let tag = language.tag();
        for (other, before) in &seen {
            let keys = |one: &BTreeMap<String, String>| one.keys().cloned().collect::<BTreeSet<_>>();
            assert_eq!(keys(&sentences), keys(before), "{tag} and {}", other.tag());
            for (key, text) in &sentences {
                assert_eq!(variables(text), variables(&before[key]), "{key} in {tag}");
                assert!(*text != before[key] || JOINING.contains(&key.as_str()), "{key} is alike in {tag} and {}", other.tag());
            }
        }
        for (key, text) in sentences.iter().filter(|(key, _)| !JOINING.contains(&key.as_str())) {
            assert!(reads_as(text, language), "{key} is not written in {tag}: {text}");
        }
        seen.push((language, sentences));
    }
}

#[test]
fn the_values_of_an_error_stand_in_its_sentence_in_every_language_r301() {
    let user = || UserId::parse("alice").unwrap();
    let fingerprint = Fingerprint::parse(&"ab".repeat(32)).unwrap();
    let refused = ImportFault::SomeWrong { read: 40, wrong: 12, first: vec![(7, ImportFault::UnknownUser("bob".to_owned()))] };
    let errors = [
        (AdminError::Account(AccountError::UnknownUser(user())), vec!["alice"]),
        (AdminError::Account(AccountError::UnknownGroup(GroupName::parse("staff").unwrap())), vec!["staff"]),
        (AdminError::Register(CertificateRegisterError::Revoked(fingerprint)), vec!["abababab"]),
        (
            AdminError::Authority(AuthorityError::Outlives { id: "k1".to_owned(), ends: "2030-01-31".to_owned() }),
            vec!["k1", "2030-01-31"],
        ),
        (AdminError::Renewal(RenewalError::NoLonger("2030-01-31".to_owned())), vec!["2030-01-31"]),
        (AdminError::Decision(DecisionError::TooMany { user: user(), have: 3 }), vec!["alice", "3"]),
        (AdminError::NotFound { what: "the session", name: "s1".to_owned() }, vec!["s1"]),
        (AdminError::Input { what: "revoke browsers", why: "write one".to_owned() }, vec!["write one"]),
        (AdminError::Import(refused), vec!["40", "12", "7", "bob", "--dry-run"]),
        (AdminError::WithoutCertificate(WithoutCertificate { author: false, users: vec![user()] }), vec!["1", "alice"]),
        (AdminError::Changed("v2".to_owned()), vec!["v2"]),
        (AdminError::State("the disk is full".to_owned()), vec!["the disk is full"]),
    ];
    for (wrong, values) in &errors {
        for (language, _) in FILES {
            let said = error(wrong, language);
            assert!(!said.contains('⟦') && values.iter().all(|value| said.contains(value)), "{said}");
            assert!(reads_as(&said, language), "{said}");
            let told = hint(wrong, language);
            assert_eq!(told.is_some(), wrong.hint().is_some(), "{wrong}");
            assert!(told.is_none_or(|told| !told.contains('⟦')), "{wrong}");
        }
        assert_eq!(error(wrong, Language::English), wrong.to_string());
        assert_eq!(hint(wrong, Language::English), wrong.hint().map(str::to_owned));
    }
    let browsers = AdminError::Input { what: "revoke browsers", why: "write one".to_owned() };
    assert_eq!(error(&browsers, Language::Japanese), "ブラウザの登録を取り消せません：write one");
    for (language, _) in FILES {
        assert_eq!(reason(&browsers, language).english, "write one", "what is English stands apart");
    }
}

#[test]
fn the_values_of_a_fault_of_a_file_stand_in_its_sentence_in_every_language_r301() {
    use ImportFault as F;
    let text = str::to_owned;
    let faults = [
        (F::Long(24), vec!["24"]),
        (F::TooMany(20_000), vec!["20000"]),
        (F::PemOfNobody, vec!["--names-from", "--shared"]),
        (F::NoTable, vec!["certificate, user, machine"]),
        (F::UnknownColumn { line: 3, column: 5 }, vec!["3", "5", "valid_until"]),
        (F::ColumnTwice { line: 3, column: text("user") }, vec!["3", "user"]),
        (F::LongRow { line: 3, most: 32 }, vec!["3", "32"]),
        (F::OpenQuote(3), vec!["3"]),
        (F::OtherBlock(text("CERTIFICATE REQUEST")), vec!["CERTIFICATE REQUEST"]),
        (F::Cells { cells: 3, first: 4 }, vec!["3", "4"]),
        (F::Name(NameError::Empty), vec!["user", "64"]),
        (F::Day { column: "valid_until", why: text("31.3.2028 is none") }, vec!["valid_until", "2027-01-31"]),
        (F::Again(3), vec!["3"]),
        (F::Registered { label: Some(text("Laptop7")), holder: Some(text("alice")) }, vec!["Laptop7", "alice"]),
        (F::Registered { label: None, holder: Some(text("alice")) }, vec!["alice"]),
        (F::Registered { label: None, holder: None }, vec![]),
        (F::Ended(text("2026-01-31")), vec!["2026-01-31"]),
        (F::UnknownName(text("bob")), vec!["bob"]),
        (F::Scope("users"), vec!["users"]),
        (F::Other(text("the disk is full")), vec!["the disk is full"]),
    ];
    for (wrong, values) in &faults {
        for (language, _) in FILES {
            let said = fault(wrong, language).to_string();
            assert!(!said.contains('⟦') && values.iter().all(|value| said.contains(value)), "{said}");
            assert!(reads_as(&said, language), "{said}");
        }
        assert_eq!(fault(wrong, Language::English).to_string(), wrong.to_string());
    }
}

#[test]
fn the_lines_of_a_file_are_told_in_the_language_that_is_spoken_and_programs_get_english_r301() {
    let problems = vec![ImportProblem::of(2, None, ImportFault::Empty), ImportProblem::of(9, None, ImportFault::Again(2))];
    let output = ImportedCertificates { registered: 0, read: 9, wrong: 2, dry_run: true, problems };
    let english = serde_json::to_value(&output).unwrap();
    let again = serde_json::json!({ "line": 9, "why": "it is the certificate of line 2 once more: leave one out" });
    assert_eq!(english["problems"][1], again);
    let told = |language| {
        let mut answer = english.clone();
        retell(&output, &mut answer, language);
        answer
    };
    assert_eq!(told(Language::English), english);
    let japanese = told(Language::Japanese);
    assert_eq!(japanese["problems"][0]["why"], "ファイルが空です。");
    assert_eq!(japanese["problems"][1]["why"], "2行目の証明書と同じです。どちらかを取り除いてください。");
    assert_eq!((&japanese["problems"][1]["line"], &japanese["wrong"]), (&english["problems"][1]["line"], &english["wrong"]));
}
