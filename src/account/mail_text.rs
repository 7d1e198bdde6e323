//! The texts of messages by mail, from `portal/locales/`: each in English and in Japanese, since nobody is there to ask for a
//! language.
//! Invariant: a message is whole in both languages; a test writes each of them.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

/// In the order in which a message says them.
const SOURCES: [(&str, &str); 2] =
    [("en", include_str!("../portal/locales/en/mail.ftl")), ("ja", include_str!("../portal/locales/ja/mail.ftl"))];

static BUNDLES: LazyLock<Vec<FluentBundle<FluentResource>>> =
    LazyLock::new(|| SOURCES.into_iter().map(|(tag, source)| bundle(tag, source)).collect());

/// What stands between the languages of a body.
const BETWEEN: &str = "\n\n----\n\n";

/// A message: its subject and its body, in both languages.
#[derive(PartialEq, Eq)]
pub struct MailText {
    /// One line.
    pub subject: String,
    /// The body; it ends with a line feed.
    pub body: String,
}

debug_by_name!(MailText);

impl MailText {
    /// Writes the message `message` around the sentence `sentence`: both are message keys. Each takes what it needs of `values`.
    pub fn of(message: &str, sentence: &str, values: &[(&'static str, &str)]) -> Self {
        let (mut subjects, mut bodies) = (Vec::new(), Vec::new());
        for bundle in BUNDLES.iter() {
            let mut arguments: FluentArgs<'_> = values.iter().copied().collect();
            subjects.push(said(bundle, sentence, Some("subject"), &arguments));
            arguments.set("sentence", said(bundle, sentence, None, &arguments));
            bodies.push(said(bundle, message, None, &arguments));
        }
        Self { subject: subjects.join(" / "), body: bodies.join(BETWEEN) + "\n" }
    }
}

/// A message or one of its attributes; what is not there shows as `⟦key⟧`.
fn said(bundle: &FluentBundle<FluentResource>, key: &str, attribute: Option<&str>, arguments: &FluentArgs<'_>) -> String {
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

fn bundle(tag: &str, source: &str) -> FluentBundle<FluentResource> {
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
    fn both_languages_have_the_same_messages_and_each_sentence_its_subject() {
        let [english, japanese] = SOURCES.map(|(_, source)| {
            assert!(FluentResource::try_new(source.to_owned()).is_ok(), "sound Fluent");
            keys(source)
        });
        assert_eq!(english, japanese);
        for (bundle, key) in BUNDLES.iter().flat_map(|bundle| english.iter().map(move |key| (bundle, *key))) {
            let message = bundle.get_message(key).unwrap();
            let is_whole = matches!(key, "mail-account" | "mail-link" | "mail-pattern" | "mail-certificate" | "mail-reminder");
            assert!(message.value().is_some() && message.get_attribute("subject").is_some() != is_whole, "{key}");
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
        let text = MailText::of("mail-link", "mail-link-invitation", &values);
        assert_eq!(text.subject, "Your account / アカウントのご案内");
        assert!(text.body.starts_with("Hello { $url } = { \"x\" }\n.subject = y,\n\nTo set a password"), "{}", text.body);
        assert_eq!(text.body.matches("\nhttps://auth.test/i/1\n").count(), 2);
        assert!(text.body.ends_with("ユーザー：mallory\n") && !text.body.contains('⟦'), "{}", text.body);
    }
}
