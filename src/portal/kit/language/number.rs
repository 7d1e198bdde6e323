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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_a_sentence_is_grouped_as_its_readers_do() {
        let said = |language: Language, count: u64| language.with("lasting-hours", "count", count);
        assert_eq!(said(Language::English, 1_234_567), "1,234,567 hours");
        assert_eq!(said(Language::Japanese, 12_345), "12,345時間");
        assert_eq!(said(Language::French, 12_345), "12\u{202f}345 heures");
        assert_eq!([said(Language::Spanish, 1234), said(Language::Spanish, 12_345)], ["1234 horas", "12.345 horas"]);
    }
}
