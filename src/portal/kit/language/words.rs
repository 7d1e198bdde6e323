//! Every sentence of the pages, from `locales/`, loaded once; English and Japanese have one file for each feature. These two
//! are complete, and all seven languages where a phone signs in; what another language lacks is said in English, key by key.
//! Invariant: a key that nobody translated shows as `⟦key⟧`, and a test renders every page to see that none does.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::portal::kit::language::Language;
use crate::portal::kit::legible::short;

static BUNDLES: LazyLock<Vec<FluentBundle<FluentResource>>> = LazyLock::new(|| IN_ORDER.into_iter().map(bundle).collect());

/// By discriminant, so that a language finds its bundle by index.
const IN_ORDER: [Language; 7] = [
    Language::English,
    Language::Japanese,
    Language::SimplifiedChinese,
    Language::TraditionalChinese,
    Language::Korean,
    Language::French,
    Language::Spanish,
];

/// Loads all languages now rather than at the first page.
pub fn load() {
    LazyLock::force(&BUNDLES);
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
        let bundle = BUNDLES.get(language as usize)?;
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

/// The files of a language that every page is written in: one for each feature.
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
        Language::SimplifiedChinese => &[include_str!("../../locales/zh-Hans.ftl")],
        Language::TraditionalChinese => &[include_str!("../../locales/zh-Hant.ftl")],
        Language::Korean => &[include_str!("../../locales/ko.ftl")],
        Language::French => &[include_str!("../../locales/fr.ftl")],
        Language::Spanish => &[include_str!("../../locales/es.ftl")],
    }
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let identifier: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
    // Isolation marks would show up in attributes and copied text; values are isolated by <bdi> where they stand alone.
    bundle.set_use_isolating(false);
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
    use std::collections::BTreeSet;

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

    /// The keys of a language with their attributes, in the order of its file.
    pub(in crate::portal) fn keys(language: Language) -> Vec<String> {
        let mut keys = Vec::new();
        let mut message = "";
        for line in sources(language).iter().flat_map(|source| source.lines()) {
            let Some((name, _)) = line.split_once('=') else { continue };
            if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                message = name.trim();
                keys.push(message.to_owned());
            } else if let Some(attribute) = name.trim().strip_prefix('.').filter(|_| line.starts_with("    .")) {
                keys.push(format!("{message}.{attribute}"));
            }
        }
        keys
    }

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

    #[test]
    fn japanese_and_english_have_the_same_keys_and_the_others_no_more() {
        let english: BTreeSet<String> = keys(Language::English).into_iter().collect();
        let japanese: BTreeSet<String> = keys(Language::Japanese).into_iter().collect();
        assert_eq!(english.difference(&japanese).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in Japanese");
        for language in Language::ALL {
            let own: BTreeSet<String> = keys(language).into_iter().collect();
            assert_eq!(own.difference(&english).collect::<Vec<_>>(), Vec::<&String>::new(), "unknown in {}", language.tag());
            assert!(own.contains("password-title"), "{} speaks at least the sign-in page", language.tag());
        }
    }

    #[test]
    fn what_a_language_lacks_is_said_in_english_and_what_all_lack_is_marked() {
        assert_eq!(Language::Korean.say("no-such-key"), "⟦no-such-key⟧");
        let own: BTreeSet<String> = keys(Language::Korean).into_iter().collect();
        // One without a value to put in, or it could not be said alone.
        assert!(!own.contains("admin-overview"), "take another that Korean lacks");
        assert_eq!(Language::Korean.say("admin-overview"), Language::English.say("admin-overview"));
    }
}
