//! The texts of messages by mail, from `portal/locales/`, in all seven languages: each comes in that of its reader, and in English
//! and Japanese where it is not known, since nobody is there to ask.
//! Invariant: every message is whole in every language; a test writes each of them.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

use crate::principal::language::Language;

/// Those that a message is in where its reader's language is not known come first, in the order in which it says them.
const SOURCES: [(Language, &str); 7] = [
    (Language::English, include_str!("../portal/locales/en/mail.ftl")),
    (Language::Japanese, include_str!("../portal/locales/ja/mail.ftl")),
    (Language::SimplifiedChinese, include_str!("../portal/locales/zh-Hans/mail.ftl")),
    (Language::TraditionalChinese, include_str!("../portal/locales/zh-Hant/mail.ftl")),
    (Language::Korean, include_str!("../portal/locales/ko/mail.ftl")),
    (Language::French, include_str!("../portal/locales/fr/mail.ftl")),
    (Language::Spanish, include_str!("../portal/locales/es/mail.ftl")),
];

/// Languages of a message whose reader's is not known.
const UNKNOWN: usize = 2;

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<Vec<(Language, Bundle)>> =
    LazyLock::new(|| SOURCES.into_iter().map(|(language, source)| (language, bundle(language.tag(), source))).collect());

/// What stands between the languages of a body.
const BETWEEN: &str = "\n\n----\n\n";

/// A message: its subject and its body, in English and Japanese or in one language.
#[derive(PartialEq, Eq)]
pub struct MailText {
    /// One line.
    pub subject: String,
    /// The body; it ends with a line feed.
    pub body: String,
}

debug_by_name!(MailText);

impl MailText {
    /// Writes the message `message` around the sentence `sentence`, in the language nearest to the reader's (a BCP 47 tag), or in
    /// English and Japanese where it is unknown or none of ours. Both are message keys; each takes what it needs of `values`.
    pub fn of(reader: Option<&str>, message: &str, sentence: &str, values: &[(&'static str, &str)]) -> Self {
        let wanted = reader.and_then(Language::nearest);
        match BUNDLES.iter().find(|(language, _)| Some(*language) == wanted) {
            Some(one) => Self::written(std::iter::once(one), message, sentence, values),
            None => Self::written(BUNDLES.iter().take(UNKNOWN), message, sentence, values),
        }
    }

    fn written<'a>(
        bundles: impl Iterator<Item = &'a (Language, Bundle)>,
        message: &str,
        sentence: &str,
        values: &[(&'static str, &str)],
    ) -> Self {
        let (mut subjects, mut bodies) = (Vec::new(), Vec::new());
        for (_, bundle) in bundles {
            let mut arguments: FluentArgs<'_> = values.iter().copied().collect();
            subjects.push(said(bundle, sentence, Some("subject"), &arguments));
            arguments.set("sentence", said(bundle, sentence, None, &arguments));
            bodies.push(said(bundle, message, None, &arguments));
        }
        Self { subject: subjects.join(" / "), body: bodies.join(BETWEEN) + "\n" }
    }
}

/// A message or one of its attributes; what is not there shows as `⟦key⟧`.
fn said(bundle: &Bundle, key: &str, attribute: Option<&str>, arguments: &FluentArgs<'_>) -> String {
    let message = bundle.get_message(key);
    let pattern = message.and_then(|message| match attribute {
        None => message.value(),
        Some(attribute) => message.get_attribute(attribute).map(|attribute| attribute.value()),
    });
    let Some(pattern) = pattern else { return format!("⟦{key}⟧") };
    let mut faults = Vec::new();
    let text = bundle.format_pattern(pattern, Some(arguments), &mut faults).into_owned();
    #[cfg(test)]
    assert!(faults.is_empty(), "{key}: {faults:?}");
    text
}

fn bundle(tag: &str, source: &str) -> Bundle {
    let language: LanguageIdentifier = tag.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Isolation marks would be invisible characters in an address.
    bundle.set_use_isolating(false);
    // What cannot be read is left out here and fails the test below.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of a file.
    fn keys(source: &str) -> Vec<&str> {
        source.lines().filter(|line| line.starts_with("mail-")).filter_map(|line| line.split(" =").next()).collect()
    }

    #[test]
    fn all_languages_have_the_same_messages_and_each_sentence_its_subject_r_301() {
        let [english, others @ ..] = SOURCES.map(|(_, source)| {
            assert!(FluentResource::try_new(source.to_owned()).is_ok(), "sound Fluent");
            keys(source)
        });
        for other in others {
            assert_eq!(english, other);
        }
        for ((language, bundle), key) in BUNDLES.iter().flat_map(|one| english.iter().map(move |key| (one, key))) {
            let message = bundle.get_message(key).unwrap();
            let is_whole = matches!(*key, "mail-account" | "mail-link" | "mail-pattern" | "mail-certificate" | "mail-reminder");
            assert!(
                message.value().is_some() && message.get_attribute("subject").is_some() != is_whole,
                "{key} in {}",
                language.tag()
            );
        }
    }

    #[test]
    fn a_message_is_in_the_readers_language_and_in_two_where_that_is_unknown() {
        let values = ["name", "certificate", "end", "left", "url", "user", "until"].map(|name| (name, name));
        let reminder = |tag| MailText::of(tag, "mail-reminder", "mail-certificate-ending", &values);
        for (tag, subject) in [
            (Some("en"), "Your certificate ends soon"),
            (Some("ja-JP"), "証明書の有効期限が近づいています"),
            (Some("zh-Hans"), "您的证书即将到期"),
            (Some("zh-TW"), "您的憑證即將到期"),
            (Some("ko"), "인증서가 곧 만료됩니다"),
            (Some("fr-CA"), "Votre certificat expire bientôt"),
            (Some("es"), "Su certificado caduca pronto"),
            (Some("de"), "Your certificate ends soon / 証明書の有効期限が近づいています"),
            (None, "Your certificate ends soon / 証明書の有効期限が近づいています"),
        ] {
            let text = reminder(tag);
            assert_eq!(text.subject, subject, "{tag:?}");
            assert_eq!(text.body.contains(BETWEEN), subject.contains(" / "), "{tag:?}");
            for (name, _) in values.into_iter().filter(|(name, _)| *name != "until") {
                assert!(text.body.contains(name), "{name} in {tag:?}: {}", text.body);
            }
        }
    }

    #[test]
    fn what_a_name_holds_is_no_markup_and_no_second_placeholder() {
        let values = [
            ("name", "{ $url } = { \"x\" }\n.subject = y"),
            ("user", "mallory"),
            ("url", "https://auth.test/i/1"),
            ("until", "then"),
        ];
        let text = MailText::of(None, "mail-link", "mail-link-invitation", &values);
        assert_eq!(text.subject, "Your account / アカウントのご案内");
        assert!(text.body.starts_with("Hello { $url } = { \"x\" }\n.subject = y,\n\nTo set a password"), "{}", text.body);
        assert_eq!(text.body.matches("\nhttps://auth.test/i/1\n").count(), 2);
        assert!(text.body.ends_with("ユーザー：mallory\n") && !text.body.contains('⟦'), "{}", text.body);
    }
}
