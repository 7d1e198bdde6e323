//! What an approver signs: a proof with each request that its key is at hand (RFC 9449), and its answers. Both are JWS with
//! ES256 (RFC 7515, RFC 7518 §3.4).
//! Invariant: nothing of a text is believed before its signature was verified by a key that is registered, or, for the
//! registration itself, by the key that it brings.

use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::key::PublicKey;
use crate::clock::Timestamp;
use crate::store::shared::{Keyspace, SharedState, SharedStateError};

/// How wrong a phone's clock may be, either way.
const SKEW: Duration = Duration::from_secs(15 * 60);
/// The longest text that is looked at.
const LONGEST: usize = 8 * 1024;

/// Why something signed is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Unsigned {
    /// Not a JWS of this kind with ES256.
    #[error("read what the approver signed: not an ES256 JWS of the type {0}")]
    Malformed(&'static str),
    /// The signature is of another key, or something was altered.
    #[error("verify what the approver signed: the signature was not made with its key")]
    Signature,
    /// Meant for another request, another gateway, or another time.
    #[error("accept what the approver signed: {0}")]
    Elsewhere(&'static str),
    /// It was used before.
    #[error("accept what the approver signed: it was already used")]
    Replayed,
    /// The short-lived state.
    #[error(transparent)]
    Shared(#[from] SharedStateError),
}

/// The words of a request's proof.
#[derive(Debug, Deserialize)]
struct ProofClaims {
    htm: String,
    htu: String,
    iat: i64,
    jti: String,
}

/// When something was signed, and its id.
#[derive(Clone, Debug)]
pub struct Once {
    /// `iat`, seconds.
    pub issued_at: i64,
    /// `jti`, 8 to 64 characters of ASCII.
    pub id: String,
}

impl Once {
    /// Whether it is of about now, and has an id at all.
    ///
    /// # Errors
    /// [`Unsigned::Elsewhere`].
    pub fn is_of(&self, now: Timestamp) -> Result<(), Unsigned> {
        let issued_at = Timestamp::from_seconds(self.issued_at);
        if now.since(issued_at) > SKEW || issued_at.since(now) > SKEW {
            return Err(Unsigned::Elsewhere("its clock differs by more than 15 minutes"));
        }
        if !(8..=64).contains(&self.id.len()) || !self.id.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Unsigned::Elsewhere("its id must be 8 to 64 characters of ASCII"));
        }
        Ok(())
    }
}

/// What was signed once is not accepted twice.
#[derive(Clone, Debug)]
pub struct Signatures {
    used: Keyspace<bool>,
}

impl Signatures {
    /// In this shared state.
    pub fn new(shared: &Arc<dyn SharedState>) -> Self {
        // Longer than a text is accepted at all: from 15 minutes before its time to 15 minutes after.
        Self { used: Keyspace::new(Arc::clone(shared), "signed", SKEW * 2 + Duration::from_secs(60)) }
    }

    /// The key that a request's `DPoP` header proves to be at hand (RFC 9449 §4.3): the signature is of the key in it,
    /// for this method and address. That it is of now and was not used before is for [`Self::accept`] to say, once it is
    /// known that the key is somebody's: what a stranger signs is never written down.
    ///
    /// # Errors
    /// [`Unsigned`].
    pub fn key_of(proof: &str, method: &str, address: &str) -> Result<(PublicKey, Once), Unsigned> {
        let header = jsonwebtoken::decode_header(bounded(proof, PROOF)?).map_err(|_| Unsigned::Malformed(PROOF))?;
        let key = header.jwk.as_ref().and_then(|jwk| serde_json::to_value(jwk).ok());
        let key: PublicKey = key.and_then(|jwk| serde_json::from_value(jwk).ok()).ok_or(Unsigned::Malformed(PROOF))?;
        let words: ProofClaims = open(proof, PROOF, &key)?;
        if words.htm != method || words.htu != address {
            return Err(Unsigned::Elsewhere("it is for another request"));
        }
        Ok((key, Once { issued_at: words.iat, id: words.jti }))
    }

    /// Accepts something once, of about now.
    ///
    /// # Errors
    /// [`Unsigned::Elsewhere`], [`Unsigned::Replayed`], [`Unsigned::Shared`].
    pub async fn accept(&self, key: &PublicKey, once: &Once, now: Timestamp) -> Result<(), Unsigned> {
        once.is_of(now)?;
        if !self.used.put_new(&format!("{}/{}", key.id(), once.id), &true).await? {
            return Err(Unsigned::Replayed);
        }
        Ok(())
    }
}

/// The type of a request's proof (RFC 9449 §4.2).
const PROOF: &str = "dpop+jwt";

/// The claims of a JWS that `key` signed as `kind`.
///
/// # Errors
/// [`Unsigned::Malformed`], [`Unsigned::Signature`].
pub fn open<T: DeserializeOwned>(text: &str, kind: &'static str, key: &PublicKey) -> Result<T, Unsigned> {
    open_long(bounded(text, kind)?, kind, key)
}

/// As [`open`], of a text whose length somebody else bounded.
///
/// # Errors
/// As [`open`].
pub fn open_long<T: DeserializeOwned>(text: &str, kind: &'static str, key: &PublicKey) -> Result<T, Unsigned> {
    let header = jsonwebtoken::decode_header(text).map_err(|_| Unsigned::Malformed(kind))?;
    // RFC 8725 §3.1 and §3.11: the algorithm and the type are ours to say, never the sender's.
    if header.alg != Algorithm::ES256 || header.typ.as_deref() != Some(kind) || header.crit.is_some() {
        return Err(Unsigned::Malformed(kind));
    }
    let (x, y) = key.coordinates();
    let key = DecodingKey::from_ec_components(x, y).map_err(|_| Unsigned::Signature)?;
    let mut validation = Validation::new(Algorithm::ES256);
    // The caller judges time and audience, with the clock that was handed in.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    match jsonwebtoken::decode::<T>(text, &key, &validation) {
        Ok(token) => Ok(token.claims),
        Err(error) => match error.kind() {
            jsonwebtoken::errors::ErrorKind::Json(_) => Err(Unsigned::Malformed(kind)),
            _ => Err(Unsigned::Signature),
        },
    }
}

fn bounded<'t>(text: &'t str, kind: &'static str) -> Result<&'t str, Unsigned> {
    if text.len() > LONGEST { Err(Unsigned::Malformed(kind)) } else { Ok(text) }
}
