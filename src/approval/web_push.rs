//! Web Push: a message encrypted for one browser (RFC 8291, RFC 8188) and the claims that identify the sender to its push
//! service (VAPID, RFC 8292). All of the cryptography is aws-lc-rs'.

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{self, ECDH_P256, PrivateKey, UnparsedPublicKey};
use aws_lc_rs::hkdf::{self, HKDF_SHA256, Prk, Salt};
use serde::Serialize;

use crate::clock::Timestamp;
use crate::random::base64url;

/// The longest message (RFC 8291 §4: one record of 4,096 bytes).
pub const LONGEST: usize = 3993;
/// How long the words of VAPID are good; at most 24 h (RFC 8292 §2).
const GOOD_FOR: i64 = 12 * 3600;

/// Where a browser is reached: what `PushManager.subscribe` gave it.
#[derive(Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The push service's address for it.
    pub endpoint: String,
    /// The browser's public key, an uncompressed point.
    pub key: [u8; 65],
    /// The browser's authentication secret.
    pub secret: [u8; 16],
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Subscription")
    }
}

/// Why a message is not encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncryptError {
    /// Longer than [`LONGEST`].
    #[error("encrypt the message: it has more than {LONGEST} bytes")]
    TooLong,
    /// The browser's key is not a point of the curve.
    #[error("encrypt the message: the subscription's key is not a P-256 key")]
    Key,
}

struct OutputLength(usize);

impl hkdf::KeyType for OutputLength {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const N: usize>(key: &Prk, info: &[&[u8]]) -> [u8; N] {
    let mut out = [0; N];
    // Only a length above 255 hashes could fail.
    if let Ok(okm) = key.expand(info, OutputLength(N)) {
        let _filled = okm.fill(&mut out);
    }
    out
}

/// Encrypts a message for a subscription: the body to post, `Content-Encoding: aes128gcm`.
///
/// # Errors
/// [`EncryptError`].
pub fn encrypt(to: &Subscription, message: &[u8], salt: [u8; 16]) -> Result<Vec<u8>, EncryptError> {
    let own = PrivateKey::generate(&ECDH_P256).map_err(|_| EncryptError::Key)?;
    encrypt_with(&own, to, message, salt)
}

/// With this key pair, which must be used for one message only.
fn encrypt_with(own: &PrivateKey, to: &Subscription, message: &[u8], salt: [u8; 16]) -> Result<Vec<u8>, EncryptError> {
    if message.len() > LONGEST {
        return Err(EncryptError::TooLong);
    }
    let public = own.compute_public_key().map_err(|_| EncryptError::Key)?;
    let theirs = UnparsedPublicKey::new(&ECDH_P256, &to.key);
    // RFC 8291 §3.3 and §3.4.
    let shared = agreement::agree(own, theirs, EncryptError::Key, |secret| {
        let key = Salt::new(HKDF_SHA256, &to.secret).extract(secret);
        Ok(expand::<32>(&key, &[b"WebPush: info\0", &to.key, public.as_ref()]))
    })?;
    let key = Salt::new(HKDF_SHA256, &salt).extract(&shared);
    let cipher = UnboundKey::new(&AES_128_GCM, &expand::<16>(&key, &[b"Content-Encoding: aes128gcm\0"]));
    let cipher = LessSafeKey::new(cipher.map_err(|_| EncryptError::Key)?);
    let nonce = Nonce::assume_unique_for_key(expand::<12>(&key, &[b"Content-Encoding: nonce\0"]));
    let mut sealed = message.to_vec();
    // RFC 8188 §2: the delimiter of the last record.
    sealed.push(2);
    cipher.seal_in_place_append_tag(nonce, Aad::empty(), &mut sealed).map_err(|_| EncryptError::TooLong)?;
    // RFC 8188 §2.1: salt, record size, key id.
    let mut body = Vec::with_capacity(86 + sealed.len());
    body.extend_from_slice(&salt);
    body.extend_from_slice(&4096u32.to_be_bytes());
    body.push(65);
    body.extend_from_slice(public.as_ref());
    body.extend_from_slice(&sealed);
    Ok(body)
}

/// What VAPID states to a push service.
#[derive(Debug, Serialize)]
pub struct VapidClaims<'a> {
    aud: &'a str,
    exp: i64,
    sub: &'a str,
}

impl<'a> VapidClaims<'a> {
    /// For the push service at this origin, from the portal at `subject`.
    pub const fn new(origin: &'a str, subject: &'a str, now: Timestamp) -> Self {
        Self { aud: origin, exp: now.seconds() + GOOD_FOR, sub: subject }
    }
}

/// The `Authorization` header (RFC 8292 §3).
pub fn authorization(token: &str, public_key: &[u8]) -> String {
    format!("vapid t={token}, k={}", base64url(public_key))
}

/// What the browser reads, for tests that play the browser.
#[cfg(test)]
pub(crate) fn decrypt(own: &PrivateKey, secret: [u8; 16], body: &[u8]) -> Vec<u8> {
    let (salt, rest) = body.split_at(16);
    let (sender, sealed) = rest[5..].split_at(65);
    let public = own.compute_public_key().unwrap();
    let theirs = UnparsedPublicKey::new(&ECDH_P256, sender);
    let shared = agreement::agree(own, theirs, EncryptError::Key, |shared| {
        let key = Salt::new(HKDF_SHA256, &secret).extract(shared);
        Ok(expand::<32>(&key, &[b"WebPush: info\0", public.as_ref(), sender]))
    })
    .unwrap();
    let key = Salt::new(HKDF_SHA256, salt).extract(&shared);
    let cipher =
        LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &expand::<16>(&key, &[b"Content-Encoding: aes128gcm\0"])).unwrap());
    let nonce = Nonce::assume_unique_for_key(expand::<12>(&key, &[b"Content-Encoding: nonce\0"]));
    let mut opened = sealed.to_vec();
    let length = cipher.open_in_place(nonce, Aad::empty(), &mut opened).unwrap().len();
    opened.truncate(length - 1);
    opened
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::from_base64url;

    #[test]
    fn the_example_of_rfc_8291_appendix_a_is_met() {
        let own: [u8; 32] = from_base64url("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw").unwrap();
        let own = PrivateKey::from_private_key(&ECDH_P256, &own).unwrap();
        let to = Subscription {
            endpoint: "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV".to_owned(),
            key: from_base64url("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")
                .unwrap(),
            secret: from_base64url("BTBZMqHH6r4Tts7J_aSIgg").unwrap(),
        };
        let salt = from_base64url("DGv6ra1nlYgDCS1FRnbzlw").unwrap();
        let body = encrypt_with(&own, &to, b"When I grow up, I want to be a watermelon", salt).unwrap();
        assert_eq!(
            base64url(&body),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_y\
             l95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn what_cannot_be_encrypted_is_an_error() {
        let to = Subscription { endpoint: String::new(), key: [4; 65], secret: [0; 16] };
        assert_eq!(encrypt(&to, b"x", [0; 16]), Err(EncryptError::Key), "not on the curve");
        assert_eq!(encrypt(&to, &[0; LONGEST + 1], [0; 16]), Err(EncryptError::TooLong));
    }
}
