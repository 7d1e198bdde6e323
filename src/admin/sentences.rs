//! Sentences of acts and of the command line: in English and Japanese what acts answer in a few words, and whatever the command line
//! says itself; in every language but English, why an act was not done. They are Fluent, as those of the pages are.
//! Invariant: a key that is nowhere shows as `⟦key⟧`; tests hold every call against the files.

use std::fmt::{self, Display};
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

use crate::principal::language::Language;

/// A value that stands in a sentence, by its name there.
pub type SentenceValue<'a> = (&'static str, &'a dyn Display);

/// Sentences by key, in each language that they are written in.
pub struct Sentences(Vec<(Language, FluentBundle<FluentResource>)>);

debug_by_name!(Sentences);

impl Sentences {
    /// From the text of Fluent files; what the languages after the first lack is said in the first.
    pub fn of(sources: &[(Language, &[&str])]) -> Self {
        Self(sources.iter().map(|(language, files)| (*language, bundle(*language, files))).collect())
    }

    /// Whether `key` is there in `language` itself.
    pub fn has(&self, language: Language, key: &str) -> bool {
        self.0.iter().any(|(own, bundle)| *own == language && bundle.has_message(key))
    }

    /// Says `key` in `language`, else in the first language.
    pub fn say(&self, language: Language, key: &str, values: &[SentenceValue<'_>]) -> String {
        let mut arguments = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            // As text: a number in it is written as it is anywhere else at the terminal.
            arguments.set(*name, value.to_string());
        }
        let own = self.0.iter().filter(|(own, _)| *own == language);
        let found = own.chain(self.0.first()).find_map(|(_, bundle)| Some((bundle, bundle.get_message(key)?.value()?)));
        let Some((bundle, pattern)) = found else { return format!("⟦{key}⟧") };
        let mut faults = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&arguments), &mut faults).into_owned();
        #[cfg(test)]
        assert!(faults.is_empty(), "{key}: {faults:?}");
        text
    }
}

fn bundle(language: Language, files: &[&str]) -> FluentBundle<FluentResource> {
    let identifier: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
    // Isolation marks would be invisible characters in what is copied from a terminal.
    bundle.set_use_isolating(false);
    for file in files {
        // What cannot be read is left out here and fails the tests.
        let resource = FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

const ENGLISH: &[&str] = &[include_str!("locales/en.ftl")];
const JAPANESE: &[&str] = &[include_str!("locales/ja.ftl"), include_str!("locales/ja-errors.ftl")];

/// Why acts are not done, beside English and Japanese: there the errors say it themselves, and the file above.
const OTHERS: [(Language, &[&str]); 5] = [
    (Language::SimplifiedChinese, &[include_str!("locales/zh-Hans-errors.ftl")]),
    (Language::TraditionalChinese, &[include_str!("locales/zh-Hant-errors.ftl")]),
    (Language::Korean, &[include_str!("locales/ko-errors.ftl")]),
    (Language::French, &[include_str!("locales/fr-errors.ftl")]),
    (Language::Spanish, &[include_str!("locales/es-errors.ftl")]),
];

/// What acts answer, and why they are not done.
static ACTS: LazyLock<Sentences> = LazyLock::new(|| {
    let spoken = [(Language::English, ENGLISH), (Language::Japanese, JAPANESE)];
    Sentences::of(&spoken.into_iter().chain(OTHERS).collect::<Vec<_>>())
});

/// Says what an act answers, or why it is not done.
pub(super) fn say(language: Language, key: &str, values: &[SentenceValue<'_>]) -> String {
    ACTS.say(language, key, values)
}

/// The value of a sentence that is English in every language: the words of a library or of the file system, say.
const ENGLISH_VALUE: &str = "why";
/// Where that value stands while the sentence is said: a character that no value keeps.
const ENGLISH_PLACE: char = '\u{E000}';

/// A sentence that is not said yet: its key and its values.
#[derive(Debug)]
pub(super) struct Sentence(String, Vec<(&'static str, String)>);

/// The sentence of `key` with `values`. A value called `why` is English in every language.
pub(super) fn key(key: &str, values: &[SentenceValue<'_>]) -> Sentence {
    Sentence(key.to_owned(), values.iter().map(|(name, value)| (*name, value.to_string())).collect())
}

impl Sentence {
    /// Says it in a language that has it.
    pub(super) fn parts(&self, language: Language) -> SentenceParts {
        let place = ENGLISH_PLACE.to_string();
        let own = |text: &str| text.replace(ENGLISH_PLACE, "\u{FFFD}");
        let values: Vec<(&'static str, String)> =
            self.1.iter().map(|(name, value)| (*name, if *name == ENGLISH_VALUE { place.clone() } else { own(value) })).collect();
        let values: Vec<SentenceValue<'_>> = values.iter().map(|(name, value)| (*name, value as &dyn Display)).collect();
        let said = say(language, &self.0, &values);
        let english = self.1.iter().find(|(name, _)| *name == ENGLISH_VALUE).map(|(_, why)| why.clone()).unwrap_or_default();
        let parts = said.split_once(ENGLISH_PLACE).map(|(before, after)| (before.to_owned(), after.to_owned()));
        match parts {
            Some((before, after)) => SentenceParts { before, english, after },
            None => SentenceParts::whole(said),
        }
    }
}

/// A sentence as it is said, with the part of it that is English in every language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentenceParts {
    /// In the language of the sentence.
    pub before: String,
    /// In English; empty where all of it is in the language of the sentence.
    pub english: String,
    /// In the language of the sentence again.
    pub after: String,
}

impl SentenceParts {
    /// All of it in one language.
    pub(super) fn whole(text: String) -> Self {
        Self { before: text, ..Self::default() }
    }
}

impl fmt::Display for SentenceParts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}{}", self.before, self.english, self.after)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The messages of files, each with its text as it is written.
    pub(crate) fn messages(files: &[&str]) -> BTreeMap<String, String> {
        let mut found: BTreeMap<String, String> = BTreeMap::new();
        for file in files {
            assert!(FluentResource::try_new((*file).to_owned()).is_ok(), "no sound Fluent:\n{file}");
            let mut key = String::new();
            for line in file.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
                match line.split_once(" =").filter(|_| !line.starts_with(' ')) {
                    Some((name, text)) => {
                        name.clone_into(&mut key);
                        assert!(found.insert(key.clone(), text.trim().to_owned()).is_none(), "{key} is there twice");
                    }
                    None => found.get_mut(&key).expect("a text before its key").push_str(line.trim()),
                }
            }
        }
        found
    }

    /// The variables of a text: `{ $user }`.
    pub(crate) fn variables(text: &str) -> BTreeSet<String> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        text.split('$').skip(1).map(|rest| rest.chars().take_while(|c| is_name(*c)).collect()).collect()
    }

    /// The Rust files below a folder of `src`, without those of tests.
    pub(crate) fn sources(folder: &str) -> Vec<(String, String)> {
        fn below(folder: &Path, found: &mut Vec<(String, String)>) {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                let path = entry.path();
                if path.is_dir() {
                    below(&path, found);
                } else if path.extension().is_some_and(|it| it == "rs") && !path.to_string_lossy().contains("tests") {
                    let text = fs::read_to_string(&path).unwrap();
                    let text = text.split("mod tests {").next().unwrap_or_default().to_owned();
                    found.push((path.display().to_string(), text));
                }
            }
        }
        let mut found = Vec::new();
        below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder), &mut found);
        assert!(!found.is_empty(), "{folder} has no sources");
        found
    }

    /// Every call of `function` in a source: the key and the names of its values.
    pub(crate) fn calls(source: &str, function: &str) -> Vec<(String, BTreeSet<String>)> {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let mut found = Vec::new();
        for (at, _) in source.match_indices(function) {
            if source[..at].ends_with(is_word) {
                continue;
            }
            let Some(rest) = source[at + function.len()..].trim_start().strip_prefix('"') else { continue };
            let (key, rest) = rest.split_once('"').unwrap();
            // To the end of the call.
            let mut depth = 1;
            let end = rest.char_indices().find(|(_, c)| {
                depth += i32::from(*c == '(') - i32::from(*c == ')');
                depth == 0
            });
            let inside = &rest[..end.unwrap().0];
            let names = inside.split("(\"").skip(1).filter_map(|rest| rest.split_once("\","));
            let names = names.map(|(name, _)| name).filter(|name| !name.is_empty() && name.chars().all(is_word));
            found.push((key.to_owned(), names.map(str::to_owned).collect()));
        }
        found
    }

    /// Both languages have the same keys with the same variables, and every text is another in the second.
    pub(crate) fn agree(english: &BTreeMap<String, String>, japanese: &BTreeMap<String, String>, alike: &[&str]) {
        let (one, other): (BTreeSet<_>, BTreeSet<_>) = (english.keys().collect(), japanese.keys().collect());
        assert_eq!(one.symmetric_difference(&other).collect::<Vec<_>>(), Vec::<&&String>::new(), "in one language alone");
        for (key, text) in english {
            let translated = &japanese[key];
            assert_eq!(variables(text), variables(translated), "the variables of {key}");
            let is_japanese = translated.chars().any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'));
            assert!(is_japanese || alike.contains(&key.as_str()), "{key} is not translated: {translated}");
        }
    }

    #[test]
    fn what_acts_answer_is_in_both_languages_and_every_call_has_its_sentence_r301() {
        let (english, japanese) = (messages(ENGLISH), messages(&JAPANESE[..1]));
        agree(&english, &japanese, &[]);
        let mut said = BTreeSet::new();
        for (file, source) in sources("admin") {
            for (key, values) in calls(&source, "Done::saying(") {
                let text = english.get(&key).unwrap_or_else(|| panic!("{file}: there is no sentence {key}"));
                assert_eq!(variables(text), values, "{file}: the values of {key}");
                said.insert(key);
            }
        }
        let idle: Vec<_> = english.keys().filter(|key| !said.contains(*key)).collect();
        assert!(idle.is_empty(), "sentences that nobody says: {idle:?}");
    }

    #[test]
    fn what_is_english_in_a_sentence_stands_apart_and_no_value_takes_its_place_r301() {
        let place = ENGLISH_PLACE.to_string();
        let parts =
            key("error-field", &[("field", &format!("mail{place}")), ("why", &"it is no address")]).parts(Language::French);
        assert_eq!(parts.english, "it is no address");
        assert!(parts.before.contains("mail\u{FFFD}") && !parts.to_string().contains(ENGLISH_PLACE), "{parts}");
        let whole = key("error-dates", &[]).parts(Language::Korean);
        assert_eq!((whole.english.as_str(), whole.after.as_str()), ("", ""));
        assert_eq!(whole.to_string(), whole.before);
    }

    #[test]
    fn a_key_that_is_nowhere_is_marked() {
        assert_eq!(say(Language::Japanese, "no-such-key", &[]), "⟦no-such-key⟧");
    }
}
