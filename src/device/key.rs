//! The public key of a device: P-256, or RSA of at least 2048 bits. Nothing else is ever verified with.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::{Deserialize, Serialize};

use super::unproved::Unproved;
use crate::random::from_base64url;

/// A public key, as JWK has it (RFC 7517, RFC 7518 §6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kty")]
pub enum DeviceKey {
    /// P-256.
    #[serde(rename = "EC")]
    P256 {
        /// The curve.
        crv: Curve,
        /// A coordinate, base64url of 32 bytes.
        x: Box<str>,
        /// The other one.
        y: Box<str>,
    },
    /// RSA.
    #[serde(rename = "RSA")]
    Rsa {
        /// The modulus, base64url of 256 to 1024 bytes.
        n: Box<str>,
        /// The exponent, base64url.
        e: Box<str>,
    },
}

/// The one curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Curve {
    /// NIST P-256.
    #[serde(rename = "P-256")]
    P256,
}

impl DeviceKey {
    /// Reads the JWK of a proof: whether a point lies on the curve is seen at its signature.
    pub(super) fn of(jwk: &jsonwebtoken::jwk::Jwk) -> Result<Self, Unproved> {
        let text = serde_json::to_string(jwk).map_err(|_| Unproved::Key)?;
        Self::read(&text).ok_or(Unproved::Key)
    }

    /// Reads the text of a JWK; `None` if it is of another kind, or too short.
    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str::<Self>(text).ok().filter(Self::is_good)
    }

    fn is_good(&self) -> bool {
        match self {
            Self::P256 { x, y, .. } => [x, y].iter().all(|text| from_base64url::<32>(text).is_some()),
            Self::Rsa { n, e } => {
                let long_enough = n.len() <= 1366 && URL_SAFE_NO_PAD.decode(&**n).is_ok_and(|n| is_long(&n));
                long_enough
                    && e.len() <= 6
                    && URL_SAFE_NO_PAD.decode(&**e).is_ok_and(|e| e.last().is_some_and(|last| last & 1 == 1))
            }
        }
    }

    /// The algorithm that goes with it, and no other.
    pub(super) const fn algorithm(&self) -> Algorithm {
        match self {
            Self::P256 { .. } => Algorithm::ES256,
            Self::Rsa { .. } => Algorithm::RS256,
        }
    }

    pub(super) fn decoding(&self) -> Result<DecodingKey, Unproved> {
        match self {
            Self::P256 { x, y, .. } => DecodingKey::from_ec_components(x, y),
            Self::Rsa { n, e } => DecodingKey::from_rsa_components(n, e),
        }
        .map_err(|_| Unproved::Key)
    }
}

/// 2048 bits and more; a leading zero octet is no number of RFC 7518 §6.3.1.1.
fn is_long(modulus: &[u8]) -> bool {
    modulus.len() > 256 && modulus.first() != Some(&0)
        || modulus.len() == 256 && modulus.first().is_some_and(|first| *first >= 0x80)
}
