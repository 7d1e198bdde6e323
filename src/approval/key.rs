//! The key that an approver answers with: P-256, made on the phone and never leaving it. Its thumbprint names the approver.

use std::fmt;

use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};

use crate::random::{base64url, from_base64url};

/// The thumbprint of an approver's public key (RFC 7638), base64url: 43 characters.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ApproverId(String);

impl ApproverId {
    /// Reads the text of an id.
    pub fn parse(text: &str) -> Option<Self> {
        from_base64url::<32>(text).map(|_| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its first 128 bits, which evidence carries.
    pub fn credential(&self) -> [u8; 16] {
        let whole: [u8; 32] = from_base64url(&self.0).unwrap_or_default();
        let mut half = [0; 16];
        half.copy_from_slice(whole.get(..16).unwrap_or(&[0; 16]));
        half
    }
}

impl fmt::Display for ApproverId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for ApproverId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ApproverId({})", self.0)
    }
}

/// An approver's public key, as JWK has it (RFC 7517, RFC 7518 §6.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    kty: EllipticCurve,
    crv: P256,
    x: String,
    y: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum EllipticCurve {
    #[serde(rename = "EC")]
    Ec,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum P256 {
    #[serde(rename = "P-256")]
    P256,
}

impl PublicKey {
    /// From the uncompressed point that a row keeps; `None` if it is none. Whether it lies on the curve is seen at its
    /// first signature.
    pub fn from_point(point: &[u8]) -> Option<Self> {
        let rest: &[u8; 64] = point.strip_prefix(&[4])?.try_into().ok()?;
        let (x, y) = rest.split_at(32);
        Some(Self { kty: EllipticCurve::Ec, crv: P256::P256, x: base64url(x), y: base64url(y) })
    }

    /// The uncompressed point; `None` if the coordinates are not 32 bytes each.
    pub fn point(&self) -> Option<[u8; 65]> {
        let (x, y): ([u8; 32], [u8; 32]) = (from_base64url(&self.x)?, from_base64url(&self.y)?);
        let mut point = [4; 65];
        point.get_mut(1..33)?.copy_from_slice(&x);
        point.get_mut(33..)?.copy_from_slice(&y);
        Some(point)
    }

    /// The coordinates, base64url.
    pub fn coordinates(&self) -> (&str, &str) {
        (&self.x, &self.y)
    }

    /// The name of the approver that holds its other half: the thumbprint (RFC 7638 §3).
    pub fn id(&self) -> ApproverId {
        // The members that RFC 7638 §3.2 requires, in their order; both coordinates are base64url, so nothing is escaped.
        let text = format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, self.x, self.y);
        ApproverId(base64url(digest::digest(&digest::SHA256, text.as_bytes()).as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_the_thumbprint_of_its_jwk() {
        // The EC key of RFC 7517, appendix A.1; its thumbprint by an independent implementation (jwcrypto).
        let key: PublicKey = serde_json::from_str(
            r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}"#,
        )
        .unwrap();
        assert_eq!(key.id().as_str(), "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s");
        assert_eq!(PublicKey::from_point(&key.point().unwrap()), Some(key));
    }

    #[test]
    fn a_key_that_is_not_p256_is_refused() {
        for wrong in [
            r#"{"kty":"RSA","crv":"P-256","x":"AA","y":"AA"}"#,
            r#"{"kty":"EC","crv":"P-384","x":"AA","y":"AA"}"#,
            r#"{"kty":"EC","crv":"P-256","x":"AA"}"#,
        ] {
            assert!(serde_json::from_str::<PublicKey>(wrong).is_err(), "{wrong}");
        }
        let short: PublicKey = serde_json::from_str(r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#).unwrap();
        assert_eq!(short.point(), None);
        assert_eq!(PublicKey::from_point(&[3; 65]), None);
    }
}
