//! How a value is written for an approver: numbers grouped, hidden characters made visible, long texts shortened.

use aws_lc_rs::digest;

use super::error::Unreadable;
use crate::chain::policy::transaction::{Format, ShownField};
use crate::facts::hiding::hides;
use crate::random::base64url;

/// Characters of a value that are shown as they are.
const SHOWN: usize = 240;

pub(super) fn written(field: &ShownField, value: &str) -> Result<String, Unreadable> {
    match &field.format {
        Format::Text => Ok(legible(value)),
        Format::Number => grouped(value).ok_or_else(|| Unreadable::NotANumber(field.label.en.clone())),
        Format::Currency(currency) => {
            let number = grouped(value).ok_or_else(|| Unreadable::NotANumber(field.label.en.clone()))?;
            Ok(format!("{number} {currency}"))
        }
    }
}

/// `-1250000.5` as `-1,250,000.5`; `None` for everything that is written in any other way.
fn grouped(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (whole, decimals) = digits.split_once('.').map_or((digits, None), |(whole, decimals)| (whole, Some(decimals)));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let fine = all_digits(whole) && (whole == "0" || !whole.starts_with('0')) && decimals.is_none_or(all_digits);
    if !fine || text.len() > 64 {
        return None;
    }
    let mut out = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(decimals) = decimals {
        out.push('.');
        out.push_str(decimals);
    }
    Some(out)
}

/// A text with all that hides or reorders made visible, and cut where it is long: the end stays in sight, and how long
/// the whole is, with its digest.
pub fn legible(text: &str) -> String {
    let mut shown = String::new();
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\n' => shown.push('⏎'),
            _ if hides(c) => shown.push_str(&format!("[U+{:04X}]", u32::from(c))),
            _ => shown.push(c),
        }
    }
    let count = shown.chars().count();
    if count <= SHOWN {
        return shown;
    }
    let head: String = shown.chars().take(SHOWN * 2 / 3).collect();
    let tail: String = shown.chars().skip(count - SHOWN / 6).collect();
    let hash = base64url(digest::digest(&digest::SHA256, text.as_bytes()).as_ref());
    format!("{head} … {tail} ({count} characters, SHA-256 {})", hash.get(..16).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_nothing_else_is_a_number() {
        for (text, expected) in [
            ("0", Some("0")),
            ("999", Some("999")),
            ("1000", Some("1,000")),
            ("-1234567.891", Some("-1,234,567.891")),
            ("007", None),
            ("+1", None),
            ("1,000", None),
            ("1.", None),
            (".5", None),
            ("1 000", None),
            ("１０", None),
            ("0x10", None),
            ("NaN", None),
        ] {
            assert_eq!(grouped(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_hides_is_made_visible_and_what_is_long_keeps_its_end_in_sight() {
        assert_eq!(legible("a\r\nb\rc"), "a⏎b[U+000D]c");
        assert_eq!(legible("to\u{202E}bob\u{200B}\nx\u{7}"), "to[U+202E]bob[U+200B]⏎x[U+0007]");
        let long = format!("{}{}", "a".repeat(500), "the end");
        let shown = legible(&long);
        assert!(shown.chars().count() < 300 && shown.contains("the end (507 characters, SHA-256 "), "{shown}");
    }
}
