//! Queries and posted forms.

use std::borrow::Cow;

use super::Source;
use super::error::Unreadable;
use super::media_type::{FORM, typed, whole};
use super::parameter::{FormParameters, MOST, Parameter};

pub(super) async fn form(source: &Source<'_>) -> Result<FormParameters, Unreadable> {
    typed(source.headers, |found| found == FORM, FORM)?;
    let found = parameters(&whole(source.body).await?)?;
    other_charset(&found)?;
    Ok(found)
}

/// A query or a posted form (WHATWG URL §5.1), strictly: what is not UTF-8 is not a form.
pub(super) fn parameters(bytes: &[u8]) -> Result<FormParameters, Unreadable> {
    let text = |part: &[u8]| {
        let spaced: Vec<u8> = part.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        let bad = spaced
            .iter()
            .enumerate()
            .any(|(at, byte)| *byte == b'%' && !(1..=2).all(|ahead| spaced.get(at + ahead).is_some_and(u8::is_ascii_hexdigit)));
        if bad {
            return Err(Unreadable::Malformed("an escape is not a percent sign with two hexadecimal digits"));
        }
        let decoded = percent_encoding::percent_decode(&spaced).decode_utf8();
        decoded.map(Cow::into_owned).map_err(|_| Unreadable::Malformed("a value is not UTF-8"))
    };
    let mut found = Vec::new();
    for pair in bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        if found.len() == MOST {
            return Err(Unreadable::Malformed("it has more than a thousand values"));
        }
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let (name, value) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
        found.push(Parameter { name: text(name)?, value: text(value)?, parted: pair.contains(&b';') });
    }
    Ok(found)
}

/// A hidden field by which a form says its own encoding (HTML §4.10.21).
pub(super) fn other_charset(found: &[Parameter]) -> Result<(), Unreadable> {
    let foreign = found.iter().any(|found| found.name == "_charset_" && !found.value.eq_ignore_ascii_case("utf-8"));
    if foreign { Err(Unreadable::Encoded) } else { Ok(()) }
}
