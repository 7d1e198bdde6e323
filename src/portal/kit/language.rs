//! Which of the seven languages a request gets: the one chosen with the chooser, else the user's own, else the best
//! of `Accept-Language`, else English.
//! Invariant: a language that we do not have is never answered; whatever a client sends ends at one of the seven.

pub(in crate::portal) mod number;
pub mod words;

use http::HeaderValue;
use icu_locale_core::{Locale, locale};

use crate::facts::cookies;
use crate::portal::kit::language::words::Argument;
pub use crate::principal::language::Language;

impl Language {
    /// The language of a request: `chosen` is the cookie's value, `preferred` the user's profile, `accept` the
    /// `Accept-Language` header.
    pub fn negotiate(chosen: Option<&str>, preferred: Option<&str>, accept: Option<&str>) -> Self {
        chosen
            .and_then(Self::from_tag)
            .or_else(|| preferred.and_then(Self::nearest))
            .or_else(|| accept.and_then(Self::accepted))
            .unwrap_or_default()
    }

    /// The `Set-Cookie` value that makes the choice stick for a year.
    pub fn cookie(self) -> HeaderValue {
        cookies::set(cookies::LANGUAGE, self.tag(), Some(365 * 24 * 3600))
    }

    /// How numbers and times are written in it (CLDR): English as in Europe, hours from 0 to 23.
    pub fn locale(self) -> Locale {
        match self {
            Self::English => locale!("en-GB-u-hc-h23"),
            Self::Japanese => locale!("ja-u-hc-h23"),
            Self::SimplifiedChinese => locale!("zh-Hans-u-hc-h23"),
            Self::TraditionalChinese => locale!("zh-Hant-u-hc-h23"),
            Self::Korean => locale!("ko-u-hc-h23"),
            Self::French => locale!("fr-u-hc-h23"),
            Self::Spanish => locale!("es-u-hc-h23"),
        }
    }

    /// Says `key` in this language.
    pub fn say(self, key: &str) -> String {
        words::say(self, key, &[])
    }

    /// Says `key` with one value put in.
    pub fn with(self, key: &str, name: &'static str, value: impl Argument) -> String {
        words::say(self, key, &[(name, value.value())])
    }

    /// The best of an `Accept-Language` header (RFC 9110 §12.5.4); the first 16 ranges count.
    fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(u32, Self)> = None;
        for range in header.split(',').take(16) {
            let mut parts = range.split(';').map(str::trim);
            let Some(language) = parts.next().and_then(Self::nearest) else { continue };
            let quality = match parts.find_map(|part| part.strip_prefix("q=")) {
                None => 1000,
                Some(text) => text.parse::<f32>().ok().filter(|q| (0.0..=1.0).contains(q)).map_or(0, |q| (q * 1000.0) as u32),
            };
            // Of equals the first named wins, as browsers mean it.
            if quality > 0 && best.is_none_or(|(before, _)| quality > before) {
                best = Some((quality, language));
            }
        }
        best.map(|(_, language)| language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_accepted_language_wins() {
        for (header, language) in [
            ("ja-JP,ja;q=0.9,en;q=0.8", Language::Japanese),
            ("de-DE,de;q=0.9,fr;q=0.5,en;q=0.6", Language::English),
            ("en;q=0.1, ko", Language::Korean),
            ("zh-TW", Language::TraditionalChinese),
            ("zh-Hans-HK", Language::SimplifiedChinese),
            ("zh-CN,zh;q=0.9", Language::SimplifiedChinese),
            ("ja;q=0,es", Language::Spanish),
            ("tlh", Language::English),
            ("", Language::English),
            (";;;q=,,ja;q=nonsense", Language::English),
        ] {
            assert_eq!(Language::negotiate(None, None, Some(header)), language, "{header}");
        }
    }

    #[test]
    fn a_choice_sticks_before_profile_and_header() {
        assert_eq!(Language::negotiate(Some("fr"), Some("ja"), Some("en")), Language::French);
        assert_eq!(Language::negotiate(None, Some("ja"), Some("en")), Language::Japanese);
        assert_eq!(Language::negotiate(Some("xx\r\n"), None, Some("es")), Language::Spanish);
        assert!(Language::French.cookie().to_str().unwrap().starts_with("__Host-sekisho-language=fr; "));
    }
}
