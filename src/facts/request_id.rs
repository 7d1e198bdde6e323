//! The id of a request: it stands in the log line, in the audit, on every error page and in what the upstream gets.

use std::sync::Arc;

use http::HeaderMap;

use crate::random::Random;

/// A trusted peer's id where it is one (at most 64 characters of `A-Za-z0-9-_.`), else one of our own.
pub fn of(headers: &HeaderMap, believed: bool, random: &dyn Random) -> Arc<str> {
    if believed
        && let Some(given) = headers.get("x-request-id").and_then(|value| value.to_str().ok())
        && (1..=64).contains(&given.len())
        && given.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    {
        return given.into();
    }
    crate::random::base64url(&random.id()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    #[test]
    fn only_a_trusted_peer_may_name_a_request() {
        let mut headers = HeaderMap::new();
        headers.insert("x-request-id", "edge-1".parse().unwrap());
        assert_eq!(&*of(&headers, true, &OsRandom::new()), "edge-1");
        assert_eq!(of(&headers, false, &OsRandom::new()).len(), 22);
        headers.insert("x-request-id", "a b\"c".parse().unwrap());
        assert_eq!(of(&headers, true, &OsRandom::new()).len(), 22);
    }
}
