//! Numbers as people read them: the digits grouped as CLDR has it.

use fixed_decimal::Decimal;
use fluent_bundle::types::FluentNumber;
use icu_decimal::DecimalFormatter;
use icu_decimal::options::DecimalFormatterOptions;

use crate::portal::kit::language::Language;

/// A number as its readers group the digits: `1,234,567`, `1.234.567`.
pub(super) fn grouped(number: &FluentNumber, language: Language) -> Option<String> {
    let decimal: Decimal = number.as_string().parse().ok()?;
    Some(
        DecimalFormatter::try_new(language.locale().into(), DecimalFormatterOptions::default())
            .ok()?
            .format(&decimal)
            .to_string(),
    )
}

/// An amount of a transaction as a page shows it: in Japanese yen are written behind the digits, `1,250,000円`. The value itself,
/// which approvers sign and receipts carry, stays `1,250,000 JPY`; whatever is no amount stays as it is.
pub(in crate::portal) fn amount(value: &str, language: &str) -> String {
    let digits = value.strip_suffix(" JPY").filter(|digits| {
        let whole = digits.strip_prefix('-').unwrap_or(digits);
        whole.starts_with(|c: char| c.is_ascii_digit())
            && whole.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.'))
    });
    match digits {
        Some(digits) if language == Language::Japanese.tag() => format!("{digits}円"),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yen_are_written_as_their_readers_do_and_nothing_else_is_touched() {
        assert_eq!(amount("1,250,000 JPY", "ja"), "1,250,000円");
        assert_eq!(amount("-1,000 JPY", "ja"), "-1,000円");
        assert_eq!(amount("1,250,000 JPY", "en"), "1,250,000 JPY");
        for text in ["99.50 USD", "all my JPY", "1,250,000 JPY ", "JPY", " JPY", "1 2 JPY", "１０ JPY"] {
            assert_eq!(amount(text, "ja"), text);
        }
    }

    #[test]
    fn a_number_in_a_sentence_is_grouped_as_its_readers_do() {
        let said = |language: Language, count: u64| language.with("lasting-hours", "count", count);
        assert_eq!(said(Language::English, 1_234_567), "1,234,567 hours");
        assert_eq!(said(Language::Japanese, 12_345), "12,345時間");
        assert_eq!(said(Language::French, 12_345), "12\u{202f}345 heures");
        assert_eq!([said(Language::Spanish, 1234), said(Language::Spanish, 12_345)], ["1234 horas", "12.345 horas"]);
    }
}
