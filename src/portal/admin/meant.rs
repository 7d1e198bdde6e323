//! What was asked first is meant: the form of a question carries a word over everything that the question was about, so that
//! the answer holds for that and for nothing else. Fields that were changed since are asked about again.

use aws_lc_rs::digest;
use serde::Serialize;

use crate::random::base64url;

/// The word for one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeantWord(Option<String>);

impl MeantWord {
    /// For a question about this, as it is understood: blanks and the order of lines make no other question.
    pub(super) fn of(about: &impl Serialize) -> Self {
        // What cannot be written is never meant.
        let text = serde_json::to_vec(about).ok();
        Self(text.map(|text| base64url(digest::digest(&digest::SHA256, &text).as_ref())))
    }

    /// Whether a form brings it back.
    pub(super) fn is(&self, said: &str) -> bool {
        self.0.as_deref() == Some(said)
    }

    /// What the form carries.
    pub(super) fn text(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// That of samples.
    pub(super) fn sample() -> Self {
        Self::of(&"sample")
    }
}

#[cfg(test)]
mod tests {
    use super::MeantWord;

    #[test]
    fn a_word_holds_for_what_was_asked_about_and_no_other() {
        let asked = MeantWord::of(&("remove", ["alice"]));
        assert!(asked.is(asked.text()) && asked.is(MeantWord::of(&("remove", ["alice"])).text()));
        for said in ["", "yes", MeantWord::of(&("remove", ["bob"])).text(), MeantWord::of(&("disable", ["alice"])).text()] {
            assert!(!asked.is(said), "{said}");
        }
        // What has no word is never meant, and least of all by an empty field.
        let unwritten = MeantWord::of(&std::collections::BTreeMap::from([((1, 2), 3)]));
        assert!(!unwritten.is(unwritten.text()) && !unwritten.is(""));
    }
}
