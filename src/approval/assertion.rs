//! What a passkey signed, as it is kept with what it approved: proof for later, without this server's word and without its
//! library (WebAuthn Level 3 §7.2, as far as it can be judged afterwards: the counter and the user's handle were judged then).

use aws_lc_rs::digest;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::decision::Decision;
use super::id::ApprovalId;
use super::key::{ApproverId, PublicKey};
use crate::random::base64url;

/// What a passkey says begins with this, so that an answer to a question is never taken for anything else.
const TAG: &str = "sekisho-passkey-answer";
/// The challenge that a passkey signs, which says all of its answer: SHA-256 of five lines of ASCII, none of which can hold the
/// end of a line: the tag, the approval, the digest of what was shown, the decision, and what makes it the only one.
pub fn challenge(approval: &ApprovalId, shown: &str, decision: Decision, nonce: &str) -> [u8; 32] {
    let text = format!("{TAG}\n{approval}\n{shown}\n{}\n{nonce}", decision.word());
    let mut challenge = [0; 32];
    challenge.copy_from_slice(digest::digest(&digest::SHA256, text.as_bytes()).as_ref());
    challenge
}

/// The answer of an authenticator to a challenge that says what is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assertion {
    /// What was said.
    pub decision: Decision,
    /// What made the challenge the only one of its kind.
    pub nonce: String,
    /// `authenticatorData`, base64url.
    pub authenticator_data: String,
    /// `clientDataJSON`, base64url.
    pub client_data: String,
    /// The signature over both, base64url.
    pub signature: String,
    /// The key that it verifies with.
    pub key: AssertionKey,
}

/// The public key of a passkey, as JWK has it (RFC 7517): P-256 for ES256, RSA for RS256, the algorithms that are offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AssertionKey {
    /// ES256.
    P256(PublicKey),
    /// RS256.
    Rsa(RsaKey),
}

/// An RSA key (RFC 7518 §6.3.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RsaKey {
    kty: Rsa,
    n: String,
    e: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Rsa {
    #[serde(rename = "RSA")]
    Rsa,
}

impl RsaKey {
    /// Of modulus and exponent, big-endian.
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Self {
        let bare =
            |bytes: &[u8]| base64url(bytes.iter().position(|byte| *byte != 0).and_then(|at| bytes.get(at..)).unwrap_or(&[]));
        Self { kty: Rsa::Rsa, n: bare(modulus), e: bare(exponent) }
    }
}

/// What a browser says of the page where a passkey was used (WebAuthn §5.8.1).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// SHA-256 of the domain, flags, counter (WebAuthn §6.1).
const SHORTEST: usize = 37;
/// User present, user verified.
const VERIFIED: u8 = 0x01 | 0x04;

impl AssertionKey {
    /// Its thumbprint (RFC 7638), by which a receipt names it as it names the key of an approver.
    pub fn id(&self) -> Option<ApproverId> {
        match self {
            Self::P256(key) => Some(key.id()),
            // The members that RFC 7638 §3.2 requires, in their order; both are base64url, so nothing is escaped.
            Self::Rsa(RsaKey { n, e, .. }) => {
                let text = format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#);
                ApproverId::parse(&base64url(digest::digest(&digest::SHA256, text.as_bytes()).as_ref()))
            }
        }
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::P256(key) => key
                .point()
                .is_some_and(|point| UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature).is_ok()),
            Self::Rsa(RsaKey { n, e, .. }) => {
                let (Some(n), Some(e)) = (bytes(n), bytes(e)) else { return false };
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
            }
        }
    }
}

impl Assertion {
    /// Whether it is this answer, made on the portal's page by an authenticator that verified its user; if not, why.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn verify(&self, approval: &ApprovalId, shown: &str, portal: &str) -> Result<(), &'static str> {
        let unreadable = "what the authenticator answered cannot be read";
        let data = bytes(&self.authenticator_data).ok_or(unreadable)?;
        let client = bytes(&self.client_data).ok_or(unreadable)?;
        let signature = bytes(&self.signature).ok_or(unreadable)?;
        let said: ClientData = serde_json::from_slice(&client).map_err(|_| unreadable)?;
        if data.len() < SHORTEST {
            return Err(unreadable);
        }
        let mut message = data.clone();
        message.extend_from_slice(digest::digest(&digest::SHA256, &client).as_ref());
        if !self.key.verifies(&message, &signature) {
            return Err("the signature was not made with its key");
        }
        if said.kind != "webauthn.get" || said.challenge != base64url(&challenge(approval, shown, self.decision, &self.nonce)) {
            return Err("the passkey signed another challenge than that of this answer to what is said to have been shown");
        }
        let portal = url::Url::parse(portal).map_err(|_| "the portal's address cannot be read")?;
        if said.origin != portal.origin().ascii_serialization() || said.cross_origin {
            return Err("it was made on the page of another origin than the portal's");
        }
        let named = data.get(..32).unwrap_or_default();
        let is_of = |domain: &str| digest::digest(&digest::SHA256, domain.as_bytes()).as_ref() == named;
        let mut domains = std::iter::successors(portal.host_str(), |host| host.split_once('.').map(|(_, above)| above));
        if !domains.any(is_of) {
            return Err("it was made for the domain of somebody else");
        }
        if data.get(32).is_none_or(|flags| flags & VERIFIED != VERIFIED) {
            return Err("the authenticator did not verify its user");
        }
        Ok(())
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::rsa::{KeyPair, KeySize};
    use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};

    use super::*;

    /// Written down by itself, so that what is signed stays what docs/approver-protocol.md says: by
    /// `printf 'sekisho-passkey-answer\nAAAAAAAAAAAAAAAAAAAAAA\nc2hvd24\napprove\nbm9uY2U' | sha256sum`.
    #[test]
    fn the_challenge_says_the_whole_answer() {
        let id = ApprovalId::parse("AAAAAAAAAAAAAAAAAAAAAA").unwrap();
        let hex = |bytes: [u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let own = challenge(&id, "c2hvd24", Decision::Approve, "bm9uY2U");
        assert_eq!(hex(own), "e9d1789a3375508e9d20f8ae5303de6bf33d4d14fb1df45e2ef6c6aa090a43fe");
        let other = ApprovalId::parse("AAAAAAAAAAAAAAAAAAAAAQ").unwrap();
        for wrong in [
            challenge(&other, "c2hvd24", Decision::Approve, "bm9uY2U"),
            challenge(&id, "c2hvd28", Decision::Approve, "bm9uY2U"),
            challenge(&id, "c2hvd24", Decision::NotMe, "bm9uY2U"),
            challenge(&id, "c2hvd24", Decision::Approve, "bm9uY2V"),
        ] {
            assert_ne!(own, wrong);
        }
    }

    #[test]
    fn a_key_of_rs256_verifies_as_well() {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        // RFC 8017 appendix A.1.1: modulus and exponent, with the heads that a key of 2048 bits has.
        let der = pair.public_key().as_ref().to_vec();
        let key = AssertionKey::Rsa(RsaKey::new(&der[8..265], &der[267..]));
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), b"message", &mut signature).unwrap();
        assert!(key.verifies(b"message", &signature) && !key.verifies(b"another", &signature));
        assert_eq!(key.id().unwrap().as_str().len(), 43);
        let written = serde_json::to_string(&key).unwrap();
        assert_eq!(serde_json::from_str::<AssertionKey>(&written).unwrap(), key);
    }
}
