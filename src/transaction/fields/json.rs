//! JSON bodies: the value at a pointer, where every program reads the same one.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Source;
use super::error::Unreadable;
use super::media_type::{is_json, typed, whole};
use super::parameter::{FormParameters, Parameter, alike};

pub(super) async fn json_text(source: &Source<'_>) -> Result<String, Unreadable> {
    typed(source.headers, is_json, "application/json")?;
    let bytes = whole(source.body).await?;
    // RFC 8259 §8.1: UTF-8, and no byte order mark.
    let text = std::str::from_utf8(&bytes).map_err(|_| Unreadable::Malformed("not UTF-8"))?;
    if text.starts_with('\u{FEFF}') {
        return Err(Unreadable::Malformed("it begins with a byte order mark"));
    }
    Ok(text.to_owned())
}

/// The members of an object in their order, names as they are read, values as they are written.
struct Members<'t>(Vec<(Cow<'t, str>, &'t RawValue)>);

impl<'de: 't, 't> Deserialize<'de> for Members<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Vec<(Cow<'de, str>, &'de RawValue)>;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
                    members.push((name.0, value));
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Reader).map(Members)
    }
}

/// A member's name: borrowed where nothing in it is escaped.
#[derive(Deserialize)]
struct Name<'t>(#[serde(borrow)] Cow<'t, str>);

/// The names at the top of a JSON body, which some frameworks put beside those of the query.
pub(super) fn members(text: &str) -> Result<FormParameters, Unreadable> {
    let malformed = |_| Unreadable::Malformed("not JSON");
    let whole: &RawValue = serde_json::from_str(text).map_err(malformed)?;
    if !whole.get().starts_with('{') {
        return Ok(Vec::new());
    }
    let Members(members) = serde_json::from_str(whole.get()).map_err(malformed)?;
    Ok(members.into_iter().map(|(name, _)| Parameter::new(name.into_owned(), String::new())).collect())
}

/// The plain value at a pointer (RFC 6901 §4), as text; `None` where it is not there, or null.
pub(super) fn pointed(text: &str, pointer: &[String], what: &str) -> Result<Option<String>, Unreadable> {
    let malformed = |_| Unreadable::Malformed("not JSON");
    let mut value: &RawValue = serde_json::from_str(text).map_err(malformed)?;
    for token in pointer {
        let written = value.get();
        if written.starts_with('{') {
            let Members(members) = serde_json::from_str(written).map_err(malformed)?;
            let mut named = members.into_iter().filter(|(name, _)| alike(name, token));
            let Some((name, found)) = named.next() else { return Ok(None) };
            // The last one of a name counts for some, the first for others; and some take capitals for small letters.
            if named.next().is_some() || name != token.as_str() {
                return Err(Unreadable::Ambiguous(what.to_owned()));
            }
            value = found;
        } else if written.starts_with('[') {
            let items: Vec<&RawValue> = serde_json::from_str(written).map_err(malformed)?;
            let is_index =
                !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit()) && (token == "0" || !token.starts_with('0'));
            let place = token.parse::<usize>().ok().filter(|_| is_index);
            let Some(found) = place.and_then(|place| items.get(place).copied()) else { return Ok(None) };
            value = found;
        } else {
            return Ok(None);
        }
    }
    let written = value.get();
    match written.bytes().next() {
        Some(b'"') => serde_json::from_str::<String>(written).map(Some).map_err(malformed),
        Some(b'{' | b'[') => Err(Unreadable::NotPlain(what.to_owned())),
        Some(b'n') => Ok(None),
        Some(b't' | b'f') => Ok(Some(written.to_owned())),
        // A number is shown as it is written, so it must be that one to everybody.
        _ if is_exact(written) => Ok(Some(written.to_owned())),
        _ => Err(Unreadable::Inexact(what.to_owned())),
    }
}

/// Whether a JSON number stays what it is where it is read as a binary fraction (RFC 8259 §6, RFC 7493 §2.2): 15 digits do
/// always, whole numbers do below 2^53; beyond, Node, PHP and Go read another one, and what is too large or too small is
/// infinite or nothing to some.
fn is_exact(number: &str) -> bool {
    const WHOLE: u64 = 1 << 53;
    if let Ok(whole) = number.parse::<i64>() {
        return whole.unsigned_abs() < WHOLE;
    }
    let digits = number.split(['e', 'E']).next().unwrap_or_default().bytes().filter(u8::is_ascii_digit);
    let digits: Vec<u8> = digits.skip_while(|digit| *digit == b'0').collect();
    let count = digits.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1);
    let Ok(read) = number.parse::<f64>() else { return false };
    count == 0 || count <= 15 && (f64::MIN_POSITIVE..9_007_199_254_740_992.0).contains(&read.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_number_that_is_shown_is_itself_in_binary_fractions(
            digits in "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,20})?([eE][-+]?[0-9]{1,3})?",
        ) {
            if is_exact(&digits) {
                // What Node writes of it is the same number, to the digit.
                let read: f64 = digits.parse().unwrap();
                let again: f64 = format!("{read:e}").parse().unwrap();
                proptest::prop_assert!(read == again && read.abs() < 9_007_199_254_740_992.0);
                let significant = |text: &str| {
                    let mantissa = text.split(['e', 'E']).next().unwrap();
                    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
                    digits.trim_start_matches('0').trim_end_matches('0').to_owned()
                };
                proptest::prop_assert_eq!(significant(&format!("{read:e}")), significant(&digits));
            }
        }
    }
}
