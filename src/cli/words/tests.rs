//! That the two languages say the same, that every sentence is said, and that fields have names.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::admin::sentences::tests::{agree, calls, messages, sources, variables};
use crate::portal::api::v1::describe;

#[test]
fn the_command_line_says_everything_in_both_languages_r301() {
    let (english, japanese) = (messages(ENGLISH), messages(JAPANESE));
    // This one only hands on what another sentence says.
    agree(&english, &japanese, &["approver-give"]);
    let sources = sources("cli");
    for (file, source) in &sources {
        for (key, values) in calls(source, "say(") {
            let text = english.get(&key).unwrap_or_else(|| panic!("{file}: there is no sentence {key}"));
            assert_eq!(variables(text), values, "{file}: the values of {key}");
        }
    }
    let is_said = |key: &str| sources.iter().any(|(_, source)| source.contains(&format!("\"{key}\"")));
    let idle: Vec<_> = english.keys().filter(|key| !is_said(key)).collect();
    assert!(idle.is_empty(), "sentences that nobody says: {idle:?}");
}

/// Fields of the public keys that receipts are verified by: their names are those of RFC 7517 and RFC 7518.
const OF_KEYS: [&str; 9] = ["alg", "crv", "exp", "kid", "kty", "nbf", "use", "x", "y"];

/// The names of the fields of whatever the schemas that are reached from one hold.
fn fields(schema: &Value, all: &Value, found: &mut BTreeSet<String>, seen: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(name) = members.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next())
                && seen.insert(name.to_owned())
            {
                fields(&all[name], all, found, seen);
            }
            let properties = members.get("properties").and_then(Value::as_object);
            found.extend(properties.into_iter().flat_map(|properties| properties.keys().cloned()));
            members.values().for_each(|inner| fields(inner, all, found, seen));
        }
        Value::Array(items) => items.iter().for_each(|item| fields(item, all, found, seen)),
        _ => {}
    }
}

#[test]
fn every_field_of_an_answer_has_a_name_in_japanese_r301() {
    let document = describe::document("https://auth.example.com");
    let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
    for operation in document["paths"].as_object().unwrap().values().filter_map(Value::as_object).flat_map(|it| it.values()) {
        // What apps do has no command.
        if operation.get("x-sekisho-scope").is_some() {
            fields(&operation["responses"]["200"], &document["components"]["schemas"], &mut found, &mut seen);
        }
    }
    let names = messages(&[FIELDS]);
    let keys: BTreeSet<String> = found
        .iter()
        .filter(|name| !OF_KEYS.contains(&name.as_str()))
        .map(|name| format!("field-{}", name.replace('_', "-")))
        .collect();
    assert!(keys.len() > 200, "{keys:?}");
    assert_eq!(
        names.keys().cloned().collect::<BTreeSet<_>>().symmetric_difference(&keys).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
    let is_name = |text: &str| !text.is_ascii() || ["ID", "RP ID", "URL"].contains(&text);
    let bare: Vec<_> = names.iter().filter(|(_, text)| !is_name(text)).collect();
    assert!(bare.is_empty(), "{bare:?}");
}

#[test]
fn the_option_and_then_the_first_variable_that_is_set_choose_the_language_r301() {
    let language = |asked: Option<&str>, set: &[(&str, &str)]| {
        chosen(asked, |name| set.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned()))
    };
    for tag in ["ja", "ja_JP.UTF-8", "ja_JP", "ja-JP", "ja_JP.eucJP@x"] {
        assert_eq!(language(None, &[("LANG", tag)]), Language::Japanese, "{tag}");
    }
    for tag in ["", "C", "POSIX", "C.UTF-8", "en_GB.UTF-8", "de_DE.UTF-8", "ko_KR.UTF-8", "jam"] {
        assert_eq!(language(None, &[("LANG", tag)]), Language::English, "{tag}");
    }
    assert_eq!(language(None, &[]), Language::English);
    let all = [("SEKISHO_LANGUAGE", "ja"), ("LC_ALL", "C"), ("LC_MESSAGES", "ja_JP.UTF-8"), ("LANG", "C")];
    for (place, expected) in [Language::Japanese, Language::English, Language::Japanese, Language::English].iter().enumerate() {
        assert_eq!(language(None, &all[place..]), *expected, "{:?}", &all[place..]);
    }
    assert_eq!(language(None, &[("LC_ALL", ""), ("LANG", "ja_JP.UTF-8")]), Language::Japanese, "what is empty is not set");
    assert_eq!(language(Some("en"), &all), Language::English);
    assert_eq!(language(Some("ja"), &[("LC_ALL", "C")]), Language::Japanese);
}

#[test]
fn a_column_is_as_wide_as_a_terminal_shows_it_r301() {
    assert_eq!((width("ユーザー"), width("abc"), width("関所 x")), (8, 3, 6));
    assert_eq!(padded(&"名前", 6), "名前  ");
    assert_eq!(padded(&"名前", 2), "名前");
}
