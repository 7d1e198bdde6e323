//! Every sentence of the pages, from `locales/`, loaded once: all seven languages are complete, with one file for each feature.
//! Invariant: a key that nobody wrote shows as `⟦key⟧`; tests hold every language against English, and render every page.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::portal::kit::language::Language;
use crate::portal::kit::language::number;
use crate::portal::kit::legible::short;

/// By discriminant. Each takes more than a megabyte, and most places speak two or three: one is read at its first page.
static BUNDLES: [LazyLock<FluentBundle<FluentResource>>; 7] = [
    LazyLock::new(|| bundle(Language::English)),
    LazyLock::new(|| bundle(Language::Japanese)),
    LazyLock::new(|| bundle(Language::SimplifiedChinese)),
    LazyLock::new(|| bundle(Language::TraditionalChinese)),
    LazyLock::new(|| bundle(Language::Korean)),
    LazyLock::new(|| bundle(Language::French)),
    LazyLock::new(|| bundle(Language::Spanish)),
];

/// Reads English now rather than at the first page: it stands in for whatever another language lacks.
pub fn load() {
    LazyLock::force(&BUNDLES[0]);
}

/// Says `key` (or an attribute of it, `key.attribute`) in `language`, else in English.
pub(in crate::portal) fn say(language: Language, key: &str, arguments: &[(&'static str, FluentValue<'static>)]) -> String {
    #[cfg(test)]
    tests::note(key);
    let mut values = FluentArgs::with_capacity(arguments.len());
    for (name, value) in arguments {
        values.set(*name, value.clone());
    }
    let in_language = |language: Language| {
        let bundle = LazyLock::force(BUNDLES.get(language as usize)?);
        let (message, attribute) = key.split_once('.').map_or((key, None), |(message, attribute)| (message, Some(attribute)));
        let message = bundle.get_message(message)?;
        let pattern = match attribute {
            None => message.value()?,
            Some(attribute) => message.get_attribute(attribute)?.value(),
        };
        let mut faults = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&values), &mut faults).into_owned();
        #[cfg(test)]
        assert!(faults.is_empty(), "{key} in {}: {faults:?}", language.tag());
        Some(text)
    };
    in_language(language).or_else(|| in_language(Language::English)).unwrap_or_else(|| format!("⟦{key}⟧"))
}

/// What can be put into a sentence. A text is cut to a length that a sentence bears.
pub trait Argument {
    /// As Fluent takes it.
    fn value(&self) -> FluentValue<'static>;
}

impl Argument for str {
    fn value(&self) -> FluentValue<'static> {
        FluentValue::from(short(self))
    }
}

impl Argument for String {
    fn value(&self) -> FluentValue<'static> {
        self.as_str().value()
    }
}

impl Argument for u64 {
    fn value(&self) -> FluentValue<'static> {
        FluentValue::from(*self)
    }
}

impl Argument for usize {
    fn value(&self) -> FluentValue<'static> {
        FluentValue::from(*self)
    }
}

impl<T: Argument + ?Sized> Argument for &T {
    fn value(&self) -> FluentValue<'static> {
        (**self).value()
    }
}

/// The files of a language: one for each feature.
macro_rules! by_feature {
    ($tag:literal) => {
        &[
            by_feature!($tag, "account"),
            by_feature!($tag, "admin"),
            by_feature!($tag, "answer"),
            by_feature!($tag, "approver"),
            by_feature!($tag, "certificates"),
            by_feature!($tag, "frame"),
            by_feature!($tag, "invitation"),
            by_feature!($tag, "launcher"),
            by_feature!($tag, "matrix"),
            by_feature!($tag, "phones"),
            by_feature!($tag, "push"),
            by_feature!($tag, "sign_in"),
            by_feature!($tag, "sign_out"),
            by_feature!($tag, "times"),
            by_feature!($tag, "token"),
            by_feature!($tag, "transaction"),
        ]
    };
    ($tag:literal, $feature:literal) => {
        include_str!(concat!("../../locales/", $tag, "/", $feature, ".ftl"))
    };
}

const fn sources(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => by_feature!("en"),
        Language::Japanese => by_feature!("ja"),
        Language::SimplifiedChinese => by_feature!("zh-Hans"),
        Language::TraditionalChinese => by_feature!("zh-Hant"),
        Language::Korean => by_feature!("ko"),
        Language::French => by_feature!("fr"),
        Language::Spanish => by_feature!("es"),
    }
}

fn grouped(language: Language, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) => number::grouped(number, language),
        _ => None,
    }
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let identifier: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
    // Isolation marks would show up in attributes and copied text; values are isolated by <bdi> where they stand alone.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::English => |value, _| grouped(Language::English, value),
        Language::Japanese => |value, _| grouped(Language::Japanese, value),
        Language::SimplifiedChinese => |value, _| grouped(Language::SimplifiedChinese, value),
        Language::TraditionalChinese => |value, _| grouped(Language::TraditionalChinese, value),
        Language::Korean => |value, _| grouped(Language::Korean, value),
        Language::French => |value, _| grouped(Language::French, value),
        Language::Spanish => |value, _| grouped(Language::Spanish, value),
    }));
    for source in sources(language) {
        // What cannot be read is left out here and fails the test below.
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

#[cfg(test)]
pub(in crate::portal) mod tests {
    use std::cell::RefCell;
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    thread_local! {
        static SAID: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
    }

    pub(super) fn note(key: &str) {
        SAID.with_borrow_mut(|said| said.insert(key.to_owned()));
    }

    /// The keys said on this thread so far.
    pub(in crate::portal) fn said() -> BTreeSet<String> {
        SAID.with_borrow(Clone::clone)
    }

    /// The keys of a language with their attributes, in the order of its files, each with its text as it is written.
    fn entries(language: Language) -> Vec<(String, String)> {
        let mut entries: Vec<(String, String)> = Vec::new();
        let mut message = String::new();
        for line in sources(language).iter().flat_map(|source| source.lines()).filter(|line| !line.starts_with('#')) {
            let named = line.split_once('=').map(|(name, text)| (name.trim(), text));
            match named {
                Some((name, text)) if line.starts_with(|c: char| c.is_ascii_lowercase()) => {
                    message = name.to_owned();
                    entries.push((message.clone(), text.trim().to_owned()));
                }
                Some((name, text)) if line.starts_with("    .") => {
                    entries.push((format!("{message}{name}"), text.trim().to_owned()));
                }
                _ => {
                    if let Some((_, text)) = entries.last_mut() {
                        *text = format!("{text}\n{}", line.trim()).trim().to_owned();
                    }
                }
            }
        }
        entries
    }

    /// The keys of a language with their attributes, in the order of its files.
    pub(in crate::portal) fn keys(language: Language) -> Vec<String> {
        entries(language).into_iter().map(|(key, _)| key).collect()
    }

    /// What a text takes: the variables and messages in its braces, without the numbers and words of what it chooses from.
    fn taken(text: &str) -> BTreeSet<&str> {
        let braces = text.split('{').skip(1).filter_map(|rest| rest.split(['}', '\n']).next());
        braces.filter_map(|inside| inside.trim().split([' ', ',']).next()).filter(|name| !name.starts_with('"')).collect()
    }

    /// Messages that are alike in English and these languages: names of products, and words that French or Spanish writes alike.
    const SAME: &[(&str, &[&str])] = &[
        ("admin-transaction-id", &["ja", "ko", "zh-Hans", "zh-Hant", "fr", "es"]),
        ("help-android", &["ja", "ko", "zh-Hans", "zh-Hant", "fr", "es"]),
        ("help-macos", &["ja", "ko", "zh-Hans", "zh-Hant", "fr", "es"]),
        ("help-windows", &["ja", "ko", "zh-Hans", "zh-Hant", "fr", "es"]),
        ("help-firefox", &["ja", "ko", "zh-Hans", "zh-Hant", "fr", "es"]),
        ("account-sessions", &["fr"]),
        ("passkeys-copies", &["fr"]),
        ("frame-administration", &["fr"]),
        ("admin-transactions", &["fr"]),
        ("admin-sessions", &["fr"]),
        ("admin-list-action", &["fr"]),
        ("admin-list-pages", &["fr"]),
        ("admin-column-transaction", &["fr"]),
        ("admin-column-note", &["fr"]),
        ("admin-field-description", &["fr"]),
        ("admin-link-invitation", &["fr"]),
        ("admin-step-transaction", &["fr"]),
        ("admin-field-machine", &["fr"]),
        ("admin-field-organisation", &["fr"]),
        ("fact-code", &["fr"]),
        ("lasting-minutes", &["fr"]),
        ("admin-no", &["es"]),
        ("admin-rollout-no", &["es"]),
    ];

    #[test]
    fn every_file_is_sound_fluent_without_doubles() {
        for language in Language::ALL {
            for source in sources(language) {
                if let Err((_, faults)) = FluentResource::try_new((*source).to_owned()) {
                    panic!("locales of {}: {faults:?}", language.tag());
                }
            }
            let keys = keys(language);
            let mut seen = BTreeSet::new();
            for key in &keys {
                assert!(seen.insert(key), "the locales of {} have {key} twice", language.tag());
            }
        }
    }

    /// Phrases that people stumbled over in their first week.
    #[test]
    fn no_page_says_what_people_stumbled_over() {
        let phrases: [(Language, &[&str]); 2] = [
            (
                Language::English,
                &[
                    "Go on",
                    "Present password",
                    "shows itself anew",
                    "The cause lies before the gateway",
                    "Check { $number } of 6",
                ],
            ),
            (
                Language::Japanese,
                &["ログインフォームの保護を解除", "ご利用の環境", "この端末の呼び名", "承認待ちの依頼はありません。"],
            ),
        ];
        for (language, phrases) in phrases {
            for text in sources(language) {
                for phrase in phrases {
                    assert!(!text.contains(phrase), "{}: {phrase}", language.tag());
                }
            }
        }
    }

    #[test]
    fn every_language_has_every_message_with_the_same_values_r_301() {
        let english = entries(Language::English);
        for language in Language::ALL {
            let own: BTreeMap<String, String> = entries(language).into_iter().collect();
            let known: BTreeSet<&String> = english.iter().map(|(key, _)| key).collect();
            assert_eq!(
                own.keys().filter(|key| !known.contains(key)).collect::<Vec<_>>(),
                [""; 0],
                "unknown in {}",
                language.tag()
            );
            let lacking: Vec<_> = known.iter().filter(|key| !own.contains_key(**key)).collect();
            assert!(lacking.is_empty(), "missing in {}: {lacking:?}", language.tag());
            for (key, text) in &english {
                assert_eq!(taken(text), taken(&own[key]), "values of {key} in {}", language.tag());
            }
        }
    }

    #[test]
    fn nothing_is_left_untranslated_r_301() {
        let english = entries(Language::English);
        for language in Language::ALL.into_iter().filter(|language| *language != Language::English) {
            let own: BTreeMap<String, String> = entries(language).into_iter().collect();
            let allowed = |key: &str| SAME.iter().any(|(same, tags)| *same == key && tags.contains(&language.tag()));
            // What holds letters of its own, besides values and markup.
            let has_words = |text: &str| {
                text.split('{')
                    .map(|part| part.rsplit('}').next().unwrap_or_default())
                    .any(|part| part.contains(char::is_alphabetic))
            };
            let left: Vec<_> =
                english.iter().filter(|(key, text)| own[key] == *text && has_words(text)).map(|(key, _)| key.as_str()).collect();
            let untranslated: Vec<_> = left.iter().filter(|key| !allowed(key)).collect();
            assert!(untranslated.is_empty(), "as in English, in {}: {untranslated:?}", language.tag());
            let needless = |(key, tags): &&(&str, &[&str])| tags.contains(&language.tag()) && !left.contains(key);
            assert!(
                !SAME.iter().any(|same| needless(&same)),
                "{}: the list of what may be alike names what is not",
                language.tag()
            );
        }
    }

    #[test]
    fn what_nobody_wrote_is_marked() {
        assert_eq!(Language::Korean.say("no-such-key"), "⟦no-such-key⟧");
    }
}
