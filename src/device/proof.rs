//! What a browser signs to show that a device's key is at hand: a JWS of the type `dbsc+jwt`, verified by a library. A proof
//! says no time and no audience: the challenge in it is bound to both.

use jsonwebtoken::{Algorithm, Header, Validation};
use serde::Deserialize;

use super::key::DeviceKey;
use super::unproved::Unproved;

/// The longest proof that is looked at, bytes: one with an RSA key of 8192 bits has 4 KiB.
const LONGEST: usize = 8 * 1024;
/// What a proof says that it is.
const TYPE: &str = "dbsc+jwt";

#[derive(Deserialize)]
struct Claims {
    jti: String,
}

/// The key that a proof brings, and the challenge that it answers.
pub(super) fn of_new_key(proof: &[u8]) -> Result<(DeviceKey, String), Unproved> {
    let (text, header) = read(proof)?;
    let key = DeviceKey::of(header.jwk.as_ref().ok_or(Unproved::Key)?)?;
    let challenge = verified(text, &header, &key)?;
    Ok((key, challenge))
}

/// The challenge that a proof answers which was made with this key.
pub(super) fn of_key(proof: &[u8], key: &DeviceKey) -> Result<String, Unproved> {
    let (text, header) = read(proof)?;
    verified(text, &header, key)
}

fn read(proof: &[u8]) -> Result<(&str, Header), Unproved> {
    if proof.len() > LONGEST {
        return Err(Unproved::Malformed);
    }
    // Browsers send it bare, the draft has it in quotes.
    let proof = proof.trim_ascii();
    let bare = proof.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(proof);
    let text = std::str::from_utf8(bare).map_err(|_| Unproved::Malformed)?;
    let header = jsonwebtoken::decode_header(text).map_err(|_| Unproved::Malformed)?;
    if !matches!(header.alg, Algorithm::ES256 | Algorithm::RS256) || header.crit.is_some() {
        return Err(Unproved::Algorithm);
    }
    if header.typ.as_deref() != Some(TYPE) {
        return Err(Unproved::Type);
    }
    Ok((text, header))
}

fn verified(text: &str, header: &Header, key: &DeviceKey) -> Result<String, Unproved> {
    // RFC 8725 §3.1: the algorithm is the key's, never the sender's choice.
    if header.alg != key.algorithm() {
        return Err(Unproved::Algorithm);
    }
    let mut validation = Validation::new(key.algorithm());
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    match jsonwebtoken::decode::<Claims>(text, &key.decoding()?, &validation) {
        Ok(token) => Ok(token.claims.jti),
        Err(error) => match error.kind() {
            jsonwebtoken::errors::ErrorKind::Json(_) => Err(Unproved::Malformed),
            _ => Err(Unproved::Signature),
        },
    }
}
