//! The header fields of Device Bound Session Credentials (W3C draft). Browsers send values bare that the draft has in quotes; both
//! are read. A script of a page may set two of these fields itself, so that nothing is believed of them but what verifies.

use http::header::{HeaderMap, HeaderName};

/// How the id of every device session of ours begins: an app on the same host may have some of its own.
pub const PREFIX: &str = "sekisho-";

/// In an answer: the browser may register a key.
pub const REGISTRATION: HeaderName = HeaderName::from_static("secure-session-registration");
/// In an answer: what the next proof answers.
pub const CHALLENGE: HeaderName = HeaderName::from_static("secure-session-challenge");
/// In a request: a proof.
pub const RESPONSE: HeaderName = HeaderName::from_static("secure-session-response");
/// In a request: the session whose cookie is to be renewed. Scripts cannot set it.
pub const ID: HeaderName = HeaderName::from_static("sec-secure-session-id");
/// In a request: why the browser sent it without renewing a cookie first.
pub const SKIPPED: HeaderName = HeaderName::from_static("secure-session-skipped");

/// The one value of a field, without its quotes; `None` where it is absent, empty, or there twice.
pub fn one<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h [u8]> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().filter(|_| values.next().is_none())?.as_bytes().trim_ascii();
    let bare = value.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(value);
    Some(bare).filter(|bare| !bare.is_empty())
}

/// Whether the browser says that it could not renew a cookie of ours.
pub fn is_skipped(headers: &HeaderMap) -> bool {
    let mut skipped = headers.get_all(SKIPPED).iter();
    skipped.any(|value| {
        value.as_bytes().split(|byte| *byte == b'=').any(|part| {
            let part = part.trim_ascii();
            part.strip_prefix(b"\"").unwrap_or(part).starts_with(PREFIX.as_bytes())
        })
    })
}

/// Whether a request is one of a browser's: no program sends these fields, and no page can take them away.
pub fn is_of_browser(headers: &HeaderMap) -> bool {
    headers.contains_key("sec-fetch-mode")
}

/// Removes what is said of our sessions, so that no app reads it; what an app's own sessions bring stays.
pub fn strip_ours(headers: &mut HeaderMap) {
    if headers.contains_key(SKIPPED) && is_skipped(headers) {
        headers.remove(SKIPPED);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &HeaderName, values: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name.clone(), http::HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn a_value_is_read_bare_and_in_quotes_and_once() {
        for (values, read) in [
            (&["sekisho-abc"][..], Some("sekisho-abc")),
            (&["\"sekisho-abc\""], Some("sekisho-abc")),
            (&[" \"a\" "], Some("a")),
            (&["\""], Some("\"")),
            (&["\"\""], None),
            (&[""], None),
            (&["a", "a"], None),
            (&[], None),
        ] {
            assert_eq!(one(&headers(&ID, values), &ID), read.map(str::as_bytes), "{values:?}");
        }
    }

    #[test]
    fn only_what_is_said_of_ours_is_skipped_and_removed() {
        for (values, ours) in [
            (&["quota_exceeded;session_identifier=\"sekisho-abc\""][..], true),
            (&["unreachable;session_identifier=sekisho-abc"], true),
            (&["unreachable;session_identifier=\"app\"", "quota_exceeded;session_identifier=\"sekisho-abc\""], true),
            (&["unreachable;session_identifier=\"app\", quota_exceeded; session_identifier=\"sekisho-abc\""], true),
            (&["unreachable;session_identifier=\"app\""], false),
            (&["sekisho"], false),
            (&[], false),
        ] {
            let mut headers = headers(&SKIPPED, values);
            assert_eq!(is_skipped(&headers), ours, "{values:?}");
            strip_ours(&mut headers);
            assert_eq!(headers.contains_key(SKIPPED), !ours && !values.is_empty(), "{values:?}");
        }
    }
}
