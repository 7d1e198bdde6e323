//! The keys of a provider (RFC 7517), and the verification of its signatures, which a library does.
//! Invariant: only asymmetric keys are kept, and only an algorithm that the provider's settings list is ever verified: neither
//! `none` nor a public key used as a shared secret gets past this file.

use std::fmt;

use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, Validation};
use serde_json::Value;

use super::claims::Claims;
use super::failure::{IdpReason, legible};

/// Keys of one provider that are kept; real providers publish two or three.
const MOST_KEYS: usize = 32;
/// The longest token that is looked at, bytes.
const LONGEST: usize = 64 * 1024;

/// One key.
struct VerifyingKey {
    id: Option<String>,
    /// The algorithm that it says it is for.
    algorithm: Option<String>,
    family: AlgorithmFamily,
    key: DecodingKey,
}

/// The keys of a provider.
pub(super) struct ProviderKeys(Vec<VerifyingKey>);

impl fmt::Debug for ProviderKeys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ProviderKeys({} keys)", self.0.len())
    }
}

/// What a signature came to.
#[derive(Debug)]
pub(super) enum TokenJudgement {
    /// It is the provider's; the claims, of which nothing else was looked at.
    Good(Claims, TokenHead),
    /// The key that it names is not here: it may be a new one.
    UnknownKey,
}

/// What the header of a token says.
#[derive(Debug)]
pub(super) struct TokenHead {
    pub(super) kind: Option<String>,
}

impl ProviderKeys {
    /// Reads a JWK set; a key that is of no use here is left out.
    pub(super) fn read(document: &[u8]) -> Result<Self, IdpReason> {
        let document: Value = serde_json::from_slice(document)
            .map_err(|error| IdpReason::unavailable(format!("its keys cannot be read: {error}")))?;
        let keys = document.get("keys").and_then(Value::as_array);
        let keys = keys.ok_or_else(|| IdpReason::unavailable("its keys cannot be read: there is no list `keys`"))?;
        let kept: Vec<_> = keys.iter().filter_map(VerifyingKey::read).take(MOST_KEYS).collect();
        if kept.is_empty() {
            return Err(IdpReason::unavailable("it publishes no key that an ID token could be verified with"));
        }
        Ok(Self(kept))
    }

    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Verifies a signature: by the key that the token names; where it names none, by each one that fits.
    pub(super) fn verify(&self, token: &str, accepted: &[Algorithm]) -> Result<TokenJudgement, IdpReason> {
        if token.len() > LONGEST {
            return Err(IdpReason::not_believed("the token is longer than 64 KiB"));
        }
        let head = jsonwebtoken::decode_header(token)
            .map_err(|error| IdpReason::not_believed(format!("the head of the token cannot be read: {error}")))?;
        if !accepted.contains(&head.alg) {
            return Err(IdpReason::not_believed(format!(
                "the token is signed with {:?}, which `algorithms` does not list",
                head.alg
            )));
        }
        let fitting: Vec<&VerifyingKey> = self.0.iter().filter(|key| key.fits(head.alg)).collect();
        let named: Vec<&VerifyingKey> = match head.kid.as_deref() {
            None => fitting,
            // A provider whose keys have no ids may name one in its tokens all the same.
            Some(id) => fitting.into_iter().filter(|key| key.id.as_deref().is_none_or(|own| own == id)).collect(),
        };
        if named.is_empty() {
            return Ok(TokenJudgement::UnknownKey);
        }
        let mut validation = Validation::new(head.alg);
        // Times, issuer and audience are judged by our own clock and for several shapes: see `id_token`.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        let mut why = String::new();
        for key in named {
            match jsonwebtoken::decode::<serde_json::Map<String, Value>>(token, &key.key, &validation) {
                Ok(decoded) => return Ok(TokenJudgement::Good(Claims(decoded.claims), TokenHead { kind: decoded.header.typ })),
                Err(error) => why = error.to_string(),
            }
        }
        // A key may have been replaced under the same id or without any: looked for once, as an unknown one is.
        tracing::debug!(why = %legible(&why, 200), "no known key of the provider verifies the token");
        Ok(TokenJudgement::UnknownKey)
    }
}

impl VerifyingKey {
    fn read(key: &Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(key.clone()).ok()?;
        if matches!(jwk.common.public_key_use, Some(PublicKeyUse::Encryption)) || key.get("d").is_some() {
            return None;
        }
        let family = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => AlgorithmFamily::Rsa,
            AlgorithmParameters::EllipticCurve(_) => AlgorithmFamily::Ec,
            AlgorithmParameters::OctetKeyPair(_) => AlgorithmFamily::Ed,
            // A shared secret has no place in a public document.
            _ => return None,
        };
        Some(Self {
            id: jwk.common.key_id.clone(),
            algorithm: key.get("alg").and_then(Value::as_str).map(str::to_owned),
            family,
            key: DecodingKey::from_jwk(&jwk).ok()?,
        })
    }

    fn fits(&self, algorithm: Algorithm) -> bool {
        let says = self.algorithm.as_deref();
        let name = format!("{algorithm:?}");
        // RFC 9864 calls the same algorithm Ed25519.
        self.family.algorithms().contains(&algorithm)
            && says.is_none_or(|says| says == name || (says == "Ed25519" && algorithm == Algorithm::EdDSA))
    }
}
