//! What one request is, to the byte: a digest over everything of it that an upstream acts by. What was approved and what is
//! forwarded are the same request where their digests are equal.
//! Invariant: no two requests that differ in what is covered have one encoding; every part is written with its length.

use std::fmt;

use aws_lc_rs::digest::{self, Context, Digest};
use http::header::{self, HeaderMap, HeaderName};
use serde::{Deserialize, Serialize};

use crate::config::field_names::{self, Says};
use crate::random::{base64url, from_base64url};

/// SHA-256 over a request.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestDigest([u8; 32]);

/// Fields that change what a request does. Others (cookies, languages, tracing) may differ when it is sent again.
const MATTER: [HeaderName; 14] = [
    header::CONTENT_TYPE,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_DISPOSITION,
    header::CONTENT_RANGE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_UNMODIFIED_SINCE,
    header::RANGE,
    HeaderName::from_static("idempotency-key"),
    // RFC 4918 §10: where it is copied to, over what, how deep, on which conditions.
    HeaderName::from_static("destination"),
    HeaderName::from_static("overwrite"),
    HeaderName::from_static("depth"),
    HeaderName::from_static("if"),
];

/// The parts of a head that are covered.
#[derive(Clone, Copy, Debug)]
pub struct DigestedHead<'a> {
    /// The app.
    pub app: &'a str,
    /// The transaction's name.
    pub transaction: &'a str,
    /// The method.
    pub method: &'a str,
    /// Host and port.
    pub authority: &'a str,
    /// Path and query, as they were received.
    pub target: &'a str,
    /// All fields.
    pub headers: &'a HeaderMap,
    /// Further fields that are covered: what a transaction shows.
    pub shown: &'a [HeaderName],
}

impl RequestDigest {
    /// Of a head, and of a body by its length and its own digest (SHA-256).
    pub fn of(head: &DigestedHead<'_>, length: u64, body: &Digest) -> Self {
        let mut context = Context::new(&digest::SHA256);
        let mut part = |bytes: &[u8]| {
            context.update(&(bytes.len() as u64).to_be_bytes());
            context.update(bytes);
        };
        part(b"sekisho-request-v1");
        for text in [head.app, head.transaction, head.method, head.authority, head.target] {
            part(text.as_bytes());
        }
        let covered = head.headers.iter().filter(|(name, _)| matters(name) || head.shown.contains(name));
        // In one order, whatever that of the client; values of one name keep theirs.
        let mut covered: Vec<_> = covered.collect();
        covered.sort_by(|(one, _), (other, _)| one.as_str().cmp(other.as_str()));
        part(&(covered.len() as u64).to_be_bytes());
        for (name, value) in covered {
            part(name.as_str().as_bytes());
            part(value.as_bytes());
        }
        part(&length.to_be_bytes());
        part(body.as_ref());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(context.finish().as_ref());
        Self(bytes)
    }

    /// Base64url, 43 characters.
    pub fn text(&self) -> String {
        base64url(&self.0)
    }

    /// Reads [`Self::text`].
    pub fn parse(text: &str) -> Option<Self> {
        from_base64url(text).map(Self)
    }
}

fn matters(name: &HeaderName) -> bool {
    MATTER.contains(name) || overrides(name)
}

/// Whether some upstreams take another method or path than the request line's from this field. None goes on with a
/// transaction; it is covered all the same.
fn overrides(name: &HeaderName) -> bool {
    field_names::known(name.as_str().as_bytes()).is_some_and(|known| matches!(known.says, Says::Method | Says::Target))
}

impl fmt::Debug for RequestDigest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "RequestDigest({})", self.text())
    }
}

impl Serialize for RequestDigest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for RequestDigest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("no digest of a request"))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(fields: &[(&'static str, &'static str)]) -> HeaderMap {
        fields.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    fn of(method: &str, authority: &str, target: &str, headers: &HeaderMap, body: &[u8]) -> RequestDigest {
        let head = DigestedHead { app: "bank", transaction: "transfer", method, authority, target, headers, shown: &[] };
        RequestDigest::of(&head, body.len() as u64, &digest::digest(&digest::SHA256, body))
    }

    #[test]
    fn whatever_an_upstream_acts_by_is_covered_a_43() {
        let form = headers(&[("content-type", "application/x-www-form-urlencoded"), ("user-agent", "one")]);
        let same = of("POST", "bank.example.com", "/transfer?x=1", &form, b"amount=10");
        let other_agent = headers(&[("user-agent", "two"), ("content-type", "application/x-www-form-urlencoded")]);
        assert_eq!(
            same,
            of("POST", "bank.example.com", "/transfer?x=1", &other_agent, b"amount=10"),
            "the client is not a part of it"
        );
        for (what, other) in [
            ("method", of("PUT", "bank.example.com", "/transfer?x=1", &form, b"amount=10")),
            ("host", of("POST", "bank2.example.com", "/transfer?x=1", &form, b"amount=10")),
            ("query", of("POST", "bank.example.com", "/transfer?x=2", &form, b"amount=10")),
            ("body", of("POST", "bank.example.com", "/transfer?x=1", &form, b"amount=11")),
            ("boundary", of("POST", "bank.example.com/", "transfer?x=1", &form, b"amount=10")),
            (
                "content type",
                of("POST", "bank.example.com", "/transfer?x=1", &headers(&[("content-type", "text/plain")]), b"amount=10"),
            ),
            (
                "override",
                of(
                    "POST",
                    "bank.example.com",
                    "/transfer?x=1",
                    &headers(&[("content-type", "application/x-www-form-urlencoded"), ("x-http-method-override", "DELETE")]),
                    b"amount=10",
                ),
            ),
        ] {
            assert_ne!(same, other, "{what}");
        }
        assert_eq!(RequestDigest::parse(&same.text()), Some(same));
    }
}
