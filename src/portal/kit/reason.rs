//! Why an act was not done, as a page says it: a sentence in the language of the page, in which what is English in every language is
//! marked as English.

use askama::Template;
use askama::filters::Safe;

use crate::admin::error::AdminError;
use crate::admin::sentences::SentenceParts;
use crate::admin::told;
use crate::portal::kit::legible::short;
use crate::portal::kit::sample::hostile;
use crate::principal::language::Language;

/// Characters of each part that are shown at most: a reason may name what was sent.
const LONGEST_PART: usize = 400;

/// Why an act was not done.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<bdi>{{ parts.before }}{% if !parts.english.is_empty() %}<span lang="en">{{ parts.english }}</span>{% endif %}{{ parts.after }}</bdi>"#,
    ext = "html"
)]
pub struct ReasonText {
    parts: SentenceParts,
}

impl ReasonText {
    /// As it is said in the language of the page.
    pub(in crate::portal) fn of(parts: SentenceParts) -> Self {
        let cut = |text: &str| -> String { text.chars().take(LONGEST_PART).collect() };
        let SentenceParts { before, english, after } = parts;
        Self { parts: SentenceParts { before: cut(&before), english: cut(&english), after: cut(&after) } }
    }

    /// Itself on a page.
    pub(in crate::portal) fn said(&self) -> Safe<String> {
        Safe(self.render().unwrap_or_default())
    }

    pub(in crate::portal) fn sample(language: Language) -> Self {
        let error = AdminError::Input { what: "read the user name", why: short(&hostile()) };
        Self::of(told::reason(&error, language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_english_is_marked_and_what_was_sent_is_text_t46_r_301() {
        let parts = |before: &str, english: &str| {
            let [before, english] = [before, english].map(str::to_owned);
            ReasonText::of(SentenceParts { before, english, after: " ;".to_owned() }).said().0
        };
        assert_eq!(
            parts("Le nom : ", "\"<b>\" is none"),
            "<bdi>Le nom : <span lang=\"en\">&#34;&#60;b&#62;&#34; is none</span> ;</bdi>"
        );
        assert_eq!(parts("Il n’y a rien", ""), "<bdi>Il n’y a rien ;</bdi>");
        assert!(parts(&"a".repeat(5000), "").len() < 500);
    }
}
