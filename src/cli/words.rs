//! What the command line says to people, in English or Japanese: the language, and the sentences of `locales/`. What programs
//! read is English everywhere: `--json`, log lines, and what stands in the config and points into it.
//! Invariant: one process speaks one language, chosen before anything is said.

use std::fmt::Display;
use std::sync::{LazyLock, OnceLock};

use unicode_width::UnicodeWidthStr as _;

use crate::admin::sentences::{SentenceValue, Sentences};
use crate::principal::language::Language;

/// The files of a language, one for each feature.
macro_rules! files {
    ($tag:literal) => {
        &[
            include_str!(concat!("locales/", $tag, "/approver.ftl")),
            include_str!(concat!("locales/", $tag, "/check.ftl")),
            include_str!(concat!("locales/", $tag, "/failures.ftl")),
            include_str!(concat!("locales/", $tag, "/guide.ftl")),
            include_str!(concat!("locales/", $tag, "/tables.ftl")),
        ]
    };
}

const ENGLISH: &[&str] = files!("en");
const JAPANESE: &[&str] = files!("ja");
/// What fields are called; in English they are called what they are.
const FIELDS: &str = include_str!("locales/ja/fields.ftl");

static SENTENCES: LazyLock<Sentences> = LazyLock::new(|| {
    let japanese = [JAPANESE, &[FIELDS]].concat();
    Sentences::of(&[(Language::English, ENGLISH), (Language::Japanese, &japanese)])
});

static SPOKEN: OnceLock<Language> = OnceLock::new();

/// Variables that say the language, the first that is set before the others (POSIX.1-2017, Base Definitions §8.2).
const VARIABLES: [&str; 4] = ["SEKISHO_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"];

/// The languages of the command line, as its option has them.
pub(super) const LANGUAGES: [&str; 2] = ["ja", "en"];

/// The language that was asked for, else that of the environment.
pub(super) fn chosen(asked: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> Language {
    let of_place = || VARIABLES.into_iter().filter_map(variable).find(|value| !value.is_empty());
    let place = asked.map(str::to_owned).or_else(of_place).unwrap_or_default();
    // `ja_JP.UTF-8`, `ja`, `ja-JP`; `C` and `POSIX` are English, and so is whatever the command line does not speak.
    let tag = place.split(['.', '@']).next().unwrap_or_default();
    Language::nearest(tag).filter(|language| *language == Language::Japanese).unwrap_or_default()
}

/// The language of this process, from its option and its environment.
#[expect(clippy::disallowed_methods, reason = "the language of a terminal stands in its environment")]
pub(super) fn of_process(asked: Option<&str>) -> Language {
    chosen(asked, |name| std::env::var(name).ok())
}

/// Speaks this language from now on. The first call counts.
pub(super) fn speak(language: Language) {
    SPOKEN.get_or_init(|| language);
}

/// The language that is spoken.
pub(super) fn spoken() -> Language {
    SPOKEN.get().copied().unwrap_or_default()
}

/// Says a sentence with its values.
pub(super) fn say(key: &str, values: &[SentenceValue<'_>]) -> String {
    SENTENCES.say(spoken(), key, values)
}

/// What a field of an answer is called.
pub(super) fn field(name: &str) -> String {
    let key = format!("field-{}", name.replace('_', "-"));
    if SENTENCES.has(spoken(), &key) { say(&key, &[]) } else { name.replace('_', " ") }
}

/// A text with as many blanks behind it as a terminal needs to show it this many columns wide.
pub(super) fn padded(text: &dyn Display, columns: usize) -> String {
    let mut text = text.to_string();
    let missing = columns.saturating_sub(width(&text));
    text.extend(std::iter::repeat_n(' ', missing));
    text
}

/// How many columns of a terminal a text takes: characters of East Asia take two (UAX #11).
pub(super) fn width(text: &str) -> usize {
    text.width()
}

#[cfg(test)]
mod tests;
